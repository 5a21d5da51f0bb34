"""YASGUI, the editor that many SPARQL endpoints are asked with, works unchanged from a page on another origin."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.service.server import Server

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>YASGUI</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/@zazuko/yasgui/build/yasgui.min.css"></head>
<body><div id="editor"></div>
<script src="/@zazuko/yasgui/build/yasgui.min.js"></script>
<script>
window.editor = new Yasgui(document.getElementById("editor"), {
  requestConfig: { endpoint: %s }, copyEndpointOnNewTab: false, persistenceId: null,
});
</script></body></html>
"""
QUERY = """PREFIX sam: <https://w3id.org/samordning/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?service ?label WHERE {
  ?service a sam:Service ; sam:selectable true ; skos:prefLabel ?label .
  FILTER(LANG(?label) = "nn")
}
ORDER BY ?label LIMIT 7"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def elsewhere(packages: Path, site: Server) -> Iterator[str]:
    """The address of a page with the editor, on a server that is not ours."""
    (packages / "editor.html").write_text(PAGE % json.dumps(site.url + "/sparql"), encoding="utf-8")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(packages)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/editor.html"
    server.shutdown()
    thread.join()
    server.server_close()


def _ask(page: Any, query: str) -> Any:
    page.evaluate("query => editor.getTab().getYasqe().setValue(query)", query)
    with page.expect_response(lambda response: response.url.endswith("/sparql")) as waited:
        page.locator(".yasqe_queryButton").first.click()
    return waited.value


def test_yasgui_shows_our_rows(browser: Any, elsewhere: str, site: Server) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(elsewhere)
    response = _ask(page, QUERY)
    assert response.status == 200
    assert response.request.method == "POST"
    assert response.request.all_headers()["origin"] == elsewhere.removesuffix("/editor.html")
    cells = page.locator(".yasr table.dataTable tbody tr")
    cells.first.wait_for()
    assert cells.count() == 7
    expected = site.client.post("/sparql", data={"query": QUERY}).json()["results"]["bindings"]
    for row, binding in zip(cells.all(), expected, strict=True):
        assert binding["label"]["value"] in row.inner_text()
    assert not faults
    context.close()


def test_yasgui_shows_our_triples_and_our_errors(browser: Any, elsewhere: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(elsewhere)
    response = _ask(page, "DESCRIBE <https://w3id.org/samordning/id/service/bup>")
    assert response.status == 200
    assert "turtle" in response.headers["content-type"] or "rdf" in response.headers["content-type"] or "n-triples" in response.headers["content-type"]  # fmt: skip
    page.locator(".yasr").get_by_text("service/bup").first.wait_for()
    response = _ask(page, "SELECT nonsense")
    assert response.status == 400
    page.locator(".yasr .errorResult").wait_for()
    assert "not valid SPARQL" in page.locator(".yasr .errorResult").inner_text()
    context.close()
