"""The status of norms, derivations and steps for one case on one date. All rules are data; this only asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from samordning.engine.query import library
from samordning.errors import DataError
from samordning.namespaces import thing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from samordning.engine.law import Law, Thing
    from samordning.engine.store import Store
    from samordning.engine.table import Row, Tables, Test


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

_HALF: Final = 0.5
#: What a derivation may conclude, as it is written.
CONCLUDED: Final[dict[str, Fact]] = {"true": True, "false": False, "none": Special.NONE}
_TESTS: Final = thing("test/")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A status, and for ``depends`` the ids of the facts it hangs on."""

    status: Status
    unknown: frozenset[str] = frozenset()


_HOLDS: Final = Outcome(Status.APPLIES)
_FAILED: Final = Outcome(Status.DOES_NOT_APPLY)


@dataclass(frozen=True)
class Evaluation:
    """What a whole case comes to: outcome by norm key and by condition, every test, and the facts that were derived.

    ``rules`` names, for each derived fact, the derivation (by IRI) that gave it its value. ``holding`` and ``unsettled``
    are the masks of the tests that hold and of those that are unknown or open.
    """

    norms: Mapping[str, Outcome]
    conditions: Mapping[str, Outcome]
    derived: Mapping[str, Fact]
    rules: Mapping[str, str]
    holding: int
    unsettled: int

    def of(self, thing: Thing) -> Outcome:
        """Outcome of anything else that has a condition: a step, remark or derivation."""
        return next((self.conditions[condition] for condition in thing.strings("condition")), _FAILED)

    def value(self, part: Test | Row) -> float:
        """1, 0.5 or 0 for one test, or for a row the least of its tests."""
        if not part.mask & ~self.holding:
            return 1.0
        return 0.0 if part.mask & ~(self.holding | self.unsettled) else _HALF

    def reach(self, row: Row) -> tuple[bool, int, str]:
        """How far a row came, to compare it with others: whether it may hold, then the fewest tests that don't."""
        left = row.mask & ~self.holding
        return not left & ~self.unsettled, -left.bit_count(), row.iri


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


def results(store: Store, case: str) -> dict[str, float]:
    """1 for each test that holds and 0.5 for each that is unknown or open, by IRI, for a case encoded as one text."""
    holding, unsettled = _asked(store, case)
    return dict.fromkeys(holding, 1.0) | dict.fromkeys(unsettled, _HALF)


def _asked(store: Store, case: str) -> tuple[list[str], list[str]]:
    row = store.select(library()["tests"].text, {"case": case}).rows[0]
    holding = str(row["holding"])
    if "!" in holding:
        raise DataError("A test has a comparison that the engine does not know", where=holding)
    return [_TESTS + name for name in holding.split()], [_TESTS + name for name in str(row["unsettled"]).split()]


def _masks(store: Store, tables: Tables, case: str) -> tuple[int, int]:
    holding, unsettled = _asked(store, case)
    return tables.mask(holding), tables.mask(unsettled)


_silent = lru_cache(maxsize=8)(_masks)


# A test looks at one fact, so what it comes to for a value is the same in every case that has that value, and is asked
# once. What is kept says that an age of nine is under 18, and nothing of a case.
@lru_cache(maxsize=16384, typed=True)
def _settled(store: Store, law: Law, tables: Tables, fact: str, value: Fact) -> tuple[int, int]:
    """The tests that hold because the fact has this value, and all that it settles."""
    always, unsettled = _silent(store, tables, "\n")
    holding, left = _masks(store, tables, encode({fact: value}, law))
    return holding & ~always, unsettled & ~left


def _tested(store: Store, law: Law, tables: Tables, facts: Mapping[str, Fact]) -> tuple[int, int]:
    """The tests that hold and those that are unknown or open."""
    holding, unsettled = _silent(store, tables, "\n")
    for fact, value in facts.items():
        # A list of services is looked at one at a time: something of a kind is there if one of them is.
        for one in ((), *((service,) for service in value)) if isinstance(value, tuple) else (value,):
            held, settled = _settled(store, law, tables, fact, one)
            holding |= held
            unsettled &= ~settled
    return holding, unsettled


def evaluate(store: Store, law: Law, tables: Tables, facts: Mapping[str, Fact], date: dt.date) -> Evaluation:
    """Status of every norm in force on ``date`` and of every step.

    A norm that is not in the result is not in force. Facts the case is silent about are derived first, where a
    derivation holds; what the case says is never overridden.
    """
    holding, unsettled = _tested(store, law, tables, facts)
    derived, rules = _derive(law, tables, facts, holding, unsettled)
    if derived:
        holding, unsettled = _tested(store, law, tables, {**facts, **derived})
    different, places = tables.alike
    outcomes = [_outcome(tables, rows, holding, unsettled) for rows in different]
    found = {condition: outcomes[place] for condition, place in places.items()}
    norms = {key: found[condition] for key, condition in law.tables_in_force(date)}
    return Evaluation(norms, found, derived, rules, holding, unsettled)


def _outcome(tables: Tables, rows: Iterable[int], holding: int, unsettled: int) -> Outcome:
    """What one table comes to: a row is the least of its tests, the table the greatest of its rows (Kleene)."""
    unknown = 0
    for row in rows:
        left = row & ~holding
        if not left:
            return _HOLDS
        if not left & ~unsettled:
            unknown |= left
    return Outcome(Status.DEPENDS, tables.facts(unknown)) if unknown else _FAILED


def _derive(
    law: Law, tables: Tables, facts: Mapping[str, Fact], holding: int, unsettled: int
) -> tuple[dict[str, Fact], dict[str, str]]:
    derived: dict[str, Fact] = {}
    rules: dict[str, str] = {}
    for iri, rule in law.derivations.items():
        fact = str(rule.one("concludes"))
        if fact in facts:
            continue
        rows = tables.masks[str(rule.one("condition"))]
        value = CONCLUDED[str(rule.one("concludedValue"))]
        # Where two rules about one fact hold, the one that says true counts.
        if not derived.get(fact) and _outcome(tables, rows, holding, unsettled) is _HOLDS:
            derived[fact], rules[fact] = derived.get(fact) or value, iri
    return derived, rules
