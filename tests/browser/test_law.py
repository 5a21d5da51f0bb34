"""The pages about the law in a browser: every kind of page, in each language, narrow and wide, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visit

LANGUAGES = ("nb", "nn", "en")
PAGES = (
    "law",
    "law/lov/2011-06-24-30",
    "law/lov/1992-07-17-100?date=2022-09-01",
    "law/lov/2025-06-20-81",
    "law/lov/2023-06-09-30/§24-1",
    "law/lov/2011-06-24-30/§3-4/ledd/2",
    "norms/hol-7-2a-1",
    "norms/hol-12-3-1-1",
    "services",
    "services/bup",
    "services/police",
    "duty-types",
    "duty-types/coordination",
    "groups",
    "groups/patient-or-user",
    "bodies",
    "bodies/county-governor",
    "supervision",
    "supervision?level=none&status=gap&date=2024-01-01",
    "changes",
    "changes?from=2024-07-31&to=2024-08-01&service=school",
    "search",
    "search?q=hol+3-4",
    "search?q=samordnning",
)
TITLES = {"nb": "Loven", "nn": "Lova", "en": "The law"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_asks_nobody_else(visit: Callable[..., Visit], axe: str, path: str, lang: str) -> None:
    tab = visit(f"/{lang}/{path}")
    assert tab.page.evaluate("document.documentElement.lang") == lang
    assert tab.page.locator("h1").count() == 1
    assert tab.findings(axe) == []
    assert tab.faults == []
    assert tab.outside() == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_small_screen_in_the_dark(visit: Callable[..., Visit], axe: str, path: str) -> None:
    tab = visit(f"/nn/{path}", viewport={"width": 320, "height": 640}, color_scheme="dark")
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert tab.findings(axe) == []
    assert tab.faults == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_language_leads_to_the_same_page_in_another(visit: Callable[..., Visit], lang: str) -> None:
    tab = visit("/nb/law/lov/2011-06-24-30/§3-4?date=2024-01-01")
    tab.page.click(f".languages a[lang={lang}]")
    assert tab.page.locator("h1").inner_text().endswith("§ 3-4")
    assert tab.page.evaluate("document.documentElement.lang") == lang
    assert tab.page.input_value("#date") == "2024-01-01"
    assert tab.page.locator(".menu [aria-current]").inner_text() == TITLES[lang]


def test_the_provision_is_found_without_a_script(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/", java_script_enabled=False)
    tab.page.fill("#find", "hol § 3-4")
    tab.page.press("#find", "Enter")
    assert tab.page.locator(".hits a").first.inner_text() == "Helse- og omsorgstjenesteloven § 3-4"
    tab.page.locator(".hits a").first.click()
    assert tab.page.locator("h1").inner_text() == "Helse- og omsorgstjenesteloven § 3-4"
    assert "Kommunen samordner tilbudet" in tab.page.locator("table.norms").first.inner_text()
    assert not tab.page.locator("[data-print]").first.is_visible()


def test_suggestions_are_used_by_keyboard_alone(visit: Callable[..., Visit]) -> None:
    tab = visit("/en/")
    tab.page.focus("#find")
    tab.page.keyboard.type("oppl 24-1", delay=20)
    first = tab.page.locator("#suggestions-0 [role=option]").first
    first.wait_for(state="visible")
    field = tab.page.locator("#find")
    assert field.get_attribute("role") == "combobox"
    assert field.get_attribute("aria-expanded") == "true"
    assert "suggestions" in tab.page.locator("[role=status]").first.inner_text()
    tab.page.keyboard.press("ArrowDown")
    assert first.get_attribute("aria-selected") == "true"
    assert field.get_attribute("aria-activedescendant") == first.get_attribute("id")
    tab.page.keyboard.press("Escape")
    assert not first.is_visible()
    assert field.get_attribute("aria-expanded") == "false"
    tab.page.keyboard.press("ArrowDown")
    first.wait_for(state="visible")
    tab.page.keyboard.press("ArrowDown")
    with tab.page.expect_navigation():
        tab.page.keyboard.press("Enter")
    assert tab.page.locator("h1").inner_text() == "The education act § 24-1"
    assert tab.faults == []


def test_open_suggestions_are_accessible(visit: Callable[..., Visit], axe: str) -> None:
    tab = visit("/nb/search")
    for field in ("#find", "#q"):
        tab.page.focus(field)
        tab.page.keyboard.type("barn", delay=20)
        shown = tab.page.locator("[role=option]:visible")
        shown.first.wait_for()
        tab.page.keyboard.press("ArrowDown")
        assert shown.count() == 8
        assert tab.findings(axe) == []
        tab.page.keyboard.press("Escape")


def test_what_changed_for_schools_is_found_in_three_steps(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/")
    tab.page.click(".menu a:has-text('Hva er endret?')")
    tab.page.select_option("#service", label="Skole")
    tab.page.click("button:has-text('Vis endringene')")
    tab.page.click(".shortcuts a:has-text('1. august 2024')")
    assert tab.page.locator("#result").inner_text() == "1. august 2024: skole"
    text = tab.page.locator("main").inner_text()
    assert "opplæringsloven av 1998 § 15-8 første ledd første punktum" in text
    assert tab.page.locator(".shortcuts [aria-current]").count() == 1


def test_what_nobody_supervises_is_found_from_the_front_page(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/")
    tab.page.click("main a:has-text('Hvem fører tilsyn?')")
    first = tab.page.locator("main h2").first.inner_text()
    assert first == "Kommunal: Ingen fører tilsyn, så vidt vi har funnet (10)"
    rows = tab.page.locator("main h2").first.locator("xpath=following::table[1]//tbody/tr")
    assert rows.count() == 3
    assert "Kommunen samordner tilbudet til barnet" in rows.first.inner_text()


@pytest.mark.parametrize(
    "payload", ["<script>fault()</script>", '"><img src=x onerror=fault()>', "{{7*7}}", "'); fault('"]
)
def test_nothing_that_is_asked_becomes_a_script(visit: Callable[..., Visit], payload: str) -> None:
    tab = visit()
    from urllib.parse import quote

    for path in (
        f"search?q={quote(payload)}",
        f"search?q=hol&kind={quote(payload)}",
        f"changes?service={quote(payload)}",
        f"changes?from={quote(payload)}",
        f"law/{quote(payload, safe='')}",
        f"law?date={quote(payload)}",
        f"norms/{quote(payload, safe='')}",
        f"services/{quote(payload, safe='')}",
        f"supervision?level={quote(payload)}",
    ):
        tab.goto(f"/nb/{path}")
        assert tab.page.locator("main img, main script").count() == 0, path
        assert "49" not in tab.page.locator("h1").inner_text()
    tab.goto("/nb/search")
    tab.page.focus("#q")
    tab.page.keyboard.type(payload)
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_load_state()
    if tab.page.locator("#q").count():
        assert tab.page.input_value("#q") == payload
    # A page of ours that says no is an error to the console; nothing else is.
    assert [fault for fault in tab.faults if "Failed to load resource" not in fault] == []
    assert tab.outside() == []


def test_a_page_prints_without_its_forms(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/law/lov/2023-06-09-30/§24-1")
    tab.page.emulate_media(media="print")
    for hidden in (".date-form", ".site-header", ".ds-breadcrumbs", ".neighbours"):
        assert not tab.page.locator(hidden).first.is_visible(), hidden
    assert tab.page.locator(".on-date").is_visible()
    assert tab.page.locator("table.norms").first.is_visible()


def test_days_of_change_follow_the_service_that_is_chosen(visit: Callable[..., Visit]) -> None:
    tab = visit("/nn/changes")
    tab.page.select_option("#service", "school")
    tab.page.click(".shortcuts a[href*='to=2024-08-01']")
    assert "service=school" in tab.page.url
    assert tab.page.locator("#service").input_value() == "school"
    assert tab.faults == []
