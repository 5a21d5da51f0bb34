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
_CONDITIONS: Final = thing("condition/")


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

    ``rules`` names, for each derived fact, the derivation (by IRI) that gave it its value.
    """

    norms: Mapping[str, Outcome]
    conditions: Mapping[str, Outcome]
    derived: Mapping[str, Fact]
    rules: Mapping[str, str]
    tests: Mapping[str, float]

    def of(self, thing: Thing) -> Outcome:
        """Outcome of anything else that has a condition: a step, remark or derivation."""
        return self.conditions.get(str(thing.one("condition")), _FAILED)

    def test(self, iri: str) -> float:
        """1, 0.5 or 0 for one test."""
        return self.tests.get(iri, 0.0)


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


def results(store: Store, case: str, stage: str = "full") -> dict[str, float]:
    """1 for each test that holds and 0.5 for each that is unknown or open, by IRI, for a case encoded as one text."""
    return _by_test(*_asked(store, case, stage))


def _asked(store: Store, case: str, stage: str) -> tuple[frozenset[str], frozenset[str]]:
    row = store.select(library()["tests"].text, {"case": case, "stage": stage}).rows[0]
    holding = str(row["holding"])
    if "!" in holding:
        raise DataError("A test has a comparison that the engine does not know", where=holding)
    return frozenset(holding.split()), frozenset(str(row["unsettled"]).split())


_silent = lru_cache(maxsize=8)(_asked)


# A test looks at one fact, so what it comes to for a value is the same in every case that has that value, and is asked
# once. What is kept says that an age of nine is under 18, and nothing of a case.
@lru_cache(maxsize=16384, typed=True)
def _settled(store: Store, law: Law, fact: str, value: Fact, stage: str) -> tuple[frozenset[str], frozenset[str]]:
    """The tests that hold because the fact has this value, and all that it settles."""
    always, unsettled = _silent(store, "\n", stage)
    holding, left = _asked(store, encode({fact: value}, law), stage)
    return holding - always, unsettled - left


def _tested(store: Store, law: Law, facts: Mapping[str, Fact], stage: str) -> tuple[set[str], set[str]]:
    """The names of the tests that hold and of those that are unknown or open."""
    always, unknown = _silent(store, "\n", stage)
    holding, unsettled = set(always), set(unknown)
    for fact, value in facts.items():
        # A list of services is looked at one at a time: something of a kind is there if one of them is.
        for one in ((), *((service,) for service in value)) if isinstance(value, tuple) else (value,):
            held, settled = _settled(store, law, fact, one, stage)
            holding |= held
            unsettled -= settled
    return holding, unsettled


def _by_test(holding: Iterable[str], unsettled: Iterable[str]) -> dict[str, float]:
    found = {_TESTS + name: 1.0 for name in holding}
    found.update((_TESTS + name, _HALF) for name in unsettled)
    return found


def evaluate(store: Store, law: Law, facts: Mapping[str, Fact], date: dt.date) -> Evaluation:
    """Status of every norm in force on ``date`` and of every step.

    A norm that is not in the result is not in force. Facts the case is silent about are derived first, where a
    derivation holds; what the case says is never overridden.
    """
    derived, rules = _derive(store, law, facts)
    holding, unsettled = _tested(store, law, {**facts, **derived}, "full")
    found = _outcomes(store, _text(holding), _text(unsettled))
    norms = {key: found.get(condition, _FAILED) for key, condition in law.tables_in_force(date)}
    return Evaluation(norms, found, derived, rules, _by_test(holding, unsettled))


def _outcomes(store: Store, holding: str, unsettled: str) -> dict[str, Outcome]:
    rows = store.select(library()["status"].text, {"holding": holding, "unsettled": unsettled}).rows
    row = rows[0] if rows else {"applies": "", "depends": ""}
    found = dict.fromkeys((_CONDITIONS + name for name in str(row["applies"]).split()), _HOLDS)
    for said in str(row["depends"]).split():
        name, *unknown = said.split("|")
        found[_CONDITIONS + name] = Outcome(Status.DEPENDS, frozenset(filter(None, unknown)))
    return found


# Kept, since few combinations exist of the handful of tests that derivations use. The key says which of those tests
# hold, such as "under 18" and "has a school": nothing of a case.
_derivable = lru_cache(maxsize=512)(_outcomes)


def _text(names: Iterable[str]) -> str:
    # A space before and after each name, so that one name is never found inside another.
    return " ".join(["", *sorted(names), ""])


def _derive(store: Store, law: Law, facts: Mapping[str, Fact]) -> tuple[dict[str, Fact], dict[str, str]]:
    wanted = {str(rule.one("concludes")) for rule in law.derivations.values()} - facts.keys()
    derived: dict[str, Fact] = {}
    rules: dict[str, str] = {}
    if not wanted:
        return derived, rules
    found = _derivable(store, *map(_text, _tested(store, law, facts, "given")))
    for iri, rule in law.derivations.items():
        fact = str(rule.one("concludes"))
        value = CONCLUDED[str(rule.one("concludedValue"))]
        # Where two rules about one fact hold, the one that says true counts.
        if fact in wanted and not derived.get(fact) and found.get(str(rule.one("condition"))) is _HOLDS:
            derived[fact], rules[fact] = derived.get(fact) or value, iri
    return derived, rules
