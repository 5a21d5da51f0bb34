"""Which norms apply, for many records: each test is asked of the engine once per value, then tables are looked through.

A test looks at one fact, so what it comes to for a value is the same in every record that has that value. The tables are
few and small; going through them here is Kleene's least and greatest, as in the engine's own query, and a test holds the
two against each other.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, TypeAlias

from samordning.engine.status import CONCLUDED, Outcome, Status, encode, results

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from samordning.engine.law import Law
    from samordning.engine.status import Fact
    from samordning.engine.store import Store
    from samordning.engine.table import Tables

_HALF: Final = 0.5
_HOLDS: Final = Outcome(Status.APPLIES)
_FAILED: Final = Outcome(Status.DOES_NOT_APPLY)
#: The rows of a table, each the indexes of its tests.
_Rows: TypeAlias = tuple[tuple[int, ...], ...]
#: So many values of one fact are kept; a list of services has more than any other.
_KEPT: Final = 20_000


class Population:
    """Made once; what it keeps is what single values come to, nothing of a record."""

    def __init__(self, store: Store, law: Law, tables: Tables) -> None:
        self._store, self._law = store, law
        tests = sorted({(test.iri, test.fact) for rows in tables.rows.values() for row in rows for test in row.tests})
        self._numbers = {iri: number for number, (iri, _) in enumerate(tests)}
        self._facts = [fact for _, fact in tests]
        self._of_fact: dict[str, list[int]] = defaultdict(list)
        for number, fact in enumerate(self._facts):
            self._of_fact[fact].append(number)
        self._iris = [iri for iri, _ in tests]
        self._kept: dict[tuple[str, object], tuple[float, ...]] = {}
        silent = results(store, "\n")
        self._silent = [silent.get(iri, 0.0) for iri in self._iris]
        self._rows: dict[str, _Rows] = {
            subject: tuple(tuple(self._numbers[test.iri] for test in row.tests) for row in rows)
            for subject, rows in tables.rows.items()
        }
        self._dates: dict[dt.date, dict[_Rows, list[str]]] = {}

    def outcomes(self, facts: Mapping[str, Fact], date: dt.date) -> dict[str, Outcome]:
        """The outcome of every norm in force on ``date`` that applies or may apply, by key."""
        values = self._values(facts)
        derived = self._derived(facts, values)
        if derived:
            values = self._values({**facts, **derived})
        found = {}
        for rows, keys in self._tables(date).items():
            outcome = self._outcome(rows, values)
            if outcome is not _FAILED:
                for key in keys:
                    found[key] = outcome
        return found

    def _tables(self, date: dt.date) -> dict[_Rows, list[str]]:
        if date not in self._dates:
            same: dict[_Rows, list[str]] = defaultdict(list)
            for norm in self._law.in_force(date):
                same[self._rows[norm.key]].append(norm.key)
            self._dates[date] = same
        return self._dates[date]

    def _values(self, facts: Mapping[str, Fact]) -> list[float]:
        values = list(self._silent)
        for fact, value in facts.items():
            for number, found in zip(self._of_fact.get(fact, ()), self._value(fact, value), strict=True):
                values[number] = found
        return values

    def _value(self, fact: str, value: Fact) -> tuple[float, ...]:
        key = (fact, (type(value), value))
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            if isinstance(value, tuple) and len(value) > 1:
                # A list of services is looked at one service at a time: something of a kind is there if one of them is.
                single = [self._value(fact, (one,)) for one in value]
                self._kept[key] = tuple(map(max, zip(*single, strict=True)))
            else:
                asked = results(self._store, encode({fact: value}, self._law))
                self._kept[key] = tuple(asked.get(self._iris[number], 0.0) for number in self._of_fact.get(fact, ()))
        return self._kept[key]

    def _derived(self, facts: Mapping[str, Fact], values: list[float]) -> dict[str, Fact]:
        derived: dict[str, Fact] = {}
        for derivation in self._law.derivations.values():
            fact = str(derivation.one("concludes"))
            if fact not in facts and self._outcome(self._rows[f"derivation/{_name(derivation.iri)}"], values) is _HOLDS:
                derived[fact] = derived.get(fact) or CONCLUDED[str(derivation.one("concludedValue"))]
        return derived

    def _outcome(self, rows: _Rows, values: list[float]) -> Outcome:
        unknown: set[str] = set()
        unsettled = False
        for row in rows:
            least = 1.0
            for number in row:
                value = values[number]
                if value < least:
                    least = value
                    if not least:
                        break
            if least == 1.0:
                return _HOLDS
            if least:
                unsettled = True
                unknown |= {self._facts[number] for number in row if values[number] == _HALF}
        return Outcome(Status.DEPENDS, frozenset(unknown)) if unsettled else _FAILED


def _name(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]
