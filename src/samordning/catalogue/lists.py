"""Acts, bodies, duty types and facts, listed and filtered."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from samordning.catalogue import item
from samordning.namespaces import thing

if TYPE_CHECKING:
    from samordning.engine.law import Law, Thing
    from samordning.engine.table import Tables

DUTY_TYPES: Final = thing("duty-type/")


def acts(law: Law, *, date: dt.date | None = None, kind: str | None = None) -> list[item.Act]:
    """Acts and regulations, by id; with a date only those in force on it."""
    found = [_act(one) for one in law.acts.values()]
    return sorted(
        (act for act in found if (kind is None or act.kind == kind) and (date is None or _in_force(act, date))),
        key=lambda act: act.id,
    )


def _in_force(act: item.Act, date: dt.date) -> bool:
    return (
        act.in_force_from is not None
        and act.in_force_from <= date
        and (act.repealed_from is None or date < act.repealed_from)
    )


def _act(one: Thing) -> item.Act:
    return item.Act(
        iri=one.iri,
        id=one.id,
        kind="Act" if one.id.startswith("lov/") else "Regulation",
        abbreviation=None if one.one("abbreviation") is None else str(one.one("abbreviation")),
        label=one.label,
        title=one.texts("title"),
        in_force_from=_date(one.one("inForceFrom")),
        repealed_from=_date(one.one("repealedFrom")),
        see_also=list(one.strings("seeAlso")),
    )


def bodies(law: Law, *, level: str | None = None) -> list[item.Body]:
    """Bodies, by id."""
    found = [
        item.Body(
            iri=one.iri,
            id=one.id,
            label=one.label,
            level=item.last(one.one("level")),
            public=value if isinstance(value := one.one("publicBody"), bool) else None,
        )
        for one in law.bodies.values()
    ]
    return sorted((body for body in found if level in (None, body.level)), key=lambda body: body.id)


def duty_types(law: Law, date: dt.date) -> list[item.DutyType]:
    """Kinds of duty, by id, with how many norms of each are in force on a date."""
    found = [
        item.DutyType(
            iri=one.iri,
            id=one.iri.removeprefix(DUTY_TYPES),
            label=one.label,
            definition=one.texts("definition"),
            norms=sum(one.iri.removeprefix(DUTY_TYPES) in norm.types for norm in law.in_force(date)),
        )
        for one in law.concepts.values()
        if one.iri.startswith(DUTY_TYPES)
    ]
    return sorted(found, key=lambda kind: kind.id)


def facts(law: Law, tables: Tables, date: dt.date, *, section: str | None = None) -> list[item.Fact]:
    """What a case may state, in the order of section and id, with how many norms in force on a date ask for it."""
    asked: dict[str, int] = {}
    for norm in law.in_force(date):
        for fact in {test.fact for row in tables.rows.get(norm.key, ()) for test in row.tests}:
            asked[fact] = asked.get(fact, 0) + 1
    found = [
        item.Fact(
            iri=one.iri,
            id=one.id,
            section=str(one.one("section")),
            kind=str(one.one("valueKind")),
            label=one.label,
            question=one.texts("question"),
            why=one.texts("why"),
            choices=sorted(one.strings("choice")),
            norms=asked.get(one.id, 0),
        )
        for one in law.facts.values()
        if section is None or one.one("section") == section
    ]
    return sorted(found, key=lambda fact: (fact.section, fact.id))


def _date(value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) else None
