"""Shared by every part of an answer: statuses combined, bases collected, reasons put into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from samordning.answer.messages import message
from samordning.answer.model import ProvisionRef
from samordning.engine import citation
from samordning.engine.status import Outcome, Status

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from samordning.answer.case import Case
    from samordning.engine.law import Law, Norm
    from samordning.engine.status import Evaluation
    from samordning.engine.table import Row, Tables

_RANK: Final = {Status.DOES_NOT_APPLY: 0, Status.DEPENDS: 1, Status.APPLIES: 2}


def highest(statuses: Iterable[Status]) -> Status:
    """The greatest status: what applies beats what depends, which beats what does not apply."""
    return max(statuses, key=_RANK.__getitem__, default=Status.DOES_NOT_APPLY)


@dataclass(frozen=True)
class Context:
    """What every part of the answer is made from."""

    law: Law
    tables: Tables
    case: Case
    evaluation: Evaluation
    lang: str
    cited: dict[str, None] = field(default_factory=dict)
    _rows: dict[tuple[str, str | None], Row] = field(default_factory=dict)

    @property
    def date(self) -> dt.date:
        """The as-of date."""
        return self.case.date

    def norms(self, *types: str) -> list[tuple[Norm, Outcome]]:
        """Every norm of these duty types that is in force, with its outcome, in the order of address and key."""
        outcomes = self.evaluation.norms
        return [(norm, outcomes[norm.key]) for norm in self.law.of_types(*types) if norm.key in outcomes]

    def top(self, pairs: list[tuple[Norm, Outcome]]) -> tuple[Status, list[Norm]]:
        """The highest status among norms, and the norms that have it; none where nothing applies or may apply."""
        status = highest(outcome.status for _, outcome in pairs)
        if status is Status.DOES_NOT_APPLY:
            return status, []
        return status, [norm for norm, outcome in pairs if outcome.status is status]

    def out_of_scope(self, norm: Norm) -> bool:
        """Whether a norm fails because of who the person is or which services there are, whatever else may be found out."""
        fixed = {*self.evaluation.derived}
        return all(
            any(
                self.evaluation.test(test.iri) == 0.0 and (test.section != "facts" or test.fact in fixed)
                for test in row.tests
            )
            for row in self.tables.rows[norm.key]
        )

    def addresses(self, norms: Iterable[Norm], service: str | None = None) -> list[str]:
        """The addresses that norms rest on in this case, each once: their own, then those of the row that came furthest."""
        found = list(norms)
        own = [norm.address for norm in found]
        return self.cite([*own, *(address for norm in found for address in self.row(norm, service).basis)])

    def cite(self, addresses: Iterable[str]) -> list[str]:
        """The addresses, each once. What is cited is remembered, so that the answer can say how each is written."""
        once = dict.fromkeys(addresses)
        self.cited.update(once)
        return list(once)

    def row(self, norm: Norm, service: str | None = None) -> Row:
        """The row of the norm's table that came furthest; of those about ``service``, where one is given."""
        key = (norm.key, service)
        if key not in self._rows:
            kinds = self.law.kinds(service) if service else frozenset()
            self._rows[key] = self.tables.best(norm.key, self.evaluation, kinds)
        return self._rows[key]

    def because(self, norm: Norm, status: Status, service: str | None = None) -> list[str]:
        """The tests of the row that came furthest, in words: those that hold, or those that fail or are unknown."""
        row = self.row(norm, service)
        reasons = []
        for test in row.tests:
            value = self.evaluation.test(test.iri)
            if status is Status.DOES_NOT_APPLY and value > 0.0:
                continue
            word = {1.0: "test-holds", 0.5: "test-unknown", 0.0: "test-fails"}[value]
            reasons.append(message(word, self.lang, test=test.label(self.lang)))
        return reasons


def in_force(norm: Norm, date: dt.date) -> dt.date | None:
    """The day the wording that counts on ``date`` entered into force."""
    version = norm.version(date)
    return version.entered if version else None


@lru_cache(maxsize=16384)
def reference(address: str, law: Law, date: dt.date, lang: str) -> ProvisionRef:
    """How an address is cited in full, with the wording that counts on ``date`` where a norm states it."""
    parsed = citation.parse(address)
    act = law.acts.get(parsed.act)
    name = act.label(lang) if act else parsed.act
    versions = (norm.version(date) for norm in law.by_section.get(parsed.section, ()))
    version = next((version for version in versions if version), None)
    return ProvisionRef(
        citation=f"{name} {citation.below(address, lang)}",
        in_force=version.entered if version else None,
        version=version.iri if version else None,
        url=f"https://lovdata.no/{parsed.section}",
    )
