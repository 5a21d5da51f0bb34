"""What changed between two dates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samordning.errors import InputError

if TYPE_CHECKING:
    from samordning.knowledge import Knowledge

days = st.dates(dt.date(2022, 8, 1), dt.date(2027, 12, 31))


def test_the_school_moved_on_the_first_of_august_2024(kg: Knowledge) -> None:
    changes = kg.diff(dt.date(2024, 7, 31), dt.date(2024, 8, 1), "nb", "grunnskole")
    found = {
        (change.kind, tuple(change.before), change.after)
        for change in changes
        if "individual-cooperation" in change.types
    }
    assert found == {
        ("moved", ("lov/1998-07-17-61/§15-8/ledd/1/setning/1",), "lov/2023-06-09-30/§24-1/ledd/1/setning/1")
    }
    assert {change.since for change in changes} == {dt.date(2024, 8, 1)}


def test_child_welfare_moved_on_new_years_day_2023(kg: Knowledge) -> None:
    changes = kg.diff(dt.date(2022, 12, 31), dt.date(2023, 1, 1), "nb", "child-welfare")
    moved = {change.after: change.before for change in changes if change.kind == "moved"}
    assert moved["lov/2021-06-18-97/§15-8/ledd/1"] == ["lov/1992-07-17-100/§3-2/ledd/1"]
    new = {change.after for change in changes if change.kind == "new"}
    assert "lov/2021-06-18-97/§15-8/ledd/5" in new, "cooperation with voluntary organisations is new"


def test_a_norm_that_came_back_is_as_old_as_its_return(kg: Knowledge) -> None:
    changes = kg.diff(dt.date(2024, 7, 31), dt.date(2024, 8, 1))
    back = next(change for change in changes if change.norm.endswith("/norm/privsk-7-4-1"))
    assert (back.kind, back.since) == ("new", dt.date(2024, 8, 1))
    assert kg.law.norms["privsk-7-4-1"].version(dt.date(2022, 8, 1)), "it was in force before, and away for a while"


def test_a_change_of_spelling_is_a_new_wording_and_no_new_norm(kg: Knowledge) -> None:
    changes = [
        change
        for change in kg.diff(dt.date(2023, 7, 31), dt.date(2023, 8, 1))
        if (change.after or "").startswith("lov/2020-11-06-127/§50/")
    ]
    assert len(changes) == 7
    assert {change.kind for change in changes} == {"reworded"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days, days)
def test_changes_account_for_every_norm(kg: Knowledge, one: dt.date, other: dt.date) -> None:
    start, end = sorted((one, other))
    changes = kg.diff(start, end)
    began = {change.norm for change in changes if change.kind in ("new", "moved")}
    ended = {change.norm for change in changes if change.kind == "ended"}
    before = {norm.iri for norm in kg.law.in_force(start)}
    after = {norm.iri for norm in kg.law.in_force(end)}
    assert began == after - before
    assert ended <= before - after
    moved_from = {address for change in changes if change.kind == "moved" for address in change.before}
    gone = {norm.address for norm in kg.law.in_force(start) if norm.iri not in after and norm.iri not in ended}
    assert gone <= moved_from


def test_nothing_changes_in_no_time(kg: Knowledge) -> None:
    assert kg.diff(dt.date(2025, 3, 1), dt.date(2025, 3, 1)) == []


def test_dates_in_the_wrong_order_or_outside_are_refused(kg: Knowledge) -> None:
    with pytest.raises(InputError, match="comes before"):
        kg.diff(dt.date(2025, 1, 1), dt.date(2024, 1, 1))
    with pytest.raises(InputError, match="outside what the data covers"):
        kg.diff(dt.date(2022, 7, 31), dt.date(2024, 1, 1))
