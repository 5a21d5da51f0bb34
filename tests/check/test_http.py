"""``POST /v1/checks`` and what it refuses: one clear problem, nothing of what was sent in it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time

import httpx
import pyoxigraph as ox
import pytest
from rdflib import Graph

CASE = {
    "date": "2026-03-01",
    "person": {"age": 9},
    "services": ["municipal-health", "primary-school"],
    "facts": {"cooperation_necessary": True},
    "record": {
        "coordination": {"coordinator": "none", "carried_out": False},
        "services": [{"service": "primary-school", "took_part": False}],
    },
}
TURTLE = """@prefix sam: <https://w3id.org/samordning/ns#> . @prefix service: <https://w3id.org/samordning/id/service/> .
@prefix fact: <https://w3id.org/samordning/id/fact/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sam:CaseRecord ; sam:forDate "2026-03-01"^^xsd:date ; sam:withServiceInCase service:municipal-health , service:primary-school ;
  sam:given [ sam:fact fact:age ; sam:value 9 ] , [ sam:fact fact:cooperation_necessary ; sam:value true ] ;
  sam:statesNone sam:coordinatedBy ; sam:coordinationDone false ;
  sam:serviceRecord [ sam:recordOf service:primary-school ; sam:tookPart false ] .
"""
CONTEXT = {"sam": "https://w3id.org/samordning/ns#", "service": "https://w3id.org/samordning/id/service/"}
SECRET = "hemmeligord"


@pytest.fixture(scope="module")
def client(dataset, tmp_path_factory):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("checks") / "log"
    environment = {**os.environ, "SAMORDNING_DATASET": str(dataset)}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "samordning", "serve", "--port", str(port)], env=environment, stdout=out, stderr=out
        )
    opened = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
    try:
        for _ in range(200):
            with contextlib.suppress(httpx.TransportError):
                if opened.get("/health/ready").status_code == 200:
                    break
            time.sleep(0.1)
        yield opened
        written = log.read_text(encoding="utf-8")
        assert SECRET not in written
        assert "12345" not in written
    finally:
        opened.close()
        process.terminate()
        process.wait(10)


def send(client, content, media="application/json", **options):
    headers = {"Content-Type": media, **options.pop("headers", {})}
    return client.post(
        "/v1/checks",
        content=content if isinstance(content, (str, bytes)) else json.dumps(content),
        headers=headers,
        **options,
    )


def kinds(report):
    return sorted(
        (finding["rule"], group["service"] or "") for group in report["groups"] for finding in group["findings"]
    )


def test_a_case_is_checked(client):
    answer = send(client, CASE)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    report = answer.json()
    assert report["conforms"] is False
    assert report["summary"]["breach"] >= 3
    assert sum(report["summary"][kind] for kind in report["summary"] if kind != "duties") == report["summary"]["duties"]


def test_the_same_in_turtle_finds_the_same(client):
    plain, turtle = send(client, CASE), send(client, TURTLE, "text/turtle")
    assert turtle.status_code == 200, turtle.text
    assert kinds(turtle.json()) == kinds(plain.json())


def test_the_same_in_json_ld_finds_the_same(client):
    document = Graph().parse(data=TURTLE, format="turtle").serialize(format="json-ld")
    answer = send(client, document, "application/ld+json")
    assert answer.status_code == 200, answer.text
    assert kinds(answer.json()) == kinds(send(client, CASE).json())


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/ld+json", "application/sarif+json", "text/html", "text/plain"]
)
def test_every_form_is_sent(client, accept):
    answer = send(client, CASE, headers={"Accept": accept, "Accept-Language": "nn"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(accept)
    assert answer.headers["content-language"] == "nn"
    if accept in ("text/turtle", "application/ld+json"):
        form = ox.RdfFormat.TURTLE if accept == "text/turtle" else ox.RdfFormat.JSON_LD
        assert len(list(ox.parse(answer.text, format=form))) > 100


def test_a_setup_is_checked(client):
    setup = {
        "date": "2026-03-01",
        "setup": {"kind": "municipality", "services": ["municipal-health"]},
        "coordinating_unit": {"exists": False},
    }
    report = send(client, setup, params={"of": "setup"}).json()
    assert report["about"]["organisation"] == "municipality"
    assert report["summary"]["breach"] == 2


SHAPES = (
    TURTLE + "[] a <http://www.w3.org/ns/shacl#NodeShape> ; <http://www.w3.org/ns/shacl#targetClass> sam:CaseRecord ."
)
HOSTILE = {
    "not json": (b"{" + SECRET.encode(), "application/json", 422, "not valid JSON"),
    "not rdf": (f"<a> {SECRET} .", "text/turtle", 400, "not valid"),
    "empty": ("  ", "text/turtle", 400, "empty"),
    "wrong word": (TURTLE.replace("sam:coordinationDone", "sam:coordinationDon"), "text/turtle", 422, "Did you mean sam:coordinationDone"),
    "wrong key": ({**CASE, "record": {"coordinaton": {}}}, "application/json", 422, "Did you mean coordination"),
    "wrong class": (TURTLE.replace("sam:CaseRecord", "sam:CaseRecrod"), "text/turtle", 422, "Did you mean sam:CaseRecord"),
    "other vocabulary": (TURTLE.replace("sam:tookPart", "<https://example.org/tookPart>"), "text/turtle", 422, "Did you mean sam:tookPart"),
    "shapes": (SHAPES, "text/turtle", 422, "shapes in the data"),
    "two cases": (TURTLE + TURTLE[TURTLE.index("[] a") :], "text/turtle", 422, "several records"),
    "two in a list": ([CASE, CASE], "application/json", 422, "mapping"),
    "loose end": (TURTLE + f'<urn:x> sam:coordinationDone "{SECRET}" .', "text/turtle", 422, "does not lead to"),
    "remote context": ({"@context": f"https://example.org/{SECRET}", "@type": "CaseRecord"}, "application/ld+json", 403, "not fetched"),
    "imported context": ({"@context": {"@import": "https://example.org/x"}}, "application/ld+json", 403, "not fetched"),
    "doctype": (f'<!DOCTYPE x [<!ENTITY a "{SECRET}">]><x/>', "application/rdf+xml", 403, "document type"),
    "identity number": ({**CASE, "municipality": "01010112345"}, "application/json", 422, "identity number"),
    "identity number in turtle": (TURTLE + "# 010101 12345", "text/turtle", 422, "identity number"),
    "escaped identity number": (TURTLE.replace("sam:tookPart false", 'sam:tookPart "\\u0030\\u0031\\u0030\\u0031\\u0030\\u0031\\u0031\\u0032\\u0033\\u0034\\u0035"'), "text/turtle", 422, "identity number"),
    "too deep": ("[ a <x> ; <y> " * 100, "text/turtle", 422, "nested"),
    "too many triples": ("".join(f"<urn:{n}> <urn:a> <urn:b> ." for n in range(20_001)), "text/turtle", 413, "triples"),
    "free text": (TURTLE.replace("sam:tookPart false", f'sam:tookPart "{SECRET}"'), "text/turtle", 422, "true, false"),
    "unknown kind": ("x", "text/csv", 415, "not taken"),
    "not utf-8": (b"\xff\xfe\x00", "text/turtle", 400, "UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_wrong_gives_one_clear_problem(client, name):
    content, media, status, said = HOSTILE[name]
    answer = send(client, content, media)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert answer.status_code == problem["status"] == status, problem
    assert said in problem["title"] + " " + problem.get("detail", "")
    assert SECRET not in answer.text
    assert "12345" not in answer.text
    assert len(answer.text) < 3000


@pytest.mark.parametrize(
    ("media", "limit"), [("application/json", 256 << 10), ("text/turtle", 1 << 20), ("application/ld+json", 256 << 10)]
)
def test_size_has_a_limit(client, media, limit):
    fits = send(client, b" " * limit, media)
    assert fits.status_code != 413
    for size in (limit + 1, 50 << 20):
        assert send(client, b" " * size, media).status_code == 413


def test_a_report_nobody_takes_is_refused(client):
    assert send(client, CASE, headers={"Accept": "image/png"}).status_code == 406


def test_a_name_is_escaped_on_the_page(client):
    setup = {
        "date": "2026-03-01",
        "setup": {"kind": "municipality", "name": "A & B 'kommune'", "services": ["municipal-health"]},
    }
    page = send(client, setup, params={"of": "setup"}, headers={"Accept": "text/html"})
    assert "A &amp; B" in page.text
    setup["setup"]["name"] = "<script>alert(1)</script>"
    assert send(client, setup, params={"of": "setup"}).status_code == 422
