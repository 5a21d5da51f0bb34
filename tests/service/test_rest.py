"""The REST routes: what they hold, how they page, cache, negotiate and refuse."""

from __future__ import annotations

import datetime as dt
import json
import re
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from samordning.engine.query import library
from samordning.interfaces.http.reply import CONTEXT
from samordning.knowledge import Knowledge
from samordning.namespaces import THINGS
from tests.service.server import CASE, Server

SECTION = "/v1/provisions/" + quote("lov/2011-06-24-30/§3-4")
GETS = [
    "/v1/acts", "/v1/acts/lov/2011-06-24-30", "/v1/provisions", SECTION, SECTION + "/history", "/v1/norms", "/v1/norms/hol-3-4-1",
    "/v1/norms/hol-3-4-1/explanation", "/v1/services", "/v1/services/bup", "/v1/bodies", "/v1/bodies/municipality",
    "/v1/duty-types", "/v1/facts", "/v1/facts/plan_consent", "/v1/matrix", "/v1/diff?from=2024-07-31&to=2024-08-01",
    "/v1/search?q=barnekoordinator", "/v1/queries", "/v1/queries/acts",
]  # fmt: skip


def _get(server: Server, path: str, **headers: str) -> object:
    response = server.client.get(path, headers=headers)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("path", GETS)
def test_every_route_caches_negotiates_and_answers_head(server: Server, path: str) -> None:
    response = server.client.get(path)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "public, max-age=3600"
    assert "Accept" in response.headers["vary"]
    assert response.headers["access-control-allow-origin"] == "*"
    etag = response.headers["etag"]
    assert etag.startswith('"')
    for header in (etag, f'"x", {etag}', "W/" + etag, "*"):
        again = server.client.get(path, headers={"If-None-Match": header})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert server.client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    head = server.client.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", etag)
    options = server.client.options(path)
    assert options.status_code == 204
    assert {"GET", "HEAD", "OPTIONS"} <= set(options.headers["allow"].split(", "))
    refused = server.client.get(path, headers={"Accept": "image/png"})
    assert (refused.status_code, refused.headers["content-type"]) == (406, "application/problem+json")
    linked = server.client.get(path, headers={"Accept": "application/ld+json"})
    assert linked.headers["content-type"] == "application/ld+json"
    assert linked.json()["@context"] == server.url + "/v1/context.jsonld"
    assert linked.headers["etag"] != etag
    wrong = server.client.delete(path)
    assert (wrong.status_code, wrong.headers["content-type"]) == (405, "application/problem+json")


def test_pages(server: Server) -> None:
    first = server.client.get("/v1/norms?per_page=300&date=2026-03-01")
    total = int(first.headers["x-total-count"])
    assert total > 500
    found, response = first.json(), first
    while "next" in response.links:
        response = server.client.get(response.links["next"]["url"])
        found += response.json()
    assert len({norm["id"] for norm in found}) == len(found) == total
    assert response.links["prev"]["url"] == first.links["first"]["url"].replace("page=1", "page=1")
    assert server.client.get("/v1/norms?page=99").status_code == 404


def test_filters(server: Server) -> None:
    norms = _get(server, "/v1/norms?date=2026-03-01&act=lov/2011-06-24-30&type=coordination")
    assert {norm["address"] for norm in norms} == {"lov/2011-06-24-30/§3-4/ledd/2/setning/1"}  # type: ignore[union-attr]
    of_bup = server.client.get("/v1/norms?date=2026-03-01&service=bup").headers["x-total-count"]
    assert 10 < int(of_bup) < int(server.client.get("/v1/norms?date=2026-03-01").headers["x-total-count"])
    before = {act["id"] for act in _get(server, "/v1/acts?date=2024-07-31")}  # type: ignore[attr-defined]
    after = {act["id"] for act in _get(server, "/v1/acts?date=2024-08-01")}  # type: ignore[attr-defined]
    assert "lov/2023-06-09-30" in after - before
    assert "lov/1998-07-17-61" in before - after
    state = _get(server, "/v1/services?level=state")
    assert {"bup", "police"} <= {service["id"] for service in state}  # type: ignore[attr-defined]
    assert "ppt" not in {service["id"] for service in state}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/norms?foo=1", 422), ("/v1/norms?act=lov/1", 422), ("/v1/norms?type=coordinatoin", 422), ("/v1/norms?date=0", 422),
        ("/v1/norms?date=2026-02-30", 422), ("/v1/norms?date=2020-01-01", 422), ("/v1/norms?service=buup", 422),
        ("/v1/norms?page=0", 422), ("/v1/norms?per_page=501", 422), ("/v1/norms/none", 404), ("/v1/acts/lov/1", 404),
        ("/v1/provisions/lov/1", 404), (SECTION + "?date=2020-01-01", 422), ("/v1/services/none", 404), ("/v1/bodies/x", 404),
        ("/v1/facts/x", 404), ("/v1/diff", 422), ("/v1/diff?from=2024-07-31&service=", 422), ("/v1/diff?from=2025-01-01&to=2024-01-01", 422), ("/v1/search", 422),
        ("/v1/queries/things", 404), ("/v1/queries/acts?x=1", 422), ("/v1/queries/labels", 422), ("/v1/queries/labels?norm=%3C", 422),
        ("/v1/queries/acts?lang=nb&lang=nn", 422),
    ],
)  # fmt: skip
def test_errors_are_problems(server: Server, path: str, status: int) -> None:
    response = server.client.get(path)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    kind = problem["type"].removeprefix("https://w3id.org/samordning")
    assert server.client.get(kind).status_code == 200, kind


