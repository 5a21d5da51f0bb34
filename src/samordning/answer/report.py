"""The answer as a memo in plain text, in nb, nn or en: conclusion, basis, reasons, what to find out, reservations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from samordning.answer import doubt, remedy
from samordning.answer.messages import message
from samordning.answer.page import Ground, Page
from samordning.answer.wording import Wording, capital, date_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from samordning.answer.model import Answer, Coordinator, Duty, Entitlement, Reason
    from samordning.engine.law import Law


class Report:
    """Writes one answer. First what follows, then the parts that people ask about, in the order they ask."""

    def __init__(self, answer: Answer, law: Law, page: Page | None = None) -> None:
        self.answer, self.law, self.lang = answer, law, answer.lang
        self.words = Wording(law, answer.lang)
        self.page = page or Page()
        self.services = [
            *dict.fromkeys(duty.service for duty in answer.cooperation.duties),
            *(other.service for other in answer.cooperation.not_bound),
        ]

    def text(self) -> str:
        """The whole memo."""
        self.write()
        return str(self.page)

    def write(self) -> None:
        """Put the whole memo on the page."""
        self.page.heading(self._say("title", date=date_text(self.answer.date, self.lang)), "=", "title")
        self._conclusion()
        self._cooperation()
        self._coordination()
        self._more()
        # What a meeting can settle comes before what surrounds the duties.
        doubt.find_out(self.page, self.answer, self.words)
        remedy.information(self.page, self.answer, self.words, self.services)
        remedy.remedies(self.page, self.answer, self.words)
        doubt.open_words(self.page, self.answer, self.words)
        self._reservations()

    def _heading(self, key: str) -> None:
        self.page.heading(self._say(key), name=key)

    def _say(self, key: str, **values: object) -> str:
        return message(key, self.lang, **values)

    def _conclusion(self) -> None:
        answer, item = self.answer, self.page.item
        self._heading("conclusion")
        for remark in answer.remarks:
            if remark.about == "cooperation" and remark.status == "applies":
                item(remark.text)
        sure = dict.fromkeys(duty.service for duty in answer.cooperation.duties if duty.status == "applies")
        open_ = dict.fromkeys(duty.service for duty in answer.cooperation.duties if duty.status == "depends")
        unsure = [service for service in open_ if service not in sure]
        if sure:
            item(self._say("conclude-cooperation-applies", services=capital(self.words.services(sure))))
        if unsure:
            item(self._say("conclude-cooperation-depends", services=capital(self.words.services(unsure))))
        if not sure and not unsure:
            item(self._say("conclude-cooperation-does_not_apply"))
        if answer.cooperation.not_bound:
            unbound = self.words.services(other.service for other in answer.cooperation.not_bound)
            item(self._say("conclude-not-bound", services=unbound))
        item(self._say(f"coordination-{answer.coordination.status}", basis=""))
        who = answer.coordination.coordinator
        if who.kind != "none":
            said = self._coordinator(who, "")
            hangs = answer.coordination.status == "depends"
            item(self._say("coordinator-if", who=said) if hangs else said)
        item(self._say(f"conclude-child-coordinator-{answer.child_coordinator.status}"))
        item(self._say(f"conclude-coordinator-{answer.coordinator_right.status}"))
        item(self._say(f"conclude-plan-{answer.individual_plan.right}-{answer.individual_plan.status}"))
        if answer.missing_facts:
            item(self._say("conclude-missing", count=len(answer.missing_facts)))

    def _cooperation(self) -> None:
        part = self.answer.cooperation
        self._heading("who-cooperates")
        for number, duty in enumerate(part.duties):
            if number:
                self.page.gap()
            self._duty(duty)
        if part.with_child_coordinator:
            self.page.gap()
            self.page.paragraph(self._say("with-child-coordinator"))
        for duty in part.with_child_coordinator:
            self._duty(duty)
        if part.not_bound:
            if part.duties:
                self.page.gap()
            self.page.paragraph(self._say("not-bound"))
        for other in part.not_bound:
            named = capital(self.words.service(other.service))
            self.page.item(self._say("not-bound-line", service=named, reason=other.reason))
            if other.instead:
                basis = [address for duty in other.instead for address in duty.basis]
                ground = Ground(basis=basis, norms=[duty.norm for duty in other.instead])
                self.page.paragraph(self._say("instead", basis=self.words.cite(basis)), "  ", ground)
        self._one_sided()

    def _one_sided(self) -> None:
        towards: dict[str, list[str]] = {}
        for pair in self.answer.cooperation.one_sided:
            towards.setdefault(pair.towards, []).append(pair.service)
        if towards:
            self.page.gap()
            self.page.paragraph(self._say("one-sided"))
        for key, those in towards.items():
            services = capital(self.words.services(those))
            self.page.item(self._say("one-sided-line", services=services, other=self.words.service(key)))

    def _duty(self, duty: Duty) -> None:
        named = capital(self.words.service(duty.service))
        status = self._say(f"status-{duty.status}")
        lead = self._say("duty-lead", service=named, status=status)
        line = self._say(
            "duty-line",
            service=named,
            status=status,
            bearer=self.words.body(duty.bearer) if duty.bearer else self._say("none"),
            basis=self.words.cite(duty.basis),
            dated=self._say("dated", date=date_text(duty.in_force, self.lang)) if duty.in_force else "",
        )
        if duty.beneficiary:
            line += " " + self._say("protects", who=self.law.groups[duty.beneficiary].label(self.lang))
        ground = Ground(lead, duty.status, duty.reasons, duty.because, duty.basis, [duty.norm], duty.reading)
        self.page.item(line, ground=ground)
        self._reasons(duty.reasons)
        if duty.status != "does_not_apply":
            self._counterparts(duty)
        if duty.note:
            self.page.noted(self._say("note-line", note=duty.note))

    def _counterparts(self, duty: Duty) -> None:
        others = {service for service in self.services if service != duty.service}
        if len(others) > 1 and set(duty.counterparts) == others:
            self.page.paragraph(self._say("with-all"), "  ")
        elif duty.counterparts:
            self.page.paragraph(self._say("with", services=self.words.services(duty.counterparts)), "  ")
        if duty.uncertain_counterparts:
            unsure = self.words.services(duty.uncertain_counterparts)
            self.page.paragraph(self._say("with-uncertain", services=unsure), "  ")

    def _reasons(self, reasons: Iterable[Reason], indent: str = "  ") -> None:
        by_state: dict[str, list[str]] = {}
        for reason in reasons:
            label = self._say("reason-derived", test=reason.label) if reason.derived_from else reason.label
            if reason.state != "holds":
                label = self._say(f"reason-{reason.state}", test=label)
            by_state.setdefault(reason.state, []).append(label)
        if len(by_state) > 1 and "holds" in by_state:
            by_state = {"met": by_state.pop("holds"), **by_state}
        # What fails is one fault in each row, so it is no sum.
        parts = [
            self._say(f"reasons-{state}", reasons=self.words.join(said, "or" if state == "fails" else "and"))
            for state, said in by_state.items()
        ]
        if parts:
            self.page.summed(" ".join(parts), indent)

    def _coordinator(self, who: Coordinator, basis: str) -> str:
        service = capital(self.words.service(who.service)) if who.service else ""
        return self._say(f"coordinator-{who.kind}", service=service, basis=basis)

    def _coordination(self) -> None:
        part = self.answer.coordination
        self._heading("who-coordinates")
        text, ground = self._based(f"coordination-{part.status}", part.basis, part.status)
        said = replace(ground, reasons=part.reasons, because=part.because, norms=part.norms)
        self.page.paragraph(text, "", said)
        self._reasons(part.reasons, "")
        who = part.coordinator
        if who.kind != "none":
            lead, text = self._coordinator(who, ""), self._coordinator(who, self.words.basis(who.basis))
            self.page.paragraph(text, "", Ground(lead, who.status, basis=who.basis, reading=who.reading))
            self._order()
            if who.candidates:
                self.page.paragraph(self._say("candidates", services=self.words.services(who.candidates)))
            self._not_selectable(who)
            for other in who.could_also_be:
                asked = " ".join(self.law.facts[fact].texts("question")(self.lang) for fact in other.depends_on)
                outcome = self._say(f"outcome-{other.kind}")
                self.page.paragraph(self._say("could-be", outcome=outcome, questions=asked))
            if who.note:
                self.page.paragraph(self._say("note-line", note=who.note))
        self._remarks("coordinator")

    def _order(self) -> None:
        self.page.paragraph(self._say("order"))
        taken = "step-taken"
        for number, step in enumerate(self.answer.coordination.steps, start=1):
            state = self._say(taken if step.taken else f"step-{step.status}")
            taken = "step-taken-so-far" if step.status == "depends" else taken
            failed = step.status == "does_not_apply"
            why = self._say("step-why", why="; ".join(step.because)) if failed else ""
            line = self._say("step-line", label=step.label, state=state, why=why)
            ground = Ground(because=step.because, basis=step.basis, reading=step.reading)
            self.page.item(line, f"{number}. ", ground)
            if step.taken:
                break

    def _not_selectable(self, who: Coordinator) -> None:
        named = [
            self._say(
                "of-level",
                service=self.words.service(each.service),
                level=self.words.concept(f"level/{each.level}"),
            )
            for each in who.not_selectable
            if each.level
        ]
        if named:
            self.page.paragraph(self._say("not-selectable", services=self.words.join(named)))
        unsettled = [each.service for each in who.not_selectable if not each.level]
        if unsettled:
            self.page.paragraph(self._say("level-unsettled", services=self.words.services(unsettled)))

    def _remarks(self, about: str) -> None:
        for remark in self.answer.remarks:
            if remark.about == about and remark.status == "applies":
                source = self.words.concept(f"reading/{remark.reading}")
                basis = self.words.cite(remark.basis)
                named = self._say("remark-basis", source=source, basis=basis) if basis else source
                ground = Ground(remark.text, basis=remark.basis, reading=remark.reading)
                self.page.item(self._say("remark-line", text=remark.text, source=named), ground=ground)

    def _more(self) -> None:
        answer = self.answer
        self._heading("what-else")
        self._entitlement("child-coordinator-line", answer.child_coordinator)
        of_child = self._say(f"status-{answer.child_coordinator.right}")
        self.page.item(self._say("child-coordinator-right-line", status=of_child))
        self._remarks("child-coordinator")
        self._entitlement("coordinator-right-line", answer.coordinator_right)
        plan = answer.individual_plan
        text, ground = self._based("plan-line", plan.duty_basis, plan.status, status=self._say(f"status-{plan.status}"))
        self.page.item(text, ground=replace(ground, reasons=plan.reasons, because=plan.because))
        self._reasons(plan.reasons)
        text, ground = self._based(
            "plan-right-line", plan.right_basis, plan.right, status=self._say(f"status-{plan.right}")
        )
        self.page.item(text, ground=ground)
        if plan.starts and plan.status != "does_not_apply":
            self.page.item(self._say("plan-starts", services=self.words.services(plan.starts)))
        joining = [service for service in plan.participates if service not in plan.starts]
        if joining:
            sure = any(part.status == "applies" for part in plan.parts)
            key = "plan-participates" if sure else "plan-participates-if"
            self.page.item(self._say(key, services=self.words.services(joining)))
        main = plan.main_responsibility
        if main.kind != "none":
            named = self._say("main-named", service=self.words.service(main.service)) if main.service else ""
            text, ground = self._based("main-line", main.basis, label=main.label, service=named)
            self.page.item(text, ground=ground)
        self._remarks("plan")
        system: dict[str, list[str]] = {}
        for duty in answer.system_level:
            system.setdefault(duty.service, []).extend(duty.basis)
        if system:
            parts = [f"{self.words.service(key)}{self.words.basis(addresses)}" for key, addresses in system.items()]
            basis = [address for addresses in system.values() for address in addresses]
            ground = Ground(self._say("system-line", services=self.words.services(system)), basis=basis)
            self.page.item(self._say("system-line", services=self.words.join(parts)), ground=ground)

    def _entitlement(self, key: str, part: Entitlement) -> None:
        text, ground = self._based(key, part.basis, part.status, status=self._say(f"status-{part.status}"))
        said = replace(ground, reasons=part.reasons, because=part.because, norms=part.norms)
        self.page.item(text, ground=said)
        self._reasons(part.reasons)

    def _based(self, key: str, basis: list[str], outcome: str | None = None, /, **values: str) -> tuple[str, Ground]:
        """A line with its basis between brackets, and what it rests on."""
        text = self._say(key, basis=self.words.basis(basis), **values)
        return text, Ground(self._say(key, basis="", **values), outcome, basis=basis)

    def _reservations(self) -> None:
        self._heading("reservations")
        for text in self.answer.reservations:
            self.page.paragraph(text)
        receipt = self.answer.receipt
        read = date_text(receipt.read_as_of, self.lang)
        self.page.paragraph(self._say("reading-line", date=read, dataset=receipt.dataset[:19], case=receipt.case[:19]))


def report(answer: Answer, law: Law) -> str:
    """The answer as plain text, in the language of the answer."""
    return Report(answer, law).text()
