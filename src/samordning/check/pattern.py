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

#: What stands at the end of the first step, by scope.
_DOMAINS: Final = {
    IN_RECORD: {"case": CASE, "setup": SETUP},
    IN_SERVICE: {"case": term("ServiceRecord")},
    IN_ARRANGEMENT: {"setup": term("CooperationRecord")},
}
_FAILING: Final = "SELECT DISTINCT ?this WHERE {{ {domain} MINUS {{ {met} }} }}"


def failing(rule: Rule, scope: str) -> str | None:
    """A query for the things that don't meet the rule; None for a rule about the duty itself."""
    domains = _DOMAINS.get(rule.start)
    if domains is None:
        return None
    domain = f"?this a <{domains[scope]}> ."
    return _FAILING.format(domain=domain, met=domain + _met(rule.test, domain, count()))


def _met(test: Test, domain: str, numbers: Iterator[int]) -> str:  # noqa: PLR0911  # one return per kind of test
    if isinstance(test, Has):
        return f" ?this {_path(test.path)} {test.value} ."
    if isinstance(test, Count):
        one = f"?v{next(numbers)}"
        if test.least:
            return f" ?this {_path(test.path)} {one} ."
        if test.number == 0:
            return f" MINUS {{ {domain} ?this {_path(test.path)} {one} . }}"
        other = f"?v{next(numbers)}"
        pair = f"?this {_path(test.path)} {one} , {other} . FILTER({one} != {other})"
        return f" MINUS {{ {domain} {pair} }}"
    if isinstance(test, Not):
        return f" MINUS {{ {domain}{_met(test.of, domain, numbers)} }}"
    if isinstance(test, Any):
        return " " + " UNION ".join(f"{{ {domain}{_met(part, domain, numbers)} }}" for part in test.of)
    if isinstance(test, All):
        return "".join(f" {{ {domain}{_met(part, domain, numbers)} }}" for part in test.of)
    raise TypeError(test)


def _path(path: tuple[str, ...]) -> str:
    return "/".join(str(ox.NamedNode(step)) for step in path[1:])


def run(store: ox.Store, query: str) -> set[str]:
    """The names of what a query made here finds."""
    found = store.query(query)
    if not isinstance(found, ox.QuerySolutions):
        raise TypeError(query)
    return {solution[0].value for solution in found if isinstance(solution[0], ox.NamedNode)}
