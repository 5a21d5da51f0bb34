"""The decision tables as the dataset has them, and what each test in them came to for a case."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samordning.engine.law import Texts
from samordning.engine.query import library
from samordning.engine.store import Text
from samordning.namespaces import local

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samordning.engine.store import Store


@dataclass(frozen=True, slots=True)
class Test:
    """One test of a row: the fact it looks at, where a case gives that fact, and how one says the test."""

    iri: str
    fact: str
    section: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Row:
    """One alternative of a table."""

    iri: str
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class Tables:
    """Rows by subject: norm key, or id of a step or derivation."""

    rows: Mapping[str, tuple[Row, ...]]

    def best(self, subject: str, results: Mapping[str, float]) -> Row:
        """The row that came furthest: the greatest least test; among equals, the one with fewest that don't hold."""

        def furthest(row: Row) -> tuple[float, int, str]:
            values = [results[test.iri] for test in row.tests]
            return min(values), -sum(value < 1.0 for value in values), row.iri

        return max(self.rows[subject], key=furthest)


def load(store: Store) -> Tables:
    """Read every table once."""
    labels: dict[str, Texts] = defaultdict(Texts)
    for row in store.select(library()["test-labels"].text, {}).rows:
        text = row["label"]
        if isinstance(text, Text):
            labels[str(row["test"])][text.lang] = str(text)
    tests: dict[tuple[str, str], list[Test]] = defaultdict(list)
    for row in store.select(library()["tables"].text, {}).rows:
        iri = str(row["test"])
        subject = local(str(row["subject"])).removeprefix("norm/")
        tests[subject, str(row["alternative"])].append(Test(iri, str(row["fact"]), str(row["section"]), labels[iri]))
    rows: dict[str, list[Row]] = defaultdict(list)
    for (subject, alternative), found in tests.items():
        rows[subject].append(Row(alternative, tuple(found)))
    return Tables({subject: tuple(found) for subject, found in rows.items()})


def results(store: Store, case: str) -> dict[str, float]:
    """1, 0.5 or 0 for every test, for a case encoded as one text."""
    return {str(row["test"]): float(row["holds"]) for row in store.select(library()["tests"].text, {"case": case}).rows}  # type: ignore[arg-type]  # decimals
