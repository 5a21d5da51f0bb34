"""Rules as SPARQL over many records at a time.

This is the one place where query text is made by a program: it is a translation of our own shapes, and nothing of a record
is ever part of it. A rule is looked at where its paths begin: at the record, at what one service did, or at an arrangement
between services. What does not meet it there fails for every duty that leads there.

Each test becomes the set of things that meet it, so that the store joins sets and never asks anew for each thing.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from samordning.check.duty import IN_ARRANGEMENT, IN_RECORD, IN_SERVICE
from samordning.check.rule import All, Any, Count, Has, Not, Rule, Test
from samordning.check.vocabulary import CASE, SETUP
from samordning.namespaces import term

if TYPE_CHECKING:
    from collections.abc import Iterator

_WITHOUT: Final = " MINUS"
#: What stands at the end of the first step, by scope.
_DOMAINS: Final = {
    IN_RECORD: {"case": CASE, "setup": SETUP},
    IN_SERVICE: {"case": term("ServiceRecord")},
    IN_ARRANGEMENT: {"setup": term("CooperationRecord")},
}
_FAILING: Final = "SELECT DISTINCT ?this WHERE {{ {domain}{failing} }}"


def failing(rule: Rule, scope: str) -> str | None:
    """A query for the things that don't meet the rule; None for a rule about the duty itself."""
    domains = _DOMAINS.get(rule.start)
    if domains is None:
        return None
    domain = f"?this a <{domains[scope]}> ."
    return _FAILING.format(domain=domain, failing=_where(rule.test, domain, count(), holds=False))


def _where(test: Test, domain: str, numbers: Iterator[int], *, holds: bool) -> str:
    """What to add to a group that binds ``?this`` so that the test holds for it, or fails.

    A negation is pushed inwards, so that what is taken away is always one path and never a whole query.
    """
    if isinstance(test, Not):
        return _where(test.of, domain, numbers, holds=not holds)
    if isinstance(test, All | Any):
        together = isinstance(test, All) == holds
        parts = [_where(part, domain, numbers, holds=holds) for part in test.of]
        if together:
            # What is taken away comes after what is looked up.
            return "".join(sorted(parts, key=lambda part: part.startswith(_WITHOUT)))
        return " " + " UNION ".join(f"{{ {domain}{part} }}" for part in parts)
    found, there = _found(test, numbers)
    if there != holds:
        return f"{_WITHOUT} {{ {found} }}"
    # Each thing once, however many values it has: what comes after is done for every row.
    return f" {{ SELECT DISTINCT ?this WHERE {{ {found} }} }}" if isinstance(test, Count) else f" {found}"


def _found(test: Has | Count, numbers: Iterator[int]) -> tuple[str, bool]:
    """A pattern, and whether the test holds where it is found."""
    if isinstance(test, Has):
        return f"?this {_path(test.path)} {test.value} .", True
    one = f"?v{next(numbers)}"
    if test.least or test.number == 0:
        return f"?this {_path(test.path)} {one} .", test.least
    other = f"?v{next(numbers)}"
    return f"?this {_path(test.path)} {one} , {other} . FILTER({one} != {other})", False


def _path(path: tuple[str, ...]) -> str:
    return "/".join(str(ox.NamedNode(step)) for step in path[1:])


def run(store: ox.Store, query: str) -> set[str]:
    """The names of what a query made here finds."""
    found = store.query(query)
    if not isinstance(found, ox.QuerySolutions):
        raise TypeError(query)
    return {solution[0].value for solution in found if isinstance(solution[0], ox.NamedNode)}
