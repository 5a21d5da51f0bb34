"""The tests that a status rests on: enough to explain it, and none that could be left out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samordning.engine.status import Evaluation
    from samordning.engine.table import Row, Test

_HALF = 0.5


def furthest(rows: Sequence[Row], evaluation: Evaluation) -> Row:
    """The row that came furthest: the greatest least test; among equals, the one with fewest that don't hold."""
    if len(rows) == 1:
        return rows[0]
    return max(rows, key=evaluation.reach)


def reason(rows: Sequence[Row], evaluation: Evaluation, first: Row) -> tuple[Test, ...]:
    """Why a table comes to what it does. ``first`` is the row that came furthest.

    It applies because every test of one row holds. It does not apply because each row has a test that fails; the
    fewest tests that are in all rows are named. It depends because one row could still hold: its tests, and the
    unknown tests of the other rows that could.
    """
    least = evaluation.value(first)
    if least == 1.0:
        return first.tests
    if least == _HALF:
        more = (
            test
            for row in rows
            if row is not first and evaluation.value(row) == _HALF
            for test in row.tests
            if evaluation.value(test) == _HALF
        )
        return tuple(dict.fromkeys((*first.tests, *more)))
    return _hitting(tuple(tuple(test for test in row.tests if evaluation.value(test) == 0.0) for row in rows))


# Kept: it says which tests fail in a table, such as "under 18", and nothing of a case.
@lru_cache(maxsize=16384)
def _hitting(rows: tuple[tuple[Test, ...], ...]) -> tuple[Test, ...]:
    # Greedy: the test that fails in most of the rows left. Then what turned out superfluous is dropped again.
    left = [frozenset(row) for row in rows]
    whole = list(left)
    found: list[Test] = []
    while left:
        counts: dict[Test, int] = {}
        for row in left:
            for test in row:
                counts[test] = counts.get(test, 0) + 1
        chosen = max(counts, key=lambda test: (counts[test], test.iri))
        found.append(chosen)
        left = [row for row in left if chosen not in row]
    for test in list(found):
        rest = [other for other in found if other is not test]
        if all(row.intersection(rest) for row in whole):
            found = rest
    return tuple(found)