def test_a_provision_on_a_date_and_its_history(server: Server) -> None:
    address = quote("lov/2023-06-09-30/§24-1")
    assert _get(server, f"/v1/provisions/{address}?date=2024-07-31")["wording"] is None  # type: ignore[index]
    found = _get(server, f"/v1/provisions/{address}?date=2026-03-01")
    assert found["wording"]["in_force"] <= "2026-03-01"  # type: ignore[index]
    assert found["citation"]["nn"].endswith("§ 24-1")  # type: ignore[index]
    assert {norm["address"].split("/ledd")[0] for norm in found["norms"]} == {"lov/2023-06-09-30/§24-1"}  # type: ignore[index]
    history = _get(server, f"/v1/provisions/{address}/history")
    assert found["wording"] in history  # type: ignore[operator, index]


def test_an_explanation_for_a_case(server: Server) -> None:
    response = server.client.post("/v1/norms/hol-3-4-1/explanation", json=CASE, headers={"Accept-Language": "en"})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["status"] == "applies"


def test_facts_are_enough_for_a_form(server: Server, kg: Knowledge) -> None:
    facts = _get(server, "/v1/facts")
    assert {fact["id"] for fact in facts} == set(kg.law.facts)  # type: ignore[attr-defined]
    for fact in facts:  # type: ignore[attr-defined]
        assert fact["question"].keys() == {"nb", "nn", "en"}
        assert fact["kind"] != "choice" or fact["choices"]


def test_search_finds_in_every_language_and_by_address(server: Server) -> None:
    for text, wanted in (("barnekoordinator", "duty-type/child-coordinator-duty"), ("hol 3-4 ledd 1", "hol-3-4-1"), ("BUP", "bup"), ("psychiatric outpatient", "bup")):  # fmt: skip
        assert wanted in [hit["id"] for hit in _get(server, f"/v1/search?q={text}&per_page=500")], text  # type: ignore[attr-defined]
    for hit in _get(server, "/v1/search?q=kommune&per_page=100"):  # type: ignore[attr-defined]
        assert server.client.get(hit["href"]).status_code in (200, 303), hit


@pytest.mark.parametrize("name", sorted(query.name for query in library().values() if not query.internal and all(one.name in ("date", "lang") for one in query.parameters)))  # fmt: skip
def test_named_questions_give_what_the_engine_gives(server: Server, kg: Knowledge, name: str) -> None:
    query = library()[name]
    date = dt.date(2026, 3, 1)
    table = kg.store.select(query.text, query.bind({}, {"date": date, "lang": "nb"}))
    parameters = {one.name: {"date": "2026-03-01", "lang": "nb"}[one.name] for one in query.parameters}
    found = server.client.get(f"/v1/queries/{name}", params=parameters).json()
    assert found["columns"] == list(table.columns)
    assert len(found["rows"]) == len(table.rows)
    assert server.client.get(f"/v1/queries/{name}", params=parameters, headers={"Accept": "text/csv"}).text.startswith(",".join(table.columns[:1]) if not parameters else "")  # fmt: skip


def test_json_ld_says_only_what_the_dataset_says(server: Server, dataset_quads: set[str]) -> None:
    for path in ("/v1/acts", "/v1/norms?per_page=500", "/v1/services", "/v1/facts", "/v1/provisions?per_page=500", SECTION + "/history", "/v1/bodies"):  # fmt: skip
        document = server.client.get(path, headers={"Accept": "application/ld+json"}).json()
        document["@context"] = CONTEXT["@context"]
        triples = [str(quad.triple) for quad in ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD)]
        assert triples, path
        missing = [triple for triple in triples if triple not in dataset_quads]
        assert not missing, (path, missing[:5])
        assert any(THINGS in triple for triple in triples)


@pytest.fixture(scope="module")
def dataset_quads(dataset: object) -> set[str]:
    from pathlib import Path

    quads = (Path(str(dataset)) / "dataset.nq").read_bytes()
    return {
        str(quad.triple)
        for quad in ox.parse(quads, format=ox.RdfFormat.N_QUADS)
        if quad.graph_name == ox.DefaultGraph()
    }


def test_context_and_pages(server: Server) -> None:
    context = server.client.get("/v1/context.jsonld")
    assert context.headers["content-type"] == "application/ld+json"
    assert context.json() == CONTEXT
    for path in ("/nb/", "/docs", "/nb/query", "/ns", "/problem/busy"):
        page = server.client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert not re.search(r"<script(?! src=\"/static/)", page.text)
        assert " style=" not in page.text
        assert "<style" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "//" not in "".join(line for line in page.text.splitlines() if "stylesheet" in line or "src=" in line)
    docs = server.client.get("/docs").text
    for path in ("/v1/answers", "/v1/norms/{id}/explanation", "/v1/queries/acts"):
        assert path in docs


def test_options_of_nothing_is_nothing(server: Server) -> None:
    assert server.client.options("/v1/nothing").status_code == 404
    assert "POST" in server.client.options("/v1/answers").headers["access-control-allow-methods"]
