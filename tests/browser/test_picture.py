"""The pictures in a browser: those round the table, the matrix and the levels of government."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from samordning.interfaces.http.gate import HEADERS
from samordning.interfaces.web import page as pages
from samordning.interfaces.web import text
from samordning.interfaces.web.drawing.gathering import picture
from samordning.knowledge import Knowledge
from tests.browser.conftest import Visit

LANGUAGES = ("nb", "nn", "en")
NEEDS = {"cooperation_necessary": True, "long_term_needs": True, "coordinated_needs": True}
CASE = {
    "date": "2026-03-01",
    "person": {"age": 6},
    "services": ["municipal-health", "primary-school", "ppt", "bup", "police", "voluntary"],
    "facts": NEEDS,
}
POLICY = dict(HEADERS)[b"content-security-policy"].decode()


def everyone(kg: Knowledge) -> dict[str, Any]:
    return {**CASE, "services": [service.id for service in kg.law.selectable]}


@pytest.fixture
def gathering(visit: Callable[..., Visit], kg: Knowledge) -> Callable[..., Visit]:
    """A page with the picture of a case, under the policy that the service sends."""

    def show(case: dict[str, Any], lang: str, **options: Any) -> Visit:
        answer = kg.answer(case, lang)
        template = pages._environment().from_string(
            '{% extends "base.html" %}{% block main %}<h1>x</h1>{% include "ask_picture.html" %}{% endblock %}'
        )
        html = template.render(
            lang=lang, t=text.sayer(lang), path=None, base="", answer=answer,
            picture=lambda given: picture(given, kg.law),
        )  # fmt: skip
        tab = visit(**options)
        tab.page.route(
            "**/made",
            lambda route: route.fulfill(
                body=html, content_type="text/html; charset=utf-8", headers={"content-security-policy": POLICY}
            ),
        )
        tab.goto("/made")
        return tab

    return show


def sideways(tab: Visit) -> int:
    """How far the page itself can be scrolled sideways."""
    return tab.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def fine(tab: Visit, axe: str) -> None:
    assert tab.findings(axe) == []
    assert tab.faults == []
    assert tab.outside() == []
    assert sideways(tab) == 0


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["matrix", "levels", "matrix?date=2022-08-01"])
def test_a_dated_page_has_no_findings(
    visit: Callable[..., Visit], axe: str, path: str, lang: str, scheme: str, width: int
) -> None:
    tab = visit(f"/{lang}/{path}", color_scheme=scheme, viewport={"width": width, "height": 800})
    assert tab.page.locator("table.grid tbody tr").count() >= 12
    fine(tab, axe)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_picture_of_a_case_has_no_findings(
    gathering: Callable[..., Visit], axe: str, lang: str, scheme: str, width: int
) -> None:
    tab = gathering(CASE, lang, color_scheme=scheme, viewport={"width": width, "height": 800})
    assert tab.page.locator("svg .bond").count() > 5
    fine(tab, axe)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_stays_within_its_box(gathering: Callable[..., Visit], kg: Knowledge, lang: str) -> None:
    tab = gathering(everyone(kg), lang)
    outside = tab.page.evaluate(
        """() => [...document.querySelectorAll("svg .place")].flatMap(place => {
            const box = place.querySelector("rect").getBBox();
            return [...place.querySelectorAll("text")].filter(text => {
                const room = text.getBBox();
                return room.x < box.x || room.x + room.width > box.x + box.width
                    || room.y < box.y - 1 || room.y + room.height > box.y + box.height + 1;
            }).map(text => text.textContent);
        })"""
    )
    assert tab.page.locator("svg .place").count() >= 30
    assert outside == []


@pytest.mark.parametrize("path", ["matrix", "levels"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_stays_within_its_column(visit: Callable[..., Visit], path: str, lang: str) -> None:
    tab = visit(f"/{lang}/{path}")
    drawn = tab.page.evaluate(f"fetch('/{lang}/{path}.svg').then(answer => answer.text())")
    outside = tab.page.evaluate(
        """drawn => {
            const place = document.createElement("div");
            place.innerHTML = drawn.slice(drawn.indexOf("<svg"));
            document.querySelector("main").append(place);
            const svg = place.querySelector("svg");
            const texts = [...svg.querySelectorAll("text")].slice(1, -1).map(text => [text.textContent, text.getBBox()]);
            const lefts = [...new Set(texts.map(([, box]) => Math.round(box.x)))].sort((a, b) => a - b);
            return texts.filter(([, box]) => {
                const next = lefts.find(left => left > box.x + 40);
                return box.x + box.width > (next ?? svg.viewBox.baseVal.width) - 2;
            }).map(([text]) => text);
        }""",
        drawn,
    )
    assert outside == []


def test_pointing_at_a_box_lets_other_lines_fade(gathering: Callable[..., Visit]) -> None:
    tab = gathering(CASE, "nb")
    look = "() => [...document.querySelectorAll('svg .bond')].map(one => [one.classList.contains('of-1'), getComputedStyle(one).opacity])"
    assert {opacity for _, opacity in tab.page.evaluate(look)} == {"1"}
    tab.page.locator("svg .place-1").hover()
    after = tab.page.evaluate(look)
    assert {opacity for mine, opacity in after if mine} == {"1"}
    assert {opacity for mine, opacity in after if not mine} == {"0.1"}


def test_the_picture_has_a_name_and_no_id_twice(gathering: Callable[..., Visit]) -> None:
    tab = gathering(CASE, "en")
    assert tab.page.get_by_role("img", name="Who must cooperate").count() == 1
    ids = tab.page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids)) > 5
    assert tab.page.locator("[style]").count() == 0


@pytest.mark.parametrize("script", [True, False])
def test_a_date_is_chosen_by_keyboard(visit: Callable[..., Visit], script: bool) -> None:
    tab = visit("/nn/matrix", java_script_enabled=script)
    before = tab.page.locator("table.grid").inner_text()
    tab.page.get_by_label("Dato").fill("2022-08-01")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/nn/matrix?date=2022-08-01")
    assert "1. august 2022" in tab.page.locator("caption").inner_text()
    assert tab.page.locator("table.grid").inner_text() != before
    # Every page about the day links to the same day in the other languages.
    tab.page.get_by_role("link", name="English").click()
    assert tab.page.url.endswith("/en/matrix?date=2022-08-01")
    assert tab.page.locator("nav.menu a[aria-current]").inner_text() == "Duties by act"


def test_a_day_of_change_is_one_press_away(visit: Callable[..., Visit]) -> None:
    tab = visit("/nb/matrix")
    tab.page.get_by_role("link", name="1. august 2024").click()
    assert "Hvor pliktene står, per 1. august 2024" in tab.page.locator("caption").inner_text()
    assert tab.page.locator(".days a[aria-current]").inner_text() == "1. august 2024"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_date_outside_the_data_is_said_at_the_field(visit: Callable[..., Visit], axe: str, lang: str) -> None:
    tab = visit()
    answer = tab.goto(f"/{lang}/levels?date=2021-05-05")
    assert answer.status == 422
    assert "2022" in tab.page.get_by_role("alert").inner_text()
    field = tab.page.locator("#date")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.input_value() == "2021-05-05"
    assert tab.findings(axe) == []


def test_what_is_typed_as_a_date_stays_text(visit: Callable[..., Visit]) -> None:
    tab = visit()
    answer = tab.goto('/nb/matrix?date="><script>bad()</script>')
    assert answer.status == 422
    assert tab.page.locator("main script").count() == 0
    assert all("status of 422" in fault for fault in tab.faults)
