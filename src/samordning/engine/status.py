"""The status of norms, derivations and steps for one case on one date. All rules are data; this only asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from samordning.engine.query import library
from samordning.namespaces import local

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from samordning.engine.law import Law
    from samordning.engine.store import Store


class Status(StrEnum):
    """What a decision table comes to."""

    APPLIES = "applies"
    DOES_NOT_APPLY = "does_not_apply"
    DEPENDS = "depends"


class Special(StrEnum):
    """What a fact may be besides a plain value. A fact that is not there at all is unknown."""

    OPEN = "open"
    """an assessment that the law leaves to a professional, not made yet"""
    NONE = "none"
    """known not to exist, such as the age of an unborn child; every comparison with it fails"""


Fact: TypeAlias = "bool | int | str | tuple[str, ...] | Special"

_STATUS: Final = {1.0: Status.APPLIES, 0.5: Status.DEPENDS, 0.0: Status.DOES_NOT_APPLY}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A status, and for ``depends`` the ids of the facts it hangs on."""

    status: Status
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Evaluation:
    """What a whole case comes to: outcome by norm key, outcome by step id, and the facts that were derived."""

    norms: Mapping[str, Outcome]
    steps: Mapping[str, Outcome]
    derived: Mapping[str, Fact]


def encode(facts: Mapping[str, Fact], law: Law) -> str:
    """The facts as one text that the query can look things up in: a line per known fact, ``id=value``.

    A service stands with every kind it belongs to, ``|bup|specialist-health|any|``, so that one look-up tells
    whether something of a kind is there.
    """
    lines = []
    for key, value in sorted(facts.items()):
        if isinstance(value, bool):
            text = "true" if value else "false"
        elif isinstance(value, tuple):
            text = _kinds(value, law)
        elif isinstance(value, (Special, int)):
            text = str(value)
        elif law.facts[key].one("valueKind") == "service":
            text = _kinds((value,), law)
        else:
            text = value
        lines.append(f"{key}={text}\n")
    return "\n" + "".join(lines)


def _kinds(services: tuple[str, ...], law: Law) -> str:
    return "|" + "".join(f"{kind}|" for kind in sorted({kind for service in services for kind in law.kinds(service)}))


def evaluate(store: Store, law: Law, facts: Mapping[str, Fact], date: dt.date) -> Evaluation:
    """Status of every norm in force on ``date`` and of every step.

    A norm that is not in the result is not in force. Facts the case is silent about are derived first, where a
    derivation holds; what the case says is never overridden.
    """
    derived = _derive(store, law, facts, date)
    text = encode({**facts, **derived}, law)
    norms: dict[str, Outcome] = {}
    steps: dict[str, Outcome] = {}
    rows = store.select(library()["status"].text, {"case": text, "date": date, "stage": "full"}).rows
    for row in rows:
        status = _STATUS[float(row["status"])]  # type: ignore[arg-type]  # the query yields decimals
        unknown = frozenset(str(row.get("unknown", "")).split()) if status is Status.DEPENDS else frozenset()
        name = local(str(row["subject"]))
        if name.startswith("norm/"):
            norms[name.removeprefix("norm/")] = Outcome(status, unknown)
        else:
            steps[name] = Outcome(status, unknown)
    return Evaluation(norms, steps, derived)


def _derive(store: Store, law: Law, facts: Mapping[str, Fact], date: dt.date) -> dict[str, Fact]:
    wanted = {str(thing.one("concludes")) for thing in law.derivations} - facts.keys()
    if not wanted:
        return {}
    text = encode(facts, law)
    rows = store.select(library()["status"].text, {"case": text, "date": date, "stage": "given"}).rows
    holding = {local(str(row["subject"])) for row in rows if row["status"] == 1.0}
    derived: dict[str, Fact] = {}
    for thing in law.derivations:
        fact = str(thing.one("concludes"))
        if fact in wanted and thing.id in holding:
            value = thing.one("concludedValue") == "true"
            derived[fact] = bool(derived.get(fact)) or value
    return derived
