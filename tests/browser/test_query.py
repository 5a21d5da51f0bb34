"""Questions and SPARQL in a browser: by keyboard, without scripts, with hostile text, in every language and width."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from samordning.interfaces.web.text import say
from tests.browser.conftest import Visit

LANGUAGES = ("nb", "nn", "en")
PATHS = (
    "query", "query/services-not-bound?date=2026-03-01", "query/supervisors", "query/decision-table?norm=norm:hol-7-2a-1",
    "query/facts?section=person", "query/supervisors?type=x&typo=y", "query?query=ASK%20%7B%7D",
)  # fmt: skip
PAYLOADS = (
    "<script>window.hit=1</script>", '"><img src=x onerror=window.hit=1>', "'; window.hit=1; //",
    "</textarea><script>window.hit=1</script>", "{{ 7*7 }}", "javascript:window.hit=1",
)  # fmt: skip


def _narrow(tab: Visit) -> int:
    """By how many pixels the page is wider than the window."""
    return int(tab.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_findings_in_light_and_dark_wide_and_narrow(
    visit: Callable[..., Visit], axe: str, lang: str, path: str
) -> None:
    tab = visit(f"/{lang}/{path}")
    assert tab.findings(axe) == []
    tab.page.emulate_media(color_scheme="dark")
    tab.page.set_viewport_size({"width": 320, "height": 640})
    assert tab.findings(axe) == []
    assert _narrow(tab) <= 0
    assert [fault for fault in tab.faults if "422" not in fault] == []
    assert tab.outside() == []


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", "SELECT nonsense", "DESCRIBE <https://w3id.org/samordning/id/service/bup>"])  # fmt: skip
def test_no_findings_in_a_result(visit: Callable[..., Visit], axe: str, query: str) -> None:
    tab = visit("/nn/query", color_scheme="dark", viewport={"width": 320, "height": 640})
    tab.page.fill("#query", query)
    tab.page.click("form[data-keys] button:not([name])")
    tab.page.wait_for_selector("#result, #error")
    assert tab.findings(axe) == []
    assert _narrow(tab) <= 0


def test_ctrl_enter_runs_and_an_error_is_found_by_the_cursor(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/query")
    page = tab.page
    assert page.get_by_text(say("nb", "query.keys")).is_visible()
    page.focus("#query")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#result tbody tr")
    assert page.locator("#result tbody tr").count() > 30
    page.fill("#query", "SELECT ?s WHERE {\n  ?s ?p ?o .\n  ?s ?p }")
    page.focus("#query")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#error")
    assert page.evaluate("document.activeElement.id") == "query"
    start = page.evaluate("document.activeElement.selectionStart")
    assert page.input_value("#query")[:start].count("\n") == 2
    assert [fault for fault in tab.faults if "400" not in fault] == []


def test_a_question_is_answered_with_the_keyboard_alone(visit: Callable[..., Visit]) -> None:
    page = visit("/nn/query").page
    page.get_by_role("link", name="Kven som fører tilsyn med ein type plikt").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".fields")
    page.get_by_label("Type plikt").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == say("nn", "query.show")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).boxShadow")  # fmt: skip
    assert outline != "nonenone"
    page.keyboard.press("Enter")
    page.wait_for_selector("#result tbody tr")
    assert "type=duty-type%3Acoordination" in page.url
    assert page.get_by_role("columnheader", name="Tilsyn").is_visible()


def test_the_list_is_narrowed_and_says_when_nothing_is_left(visit: Callable[..., Visit]) -> None:
    page = visit("/nb/query").page
    links = page.locator("#questions li:visible")
    whole = links.count()
    page.get_by_label(say("nb", "query.filter")).fill("BARNEKOORDINATOR endrer")
    assert 0 < links.count() < whole
    assert page.locator("#questions .group:visible").count() == 1
    page.get_by_label(say("nb", "query.filter")).fill("xyzzy")
    assert links.count() == 0
    assert page.get_by_text(say("nb", "query.filter-none")).is_visible()
    page.get_by_label(say("nb", "query.filter")).fill("")
    assert links.count() == whole


def test_everything_works_without_scripts(visit: Callable[..., Visit], tmp_path: Path) -> None:
    page = visit("/en/query", java_script_enabled=False).page
    assert not page.locator("#filter").is_visible()
    page.get_by_role("link", name="Services that no act binds").click()
    assert page.locator("#result tbody tr").count() == 7
    assert not page.get_by_role("button", name="Copy").is_visible()
    page.get_by_label("Date").fill("2022-08-01")
    page.get_by_role("button", name="Show the answer").click()
    assert page.url.endswith("date=2022-08-01")
    with page.expect_download() as waited:
        page.get_by_role("link", name="CSV").click()
    waited.value.save_as(tmp_path / "rows.csv")
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8").startswith("date,lang,service,provider,reason")
    page.get_by_role("link", name="All questions").click()
    page.get_by_role("button", name="Run").click()
    assert page.locator("#result tbody tr").count() > 30
    with page.expect_download() as waited:
        page.get_by_role("button", name="Save as JSON").or_(page.get_by_role("button", name="Download as JSON")).click()
    assert waited.value.suggested_filename == "result.json"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_stays_text(visit: Callable[..., Visit], payload: str) -> None:
    tab = visit("/nb/query")
    page = tab.page
    # As a literal that comes back in a row, as a query that is refused, and in an address.
    literal = payload.replace("\\", "\\\\").replace('"', '\\"')
    page.fill("#query", f'SELECT ("{literal}" AS ?x) WHERE {{}}')
    page.click("form[data-keys] button:not([name])")
    page.wait_for_selector("#result td")
    assert page.inner_text("#result td") == payload
    page.fill("#query", payload)
    page.click("form[data-keys] button:not([name])")
    page.wait_for_selector("#error")
    page.goto(tab.site.url + "/nb/query?" + "&".join(["query=" + _quoted(payload)]))
    assert page.input_value("#query") == payload
    for name in ("date", "type"):
        page.goto(tab.site.url + f"/nb/query/supervisors?{name}={_quoted(payload)}")
        page.wait_for_selector("#error")
    page.fill("#filter", payload) if page.locator("#filter").count() else None
    assert page.evaluate("window.hit") is None
    assert tab.outside() == []


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


def test_a_link_in_a_row_to_something_that_is_no_address_leads_nowhere(visit: Callable[..., Visit]) -> None:
    page = visit("/nb/query").page
    page.fill("#query", "SELECT (IRI('javascript:alert(1)') AS ?x) (IRI('http://example.org/a') AS ?y) WHERE {}")
    page.click("form[data-keys] button:not([name])")
    page.wait_for_selector("#result td")
    assert page.eval_on_selector_all("#result td a", "links => links.map(link => link.getAttribute('href'))") == ["http://example.org/a"]  # fmt: skip


def test_links_are_copied(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/query/coverage", permissions=["clipboard-read", "clipboard-write"])
    tab.page.get_by_role("button", name="Kopier").click()
    tab.page.get_by_role("button", name="Kopiert").wait_for()
    assert tab.page.evaluate("navigator.clipboard.readText()") == tab.site.url + "/nb/query/coverage"


def test_the_language_switch_keeps_the_question(visit: Callable[..., Visit]) -> None:
    page = visit("/nb/query/supervisors?date=2024-01-01&type=duty-type:coordination").page
    page.get_by_role("link", name="English").click()
    assert "/en/query/supervisors?date=2024-01-01&type=duty-type" in page.url
    assert page.get_by_label("Date").input_value() == "2024-01-01"
    assert page.locator("#result tbody tr").count() > 0
