"""What changed between two dates: norms that are new, ended, moved to another provision or stated in a new wording."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # pydantic reads the annotations at run time
from typing import TYPE_CHECKING, Literal

from samordning.answer.case import refuse_outside
from samordning.answer.model import Part
from samordning.errors import InputError

if TYPE_CHECKING:
    from samordning.engine.law import Law, Norm

Kind = Literal["new", "ended", "moved", "reworded"]


class Change(Part):
    """One norm that is not on the later date what it was on the earlier."""

    kind: Kind
    norm: str
    label: str
    types: list[str]
    services: list[str]
    before: list[str]
    after: str | None
    since: dt.date | None


def diff(law: Law, start: dt.date, end: dt.date, lang: str, service: str | None = None) -> list[Change]:
    """Every change from ``start`` to ``end``, by act and address; only those that bind ``service``, where one is given.

    A norm has moved when one that replaces it is in force on the later date. It is reworded when another wording of its
    section states it: that says nothing of whether the meaning changed, only that the words were touched.

    Raises:
        OutsideData: one of the dates is not covered.
        InputError: the dates come in the wrong order.
    """
    refuse_outside(start, law, "--from")
    refuse_outside(end, law, "--to")
    if end < start:
        raise InputError("The later date comes before the earlier", todo="Let --from be the earlier of the two")
    earlier = {norm.iri: norm for norm in law.in_force(start)}
    later = {norm.iri: norm for norm in law.in_force(end)}
    replaced = {iri for norm in later.values() if norm.iri not in earlier for iri in norm.replaces if iri in earlier}
    found = [_began(norm, earlier, start, end, lang) for iri, norm in later.items() if iri not in earlier]
    found += [
        _change("ended", norm, lang, before=[norm.address], after=None, since=_ended(norm, start))
        for iri, norm in earlier.items()
        if iri not in later and iri not in replaced
    ]
    for iri in earlier.keys() & later.keys():
        norm = later[iri]
        was, now = norm.version(start), norm.version(end)
        if was and now and was.iri != now.iri:
            found.append(_change("reworded", norm, lang, before=[norm.address], after=norm.address, since=now.entered))
    if service:
        keys = {norm.iri for norm in law.norms.values() if law.binding(norm, service)}
        found = [change for change in found if change.norm in keys]
    return sorted(
        found, key=lambda change: (change.since is None, change.since, change.after or change.before[0], change.norm)
    )


def _began(norm: Norm, earlier: dict[str, Norm], start: dt.date, end: dt.date, lang: str) -> Change:
    before = sorted({earlier[iri].address for iri in norm.replaces if iri in earlier})
    kind: Kind = "moved" if before else "new"
    # One that was in force once, ended and came back is as old as its return.
    days = [version.entered for version in norm.versions if version.entered and start < version.entered <= end]
    since = min(days, default=None)
    return _change(kind, norm, lang, before=before, after=norm.address, since=since)


def _ended(norm: Norm, start: dt.date) -> dt.date | None:
    ends = [version.until for version in norm.versions if version.until and version.until > start]
    return max(ends, default=None)


def _change(
    kind: Kind, norm: Norm, lang: str, *, before: list[str], after: str | None, since: dt.date | None
) -> Change:
    return Change(
        kind=kind,
        norm=norm.iri,
        label=norm.label(lang),
        types=sorted(norm.types),
        services=sorted(norm.binds),
        before=before,
        after=after,
        since=since,
    )
