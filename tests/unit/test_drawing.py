"""The picture of those round the table: nothing overlaps, nothing is left out, and it says what the answer says."""

from __future__ import annotations

import math
import re
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samordning.answer.model import Answer
from samordning.interfaces.web.drawing import bond, label, line, seat
from samordning.interfaces.web.drawing.box import Box
from samordning.interfaces.web.drawing.gathering import Gathering
from samordning.interfaces.web.drawing.svg import Sheet
from samordning.knowledge import Knowledge
from tests.test_properties import DRAWN, QUIET, SERVICES, case_from

pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
SVG = "{http://www.w3.org/2000/svg}"
MANY = DRAWN.flatmap(
    lambda drawn: st.lists(st.sampled_from(SERVICES), min_size=1, max_size=len(SERVICES), unique=True).map(
        lambda services: {**drawn, "services": services}
    )
)


def parsed(sheet: Sheet) -> Element:
    return fromstring(sheet.file())  # noqa: S314  # our own drawing


def kinds(root: Element, name: str) -> list[Element]:
    return [one for one in root.iter() if name in one.get("class", "").split()]


def owed(answer: Answer) -> set[tuple[str, str]]:
    """Who owes whom, read out of the answer without the code under test."""
    found = set()
    for duty in answer.cooperation.duties:
        if duty.status != "does_not_apply":
            found |= {(duty.service, other) for other in (*duty.counterparts, *duty.uncertain_counterparts)}
    beside = {duty.service for duty in answer.cooperation.with_child_coordinator}
    return found | {(service, "child-coordinator") for service in beside}


def no_line_crosses_a_box(gathering: Gathering) -> None:
    plan = gathering.plan()
    sheet = Sheet(seat.WIDE, plan.bottom, "n", "", "", "nb")
    for one in gathering.bonds:
        line.draw(sheet, plan, one, "bond")
    drawn = [path.get("d", "") for path in parsed(sheet).iter(SVG + "path") if "line-" in path.get("class", "")]
    assert len(drawn) >= len(gathering.bonds)
    for data in drawn:
        xs, ys = (list(map(float, re.findall(r"-?\d+\.?\d*", data)[start::2])) for start in (0, 1))
        for step in range(21):
            shares = [math.comb(3, power) * (step / 20) ** power * (1 - step / 20) ** (3 - power) for power in range(4)]
            x, y = (sum(share * at for share, at in zip(shares, ats, strict=True)) for ats in (xs, ys))
            for box in plan.seats.values():
                inside = box.x + 1 < x < box.x + box.width - 1 and box.y + 1 < y < box.bottom - 1
                assert not inside, (box.key, data)


def test_a_full_table_has_no_line_across_a_box(kg: Knowledge) -> None:
    needs = {"cooperation_necessary": True, "long_term_needs": True, "coordinated_needs": True, "complex_needs": True}
    case = {"date": "2026-03-01", "services": SERVICES, "person": {"age": 9}}
    for appointed in (True, False):
        facts = {**needs, "serious_condition": True, "child_coordinator_appointed": appointed}
        gathering = Gathering(kg.answer({**case, "facts": facts}), kg.law)
        assert len(gathering.bonds) > 300
        no_line_crosses_a_box(gathering)


