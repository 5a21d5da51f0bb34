"""Every IRI of ours leads to what is said about it, in every format."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from samordning.namespaces import GRAPHS, ROOT, TERMS, THINGS
from tests.service.server import Server

FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}


@pytest.fixture(scope="module")
def iris(dataset: Path) -> set[str]:
    """Every IRI of ours that the dataset names, in any place."""
    found: set[str] = set()
    for quad in ox.parse((dataset / "dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS):
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode) and term.value.startswith(ROOT):
                found.add(term.value)
    return found


def test_every_iri_leads_somewhere(server: Server, iris: set[str]) -> None:
    assert len(iris) > 3000
    lost = []
    documents = {iri.partition("#")[0] for iri in iris}
    for iri in sorted(documents):
        response = server.client.get("/" + quote(iri.removeprefix(ROOT)))
        if response.status_code == 303:
            response = server.client.get(response.headers["location"])
        if response.status_code != 200 or not response.content:
            lost.append(iri)
    assert not lost, (len(lost), lost[:20])


def test_every_term_stands_in_the_ontology(server: Server, iris: set[str]) -> None:
    page = server.client.get("/ns", headers={"Accept": "text/html"}).text
    turtle = server.client.get("/ns").text
    terms = {iri.removeprefix(TERMS) for iri in iris if iri.startswith(TERMS)}
    assert len(terms) > 80
    assert not [term for term in terms if f'id="{term}"' not in page and term not in turtle]


@pytest.mark.parametrize("name", ["service/bup", "norm/hol-3-4-1", "lov/2011-06-24-30/§3-4/ledd/2", "lov/2011-06-24-30/§3-4/versjon/2022-08-01", "duty-type/coordination"])  # fmt: skip
def test_a_thing_in_every_format(server: Server, name: str) -> None:
    path = "/id/" + quote(name)
    seen = set()
    for media, format_ in FORMATS.items():
        first = server.client.get(path, headers={"Accept": media})
        assert first.status_code == 303
        assert first.headers["location"] == server.url + "/doc" + path
        response = server.client.get(first.headers["location"], headers={"Accept": media})
        assert response.headers["content-type"].partition(";")[0] == media
        assert "Accept" in response.headers["vary"]
        triples = {str(quad.triple) for quad in ox.parse(response.content, format=format_, base_iri="http://x/")}
        assert any(f"<{THINGS}{name}>" in triple for triple in triples)
        seen.add(frozenset(triples))
        assert server.client.get(first.headers["location"], headers={"If-None-Match": response.headers["etag"], "Accept": media}).status_code == 304  # fmt: skip
    assert len(seen) == 1
    page = server.client.get("/doc" + path, headers={"Accept": "text/html,*/*;q=0.1"})
    assert page.headers["content-type"].startswith("text/html")
    assert THINGS + name in page.text
    assert (
        server.client.get(f"/doc{path}.ttl", headers={"Accept": "text/html"}).headers["content-type"] == "text/turtle"
    )


def test_the_ontology_and_its_version(server: Server) -> None:
    for path in ("/ns", "/ns/0.1.0"):
        for media, format_ in FORMATS.items():
            response = server.client.get(path, headers={"Accept": media})
            assert any(ox.parse(response.content, format=format_))
    assert server.client.get("/ns/9.9.9").status_code == 404


@pytest.mark.parametrize("path", ["/id/none", "/id/<script>", "/doc/none", "/id/", "/id/%00", "/graph/none", "/doc/id/service/bup.exe", "/id/service/bup%22%3E"])  # fmt: skip
def test_what_is_not_there(server: Server, path: str) -> None:
    response = server.client.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert "script" not in response.text


def test_void_names_what_is_there(server: Server, dataset: Path) -> None:
    response = server.client.get("/.well-known/void")
    quads = list(ox.parse(response.content, format=ox.RdfFormat.TURTLE))
    subsets = {quad.object.value for quad in quads if quad.predicate.value.endswith("#subset")}
    named = {
        quad.graph_name.value
        for quad in ox.parse((dataset / "dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS)
        if isinstance(quad.graph_name, ox.NamedNode)
    }
    assert subsets == named == {iri for iri in named if iri.startswith(GRAPHS)}
    (endpoint,) = [quad.object.value for quad in quads if quad.predicate.value.endswith("#sparqlEndpoint")]
    assert endpoint == server.url + "/sparql"
    for quad in quads:
        if quad.predicate.value.endswith("#exampleResource"):
            assert server.client.get("/" + quote(quad.object.value.removeprefix(ROOT))).status_code == 303
        if quad.predicate.value.endswith("#triples") and quad.subject.value == ROOT + "dataset":
            assert int(quad.object.value) > 30_000


def test_the_service_description(server: Server) -> None:
    for media, format_ in FORMATS.items():
        response = server.client.get("/sparql", headers={"Accept": media})
        triples = [str(quad.triple) for quad in ox.parse(response.content, format=format_)]
        assert any("SPARQL11Query" in triple for triple in triples)
        assert any(f"<{server.url}/sparql>" in triple for triple in triples)
