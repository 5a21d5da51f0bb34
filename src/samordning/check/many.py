"""Many records at a time: statements of all into one store, one query per rule, then each duty looks up what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from samordning.check import graph, pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from samordning.check.duty import Duty
    from samordning.check.record import Record
    from samordning.check.rule import Rule, Rules
    from samordning.check.shacl import Hits

#: How many records go into one store: more makes no rule faster, and takes memory.
CHUNK: Final = 2000


class Sets:
    """The engine for many. Made once per scope; holds nothing between calls."""

    def __init__(self, rules: Rules, levels: Iterable[str]) -> None:
        self._levels = "\n".join(levels)
        self._scope = rules.scope
        self._queries = {rule.iri: pattern.failing(rule, rules.scope) for rule in rules.rules.values()}
        self._rules = rules
        self._looking: dict[frozenset[str], tuple[Rule, ...]] = {}

    def hits(self, records: Sequence[tuple[Record, Sequence[Duty]]]) -> list[Hits]:
        """What fired for each record, as the other engines name it: (name of the duty, IRI of the rule)."""
        store = ox.Store()
        lines = [self._levels]
        for number, (record, _) in enumerate(records):
            lines += graph.statements(record, number)
        store.bulk_load("\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
        failed = {iri: pattern.run(store, query) for iri, query in self._queries.items() if query is not None}
        return [self._fired(number, record, duties, failed) for number, (record, duties) in enumerate(records)]

    def _fired(self, number: int, record: Record, duties: Sequence[Duty], failed: dict[str, set[str]]) -> Hits:
        found: Hits = set()
        for duty in duties:
            for rule in self._of(duty.classes):
                if rule.iri in failed:
                    fired = graph.place(record, duty, rule.start, number) in failed[rule.iri]
                else:
                    fired = bool(duty.missing)
                if fired:
                    found.add((graph.duty_name(number, duty), rule.iri))
        return found

    def _of(self, classes: frozenset[str]) -> tuple[Rule, ...]:
        if classes not in self._looking:
            self._looking[classes] = tuple(self._rules.targeting(classes))
        return self._looking[classes]
