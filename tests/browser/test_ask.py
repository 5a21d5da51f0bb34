"""Ask about a person in a browser: with a script and without, by keyboard alone, on a narrow screen, and nothing left behind."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Visit

LANGUAGES = ("nb", "nn", "en")
PAYLOADS = (
    '"><script>window.hacked=1</script>', "'><img src=x onerror=window.hacked=1>", "javascript:window.hacked=1",
    "{{7*7}}", "</textarea><svg onload=window.hacked=1>",
)  # fmt: skip
COORDINATES = {
    "nb": "Barne- og ungdomspsykiatrisk poliklinikk (BUP) samordner, fordi tjenestene er enige om det.",
    "nn": "Barne- og ungdomspsykiatrisk poliklinikk (BUP) samordnar, fordi tenestene er samde om det.",
}


def fill(tab: Visit, *services: str) -> None:
    tab.page.fill("#field-age", "6")
    for service in services:
        tab.page.check(f'input[name=services][value="{service}"]')


def answered(tab: Visit) -> str:
    tab.page.wait_for_selector(".conclusion")
    tab.page.wait_for_load_state("networkidle")
    return str(tab.page.inner_text("#answer"))


def opened(tab: Visit) -> None:
    tab.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def clean(tab: Visit, axe: str) -> None:
    assert tab.findings(axe) == []
    assert tab.faults == []
    assert tab.outside() == []
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= tab.page.viewport_size["width"]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_findings_at_any_stage(visit: Callable[..., Visit], axe: str, lang: str, scheme: str, width: int) -> None:
    tab = visit(f"/{lang}/ask", color_scheme=scheme, viewport={"width": width, "height": 900})
    clean(tab, axe)
    tab.page.fill("#field-age", "200")
    tab.page.click("#show")
    tab.page.wait_for_selector("#summary")
    assert tab.page.evaluate("document.activeElement.id") == "summary"
    clean(tab, axe)
    fill(tab, "primary-school", "bup", "police")
    answered(tab)
    opened(tab)
    clean(tab, axe)
    assert tab.page.evaluate("document.documentElement.lang") == lang
    tab.page.evaluate("document.querySelector('[formaction$=memo]').removeAttribute('formtarget')")
    tab.page.click("[formaction$=memo]")
    tab.page.wait_for_selector(".memo")
    clean(tab, axe)


def reach(tab: Visit, wanted: str, most: int = 90) -> None:
    """Press Tab until the focus is on it."""
    for _ in range(most):
        if tab.page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
        tab.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {wanted}")


def choose(tab: Visit, key: str, value: str) -> None:
    """Come to a question and pick an answer with the arrows."""
    reach(tab, f'input[name="{key}"]')
    for _ in range(8):
        if tab.page.evaluate("document.activeElement.value") == value:
            break
        tab.page.keyboard.press("ArrowDown")
    assert tab.page.evaluate("document.activeElement.value") == value
    tab.page.wait_for_timeout(500)
    focused = tab.page.evaluate(
        "[document.activeElement.name, document.activeElement.value, document.activeElement.checked]"
    )
    assert focused == [key, value, True], "the focus is lost when the answer comes"


@pytest.mark.parametrize("lang", ["nb", "nn"])
def test_who_coordinates_is_reached_by_keyboard_alone(visit: Callable[..., Visit], lang: str) -> None:
    tab = visit(f"/{lang}/ask")
    keys = tab.page.keyboard
    reach(tab, "#field-age")
    keys.type("6")
    reach(tab, "#filter")
    keys.type("grunnsk")
    reach(tab, "input[value=primary-school]")
    keys.press("Space")
    keys.press("Shift+Tab")
    reach(tab, "#filter")
    keys.press("Control+a")
    keys.type("bup")
    reach(tab, "input[value=bup]")
    keys.press("Space")
    answered(tab)
    assert not tab.page.is_visible("input[value=police]")
    choose(tab, "cooperation_necessary", "true")
    choose(tab, "coordinator_agreed", "bup")
    assert COORDINATES[lang] in tab.page.inner_text(".conclusion")
    # Every line can be opened by keyboard too.
    reach(tab, "#answer summary")
    keys.press("Enter")
    assert tab.page.evaluate("document.activeElement.parentElement.open")
    assert "§" in tab.page.inner_text("#answer details[open]")
    assert tab.faults == []


def test_who_coordinates_is_reached_without_a_script(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/ask", java_script_enabled=False)
    page = tab.page
    assert page.locator(".filter").is_hidden()
    fill(tab, "primary-school", "bup")
    page.click("#show")
    assert page.url == tab.site.url + "/nb/ask"
    assert page.locator(":focus").get_attribute("id") == "answer-title"
    page.check('input[name="cooperation_necessary"][value="true"]')
    page.check('input[name="coordinator_agreed"][value="bup"]')
    page.click("#show")
    assert COORDINATES["nb"] in page.inner_text(".conclusion")
    assert page.is_checked('input[name="coordinator_agreed"][value="bup"]')
    # Taken back.
    page.check('input[name="coordinator_agreed"][value="unknown"]')
    page.click("#show")
    assert COORDINATES["nb"] not in page.inner_text(".conclusion")
    page.check('input[name="coordinator_agreed"][value="bup"]')
    page.click('[data-language="nn"]')
    assert page.url == tab.site.url + "/nn/ask"
    assert COORDINATES["nn"] in page.inner_text(".conclusion")
    assert page.input_value("#field-age") == "6"
    assert tab.faults == []
    assert tab.outside() == []


def test_an_error_is_at_the_field_and_the_focus_at_the_summary_without_a_script(visit: Callable[..., Visit]) -> None:
    tab = visit("/en/ask", java_script_enabled=False)
    tab.page.fill("#field-date", "2020-01-01")
    tab.page.click("#show")
    assert tab.page.locator(":focus").get_attribute("id") == "summary"
    assert tab.page.title().startswith("Error: ")
    tab.page.click('#summary a[href="#field-date"]')
    assert tab.page.input_value("#field-date") == "2020-01-01"
    assert "1 August 2022" in tab.page.inner_text("#error-date")
    assert tab.page.url.endswith("/en/ask#field-date")


def test_what_is_still_open_stays_open_and_the_reader_is_told(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/ask")
    fill(tab, "primary-school", "bup")
    answered(tab)
    assert tab.page.inner_text("#said") == "Svaret er oppdatert."
    tab.page.click("#why-plan_consent summary")
    tab.page.click("#who-cooperates-1-1 summary")
    before = tab.page.locator("#question-plan_consent").bounding_box()
    tab.page.check('#question-plan_consent input[value="true"]')
    tab.page.wait_for_selector("#questions h3")
    tab.page.wait_for_timeout(200)
    after = tab.page.locator("#question-plan_consent").bounding_box()
    assert tab.page.evaluate("document.getElementById('why-plan_consent').open")
    assert tab.page.evaluate("document.getElementById('who-cooperates-1-1').open")
    assert abs(after["y"] - before["y"]) < 40, "what the reader looks at has moved away"
    # The part that tells is polite, and no one hears the whole answer read aloud.
    assert tab.page.get_attribute("#said", "role") == "status"
    assert tab.page.locator("#answer [role=status], #answer[aria-live]").count() == 0


def test_the_latest_answer_wins(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/ask")
    held: list[Any] = []

    def late(route: Any) -> None:
        # The first question is answered last.
        if not held:
            held.append(route)
        else:
            route.continue_()

    tab.page.route("**/nb/ask", late)
    tab.page.check("input[value=bup]")
    tab.page.wait_for_timeout(300)
    tab.page.check("input[value=police]")
    text = answered(tab)
    assert "Politiet" in text
    held[0].abort() if held[0].request.failure is None else None
    tab.page.wait_for_timeout(300)
    assert "Politiet" in tab.page.inner_text("#answer")
    assert tab.page.locator(".choice input:checked").count() == 2


def test_an_answer_that_is_not_updated_does_not_look_like_one(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/ask")
    fill(tab, "bup")
    answered(tab)
    tab.page.route("**/nb/ask", lambda route: route.abort())
    tab.page.check("input[value=police]")
    tab.page.wait_for_selector("#failed:not([hidden])")
    assert "stale" in str(tab.page.get_attribute("#answer", "class"))
    tab.page.unroute("**/nb/ask")
    tab.page.click("#show")
    tab.page.wait_for_selector("#failed", state="hidden")
    assert "Politiet" in answered(tab)
    assert tab.page.get_attribute("#answer", "class") == "answer"


def test_a_case_is_kept_when_the_language_changes_with_a_script(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/ask")
    fill(tab, "primary-school", "bup")
    answered(tab)
    with tab.page.expect_navigation():
        tab.page.click('.languages a[hreflang="en"]')
    assert tab.page.url == tab.site.url + "/en/ask"
    assert "The answer as of" in answered(tab)
    assert tab.page.input_value("#field-age") == "6"
    # And once more, with nothing changed in between.
    with tab.page.expect_navigation():
        tab.page.click('.languages a[hreflang="nn"]')
    assert "Svaret per" in answered(tab)
    assert tab.page.is_checked("input[value=bup]")


@pytest.mark.parametrize("script", [True, False])
def test_no_payload_runs_from_any_field(visit: Callable[..., Visit], script: bool, tmp_path: Path) -> None:
    tab = visit("/nb/ask", java_script_enabled=script)
    names = ["date", "municipality", "age", "unborn", "household_role", "services", "plan_exists", "coordinator_agreed"]
    client = tab.site.client
    shown: list[Any] = []

    def show(route: Any) -> None:
        # The page as it came, under the policy that it came with.
        policy = shown[-1].headers["content-security-policy"]
        route.fulfill(body=shown[-1].text, headers={"Content-Type": "text/html", "Content-Security-Policy": policy})

    tab.page.route("**/shown", show)
    for payload in PAYLOADS:
        for path in ("ask", "ask/memo", "ask/next"):
            for name in names:
                data = {"date": "2026-03-01", "services": "bup", name: payload}
                reply = client.post(f"/nb/{path}", data=data)
                assert reply.status_code == 200
                assert payload not in reply.text or "<" not in payload
                shown.append(reply)
                tab.page.goto(tab.site.url + "/shown")
                if script:
                    assert tab.page.evaluate("window.hacked") is None
                assert tab.page.locator("main script, main img, main svg").count() == 0
        path_of = tmp_path / "case.yaml"
        path_of.write_text(
            f"services: [bup]\nfacts:\n  plan_exists: '{payload.replace(chr(39), '')}'\n", encoding="utf-8"
        )
        tab.goto("/nb/ask")
        tab.page.click("#open-file summary")
        tab.page.set_input_files("#field-file", path_of)
        tab.page.click("#open-file button")
        tab.page.wait_for_selector("#error-file:not([hidden])")
        assert "window.hacked" not in tab.page.inner_text("main")
    # A browser remarks that a day is no day.
    assert [fault for fault in tab.faults if "does not conform to the required format" not in fault] == []


def test_a_case_leaves_nothing_behind(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/ask")
    context = tab.page.context
    tab.page.fill("#field-municipality", "4711")
    fill(tab, "primary-school", "crisis-centre")
    answered(tab)
    tab.page.click("#show")
    tab.page.wait_for_timeout(300)
    with context.expect_page() as memo:
        tab.page.click("[formaction$=memo]")
    memo.value.wait_for_load_state()
    with tab.page.expect_download() as download:
        tab.page.click("[formaction$=save]")
    assert "crisis-centre" in Path(download.value.path()).read_text(encoding="utf-8")
    assert download.value.suggested_filename.startswith("samordning-2")
    for one in context.pages:
        assert one.url in (tab.site.url + "/nb/ask", tab.site.url + "/nb/ask/memo")
        assert one.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
        assert one.evaluate("(async () => (await indexedDB.databases()).length)()") == 0
    assert tab.page.evaluate("history.length") == 2
    assert tab.page.evaluate("history.state") is None
    assert context.cookies() == []
    urls = [url for url in tab.requests if "crisis" in url or "4711" in url]
    assert urls == []
    # Times and the random names of requests may hold any digits.
    log = re.sub(r'"(time|request)": "[^"]*"', "", tab.site.log)
    assert "/page/ask" in log
    assert "crisis-centre" not in log
    assert "4711" not in log
    fields = tab.page.locator("#ask input:not([type=radio]):not([type=checkbox]):not([type=file])")
    assert fields.count() >= 4
    assert tab.page.get_attribute("#ask", "autocomplete") == "off"
    for number in range(fields.count()):
        assert fields.nth(number).get_attribute("autocomplete") == "off"
    assert tab.faults == []


def test_leaving_by_accident_is_asked_about(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/ask")
    fill(tab, "bup")
    answered(tab)
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    tab.page.on("dialog", stay)
    tab.page.click(".name")
    tab.page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert tab.page.url == tab.site.url + "/nb/ask"
    assert tab.page.is_checked("input[value=bup]")


def test_services_are_found_by_every_name(visit: Callable[..., Visit]) -> None:
    tab = visit("/nn/ask")
    for word, key in (
        ("tannlege", "dental"),
        ("PP-tjenesten", "ppt"),
        ("sjukehus", ""),
        ("helsesykepleier", "school-health"),
    ):
        tab.page.fill("#filter", word)
        shown = tab.page.locator(".choice:visible input").evaluate_all("(all) => all.map((one) => one.value)")
        assert (key in shown) if key else (shown == []), (word, shown)
        assert len(shown) < 8
    assert tab.page.inner_text("#filter-said") == "Treff: 1"
    tab.page.keyboard.press("Enter")
    assert tab.page.url.endswith("/nn/ask")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_memo_prints_on_sheets_with_numbers(visit: Callable[..., Visit], lang: str, tmp_path: Path) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("there is no pdftotext here (Debian: poppler-utils)")
    tab = visit(f"/{lang}/ask", java_script_enabled=False)
    fill(tab, "primary-school", "bup", "police")
    tab.page.click("#show")
    with tab.page.context.expect_page() as opened_:
        tab.page.click("[formaction$=memo]")
    memo = opened_.value
    memo.wait_for_load_state()
    path = tmp_path / "memo.pdf"
    memo.pdf(path=str(path), prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    sheets = text.rstrip("\f").split("\f")
    assert 3 <= len(sheets) <= 8
    for number, sheet in enumerate(sheets, start=1):
        assert sheet.replace(" ", "").rstrip().endswith(f"\n{number}/{len(sheets)}")
        # No heading stands alone at the foot of a sheet, and no line ends in a lone paragraph sign.
        assert not re.search(r"§$", sheet, re.MULTILINE)
    words = re.sub(r"\s+", " ", text)
    assert re.sub(r"\s+", " ", memo.inner_text("h1")) in words
    for heading in memo.locator("h2").all_inner_texts():
        assert heading in words
    # What belongs to the screen alone stays there.
    assert memo.locator(".no-print").count() > 0
    assert "Nynorsk" not in words
    assert "sha256:" in words
