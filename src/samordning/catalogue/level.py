"""Which act binds which level of government, and with how many duties of which kinds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from samordning.answer.case import refuse_outside
from samordning.answer.matrix import changing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from samordning.engine.law import Law, Norm

#: A service that several levels may own is ``unsettled``; a duty on people, or on a body of no level, has ``none``.
LEVELS: Final = ("municipal", "county", "state", "private", "unsettled", "none")


@dataclass(frozen=True, slots=True)
class Binding:
    """What one act lays on one level: its duties by key, and their kinds."""

    duties: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActLevels:
    """One act or regulation, with what it lays on each level that it binds at all."""

    act: str
    levels: Mapping[str, Binding]


@lru_cache(maxsize=64)
def levels(law: Law, date: dt.date) -> tuple[ActLevels, ...]:
    """Every act with a duty in force on ``date``, acts before regulations, by id.

    A duty belongs to the level of its bearer; where a bearer has none of its own (everyone who does the work, say), to the
    levels of the services it binds. One that binds several levels counts at each.

    Raises:
        OutsideData: the date is not covered.
    """
    refuse_outside(date, law)
    found: dict[str, dict[str, list[Norm]]] = {}
    for norm in law.in_force(date):
        for level in _bound(law).get(norm.key, ()):
            found.setdefault(norm.act, {}).setdefault(level, []).append(norm)
    return tuple(
        ActLevels(act, {level: _binding(found[act][level]) for level in LEVELS if level in found[act]})
        for act in sorted(found, key=lambda act: (act.startswith("forskrift/"), act))
    )


@lru_cache(maxsize=4)
def _bound(law: Law) -> Mapping[str, tuple[str, ...]]:
    return {norm.key: _of(law, norm) for norm in law.norms.values() if norm.kind == "Duty"}


def _of(law: Law, norm: Norm) -> tuple[str, ...]:
    bearer = law.bodies.get(norm.bearer) if norm.bearer else None
    own = bearer.level if bearer else ""
    if own:
        return (own,)
    bound = {service.level or "unsettled" for service in law.selectable if law.binding(norm, service.id)}
    return tuple(level for level in LEVELS if level in bound) or ("none",)


def _binding(norms: list[Norm]) -> Binding:
    kinds = {kind for norm in norms for kind in norm.types}
    return Binding(tuple(sorted(norm.key for norm in norms)), tuple(sorted(kinds)))


@lru_cache(maxsize=4)
def days(law: Law) -> tuple[dt.date, ...]:
    """The days from which this differs from the day before."""
    duties = [norm for norm in law.norms.values() if norm.kind == "Duty"]
    return changing(law, duties, lambda date: levels.__wrapped__(law, date))
