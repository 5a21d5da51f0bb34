"""The dataset's files over HTTP: the bytes that export writes, with hashes that hold in every process."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyoxigraph as ox
from lxml import html

from samordning.catalogue.void import DUMPS
from samordning.interfaces.cli.dump import export
from samordning.namespaces import ROOT
from tests.service.server import Server

SUMS = "/dataset/SHA256SUMS"


def test_the_files_are_those_of_the_command_line(server: Server, dataset: Path, tmp_path: Path) -> None:
    written = dict(export(tmp_path, dataset))
    assert len(written) == 7
    for name in written:
        response = server.client.get(f"/dataset/{name}")
        assert response.content == (tmp_path / name).read_bytes(), name
        assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert "content-encoding" not in response.headers
    for line in server.client.get(SUMS).text.splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(server.client.get(f"/dataset/{name}").content).hexdigest() == digest


def test_a_file_is_fetched_once(server: Server) -> None:
    first = server.client.get("/dataset/samordning.jsonld")
    etag = first.headers["etag"]
    assert not etag.startswith("W/")
    again = server.client.get("/dataset/samordning.jsonld", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    other = server.client.get("/dataset/samordning.jsonld", headers={"If-None-Match": '"0"'})
    assert other.content == first.content
    head = server.client.head("/dataset/samordning.jsonld")
    assert (head.content, head.headers["etag"]) == (b"", etag)
    assert int(head.headers["content-length"]) == len(first.content)


def test_there_is_no_other_file(server: Server) -> None:
    for name in ("dataset.nq", "..%2Fmanifest.json", "%2e%2e/manifest.json", "samordning.ttl/"):
        assert server.client.get(f"/dataset/{name}").status_code == 404, name
    moved = server.client.get("/dataset", headers={"Accept": "text/turtle"})
    assert moved.headers["location"] == server.url + "/.well-known/void"


def test_void_names_files_that_are_there(server: Server) -> None:
    text = server.client.get("/.well-known/void", headers={"Accept": "text/turtle"}).content
    dumps = {
        quad.object.value
        for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)
        if quad.predicate.value.endswith("void#dataDump") and isinstance(quad.object, ox.NamedNode)
    }
    assert dumps == {f"{ROOT}dataset/{name}" for name in DUMPS}
    for iri in dumps:
        assert server.client.head("/" + iri.removeprefix(ROOT)).status_code == 200


def test_the_page_shows_the_hashes(server: Server) -> None:
    sums = dict(reversed(line.split("  ")) for line in server.client.get(SUMS).text.splitlines())
    for lang in ("nb", "nn", "en"):
        rows = html.fromstring(server.client.get(f"/{lang}/developers").text).xpath("//table//tbody/tr")
        shown = {row.xpath("string(th)"): row.xpath("string(td[3])") for row in rows}
        assert len(shown) == 7
        assert {name: digest for name, digest in shown.items() if name in sums} == sums
