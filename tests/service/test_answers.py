"""Answers over HTTP, from the real server."""

from __future__ import annotations

import json
import re

import pytest

from tests.service.server import CASE, Server


def test_health(server: Server) -> None:
    assert server.client.get("/health/live").json() == {"status": "alive"}
    assert server.client.get("/health/ready").json()["dataset"].startswith("sha256:")


def test_an_answer(server: Server) -> None:
    response = server.client.post("/v1/answers", json=CASE)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    answer = response.json()
    assert answer["lang"] == "nb"
    assert answer["cooperation"]["status"] == "applies"
    assert answer["coordination"]["basis"] == [
        "lov/2011-06-24-30/§3-4/ledd/2/setning/1",
        "lov/2023-06-09-30/§24-1/ledd/2/setning/1",
    ]


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("nn", "nn"),
        ("en-GB,en;q=0.8", "en"),
        ("no", "nb"),
        ("de", "nb"),
        ("nb;q=0.3, nn;q=0.9", "nn"),
        ("", "nb"),
        ("nn;q=x", "nb"),
    ],
)
def test_language_by_header(server: Server, header: str, lang: str) -> None:
    response = server.client.post("/v1/answers", json=CASE, headers={"Accept-Language": header})
    assert response.json()["lang"] == lang
    assert response.headers["content-language"] == lang


def test_language_by_parameter(server: Server) -> None:
    assert (
        server.client.post("/v1/answers?lang=en", json=CASE, headers={"Accept-Language": "nn"}).json()["lang"] == "en"
    )


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (b'{"services": ["buup"]}', 422, "/services/0"),
        (b'{"services": ["bup"], "facts": {"Ola Nordmann": true}}', 422, "/facts/(not shown)"),
        (b'{"services": ["bup"], "person": {"age": -1}}', 422, "/person/age"),
        (b'{"services": ["bup"], "date": "2020-01-01"}', 422, "/date"),
        (b"not json", 422, None),
        (b"", 422, None),
        (b"[" * 300_000, 413, None),
        (b'{"a":' * 40 + b"1" + b"}" * 40, 422, None),
        (b'{"services": ["bup"], "municipality": "01019012345"}', 422, None),
        (b'{"services": ["bup"], "person": {"age": NaN}}', 422, None),
    ],
)
def test_bad_bodies_are_problems(server: Server, body: bytes, status: int, pointer: str | None) -> None:
    response = server.client.post("/v1/answers", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem.get("pointer") == pointer
    assert "Nordmann" not in response.text
    assert "01019012345" not in response.text


def test_other_errors_are_problems_too(server: Server) -> None:
    for response, status in (
        (server.client.get("/nowhere"), 404),
        (server.client.get("/v1/answers"), 405),
        (server.client.post("/v1/answers", content=b"<x/>", headers={"Content-Type": "text/xml"}), 415),
        (server.client.post("/v1/answers?lang=de", json=CASE), 422),
        (server.client.get("/v1/matrix?date=yesterday"), 422),
        (server.client.get("/v1/matrix?date=2020-01-01"), 422),
        (server.client.get("/v1/matrix/"), 404),
    ):
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == status


def test_matrix_and_services_with_etag(server: Server) -> None:
    response = server.client.get("/v1/matrix", params={"date": "2024-08-01"})
    assert len(response.json()) == 14
    etag = response.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{32}(-gzip)?"', etag)
    assert server.client.get("/v1/matrix?date=2024-08-01", headers={"If-None-Match": etag}).status_code == 304
    assert server.client.get("/v1/services", headers={"If-None-Match": etag}).status_code == 200
    services = server.client.get("/v1/services").json()
    assert len(services) == 30
    ppt = next(service for service in services if service["id"] == "ppt")
    assert len(ppt["bound_by"]) >= 3
    police = next(service for service in services if service["id"] == "police")
    assert police["bound_by"] == []
    assert police["unbound_reason"].keys() == {"nb", "nn", "en"}


def test_openapi_describes_the_case_from_the_data(server: Server) -> None:
    document = server.client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    body = document["paths"]["/v1/answers"]["post"]["requestBody"]["content"]["application/json"]
    assert "cooperation_necessary" in body["schema"]["properties"]["facts"]["properties"]
    assert len(body["schema"]["properties"]["services"]["items"]["enum"]) == 30
    assert (
        server.client.post(
            "/v1/answers", content=json.dumps(body["example"]), headers={"Content-Type": "application/json"}
        ).status_code
        == 200
    )


def test_results_of_sparql_have_an_etag(server: Server) -> None:
    query = {"query": "SELECT ?l { <https://w3id.org/samordning/id/service/bup> skos:prefLabel ?l }"}
    query["query"] = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> " + query["query"]
    found = server.client.get("/sparql", params=query)
    etag = found.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', etag)
    for header in (etag, f'"x", {etag}', "W/" + etag, "*"):
        again = server.client.get("/sparql", params=query, headers={"If-None-Match": header})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        assert again.headers["vary"] == "Accept"
    assert server.client.get("/sparql", params=query, headers={"If-None-Match": '"x"'}).content == found.content
    head = server.client.head("/sparql", params=query)
    assert (head.headers["etag"], head.headers["cache-control"], head.content) == (etag, "public, max-age=3600", b"")
    other = server.client.get("/sparql", params=query, headers={"Accept": "text/csv"}).headers["etag"]
    longer = server.client.get("/sparql", params={"query": query["query"] + " LIMIT 1"}).headers["etag"]
    assert len({etag, other, longer}) == 3
    assert "etag" not in server.client.get("/sparql").headers
    posted = server.client.post("/sparql", data=query, headers={"If-None-Match": etag})
    assert (posted.status_code, posted.content, posted.headers["cache-control"]) == (200, found.content, "no-store")
    assert "etag" not in posted.headers


def test_what_changes_by_itself_is_not_kept(server: Server) -> None:
    for call in ("NOW()", "rand ( )", "UUID()", "STRUUID()", "BNODE()"):
        answers = [server.client.get("/sparql", params={"query": f"SELECT ({call} AS ?x) {{}}"}) for _ in range(2)]
        assert len({answer.content for answer in answers}) == 2, call
        assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
        assert not [answer for answer in answers if "etag" in answer.headers]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("query=ASK%7B%7D", 200), ("&&query=ASK+{}&", 200), ("quer%79=ASK%20%7B%7D", 200), ("query=ASK{}&x", 200),
        ("query=ASK{}&query=ASK{}", 400), ("query=ASK{}&x=%ff", 400), ("query=ASK{}" + "&a" * 999, 200), ("query=ASK{}" + "&a" * 1000, 413),
    ],
)  # fmt: skip
def test_parameters_of_sparql(server: Server, raw: str, status: int) -> None:
    assert server.client.get(f"/sparql?{raw}").status_code == status
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert server.client.post("/sparql", content=raw, headers=form).status_code == status
