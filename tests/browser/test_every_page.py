"""Every kind of page, found by following links from the front page: accessible, whole, within our own host."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from samordning.interfaces.web.page import MENU
from tests.browser.conftest import Visit
from tests.service.server import Server

LANGUAGES = ("nb", "nn", "en")
#: How many addresses of one kind are followed; the rest look the same.
EACH = 2
MOST = 400


class Links(HTMLParser):
    """Links and sources of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        for name in ("src", "srcset", "poster", "data"):
            if given.get(name) and tag != "a":
                self.loaded.append(str(given[name]))
        if tag == "link" and given.get("rel") in ("stylesheet", "icon"):
            self.loaded.append(str(given["href"]))


def kind(path: str) -> str:
    """A page's kind: the first word below the language, how deep it is, and what parameters it has."""
    parts = urlsplit(path)
    below = unquote(parts.path).split("/")[2:]
    names = ",".join(sorted(part.partition("=")[0] for part in parts.query.split("&") if part))
    return f"{below[0] if below else ''}/{len(below)}?{names}"


@pytest.fixture(scope="session")
def pages(site: Server) -> dict[str, list[str]]:
    """Addresses of pages without their language, by kind; each was asked for and answered."""
    found: dict[str, list[str]] = {}
    seen = {"/nb/"}
    queue = ["/nb/"]
    followed: dict[str, int] = {}
    while queue and sum(followed.values()) < MOST:
        path = queue.pop(0)
        response = site.client.get(path)
        assert response.status_code == 200, path
        if not response.headers["content-type"].startswith("text/html"):
            continue
        found.setdefault(kind(path), []).append(path.removeprefix("/nb/"))
        reader = Links()
        reader.feed(response.text)
        assert not [one for one in reader.loaded if not one.startswith(("/", "data:"))], path
        for link in reader.links:
            target = urldefrag(urljoin(path, link)).url
            if target.startswith("/nb/") and target not in seen:
                seen.add(target)
                if followed.get(kind(target), 0) < EACH:
                    followed[kind(target)] = followed.get(kind(target), 0) + 1
                    queue.append(target)
    assert not queue, "there are more kinds of pages than are followed"
    return found


def test_the_menu_leads_everywhere(pages: dict[str, list[str]]) -> None:
    first = {one.partition("/")[0] for one in pages}
    assert first >= {"", *MENU, "about", "accessibility", "privacy"}
    assert len(pages) >= 15


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_accessible(
    visit: Callable[..., Visit], axe: str, pages: dict[str, list[str]], lang: str
) -> None:
    """At full width in light, and at 320 px (1280 px enlarged to 400 %) in dark."""
    wide = visit()
    narrow = visit(color_scheme="dark", viewport={"width": 320, "height": 512})
    wrong = []
    for each in pages.values():
        path = f"/{lang}/{each[0]}"
        for tab in (wide, narrow):
            tab.goto(path)
            wrong += [f"{path}: {one}" for one in tab.findings(axe)]
            width = tab.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            if width[0] > width[1]:
                wrong.append(f"{path}: {width[0]} px wide in a window of {width[1]} px")
        if wide.page.evaluate("document.documentElement.lang") != lang:
            wrong.append(f"{path}: its lang is not {lang}")
    assert wrong == []
    for tab in (wide, narrow):
        assert tab.faults == []
        assert tab.outside() == []


def test_every_page_is_whole_without_scripts(visit: Callable[..., Visit], pages: dict[str, list[str]]) -> None:
    tab = visit(java_script_enabled=False)
    for each in pages.values():
        answer = tab.goto(f"/nb/{each[0]}")
        assert answer.status == 200
        assert tab.page.locator("main h1").count() == 1, each[0]
        assert len(tab.page.locator("main").inner_text()) > 100, each[0]


def test_no_page_holds_script_or_style_of_its_own(site: Server, pages: dict[str, list[str]]) -> None:
    for each in pages.values():
        text = site.client.get(f"/nb/{each[0]}").text
        assert not re.search(r"<script(?![^>]* src=\"/static/)|<style|\sstyle=|\son\w+=\"|javascript:", text), each[0]


def test_links_lead_somewhere(site: Server, pages: dict[str, list[str]]) -> None:
    """Links within the host, one of each kind from each page: none is broken."""
    asked: dict[str, int] = {}
    for each in pages.values():
        path = f"/nb/{each[0]}"
        reader = Links()
        reader.feed(site.client.get(path).text)
        kinds = {}
        for link in reader.links:
            target = urldefrag(urljoin(path, link)).url
            if target.startswith("/"):
                kinds.setdefault(kind(target) + target.split("/")[1], target)
        for target in kinds.values():
            if target not in asked:
                asked[target] = site.client.get(target).status_code
    assert len(asked) > 20
    assert {target: status for target, status in asked.items() if status not in (200, 303)} == {}
