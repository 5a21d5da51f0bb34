"""The answer as plain text that a case worker can read aloud, in nb, nn or en."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from samordning.answer.messages import message
from samordning.engine import citation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from samordning.answer.model import Answer, Duty
    from samordning.engine.law import Law

WIDTH = 100
_MONTHS = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "nn": "januar februar mars april mai juni juli august september oktober november desember",
    "en": "January February March April May June July August September October November December",
}


def date_text(date: dt.date, lang: str) -> str:
    """A date written out: ``1. august 2022``, ``1 August 2022``."""
    month = _MONTHS[lang].split()[date.month - 1]
    return f"{date.day} {month} {date.year}" if lang == "en" else f"{date.day}. {month} {date.year}"


def span_text(entered: dt.date | None, last: dt.date | None, lang: str) -> str:
    """From when to when a wording holds: ``from 1 August 2022 to 31 July 2024``."""
    if entered is None:
        return message("date-unknown", lang)
    if last is None:
        return message("provision-since", lang, entered=date_text(entered, lang))
    return message("provision-span", lang, entered=date_text(entered, lang), until=date_text(last, lang))


class Report:
    """Writes one answer. The parts follow the questions people ask, in the order they ask them."""

    def __init__(self, answer: Answer, law: Law) -> None:
        self.answer, self.law, self.lang = answer, law, answer.lang
        self.lines: list[str] = []

    def text(self) -> str:
        """The whole report."""
        self._heading(self._say("title", date=date_text(self.answer.date, self.lang)), "=")
        self._cooperation()
        self._coordination()
        self._more()
        self._around()
        self._find_out()
        self._reservations()
        return "\n".join(self.lines) + "\n"

    def _say(self, key: str, **values: object) -> str:
        return message(key, self.lang, **values)

    def _heading(self, text: str, rule: str = "-") -> None:
        self.lines += [*([""] if self.lines else []), text, rule * len(text)]

    def _paragraph(self, text: str, indent: str = "") -> None:
        self.lines += _wrap(text, indent, indent)

    def _item(self, text: str) -> None:
        self.lines += _wrap(text, "- ", "  ")

    def _service(self, key: str) -> str:
        return self.law.services[key].label(self.lang)

    def _services(self, keys: Iterable[str]) -> str:
        return self._join([self._service(key) for key in keys])

    def _join(self, words: list[str]) -> str:
        if len(words) < 2:  # noqa: PLR2004  # one word needs no "and"
            return "".join(words)
        return f"{', '.join(words[:-1])} {self._say('and')} {words[-1]}"

    def cite(self, addresses: Iterable[str]) -> str:
        """Addresses in words, those of one act together."""
        by_act: dict[str, list[str]] = {}
        for address in addresses:
            by_act.setdefault(citation.parse(address).act, []).append(citation.below(address, self.lang))
        parts = []
        for act, places in by_act.items():
            thing = self.law.acts.get(act)
            parts.append(f"{thing.label(self.lang) if thing else act} {self._join(places)}")
        return "; ".join(parts)

    def _basis_in(self, addresses: list[str]) -> str:
        return self._say("basis-in", basis=self.cite(addresses)) if addresses else ""

    def _cooperation(self) -> None:
        part = self.answer.cooperation
        self._heading(self._say("who-cooperates"))
        self._paragraph(self._say(f"cooperation-{part.status}"))
        for duty in part.duties:
            self.lines.append("")
            self._duty(duty)
        if part.not_bound:
            self.lines.append("")
            self._paragraph(self._say("not-bound"))
            for other in part.not_bound:
                self._item(
                    self._say("not-bound-line", service=_capital(self._service(other.service)), reason=other.reason)
                )

    def _duty(self, duty: Duty) -> None:
        bearer = self.law.bodies[duty.bearer].label(self.lang) if duty.bearer else self._say("none")
        dated = self._say("dated", date=date_text(duty.in_force, self.lang)) if duty.in_force else ""
        line = self._say(
            "duty-line",
            service=_capital(self._service(duty.service)),
            status=self._say(f"status-{duty.status}"),
            bearer=bearer,
            basis=self.cite(duty.basis),
            dated=dated,
        )
        self._item(line)
        if duty.because:
            self._paragraph(self._say("reasons", reasons="; ".join(duty.because)), "  ")
        if duty.status != "does_not_apply" and duty.counterparts:
            self._paragraph(self._say("with", services=self._services(duty.counterparts)), "  ")
        if duty.status != "does_not_apply" and duty.uncertain_counterparts:
            self._paragraph(self._say("with-uncertain", services=self._services(duty.uncertain_counterparts)), "  ")
        if duty.note:
            self._paragraph(self._say("note-line", note=duty.note), "  ")

    def _coordination(self) -> None:
        part = self.answer.coordination
        self._heading(self._say("who-coordinates"))
        self._paragraph(self._say(f"coordination-{part.status}", basis=self.cite(part.basis)))
        who = part.coordinator
        if who.kind == "none":
            return
        service = _capital(self._service(who.service)) if who.service else ""
        self._paragraph(self._say(f"coordinator-{who.kind}", service=service, basis=self.cite(who.basis)))
        if who.candidates:
            self._paragraph(self._say("candidates", services=self._services(who.candidates)))
        for other in who.could_also_be:
            facts = "; ".join(self.law.facts[fact].label(self.lang) for fact in other.depends_on)
            self._paragraph(self._say("could-be", outcome=self._say(f"outcome-{other.kind}"), facts=facts))
        if who.note:
            self._paragraph(self._say("note-line", note=who.note))

    def _more(self) -> None:
        answer = self.answer
        self._heading(self._say("what-else"))
        for key, part in (
            ("child-coordinator-line", answer.child_coordinator),
            ("coordinator-right-line", answer.coordinator_right),
        ):
            self._item(self._say(key, status=self._say(f"status-{part.status}"), basis=self._basis_in(part.basis)))
            if part.because and part.status != "does_not_apply":
                self._paragraph(self._say("reasons", reasons="; ".join(part.because)), "  ")
        plan = answer.individual_plan
        self._item(self._say("plan-line", status=self._say(f"status-{plan.status}"), basis=self._basis_in(plan.basis)))
        self._item(self._say("plan-right-line", status=self._say(f"status-{plan.right}")))
        if plan.starts and plan.status != "does_not_apply":
            self._item(self._say("plan-starts", services=self._services(plan.starts)))
        if plan.participates:
            self._item(self._say("plan-participates", services=self._services(plan.participates)))
        main = plan.main_responsibility
        if main.kind != "none":
            key = f"main-{main.kind}" if main.kind != "service" or main.service else "main-service-unnamed"
            self._item(
                self._say(key, service=self._service(main.service) if main.service else "", basis=self.cite(main.basis))
            )
        for duty in answer.system_level:
            self._item(self._say("system-line", service=self._service(duty.service), basis=self.cite(duty.basis)))

    def _around(self) -> None:
        self._heading(self._say("around"))
        by_service: dict[str, list[str]] = {}
        for duty in self.answer.confidentiality:
            if duty.service and duty.status != "does_not_apply":
                by_service.setdefault(duty.service, []).extend(duty.basis)
        for service, addresses in by_service.items():
            # Whole sections only: a list of every ledd can't be read aloud. The JSON has them all.
            sections = dict.fromkeys(citation.parse(address).section for address in addresses)
            self._item(self._say("confidentiality-line", service=self._service(service), basis=self.cite(sections)))
        complaints: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for complaint in self.answer.complaint:
            about = self._say(f"about-{complaint.about}")
            complaints.setdefault((complaint.text, tuple(complaint.basis)), []).append(about)
        for (text, basis), abouts in complaints.items():
            key = "complaint-line" if basis else "complaint-line-plain"
            self._item(self._say(key, about=self._join(abouts), text=text, basis=self.cite(basis)))
        watched: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for entry in self.answer.supervision:
            watched.setdefault((entry.text, tuple(entry.basis)), []).extend(entry.of)
        for (text, basis), of in watched.items():
            key = "supervision-line" if basis else "supervision-plain"
            self._item(self._say(key, of=self.cite(dict.fromkeys(of)), text=text, basis=self.cite(basis)))

    def _find_out(self) -> None:
        self._heading(self._say("find-out"))
        if not self.answer.missing_facts:
            self._paragraph(self._say("nothing-missing"))
        for missing in self.answer.missing_facts:
            self._item(self._say("find-out-line", question=missing.question, why=missing.why.rstrip(".")))

    def _reservations(self) -> None:
        self._heading(self._say("reservations"))
        for text in self.answer.reservations:
            self._paragraph(text)
        receipt = self.answer.receipt
        self._paragraph(
            self._say("reading-line", date=date_text(receipt.read_as_of, self.lang), dataset=receipt.dataset[:19])
        )


def _wrap(text: str, first: str, rest: str) -> list[str]:
    # No line ends in a lone paragraph sign.
    lines = textwrap.wrap(text.replace("§ ", "§\u00a0"), WIDTH, initial_indent=first, subsequent_indent=rest)
    return [line.replace("\u00a0", " ") for line in lines]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def report(answer: Answer, law: Law) -> str:
    """The answer as plain text, in the language of the answer."""
    return Report(answer, law).text()
