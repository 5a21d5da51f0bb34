"""Explanations: which rows and tests decided, and on what the reading rests."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from samordning.errors import NotFound
from samordning.interfaces.cli.explanation import explanation_text

if TYPE_CHECKING:
    from samordning.knowledge import Knowledge

DATE = dt.date(2026, 3, 1)


def test_a_norm_without_a_case(kg: Knowledge) -> None:
    found = kg.explain("hol-7-2a-1", DATE)
    assert found.in_force
    assert found.status is None
    assert len(found.rows) == 4, "under 18 or expected, complex or coordinated"
    assert found.versions[0].in_force == dt.date(2022, 8, 1)
    assert {test.state for row in found.rows for test in row.tests} == {"not_asked"}


def test_why_it_applies_and_what_was_derived(kg: Knowledge) -> None:
    case = kg.case(
        {"date": "2026-03-01", "services": ["ppt", "primary-school"], "facts": {"cooperation_necessary": True}}
    )
    found = kg.explain("oppl-24-1-1-1-ppt", case.date, "nb", case)
    assert found.status == "applies"
    deciding = [row for row in found.rows if row.status == "applies"]
    assert [{(test.fact, test.state, test.derived) for test in row.tests} for row in deciding] == [
        {("services", "holds", False), ("pupil", "holds", True), ("cooperation_necessary", "holds", False)}
    ]


def test_why_not_is_told_as_well_as_why(kg: Knowledge) -> None:
    case = kg.case(
        {
            "date": "2026-03-01",
            "person": {"age": 18},
            "services": ["municipal-health"],
            "facts": {"serious_condition": True},
        }
    )
    found = kg.explain("hol-7-2a-1", case.date, "en", case)
    assert found.status == "does_not_apply"
    assert all({"age", "unborn"} & {test.fact for test in row.tests if test.state == "fails"} for row in found.rows)


def test_a_norm_that_has_ended_says_when(kg: Knowledge) -> None:
    found = kg.explain("https://w3id.org/samordning/id/norm/oppl98-15-8-1-1-school", DATE)
    assert not found.in_force
    assert found.versions[0].last_day == dt.date(2024, 7, 31)
    for lang, text in (("nb", "til 31. juli 2024"), ("nn", "til 31. juli 2024"), ("en", "to 31 July 2024")):
        assert text in explanation_text(kg.explain(found.norm, DATE, lang), kg.law, lang)


def test_every_norm_can_be_explained_in_every_language(kg: Knowledge) -> None:
    for lang in ("nb", "nn", "en"):
        for key in kg.law.norms:
            assert explanation_text(kg.explain(key, DATE, lang), kg.law, lang)


def test_a_name_that_is_nearly_right_is_suggested(kg: Knowledge) -> None:
    with pytest.raises(NotFound, match="Did you mean hol-3-4-1"):
        kg.explain("hol-34-1", DATE)
