"""The W3C's tests of the SPARQL 1.1 Protocol."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, Namespace
from rdflib.collection import Collection

from tests.service.server import SHARED, Server, serving, write_dataset

SUITE = SHARED / "suites" / "w3c-sparql11-protocol"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
MANIFEST = Graph()
if SUITE.is_dir():
    MANIFEST.parse(
        SUITE / "manifest.ttl", publicID="http://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/manifest"
    )
TESTS = [test for entries in MANIFEST.objects(None, MF.entries) for test in Collection(MANIFEST, entries)]
NAMES = {str(test).rpartition("#")[2]: test for test in TESTS}
QUERIES = [name for name in NAMES if "query" in name or "queries" in name]
BAD_UPDATES = [name for name in NAMES if name.startswith("bad_update") or name == "bad_multiple_updates"]
pytestmark = pytest.mark.skipif(not TESTS, reason="the W3C's protocol tests are not here: ../shared/suites")


def test_the_suite_is_whole() -> None:
    assert (len(NAMES), len(QUERIES), len(BAD_UPDATES)) == (34, 20, 7)


@pytest.fixture(scope="module")
def data(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite's three graphs as a dataset."""
    quads = b""
    for number in (1, 2, 3):
        graph = ox.NamedNode(f"http://kasei.us/2009/09/sparql/data/data{number}.rdf")
        triples = ox.parse((SUITE / f"data{number}.nt").read_bytes(), format=ox.RdfFormat.N_TRIPLES)
        made = [ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]
        quads += ox.serialize(made, format=ox.RdfFormat.N_QUADS) or b""
    # Our own statements too: the service reads its lists from them, and the suite's queries ask for other things.
    quads += (dataset / "dataset.nq").read_bytes()
    return write_dataset(tmp_path_factory.mktemp("protocol") / "dataset", quads, dataset / "manifest.json")


@pytest.fixture(scope="module")
def reading(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(data, tmp_path_factory.mktemp("log"), RATE__ENABLED=False) as running:
        yield running


@pytest.fixture(scope="module")
def writing(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(
        data, tmp_path_factory.mktemp("log"), RATE__ENABLED=False, SPARQL__UPDATES=True, WORKERS__SIZE=1
    ) as running:
        yield running


@pytest.mark.parametrize("name", [*QUERIES, *BAD_UPDATES])
def test_read_only(reading: Server, name: str) -> None:
    _run(reading, NAMES[name])


@pytest.mark.parametrize("name", NAMES)
def test_with_updates(writing: Server, name: str) -> None:
    _run(writing, NAMES[name])


def _run(server: Server, test: Any) -> None:
    requests = [
        request
        for connection in MANIFEST.objects(test, MF.action)
        for row in MANIFEST.objects(connection, HT.requests)
        for request in Collection(MANIFEST, row)
    ]
    assert requests
    for request in requests:
        response = _send(server, request)
        (told,) = MANIFEST.objects(request, HT.resp)
        statuses = {str(status)[-3] for status in MANIFEST.objects(told, MF.expectedStatus)}
        assert str(response.status_code)[0] in statuses, response.text
        expected = MANIFEST.value(told, MF.expectedBoolean)
        if expected is not None:
            assert response.json()["boolean"] is expected.toPython()  # type: ignore[union-attr]
        kind = str(MANIFEST.value(told, MF.expectedFormat) or "")
        media = response.headers.get("content-type", "").partition(";")[0]
        if kind in ("boolean", "tabular"):
            assert media in (
                "application/sparql-results+json",
                "application/sparql-results+xml",
                "text/csv",
                "text/tab-separated-values",
            )
        elif kind == "RDF":
            assert media in ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json")
        if statuses == {"4"}:
            assert media == "application/problem+json"


def _send(server: Server, request: Any) -> httpx.Response:
    headers = {
        str(MANIFEST.value(header, HT.fieldName)): str(MANIFEST.value(header, HT.fieldValue))
        for row in MANIFEST.objects(request, HT.headers)
        for header in Collection(MANIFEST, row)
    }
    body = MANIFEST.value(request, HT.body)
    content = None
    if body is not None:
        encoding = str(MANIFEST.value(body, CNT.characterEncoding) or "UTF-8")
        content = str(MANIFEST.value(body, CNT.chars)).encode(encoding)
    method = str(MANIFEST.value(request, HT.methodName))
    url = server.url + str(MANIFEST.value(request, HT.absolutePath))
    made = httpx.Request(method, url, headers=headers, content=content)
    return server.client.send(made)


def test_nothing_was_left_out() -> None:
    assert all((test, RDF.type, MF.ProtocolTest) in MANIFEST for test in TESTS)
