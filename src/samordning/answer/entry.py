"""Single entries of a case: the day, the municipality, and entries that contradict one another."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from samordning.engine.status import Fact, Special
from samordning.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samordning.answer.document import Document


def consistent(facts: Mapping[str, Fact], services: tuple[str, ...], document: Document) -> None:
    """Refuse facts that contradict one another.

    Raises:
        InputError: with the one that can't be.
    """
    for key in ("plan_holder", "coordinator_agreed"):
        value = facts.get(key)
        if isinstance(value, str) and not isinstance(value, Special) and value not in services:
            raise InputError(
                f"{key} is {value}, which is not among the services",
                where=document.where("facts", key),
                todo="Add it to services, or name one that is there",
                pointer=f"/facts/{key}",
                code="not-there",
                values={"service": value},
            )
    holder = facts.get("plan_holder")
    if facts.get("plan_exists") is False and isinstance(holder, str) and not isinstance(holder, Special):
        raise InputError(
            "plan_holder is given, but plan_exists is false",
            where=document.where("facts", "plan_holder"),
            todo="Set plan_exists to true, or take plan_holder out",
            pointer="/facts/plan_holder",
            code="no-plan",
        )


def day(given: object, document: Document) -> dt.date:
    """The day a case is about, today where none is given.

    Raises:
        InputError: it is no day.
    """
    if given is None:
        return dt.datetime.now(tz=dt.UTC).date()
    if type(given) is dt.date:
        return given
    try:
        if isinstance(given, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
            return dt.date.fromisoformat(given)
    except ValueError:
        pass
    raise InputError("date is not a day such as 2026-03-01", where=document.where("date"), pointer="/date", code="date")


def municipality(given: object, document: Document) -> str | None:
    """The number of the municipality, where one is given.

    Raises:
        InputError: it is no such number.
    """
    if given is None:
        return None
    if isinstance(given, str) and re.fullmatch(r"\d{4}", given):
        return given
    raise InputError(
        'municipality is a number of four digits in quotes, such as "4601"',
        where=document.where("municipality"),
        pointer="/municipality",
        code="municipality",
    )