@given(drawn=MANY, lang=st.sampled_from(["nb", "nn", "en"]))
@QUIET
def test_a_picture_is_whole_and_nothing_overlaps(kg: Knowledge, drawn: dict[str, Any], lang: str) -> None:
    answer = kg.answer(case_from(drawn, kg), lang)
    gathering = Gathering(answer, kg.law)
    sheet = gathering.sheet()
    seats = list(gathering.plan().seats.values())

    # Every service of the case has one box, no two of which meet.
    assert {one.key for one in seats} >= set(drawn["services"])
    assert len(seats) == len({one.key for one in seats})
    for number, one in enumerate(seats):
        assert one.x >= 0
        assert one.x + one.width <= seat.WIDE
        for other in seats[number + 1 :]:
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert apart or one.bottom <= other.y or other.bottom <= one.y

    # One line for each pair with a duty between them, and one arrow for each who is owed one.
    pairs = {frozenset(pair) for pair in owed(answer)}
    root = parsed(sheet)
    lines = kinds(root, "bond")
    assert len(lines) == len(pairs)
    tips = [path for line in lines for path in line if path.get("class", "").startswith("tip-")]
    assert sum(path.get("d", "").count("Z") for path in tips) == len(owed(answer))

    no_line_crosses_a_box(gathering)

    # Nothing reaches out of the drawing.
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        numbers = [float(one) for one in re.findall(r"-?\d+\.?\d*", path.get("d", ""))]
        if " l " not in path.get("d", "") and "H" not in path.get("d", ""):
            assert all(0 <= x <= sheet.width for x in numbers[0::2])
            assert all(0 <= y <= sheet.height for y in numbers[1::2])
    for rect in root.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, width, height = (float(rect.get(name, "0")) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + width <= sheet.width
        assert y + height <= sheet.height + 0.1

    # The table tells every duty and everyone who has none.
    assert [(row.service, row.status) for row in gathering.parts.rows] == [
        *((duty.service, duty.status) for duty in answer.cooperation.duties),
        *((duty.service, duty.status) for duty in answer.cooperation.with_child_coordinator),
        *((other.service, "unbound") for other in answer.cooperation.not_bound),
    ]
    for row, duty in zip(gathering.parts.rows, answer.cooperation.duties, strict=False):
        assert [address for address, _ in row.basis] == duty.basis
        counterparts = (*duty.counterparts, *duty.uncertain_counterparts)
        assert len(row.towards) == (len(counterparts) if duty.status != "does_not_apply" else 0)
    for row, other in zip(reversed(gathering.parts.rows), reversed(answer.cooperation.not_bound), strict=False):
        assert other.reason in row.remark


@given(drawn=MANY)
@settings(QUIET, max_examples=60)
def test_a_line_is_as_sure_as_the_duty(kg: Knowledge, drawn: dict[str, Any]) -> None:
    answer = kg.answer(case_from(drawn, kg))
    rank = {"uncertain": 0, "depends": 1, "applies": 2}
    for one in bond.bonds(answer):
        for debtor, creditor, strength in ((one.first, one.second, one.there), (one.second, one.first, one.back)):
            found = [
                duty.status if creditor in duty.counterparts else "uncertain"
                for duty in answer.cooperation.duties
                if duty.service == debtor and duty.status != "does_not_apply"
                if creditor in (*duty.counterparts, *duty.uncertain_counterparts)
            ]
            if creditor == bond.CHILD_COORDINATOR:
                beside = answer.cooperation.with_child_coordinator
                found = [duty.status for duty in beside if duty.service == debtor]
            assert strength == max(found, key=rank.__getitem__, default=None)


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_no_name_is_cut_short(kg: Knowledge, lang: str) -> None:
    answer = kg.answer({"date": "2026-03-01", "services": SERVICES, "person": {"age": 9}}, lang)
    boxes: list[Box] = list(Gathering(answer, kg.law).boxes.values())
    assert len(boxes) >= len(SERVICES)
    for box in boxes:
        assert not any("…" in line for line in (*box.name, *box.told, *box.leads, *box.quiet))


def test_who_coordinates_sits_at_the_head(kg: Knowledge) -> None:
    case: dict[str, Any] = {
        "date": "2026-03-01", "person": {"age": 6}, "services": ["municipal-health", "bup", "primary-school"],
        "facts": {
            "cooperation_necessary": True, "long_term_needs": True, "coordinated_needs": True, "plan_exists": True,
            "child_coordinator_appointed": False, "plan_holder": "bup",
        },
    }  # fmt: skip
    said = {}
    for appointed in (True, False):
        case["facts"] = {**case["facts"], "child_coordinator_appointed": appointed}
        answer = kg.answer(case, "en")
        gathering = Gathering(answer, kg.law)
        said[appointed] = gathering.boxes[gathering.head].name
        leads = {key for key, box in gathering.boxes.items() if box.kind == "seat-leads"}
        assert leads == (set() if appointed else {"bup"})
        assert answer.coordination.coordinator.kind == ("child-coordinator" if appointed else "plan-holder")
    assert said[True] == ["The child coordinator"]
    assert " ".join(said[False]).startswith("Child and adolescent psychiatric")


@given(st.text(max_size=200), st.floats(8, 40), st.floats(40, 400), st.integers(1, 6))
def test_lines_fit_and_lose_nothing(text: str, size: float, room: float, most: int) -> None:
    lines = label.wrap(text, size, room, most=most)
    assert len(lines) <= most
    assert all(len(line) == 1 or label.width(line, size) <= room for line in lines)
    if not lines or not lines[-1].endswith("…"):
        assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_section_stays_with_its_number() -> None:
    whole = "§\N{NO-BREAK SPACE}2-1\N{NO-BREAK SPACE}e"
    for room in range(60, 300):
        lines = label.wrap("Plikt etter spesialisthelsetjenesteloven § 2-1 e og § 3", 13, room, most=9)
        assert any(whole in line for line in lines), lines


@given(st.text(alphabet=st.characters(codec="utf-8", categories=("L", "P", "S", "Zs")), max_size=60))
def test_texts_are_escaped(text: str) -> None:
    sheet = Sheet(100, 100, "name", text, text, "nb")
    sheet.text(0, 0, [text, "<script>&"], 12)
    root = parsed(sheet)
    assert [one.tag for one in root] == [SVG + name for name in ("title", "desc", "rect", "text", "text")]
    assert (root[0].text or "", root[3].text or "", root[4].text) == (text, text, "<script>&")
    assert "<script" not in sheet.markup()
