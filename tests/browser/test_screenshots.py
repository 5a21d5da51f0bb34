"""Pictures of the main pages, for people to look at: made anew in dist/screenshots by every run.

Those in docs/pages are the ones last looked at: SAMORDNING_SCREENSHOTS=docs/pages pytest tests/browser/test_screenshots.py
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Visit

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "pages"
PAGES = {
    "front-nb": "/nb/",
    "provision-nn": "/nn/law/lov/2011-06-24-30/%C2%A73-4?date=2026-03-01",
    "matrix-nb": "/nb/matrix?date=2026-03-01",
    "levels-en": "/en/levels?date=2026-03-01",
    "changes-nn": "/nn/changes?from=2024-07-31&to=2024-08-01&service=school",
    "supervision-nb": "/nb/supervision?date=2026-03-01",
    "check-nb": "/nb/check",
    "query-en": "/en/query",
    "developers-en": "/en/developers",
}


def _answered(tab: Visit, lang: str) -> None:
    tab.goto(f"/{lang}/ask")
    tab.page.fill("[name=date]", "2026-03-01")
    tab.page.fill("[name=age]", "6")
    for service in ("primary-school", "bup", "municipal-health"):
        tab.page.check(f"[name=services][value={service}]")
    tab.page.click("#show")
    for fact in ("cooperation_necessary", "serious_condition", "child_coordinator_wanted"):
        with tab.page.expect_response(lambda response: "/ask" in response.url):
            tab.page.check(f"input[name={fact}][value=true]")
    tab.page.wait_for_load_state("networkidle")
    tab.page.evaluate("window.scrollTo(0, 0)")


def _keep(page: Any, name: str, *, full: bool = False) -> None:
    folder = Path(os.environ.get("SAMORDNING_SCREENSHOTS", ROOT / "dist" / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    made = page.screenshot(path=folder / f"{name}.png", full_page=full)
    width, height = struct.unpack(">II", made[16:24])
    assert (width, height) >= (320, 600)
    # A page without its style or its content is a small file.
    assert len(made) > 20_000, f"{name}: {len(made)} bytes"


@pytest.mark.parametrize("name", PAGES)
def test_a_page(visit: Callable[..., Visit], name: str) -> None:
    tab = visit(PAGES[name])
    tab.page.wait_for_load_state("networkidle")
    _keep(tab.page, name)
    assert tab.faults == []


@pytest.mark.parametrize(("name", "lang", "options"), [
    ("ask-nb", "nb", {}),
    ("ask-nn-dark", "nn", {"color_scheme": "dark"}),
    ("ask-en-narrow", "en", {"viewport": {"width": 320, "height": 900}}),
])  # fmt: skip
def test_an_answer(visit: Callable[..., Visit], name: str, lang: str, options: dict[str, Any]) -> None:
    tab = visit(**options)
    _answered(tab, lang)
    _keep(tab.page, name)
    figure = tab.page.locator("figure").first
    figure.scroll_into_view_if_needed()
    assert figure.locator("svg").count() == 1
    assert tab.faults == []


def test_a_memo(visit: Callable[..., Visit]) -> None:
    tab = visit(viewport={"width": 900, "height": 1200})
    _answered(tab, "nb")
    with tab.page.context.expect_page() as opened:
        tab.page.click("[formaction$=memo]")
    opened.value.wait_for_load_state()
    _keep(opened.value, "memo-nb")


def test_the_pictures_kept_are_of_these_pages() -> None:
    names = {path.stem for path in KEPT.glob("*.png")}
    assert names == {*PAGES, "ask-nb", "ask-nn-dark", "ask-en-narrow", "memo-nb"}
