"""The pages that check, in a browser: with and without a script, by keyboard, narrow, dark and on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Visit

LANGUAGES = ("nb", "nn", "en")
PAGES = (
    "check",
    "check/case",
    "check/setup",
    "check/case?example=nine-year-old",
    "check/setup?example=middle-municipality",
)
SUBMIT = ".sending button:not([formaction])"
PAYLOAD = '"><script>window.hit=1</script><img src=x onerror="window.hit=1">'


def _report(tab: Visit, path: str = "/nb/check/case?example=nine-year-old") -> Any:
    tab.goto(path)
    tab.page.click(SUBMIT)
    tab.page.wait_for_selector(".report")
    return tab.page


def _open_all(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def _narrow(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_have_no_findings(visit: Callable[..., Visit], axe: str, lang: str, path: str) -> None:
    tab = visit(f"/{lang}/{path}")
    _open_all(tab.page)
    assert tab.findings(axe) == []
    tab.page.emulate_media(color_scheme="dark")
    tab.page.set_viewport_size({"width": 320, "height": 800})
    assert tab.findings(axe) == []
    assert _narrow(tab.page)
    assert tab.faults == []
    assert tab.outside() == []


@pytest.mark.parametrize("example", ["case?example=nine-year-old", "setup?example=small-municipality"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_reports_have_no_findings(visit: Callable[..., Visit], axe: str, lang: str, example: str) -> None:
    tab = visit()
    page = _report(tab, f"/{lang}/check/{example}")
    assert tab.findings(axe) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 800})
    assert tab.findings(axe) == []
    assert _narrow(page)
    assert tab.faults == []
    assert page.url.endswith("/report")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_error_has_no_findings_and_gets_the_focus(visit: Callable[..., Visit], axe: str, lang: str) -> None:
    tab = visit(f"/{lang}/check/case")
    tab.page.fill("#age", "two hundred")
    tab.page.check("#services-ppt")
    tab.page.click(SUBMIT)
    tab.page.wait_for_selector("#wrong")
    assert tab.page.evaluate("document.activeElement.id") == "wrong"
    assert tab.findings(axe) == []
    tab.page.click("#wrong a")
    assert tab.page.evaluate("document.activeElement.id") == "age"
    assert tab.page.input_value("#age") == "two hundred"
    assert tab.page.is_checked("#services-ppt")


def test_rows_come_and_go_in_place(visit: Callable[..., Visit], axe: str) -> None:
    tab = visit("/nn/check/case")
    page = tab.page
    for service in ("ppt", "bup"):
        page.check(f"#services-{service}")
    _open_all(page)
    before = len(tab.requests)
    for expected in ("bup", "ppt", ""):
        page.click('button[name="add"][value="record.services"]')
        number = len(page.query_selector_all('[data-rows="record.services"] > fieldset')) - 1
        field = f"[id='record.services.{number}.service']"
        assert page.input_value(field) == expected
        assert page.evaluate("document.activeElement.id") == f"record.services.{number}.service"
        assert page.inner_text(f"[id='record.services.{number}'] legend >> nth=0") == f"Teneste {number + 1}"
    page.click('button[name="add"][value="record.plans"]')
    assert len(tab.requests) == before, "nothing was sent"
    assert page.inner_text("#news") == "Lagt til."
    assert tab.findings(axe) == []
    page.click("[id='record.services.1'] button[name=remove]")
    page.click("[id='record.services.2'] button[name=remove]")
    assert page.evaluate("document.activeElement.value") == "record.services"
    page.select_option("[id='record.services.0.took_part']", "false")
    page.click('button[name="add"][value="record.services"]')
    assert page.input_value("[id='record.services.1.service']") == "ppt"
    page.click(SUBMIT)
    page.wait_for_selector(".report")
    kept = page.input_value("textarea[name=content]")
    assert "- # " not in kept
    assert "service: bup" in kept
    assert "took_part: false" in kept
    assert "service: ppt" in kept
    assert tab.faults == []


def test_everything_works_without_a_script(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/check/case", java_script_enabled=False)
    page = tab.page
    page.check("#services-ppt")
    page.fill("#date", "2026-03-01")
    page.click("[id='part-record.plans'] summary")
    page.click('button[name="add"][value="record.plans"]')
    page.wait_for_selector("[id='record.plans.0']")
    assert page.is_checked("#services-ppt")
    assert page.input_value("#date") == "2026-03-01"
    page.select_option("[id='record.plans.0.consent']", "false")
    page.click('button[name="add"][value="record.plans"]')
    page.wait_for_selector("[id='record.plans.1']")
    page.click("[id='record.plans.1'] button[name=remove]")
    page.wait_for_selector("[id='record.plans.1']", state="detached")
    page.click(SUBMIT)
    page.wait_for_selector(".report")
    assert page.is_visible("section[data-kind=breach]")
    assert page.is_visible("section[data-kind=not-checkable]")
    assert not page.is_visible("#filter")
    assert "consent: false" in page.input_value("textarea[name=content]")
    page.click('button:has-text("English")')
    assert page.inner_text("h1") == "Check of a case as of 1 March 2026"
    page.click('button:has-text("Change the record")')
    page.wait_for_selector("#record")
    assert page.input_value("[id='record.plans.0.consent']") == "false"
    assert page.evaluate("document.documentElement.lang") == "en"


def test_by_keyboard_alone_from_an_empty_form_to_a_report(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/check/setup")
    page = tab.page

    def to(wanted: str) -> None:
        for _ in range(150):
            page.keyboard.press("Tab")
            if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
                return
        pytest.fail(f"the Tab key never reaches {wanted}")

    to("[id='setup.kind']")
    page.keyboard.type("Kommune")
    to("[id='setup.services-municipal-health']")
    page.keyboard.press("Space")
    to("#part-coordinating_unit > summary")
    page.keyboard.press("Enter")
    to("[id='coordinating_unit.exists']")
    page.keyboard.type("Nei")
    to(SUBMIT)
    page.keyboard.press("Enter")
    page.wait_for_selector(".report")
    assert page.is_visible("section[data-kind=breach] article h3")
    assert "exists: false" in page.input_value("textarea[name=content]")


def test_the_filter_hides_on_the_screen_and_never_on_paper(visit: Callable[..., Visit]) -> None:
    tab = visit()
    page = _report(tab)
    assert page.is_visible("section[data-kind=met]")
    page.uncheck("#show-met")
    assert not page.is_visible("section[data-kind=met]")
    assert page.is_visible("section[data-kind=breach]")
    assert page.is_visible("section[data-kind=reservations]")
    assert page.inner_text("#news").startswith(str(len(page.query_selector_all("[data-show]")) - 1))
    page.emulate_media(media="print")
    assert page.is_visible("section[data-kind=met]")
    for hidden in (".site-header", ".site-footer", ".tools", "#filter"):
        assert not page.is_visible(hidden)
    page.emulate_media(media="screen")
    page.check("#show-met")
    assert page.is_visible("section[data-kind=met]")
    assert page.is_visible("[data-print]")
    assert page.pdf(format="A4").count(b"/Type /Page\n") > 2


def test_a_file_is_chosen_checked_saved_and_opened(visit: Callable[..., Visit], tmp_path: Path) -> None:
    tab = visit("/nn/check/setup?example=county")
    page = tab.page
    with page.expect_download() as waited:
        page.click('.sending button[formaction$="/file"]')
    saved = tmp_path / waited.value.suggested_filename
    waited.value.save_as(saved)
    assert saved.name == "setup.yaml"
    tab.goto("/nn/check/setup")
    page.click("#from-file summary")
    page.set_input_files("#file", saved)
    page.click('#from-file button[formaction$="/check/setup"]')
    page.wait_for_selector("#record")
    assert page.input_value("[id='setup.name']") == "Eksempel fylkeskommune"
    page.click("#from-file summary")
    page.set_input_files("#file", saved)
    page.click("#from-file button:not([formaction])")
    page.wait_for_selector(".report")
    for name in ("text", "json", "sarif", "turtle"):
        with page.expect_download() as waited:
            page.click(f"button[value={name}]")
        assert waited.value.suggested_filename.startswith("samordning-setup.")
    assert tab.faults == []


def test_what_is_sent_stays_nowhere(visit: Callable[..., Visit]) -> None:
    tab = visit()
    page = _report(tab)
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert page.context.cookies() == []
    assert all(
        "9" not in url.partition("?")[2].replace("v=", "") or "example" in url or "v=" in url for url in tab.requests
    )
    assert [url for url in tab.requests if "report" in url] == [f"{tab.site.url}/nb/check/case/report"]
    assert page.get_attribute("form.tools", "autocomplete") == "off"


def test_a_payload_in_every_field_is_text(visit: Callable[..., Visit]) -> None:
    tab = visit("/en/check/setup")
    page = tab.page
    page.evaluate(
        """(payload) => {
            for (const one of document.querySelectorAll('#record input[type=text], #record input[type=hidden]')) {
                if (one.name !== 'from') one.value = payload;
            }
            for (const one of document.querySelectorAll('#record select')) {
                one.append(new Option(payload, payload, true, true));
            }
            document.querySelector('#content').value = '</textarea>' + payload;
        }""",
        PAYLOAD,
    )
    page.click(SUBMIT)
    page.wait_for_selector("#wrong")
    assert page.evaluate("window.hit") is None
    assert page.input_value("[id='setup.name']") == PAYLOAD[:80] or PAYLOAD.startswith(
        page.input_value("[id='setup.name']")
    )
    page.click("#from-file summary")
    page.fill("#content", f"</textarea>{PAYLOAD}")
    page.click("#from-file button:not([formaction])")
    page.wait_for_selector("#wrong")
    assert page.evaluate("window.hit") is None
    assert PAYLOAD in page.input_value("#content")
    assert tab.outside() == []


def test_the_links_to_other_languages_take_the_record_along(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/check/case")
    page = tab.page
    page.click(".languages a[hreflang=nn]")
    page.wait_for_url("**/nn/check/case")
    page.check("#services-ppt")
    page.click(".languages a[hreflang=en]")
    page.wait_for_url("**/en/check/case")
    assert page.is_checked("#services-ppt")
    page.click(SUBMIT)
    page.wait_for_selector(".report")
    page.click(".languages a[hreflang=nb]")
    page.wait_for_url("**/nb/check/case/report")
    assert page.inner_text("h1").startswith("Kontroll av en sak")
    assert tab.faults == []
