"""Which unknown facts can still change what a table comes to.

Exact: a fact is named if and only if some values of the other unknown facts leave the outcome to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Final

from samordning.engine.status import Special, encode, results

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from samordning.engine.law import Law
    from samordning.engine.status import Evaluation, Fact
    from samordning.engine.store import Store
    from samordning.engine.table import Tables

#: Above this many combinations every unknown fact is named. No table of law comes near it.
_MANY: Final = 1 << 16


@dataclass(frozen=True, eq=False, repr=False)
class Matter:
    """What each value of each fact makes of the tests on it: for every fact, the sets of tests that may hold together."""

    outcomes: Mapping[str, tuple[frozenset[str], ...]]
    tables: Tables
    derived_by: Mapping[str, tuple[str, ...]]
    _facts: Mapping[str, str] = field(default_factory=dict)

    def facts(self, subject: str, evaluation: Evaluation) -> frozenset[str]:
        """The unknown facts that the table of ``subject`` hangs on, those that would derive one of them included."""
        found = self._deciding(subject, evaluation)
        derived = (self._deciding(other, evaluation) for fact in found for other in self.derived_by.get(fact, ()))
        return found.union(*derived)

    def _deciding(self, subject: str, evaluation: Evaluation) -> frozenset[str]:
        rows = self.tables.rows[subject]
        return self._decide(frozenset(row.mask & evaluation.unsettled for row in rows if evaluation.value(row) > 0.0))

    # Kept: it says which tests are open in a table, such as "under 18", and nothing of a case.
    @lru_cache(maxsize=16384)  # noqa: B019  # there is one per process, and it lives as long
    def _decide(self, masks: frozenset[int]) -> frozenset[str]:
        named = self.tables.tests.values()
        rows = frozenset(frozenset(test.iri for test in named if test.mask & mask) for mask in masks)
        rows = frozenset(row for row in rows if not any(other < row for other in rows))
        if frozenset() in rows:
            return frozenset()
        tests = frozenset().union(*rows)
        facts = sorted({self._facts[test] for test in tests})
        options = [list({held & tests for held in self.outcomes[fact]}) for fact in facts]
        if all(len(held) == 1 for held in (tests & frozenset().union(*self.outcomes[fact]) for fact in facts)):
            return frozenset(facts)
        size = 1
        for choices in options:
            size *= len(choices)
        if size > _MANY:
            return frozenset(facts)
        return frozenset(fact for number, fact in enumerate(facts) if _turns(rows, options, number))


def _turns(rows: frozenset[frozenset[str]], options: Sequence[Sequence[frozenset[str]]], number: int) -> bool:
    others = [choices for position, choices in enumerate(options) if position != number]
    for combination in product(*others):
        held = frozenset().union(*combination)
        if len({any(row <= held | choice for row in rows) for choice in options[number]}) > 1:
            return True
    return False


def load(store: Store, law: Law, tables: Tables) -> Matter:
    """Try every value that some test tells from another, once, and keep which tests hold for it."""
    about = {test.iri: test.fact for rows in tables.rows.values() for row in rows for test in row.tests}
    outcomes: dict[str, set[frozenset[str]]] = {fact: set() for fact in law.facts}
    for facts in _rounds({fact: _values(fact, law, tables) for fact in law.facts if fact != "services"}):
        held = results(store, encode(facts, law))
        for fact in facts:
            outcomes[fact].add(frozenset(test for test, value in held.items() if value == 1.0 and about[test] == fact))
    derived: dict[str, tuple[str, ...]] = {}
    for derivation in law.derivations.values():
        fact = str(derivation.one("concludes"))
        derived[fact] = (*derived.get(fact, ()), derivation.id)
    return Matter({fact: tuple(found) for fact, found in outcomes.items()}, tables, derived, about)


def _rounds(values: Mapping[str, list[Fact]]) -> Iterator[dict[str, Fact]]:
    for number in range(max(map(len, values.values()))):
        yield {fact: found[number] for fact, found in values.items() if number < len(found)}


def _values(fact: str, law: Law, tables: Tables) -> list[Fact]:
    thing = law.facts[fact]
    kind = thing.one("valueKind")
    if kind == "boolean":
        return [True, False]
    if kind == "service":
        return [*(service.id for service in law.selectable), Special.NONE]
    if kind == "choice":
        return [*thing.strings("choice")]
    edges = {
        edge
        for rows in tables.rows.values()
        for row in rows
        for test in row.tests
        if test.fact == fact
        for edge in test.edges
    }
    return [*sorted({value for edge in edges for value in (edge - 1, edge) if value >= 0}), Special.NONE]
