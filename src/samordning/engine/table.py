"""The decision tables as the dataset has them, and what each test in them came to for a case."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING

from samordning.engine.law import Texts, texts
from samordning.engine.query import library
from samordning.namespaces import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from samordning.engine.store import Store, Value


@dataclass(frozen=True, slots=True, eq=False)
class Test:
    """One test of a row: the fact it looks at, where a case gives that fact, and how one says the test.

    ``edges`` holds the number that a comparison with a number turns on. ``mask`` has the one bit that stands for it.
    """

    iri: str
    mask: int
    fact: str
    section: str
    service: str | None
    edges: tuple[int, ...]
    label: Texts
    basis: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Row:
    """One alternative of a table. Hashable by identity."""

    iri: str
    tests: tuple[Test, ...]
    own_basis: tuple[str, ...]
    reading: str | None
    note: Texts

    @cached_property
    def mask(self) -> int:
        """The bits of its tests."""
        return reduce(or_, (test.mask for test in self.tests))

    @cached_property
    def basis(self) -> tuple[str, ...]:
        """Provisions that the row, or a test in it, rests on besides the norm's own."""
        return (*self.own_basis, *(address for test in self.tests for address in test.basis))

    @cached_property
    def services(self) -> frozenset[str]:
        """The kinds of service that the row asks for."""
        return frozenset(test.service for test in self.tests if test.service)


@dataclass(frozen=True, eq=False, repr=False)
class Tables:
    """Every table and every test, by IRI of the condition and of the test.

    ``rows`` has the same tables by subject: norm key, or id of a step, remark or derivation.
    """

    rows: Mapping[str, tuple[Row, ...]]
    conditions: Mapping[str, tuple[Row, ...]]
    tests: Mapping[str, Test]

    def mask(self, tests: Iterable[str]) -> int:
        """The bits of some tests, by IRI; one that no table uses has none."""
        return reduce(or_, (self.tests[iri].mask for iri in tests if iri in self.tests), 0)

    @cached_property
    def masks(self) -> Mapping[str, tuple[int, ...]]:
        """The masks of the rows of every table, by IRI of the condition."""
        return {iri: tuple(sorted({row.mask for row in rows})) for iri, rows in self.conditions.items()}

    @cached_property
    def alike(self) -> tuple[tuple[tuple[int, ...], ...], Mapping[str, int]]:
        """Those masks each once, and where among them each condition's are."""
        places = {masks: place for place, masks in enumerate(dict.fromkeys(self.masks.values()))}
        return tuple(places), {iri: places[masks] for iri, masks in self.masks.items()}

    @lru_cache(maxsize=16384)  # noqa: B019  # there is one set of tables per process, and it lives as long
    def facts(self, mask: int) -> frozenset[str]:
        """The facts that the tests of a mask look at."""
        return frozenset(test.fact for test in self.tests.values() if test.mask & mask)

    @lru_cache(maxsize=16384)  # noqa: B019  # there is one set of tables per process, and it lives as long
    def about(self, subject: str, kinds: frozenset[str]) -> tuple[Row, ...]:
        """The rows that ask for one of these kinds of service; all rows, where none does."""
        rows = self.rows[subject]
        return tuple(row for row in rows if kinds & row.services) or rows


def load(store: Store) -> Tables:
    """Read every table once."""
    said: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for row in store.select(library()["table-texts"].text, {}).rows:
        said[str(row["part"]), str(row["link"]).rsplit("#", 1)[-1]].append(row["value"])
    tests: dict[tuple[str, str, str], list[Test]] = defaultdict(list)
    known: dict[str, Test] = {}
    for row in store.select(library()["tables"].text, {}).rows:
        iri = str(row["test"])
        subject = local(str(row["subject"])).removeprefix("norm/")
        test = known.get(iri) or Test(
            iri=iri,
            mask=1 << len(known),
            fact=str(row["fact"]),
            section=str(row["section"]),
            service=str(row["service"]) if "service" in row else None,
            edges=(int(str(row["edge"])),) if "edge" in row else (),
            label=texts(said[iri, "prefLabel"]),
            basis=_strings(said[iri, "alsoBasis"]),
        )
        known[iri] = test
        tests[subject, str(row["condition"]), str(row["alternative"])].append(test)
    rows: dict[str, list[Row]] = defaultdict(list)
    tables: dict[str, str] = {}
    for (subject, condition, iri), found in tests.items():
        readings = [local(value).removeprefix("reading/") for value in _strings(said[iri, "reading"])]
        tables[condition] = subject
        rows[subject].append(
            Row(
                iri,
                tuple(found),
                _strings(said[iri, "alsoBasis"]),
                next(iter(readings), None),
                texts(said[iri, "note"]),
            )
        )
    by_subject = {subject: tuple(found) for subject, found in rows.items()}
    return Tables(by_subject, {condition: by_subject[subject] for condition, subject in tables.items()}, known)


def _strings(values: list[Value]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
