"""Clients that others wrote, unchanged, against /sparql."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from samordning.namespaces import TERMS, THINGS
from tests.service.server import Server

LABELS = """PREFIX sam: <https://w3id.org/samordning/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?service ?label { ?service a sam:Service ; skos:prefLabel ?label FILTER(LANG(?label) = "en") } ORDER BY ?service"""


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # its own use of rdflib
@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper(server: Server, method: str) -> None:
    client = SPARQLWrapper(server.url + "/sparql")
    client.setMethod(method)
    client.setQuery(LABELS)
    client.setReturnFormat(JSON)
    rows = client.query().convert()["results"]["bindings"]  # type: ignore[index, call-overload]
    assert len(rows) == 36
    client.setReturnFormat(XML)
    assert client.query().convert().getElementsByTagName("result").length == 36  # type: ignore[union-attr]
    client.setReturnFormat(CSV)
    assert client.query().convert().count(b"\r\n") == 37  # type: ignore[union-attr, arg-type]
    client.setQuery("ASK { ?s ?p ?o }")
    client.setReturnFormat(JSON)
    assert client.query().convert()["boolean"] is True  # type: ignore[index, call-overload]
    client.setQuery(f"DESCRIBE <{THINGS}service/bup>")
    client.setReturnFormat(TURTLE)
    assert b"service:bup" in client.query().convert()  # type: ignore[operator]
    client.setReturnFormat("rdf+xml")
    assert len(client.query().convert()) > 10  # type: ignore[arg-type]
    client.setReturnFormat(JSON)
    client.setQuery("SELECT nonsense")
    with pytest.raises(QueryBadFormed):
        client.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_store(server: Server, method: str) -> None:
    graph = Graph(SPARQLStore(server.url + "/sparql", method=method))
    service = URIRef(THINGS + "service/bup")
    assert (service, URIRef(TERMS + "owner"), URIRef(THINGS + "body/regional-health-authority")) in graph
    assert len(list(graph.query(LABELS))) == 36
    assert len(list(graph.predicate_objects(service))) > 10
    assert bool(graph.query("ASK { ?s ?p ?o }").askAnswer)


def test_comunica(server: Server, tmp_path: Path) -> None:
    """Needs Node and npm; ``SAMORDNING_TEST_COMUNICA`` may name a folder where it is installed already."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node.js and npm are not here, so Comunica can't run")
    folder = Path(os.environ.get("SAMORDNING_TEST_COMUNICA", tmp_path))
    package = folder / "node_modules" / "@comunica" / "query-sparql"
    if not package.is_dir():
        command = ["npm", "install", "--no-audit", "--no-fund", "--silent", "@comunica/query-sparql@4.4.1"]
        made = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=400, check=False)
        if made.returncode != 0:
            pytest.skip("npm can't install Comunica here")
    command = [
        "node",
        str(package / "bin" / "query.js"),
        f"sparql@{server.url}/sparql",
        LABELS,
        "-t",
        "application/sparql-results+json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["results"]["bindings"]
    assert len(rows) == 36
    # A join that the client plans itself, over patterns it sends one by one.
    joined = f"PREFIX sam: <{TERMS}> SELECT ?body {{ <{THINGS}service/bup> sam:owner ?body . ?body sam:level ?level }}"
    command[3] = joined
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (
        json.loads(done.stdout)["results"]["bindings"][0]["body"]["value"] == THINGS + "body/regional-health-authority"
    )
