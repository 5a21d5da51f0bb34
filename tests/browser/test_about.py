"""The pages for developers, about the service and about its data, in a browser."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Visit

LANGUAGES = ("nb", "nn", "en")
PATHS = ("developers", "about", "accessibility", "privacy")
ENGLISH = ("/docs", "/ns", "/doc/id/service/bup.html", "/doc/id/norm/hol-3-4-2-1.html", "/problem/deadline")


def _tidy(tab: Visit, axe: str) -> None:
    assert tab.findings(axe) == []
    tab.page.emulate_media(color_scheme="dark")
    tab.page.set_viewport_size({"width": 320, "height": 640})
    assert tab.findings(axe) == []
    assert tab.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert tab.faults == []
    assert tab.outside() == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_findings(visit: Callable[..., Visit], axe: str, lang: str, path: str) -> None:
    tab = visit(f"/{lang}/{path}")
    assert tab.page.evaluate("document.documentElement.lang") == lang
    _tidy(tab, axe)


@pytest.mark.parametrize("path", ENGLISH)
@pytest.mark.parametrize("locale", ["nn-NO", "en-GB"])
def test_no_findings_in_what_is_english(visit: Callable[..., Visit], axe: str, locale: str, path: str) -> None:
    tab = visit(path, locale=locale)
    assert tab.page.evaluate("document.documentElement.lang") == locale[:2]
    _tidy(tab, axe)


def test_code_is_copied_and_a_file_is_what_its_hash_says(visit: Callable[..., Visit], tmp_path: Path) -> None:
    page = visit("/en/developers", permissions=["clipboard-read", "clipboard-write"]).page
    figure = page.locator("figure", has=page.locator("#case"))
    figure.get_by_role("button", name="Copy").click()
    figure.get_by_role("button", name="Copied").wait_for()
    assert json.loads(page.evaluate("navigator.clipboard.readText()"))["person"] == {"age": 9}
    row = page.get_by_role("row", name="samordning.ttl")
    with page.expect_download() as waited:
        row.get_by_role("link").click()
    waited.value.save_as(tmp_path / "file")
    assert hashlib.sha256((tmp_path / "file").read_bytes()).hexdigest() == row.locator("code").inner_text()


def test_developers_without_scripts(visit: Callable[..., Visit]) -> None:
    page = visit("/nb/developers", java_script_enabled=False).page
    assert page.locator("button:visible", has_text="Kopier").count() == 0
    assert "curl" in page.locator("#curl").inner_text()
