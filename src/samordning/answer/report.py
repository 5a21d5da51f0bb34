"""The answer as a memo in plain text, in nb, nn or en: conclusion, basis, reasons, what to find out, reservations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samordning.answer import remedy
from samordning.answer.messages import message
from samordning.answer.page import Page
from samordning.answer.wording import Wording, capital, date_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from samordning.answer.model import Answer, Coordinator, Duty, Entitlement, Reason
    from samordning.engine.law import Law


class Report:
    """Writes one answer. First what follows, then the parts that people ask about, in the order they ask."""

    def __init__(self, answer: Answer, law: Law) -> None:
        self.answer, self.law, self.lang = answer, law, answer.lang
        self.words = Wording(law, answer.lang)
        self.page = Page()
        self.services = [
            *dict.fromkeys(duty.service for duty in answer.cooperation.duties),
            *(other.service for other in answer.cooperation.not_bound),
        ]

    def text(self) -> str:
        """The whole memo."""
        self.page.heading(self._say("title", date=date_text(self.answer.date, self.lang)), "=")
        self._conclusion()
        self._cooperation()
        self._coordination()
        self._more()
        remedy.information(self.page, self.answer, self.words, self.services)
        remedy.remedies(self.page, self.answer, self.words)
        self._find_out()
        self._open_words()
        self._reservations()
        return str(self.page)

    def _say(self, key: str, **values: object) -> str:
        return message(key, self.lang, **values)

    def _conclusion(self) -> None:
        answer, item = self.answer, self.page.item
        self.page.heading(self._say("conclusion"))
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
            item(self._coordinator(who, ""))
        item(self._say(f"conclude-child-coordinator-{answer.child_coordinator.status}"))
        item(self._say(f"conclude-coordinator-{answer.coordinator_right.status}"))
        item(self._say(f"conclude-plan-{answer.individual_plan.right}-{answer.individual_plan.status}"))
        if answer.missing_facts:
            item(self._say("conclude-missing", count=len(answer.missing_facts)))

    def _cooperation(self) -> None:
        part = self.answer.cooperation
        self.page.heading(self._say("who-cooperates"))
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
                basis = self.words.cite(address for duty in other.instead for address in duty.basis)
                self.page.paragraph(self._say("instead", basis=basis), "  ")
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
        line = self._say(
            "duty-line",
            service=capital(self.words.service(duty.service)),
            status=self._say(f"status-{duty.status}"),
            bearer=self.words.body(duty.bearer) if duty.bearer else self._say("none"),
            basis=self.words.cite(duty.basis),
            dated=self._say("dated", date=date_text(duty.in_force, self.lang)) if duty.in_force else "",
        )
        if duty.beneficiary:
            line += " " + self._say("protects", who=self.law.groups[duty.beneficiary].label(self.lang))
        self.page.item(line)
        self._reasons(duty.reasons)
        if duty.status != "does_not_apply":
            self._counterparts(duty)
        if duty.note:
            self.page.paragraph(self._say("note-line", note=duty.note), "  ")

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
            self.page.paragraph(" ".join(parts), indent)

    def _coordinator(self, who: Coordinator, basis: str) -> str:
        service = capital(self.words.service(who.service)) if who.service else ""
        return self._say(f"coordinator-{who.kind}", service=service, basis=basis)

    def _coordination(self) -> None:
        part = self.answer.coordination
        self.page.heading(self._say("who-coordinates"))
        self.page.paragraph(self._say(f"coordination-{part.status}", basis=self.words.basis(part.basis)))
        self._reasons(part.reasons, "")
        who = part.coordinator
        if who.kind != "none":
            self.page.paragraph(self._coordinator(who, self.words.basis(who.basis)))
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
        for number, step in enumerate(self.answer.coordination.steps, start=1):
            state = self._say("step-taken") if step.taken else self._say(f"step-{step.status}")
            failed = step.status == "does_not_apply"
            why = self._say("step-why", why="; ".join(step.because)) if failed else ""
            self.page.item(self._say("step-line", label=step.label, state=state, why=why), f"{number}. ")
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
                self.page.item(self._say("remark-line", text=remark.text, source=named))

    def _more(self) -> None:
        answer = self.answer
        self.page.heading(self._say("what-else"))
        self._entitlement("child-coordinator-line", answer.child_coordinator)
        of_child = self._say(f"status-{answer.child_coordinator.right}")
        self.page.item(self._say("child-coordinator-right-line", status=of_child))
        self._remarks("child-coordinator")
        self._entitlement("coordinator-right-line", answer.coordinator_right)
        plan = answer.individual_plan
        due = self._say(f"status-{plan.status}")
        self.page.item(self._say("plan-line", status=due, basis=self.words.basis(plan.duty_basis)))
        self._reasons(plan.reasons)
        right = self._say(f"status-{plan.right}")
        self.page.item(self._say("plan-right-line", status=right, basis=self.words.basis(plan.right_basis)))
        if plan.starts and plan.status != "does_not_apply":
            self.page.item(self._say("plan-starts", services=self.words.services(plan.starts)))
        joining = [service for service in plan.participates if service not in plan.starts]
        if joining:
            self.page.item(self._say("plan-participates", services=self.words.services(joining)))
        main = plan.main_responsibility
        if main.kind != "none":
            named = self._say("main-named", service=self.words.service(main.service)) if main.service else ""
            self.page.item(self._say("main-line", label=main.label, service=named, basis=self.words.basis(main.basis)))
        self._remarks("plan")
        system: dict[str, list[str]] = {}
        for duty in answer.system_level:
            system.setdefault(duty.service, []).extend(duty.basis)
        if system:
            parts = [f"{self.words.service(key)}{self.words.basis(addresses)}" for key, addresses in system.items()]
            self.page.item(self._say("system-line", services=self.words.join(parts)))

    def _entitlement(self, key: str, part: Entitlement) -> None:
        status = self._say(f"status-{part.status}")
        self.page.item(self._say(key, status=status, basis=self.words.basis(part.basis)))
        self._reasons(part.reasons)

    def _find_out(self) -> None:
        self.page.heading(self._say("find-out"))
        if not self.answer.missing_facts:
            self.page.paragraph(self._say("nothing-missing"))
        for missing in self.answer.missing_facts:
            self.page.item(self._say("find-out-line", question=missing.question, why=missing.why))
            changes = self.words.join(dict.fromkeys(self.words.subject(iri) for iri in missing.changes))
            self.page.paragraph(self._say("find-out-changes", changes=changes), "  ")

    def _open_words(self) -> None:
        if self.answer.open_norms:
            self.page.heading(self._say("open-words"))
        for word in self.answer.open_norms:
            self.page.item(self._say("open-word", label=word.label, definition=word.definition))
            for weighs in word.weighs_in:
                self.page.paragraph(self._say("weighs-in", weighs=weighs), "  ")

    def _reservations(self) -> None:
        self.page.heading(self._say("reservations"))
        for text in self.answer.reservations:
            self.page.paragraph(text)
        receipt = self.answer.receipt
        read = date_text(receipt.read_as_of, self.lang)
        self.page.paragraph(self._say("reading-line", date=read, dataset=receipt.dataset[:19], case=receipt.case[:19]))


def report(answer: Answer, law: Law) -> str:
    """The answer as plain text, in the language of the answer."""
    return Report(answer, law).text()
