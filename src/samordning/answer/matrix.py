"""The matrix: for every act in force on a date, the provisions that hold each kind of duty."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pydantic import Field

from samordning.answer.case import refuse_outside
from samordning.answer.model import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from samordning.engine.law import Law, Norm

#: Column by column, which duty types it shows.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "individual": ("individual-cooperation",),
    "system": ("system-cooperation",),
    "coordination": ("coordination",),
    "coordination_decision": ("coordination-decision",),
    "coordination_child_coordinator": ("child-coordinator-coordinates",),
    "plan": ("plan-duty", "plan-right"),
    "plan_participation": ("plan-participation", "plan-cooperation"),
    "definition": ("service-provider-definition",),
}


class MatrixRow(Part):
    """One act. Every cell is a list of provision addresses, empty where the act has no such rule."""

    act: str
    abbreviation: str
    title: dict[str, str] = Field(description="the act's name in nb, nn and en")
    individual: list[str]
    system: list[str]
    coordination: list[str]
    coordination_decision: list[str]
    coordination_child_coordinator: list[str]
    plan: list[str]
    plan_participation: list[str]
    definition: list[str]


def matrix(law: Law, date: dt.date) -> list[MatrixRow]:
    """One row per act that holds any of the duties on ``date``, by the act's id.

    Raises:
        OutsideData: the date is not covered.
    """
    refuse_outside(date, law)
    cells: dict[str, dict[str, set[str]]] = {}
    for norm in law.norms.values():
        if norm.version(date) is None or not norm.act.startswith("lov/"):
            continue
        for column, types in COLUMNS.items():
            if norm.types & set(types):
                cells.setdefault(norm.act, {name: set() for name in COLUMNS})[column].add(norm.address)
    return [
        MatrixRow(
            act=act,
            abbreviation=str(law.acts[act].one("abbreviation")),
            title=dict(law.acts[act].label),
            **{column: sorted(addresses) for column, addresses in columns.items()},
        )
        for act, columns in sorted(cells.items())
    ]


@lru_cache(maxsize=4)
def days(law: Law) -> tuple[dt.date, ...]:
    """The days from which the matrix differs from the day before, among those that the data covers."""
    types = {name for names in COLUMNS.values() for name in names}
    norms = [norm for norm in law.norms.values() if norm.types & types]
    return changing(law, norms, lambda date: matrix(law, date))


def changing(law: Law, norms: Iterable[Norm], made: Callable[[dt.date], object]) -> tuple[dt.date, ...]:
    """The days from which what is ``made`` of these norms differs from the day before."""
    first, last = law.coverage.one("coversFrom"), law.coverage.one("coversUntil")
    bounds = {day for norm in norms for version in norm.versions for day in (version.entered, version.until) if day}
    if not isinstance(first, dt.date) or not isinstance(last, dt.date):
        return ()
    before, found = made(first), []
    for day in sorted(day for day in bounds if first < day <= last):
        after = made(day)
        if after != before:
            found.append(day)
        before = after
    return tuple(found)
