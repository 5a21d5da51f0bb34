"""Shared by every part of an answer: statuses combined, bases collected, reasons put into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from samordning.answer.messages import message
from samordning.answer.model import ProvisionRef, Reason
from samordning.answer.wording import full_citation
from samordning.engine import citation
from samordning.engine.reason import furthest, reason
from samordning.engine.status import Outcome, Status

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from samordning.answer.case import Case
    from samordning.engine.law import Law, Norm
    from samordning.engine.matter import Matter
    from samordning.engine.status import Evaluation
    from samordning.engine.table import Row, Tables, Test

_RANK: Final = {Status.DOES_NOT_APPLY: 0, Status.DEPENDS: 1, Status.APPLIES: 2}


def highest(statuses: Iterable[Status]) -> Status:
    """The greatest status: what applies beats what depends, which beats what does not apply."""
    return max(statuses, key=_RANK.__getitem__, default=Status.DOES_NOT_APPLY)


@dataclass(frozen=True)
class Context:
    """What every part of the answer is made from."""

    law: Law
    tables: Tables
    matter: Matter
    case: Case
    evaluation: Evaluation
    lang: str
    cited: dict[str, None] = field(default_factory=dict)

    @property
    def date(self) -> dt.date:
        """The as-of date."""
        return self.case.date

    def norms(self, *types: str) -> list[tuple[Norm, Outcome]]:
        """Every norm of these duty types that is in force, with its outcome, in the order of address and key."""
        outcomes = self.evaluation.norms
        return [(norm, found) for norm in self.law.of_types(*types) if (found := outcomes.get(norm.key))]

    def bound(self, service: str, *types: str) -> list[tuple[Norm, Outcome]]:
        """Those of them that ``service`` must meet."""
        outcomes = self.evaluation.norms
        return [(norm, found) for norm in self.law.bound(service, *types) if (found := outcomes.get(norm.key))]

    def top(self, pairs: list[tuple[Norm, Outcome]]) -> tuple[Status, list[Norm]]:
        """The highest status among norms, and the norms that have it; none where nothing applies or may apply."""
        status = highest(outcome.status for _, outcome in pairs)
        if status is Status.DOES_NOT_APPLY:
            return status, []
        return status, [norm for norm, outcome in pairs if outcome.status is status]

    def out_of_scope(self, norm: Norm) -> bool:
        """Whether a norm fails because of who the person is or which services there are, whatever else may be found out."""
        fixed = self.law.derivable
        return all(
            any(
                self.evaluation.value(test) == 0.0 and (test.section != "facts" or test.fact in fixed)
                for test in row.tests
            )
            for row in self.tables.rows[norm.key]
        )

    def addresses(self, norms: Sequence[Norm], service: str | None = None) -> list[str]:
        """The addresses that norms rest on in this case, each once: their own, then those of the row that came furthest."""
        found = [norm.address for norm in norms]
        for norm in norms:
            found += self.row(norm, service).basis
        return self.cite(found)

    def cite(self, addresses: Iterable[str]) -> list[str]:
        """The addresses, each once. What is cited is remembered, so that the answer can say how each is written."""
        once = dict.fromkeys(addresses)
        self.cited.update(once)
        return list(once)

    def row(self, norm: Norm, service: str | None = None) -> Row:
        """The row of the norm's table that came furthest; of those about ``service``, where one is given."""
        return furthest(self._about(norm, service), self.evaluation)

    def reasons(self, norm: Norm, service: str | None = None) -> list[Reason]:
        """The tests that the norm's status rests on; of the rows about ``service``, where one is given."""
        return self._reasons(reason(self._about(norm, service), self.evaluation, self.row(norm, service)))

    def reasons_of(self, subject: str) -> list[Reason]:
        """The tests that the status of a step, remark or derivation rests on, by its id."""
        rows = self.tables.rows[subject]
        return self._reasons(reason(rows, self.evaluation, furthest(rows, self.evaluation)))

    def _about(self, norm: Norm, service: str | None) -> tuple[Row, ...]:
        return self.tables.about(norm.key, self.law.kinds(service) if service else frozenset())

    def _reasons(self, tests: tuple[Test, ...]) -> list[Reason]:
        value, rules = self.evaluation.value, self.evaluation.rules
        return [_reason(self.law, test, value(test), rules.get(test.fact), self.lang) for test in tests]

    def because(self, reasons: list[Reason]) -> list[str]:
        """Reasons in words."""
        return [_words(self.law, each.label, each.state, each.derived_from, self.lang) for each in reasons]


_STATES: Final[dict[float, Literal["holds", "unknown", "fails"]]] = {1.0: "holds", 0.5: "unknown", 0.0: "fails"}


# Kept: it follows from a test and its outcome, and says nothing of a case.
@lru_cache(maxsize=16384)
def _reason(law: Law, test: Test, value: float, rule: str | None, lang: str) -> Reason:
    derived = law.derivations[rule].strings("alsoBasis") if rule else ()
    return Reason(
        test=test.iri,
        label=test.label(lang),
        fact=test.fact,
        state=_STATES[value],
        derived_from=rule,
        basis=list(dict.fromkeys((*test.basis, *derived))),
    )


@lru_cache(maxsize=16384)
def _words(law: Law, label: str, state: str, rule: str | None, lang: str) -> str:
    text = message(f"test-{state}", lang, test=label)
    if rule is None:
        return text
    said = law.derivations[rule].label(lang)
    return message("test-derived", lang, test=text, rule=said[:1].lower() + said[1:])


def in_force(norm: Norm, date: dt.date) -> dt.date | None:
    """The day the wording that counts on ``date`` entered into force."""
    version = norm.version(date)
    return version.entered if version else None


@lru_cache(maxsize=16384)
def reference(address: str, law: Law, date: dt.date, lang: str) -> ProvisionRef:
    """How an address is cited in full, with the wording that counts on ``date`` where a norm states it."""
    parsed = citation.parse(address)
    versions = (norm.version(date) for norm in law.by_section.get(parsed.section, ()))
    version = next((version for version in versions if version), None)
    return ProvisionRef(
        citation=full_citation(address, law, lang),
        in_force=version.entered if version else None,
        version=version.iri if version else None,
        url=f"https://lovdata.no/{parsed.section}",
    )
