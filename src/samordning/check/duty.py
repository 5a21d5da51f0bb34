"""The duties that apply in a case or to an organisation. They follow from the law, never from the rules that check them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from samordning.engine.status import Status
from samordning.namespaces import TERMS, thing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from samordning.check.record import Record
    from samordning.check.rule import Rules
    from samordning.check.vocabulary import Vocabulary
    from samordning.engine.law import Law
    from samordning.engine.status import Outcome

#: Norms of these kinds leave nobody owing anything.
_OWES_NOTHING: Final = frozenset({"Power", "Exception", "Definition"})
IN_RECORD: Final = TERMS + "inRecord"
IN_SERVICE: Final = TERMS + "inServiceRecord"
IN_ARRANGEMENT: Final = TERMS + "inArrangement"


@dataclass(frozen=True, slots=True)
class Duty:
    """Norms of one type that apply, for one service where the rules look at services."""

    type: str
    service: str | None
    towards: str | None
    norms: tuple[str, ...]
    classes: frozenset[str]
    """what rules may look at it: its type, and the norms that some rule looks at by name"""
    missing: tuple[str, ...] = ()
    """facts that it hangs on; none where it applies"""

    @property
    def key(self) -> str:
        """What tells it from the other duties of the same record."""
        return "/".join(
            (self.type, self.service or "-", self.towards or "-", "unsettled" if self.missing else "applies")
        )


class Planner:
    """Finds the duties of records of one scope. Made once; what it keeps says nothing of a case."""

    def __init__(self, law: Law, vocabulary: Vocabulary, rules: Rules) -> None:
        self.law, self.vocabulary, self.scope = law, vocabulary, rules.scope
        self.named: set[str] = set()
        starts: dict[str, set[str]] = defaultdict(set)
        for rule in rules.rules.values():
            for target in rule.targets:
                starts[target].add(rule.start)
                if target.startswith(thing("norm/")):
                    self.named.add(target)
        self.starts: Mapping[str, set[str]] = starts

    def duties(self, record: Record, outcomes: Mapping[str, Outcome]) -> list[Duty]:
        """Every duty that applies or may apply, in a fixed order. ``outcomes`` is by norm key."""
        found: dict[tuple[str, str | None, str | None, bool], list[tuple[str, frozenset[str]]]] = defaultdict(list)
        is_case = record.organisation is None
        for key in self._relevant(record.organisation):
            outcome = outcomes.get(key)
            if outcome is None or outcome.status is Status.DOES_NOT_APPLY:
                continue
            # A set-up is for everyone it may come to concern, so a duty that hangs on the person is ready to apply.
            unsettled = is_case and outcome.status is Status.DEPENDS
            for type_, service, towards in self._places(key, record.case.services):
                found[type_, service, towards, unsettled].append((key, outcome.unknown))
        return [self._duty(*place, found[place]) for place in sorted(found, key=_order)]

    @lru_cache(maxsize=16)  # noqa: B019  # there is one planner per scope and process
    def _relevant(self, kind: str | None) -> tuple[str, ...]:
        bodies = None if kind is None else self.vocabulary.answers_for[kind]
        return tuple(
            key
            for key, norm in self.law.norms.items()
            if (bodies is None or norm.bearer in bodies) and self._types(key)
        )

    def unchecked(self, outcomes: Mapping[str, Outcome], record: Record) -> Iterator[str]:
        """Keys of norms that apply and leave someone owing something, but that no rule looks at."""
        kind = record.organisation
        for key, outcome in outcomes.items():
            norm = self.law.norms[key]
            if outcome.status is not Status.APPLIES or _last(norm.kind) in _OWES_NOTHING:
                continue
            if kind is not None and norm.bearer not in self.vocabulary.answers_for[kind]:
                continue
            if norm.binds and not any(self.law.binding(norm, service) for service in record.case.services):
                continue
            if not self._types(norm.key):
                yield key

    @cached_property
    def _bound(self) -> Mapping[str, frozenset[str]]:
        """The norms that bind each service, by key. A norm that binds none by name binds a bearer that is a service itself."""
        return {
            service: frozenset(
                key
                for key, norm in self.law.norms.items()
                if self.law.binding(norm, service) or (not norm.binds and norm.bearer == service)
            )
            for service in self.law.services
        }

    def _places(self, key: str, services: tuple[str, ...]) -> list[tuple[str, str | None, str | None]]:
        bound = [service for service in services if key in self._bound[service]]
        if not bound and self.law.norms[key].binds:
            return []
        found: list[tuple[str, str | None, str | None]] = []
        for type_, starts in self._types(key):
            if IN_ARRANGEMENT in starts:
                found += [(type_, service, other) for service in bound for other in services if other != service]
            elif IN_SERVICE in starts:
                found += [(type_, service, None) for service in bound]
            else:
                found.append((type_, None, None))
        return found

    @lru_cache(maxsize=4096)  # noqa: B019  # there is one planner per scope and process
    def _types(self, key: str) -> tuple[tuple[str, frozenset[str]], ...]:
        norm = self.law.norms[key]
        if _last(norm.kind) in _OWES_NOTHING:
            return ()
        by_name = self.starts.get(norm.iri, set())
        found = []
        for type_ in sorted(norm.types):
            starts = self.starts.get(thing(f"duty-type/{type_}"), set()) | by_name
            if starts:
                found.append((type_, frozenset(starts)))
        return tuple(found)

    def _duty(
        self,
        type_: str,
        service: str | None,
        towards: str | None,
        unsettled: bool,
        norms: list[tuple[str, frozenset[str]]],
    ) -> Duty:
        keys = tuple(sorted(key for key, _ in norms))
        missing = frozenset[str]().union(*(unknown for _, unknown in norms)) if unsettled else ()
        classes = frozenset({TERMS + "UnsettledDuty"}) if unsettled else self._classes(type_, keys)
        return Duty(type_, service, towards, keys, classes, tuple(sorted(missing)))

    @lru_cache(maxsize=65536)  # noqa: B019  # there is one planner per scope and process
    def _classes(self, type_: str, keys: tuple[str, ...]) -> frozenset[str]:
        named = {thing(f"norm/{key}") for key in keys} & self.named
        return frozenset({thing(f"duty-type/{type_}")} | named)


def _order(place: tuple[str, str | None, str | None, bool]) -> tuple[str, str, str, bool]:
    type_, service, towards, unsettled = place
    return type_, service or "", towards or "", unsettled


def _last(iri: str) -> str:
    return iri.rsplit("#", 1)[-1]
