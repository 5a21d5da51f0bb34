"""What the picture says, in words: a row for each duty and for each service that no act binds, and who coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from samordning.answer.messages import message
from samordning.answer.wording import Wording, capital, full_citation
from samordning.interfaces.web import text
from samordning.interfaces.web.drawing.bond import CHILD_COORDINATOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from samordning.answer.model import Answer, Duty, FurtherDuty
    from samordning.engine.law import Law


@dataclass(frozen=True, slots=True)
class Row:
    """One duty, or one service that has none. ``basis`` pairs an address with its citation."""

    service: str
    name: str
    level: str
    level_name: str
    status: str
    """applies, depends, does_not_apply, or unbound"""
    status_name: str
    towards: tuple[str, ...]
    basis: tuple[tuple[str, str], ...]
    remark: str


class Parts:
    """The words of one answer's picture."""

    def __init__(self, answer: Answer, law: Law) -> None:
        self.answer, self.law, self.lang = answer, law, answer.lang
        self.words = Wording(law, answer.lang)
        self.t: Callable[..., str] = text.sayer(answer.lang)
        self.rows = self._rows()

    def level(self, service: str) -> str:
        """The level of government a service is on; ``unsettled`` where the data doesn't say."""
        return self.law.services[service].level or "unsettled"

    def level_name(self, service: str) -> str:
        """The same in words."""
        level = self.level(service)
        return self.t("picture.level-unsettled") if level == "unsettled" else self.words.concept(f"level/{level}")

    def name(self, key: str) -> str:
        """What a box is called."""
        if key == CHILD_COORDINATOR:
            return capital(self.words.body(key))
        return capital(self.law.services[key].label(self.lang))

    def coordinates(self) -> list[str]:
        """Who coordinates, in the words of the memo, and who else it may turn out to be."""
        part = self.answer.coordination
        who = part.coordinator
        said = [message(f"coordination-{part.status}", self.lang, basis=self.words.basis(part.basis))]
        if who.kind != "none":
            service = capital(self.words.service(who.service)) if who.service else ""
            basis = self.words.basis(who.basis)
            said.append(message(f"coordinator-{who.kind}", self.lang, service=service, basis=basis))
        return [*said, *(self.t("picture.could-be", outcome=self._outcome(other.kind)) for other in who.could_also_be)]

    def _outcome(self, kind: str) -> str:
        return message(f"outcome-{kind}", self.lang)

    def _rows(self) -> list[Row]:
        # Every duty, then those beside them with the child coordinator, then those that no act binds.
        part = self.answer.cooperation
        rows = [self._duty(duty, self._towards(duty)) for duty in part.duties]
        rows += [self._duty(duty, (self.words.body(CHILD_COORDINATOR),)) for duty in part.with_child_coordinator]
        for other in part.not_bound:
            remark = " ".join(filter(None, (other.reason, self._instead(other.instead))))
            status = self.t("picture.not-bound")
            rows.append(self._row(other.service, "unbound", status, (), (), remark))
        return rows

    def _duty(self, duty: Duty, towards: tuple[str, ...]) -> Row:
        status = message(f"status-{duty.status}", self.lang)
        remark = ""
        if duty.status != "applies":
            remark = capital("; ".join(duty.because)) + "." if duty.because else ""
        return self._row(duty.service, duty.status, status, towards, duty.basis, remark)

    def _row(
        self, service: str, status: str, said: str, towards: tuple[str, ...], basis: Iterable[str], remark: str
    ) -> Row:
        cited = tuple((address, full_citation(address, self.law, self.lang)) for address in basis)
        return Row(
            service, self.name(service), self.level(service), self.level_name(service), status, said, towards, cited, remark
        )  # fmt: skip

    def _towards(self, duty: Duty) -> tuple[str, ...]:
        if duty.status == "does_not_apply":
            return ()
        sure = (self.words.service(other) for other in duty.counterparts)
        unsure = (
            self.t("picture.uncertain", service=self.words.service(other)) for other in duty.uncertain_counterparts
        )
        return (*sure, *unsure)

    def _instead(self, duties: list[FurtherDuty]) -> str:
        if not duties:
            return ""
        return message(
            "instead", self.lang, basis=self.words.cite(address for duty in duties for address in duty.basis)
        )

    def sentences(self) -> list[str]:
        """The rows as sentences, for those who hear the picture."""
        said = []
        for row in self.rows:
            parts = [f"{row.name} ({row.level_name}): {row.status_name}"]
            if row.towards:
                parts.append(self.t("picture.with", services=", ".join(row.towards)))
            if row.basis:
                parts.append("; ".join(citation for _, citation in row.basis))
            said.append(". ".join(parts) + ".")
        return said
