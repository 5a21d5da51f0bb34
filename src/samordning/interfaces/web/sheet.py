"""The memo as a page to open up: the same lines as in plain text, each with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from samordning.answer.basis import reference
from samordning.answer.page import Page
from samordning.answer.report import Report
from samordning.answer.wording import Wording, date_text, full_citation
from samordning.interfaces.web.text import say
from samordning.namespaces import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from samordning.answer.model import Answer
    from samordning.answer.page import Ground
    from samordning.engine.law import Law


@dataclass(frozen=True)
class Link:
    """Something to follow; ``about`` says more of it, and a link to nothing is only said."""

    text: str
    href: str
    about: str = ""


@dataclass(frozen=True)
class Test:
    """One reason: holds, fails, unknown; empty where it is only said."""

    state: str
    text: str


@dataclass
class Line:
    """A line of the memo. ``short`` is what it says before it is opened, the same as ``text`` where there is no shorter."""

    kind: str
    text: str
    short: str
    status: str | None = None
    tests: Sequence[Test] = ()
    provisions: Sequence[Link] = ()
    norms: Sequence[Link] = ()
    reading: str = ""
    summed: str = ""
    under: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def opens(self) -> bool:
        """Whether there is something to open."""
        return bool(self.tests or self.provisions or self.norms)


@dataclass
class Section:
    """A part of the memo under its heading."""

    name: str
    title: str
    lines: list[Line] = field(default_factory=list)

    @property
    def blocks(self) -> Iterator[tuple[str, list[Line]]]:
        """Lines in lists, and paragraphs by themselves."""
        block: list[Line] = []
        for line in self.lines:
            if block and (line.kind != block[0].kind or line.kind == "paragraph"):
                yield block[0].kind, block
                block = []
            block.append(line)
        if block:
            yield block[0].kind, block


class Sheet(Page):
    """Gathers lines with what they rest on."""

    def __init__(self, answer: Answer, law: Law) -> None:
        super().__init__()
        self.sections: list[Section] = []
        self._answer, self._law = answer, law
        self._words = Wording(law, answer.lang)

    def heading(self, text: str, rule: str = "-", name: str = "") -> None:
        """A part begins."""
        del rule
        self.sections.append(Section(name, text))

    def paragraph(self, text: str, indent: str = "", ground: Ground | None = None) -> None:
        """A paragraph; one that is indented belongs to the line above it."""
        lines = self.sections[-1].lines
        if indent and lines:
            lines[-1].under.append(held(text))
            if ground is not None:
                lines[-1].provisions = [*lines[-1].provisions, *self._provisions(ground.basis)]
                lines[-1].norms = [*lines[-1].norms, *links(ground.norms, self._words)]
        else:
            lines.append(self._line("paragraph", text, ground))

    def item(self, text: str, mark: str = "- ", ground: Ground | None = None) -> None:
        """An item of a list, or a step of an order where its mark is a number."""
        self.sections[-1].lines.append(self._line("item" if mark == "- " else "step", text, ground))

    def summed(self, text: str, indent: str = "") -> None:
        """Reasons in one sentence."""
        del indent
        self.sections[-1].lines[-1].summed = held(text)

    def noted(self, text: str) -> None:
        """A note to the line above."""
        self.sections[-1].lines[-1].notes.append(held(text))

    def gap(self) -> None:
        """There are no empty lines on a page."""

    def _line(self, kind: str, text: str, ground: Ground | None) -> Line:
        text = held(text)
        if ground is None:
            return Line(kind, text, text)
        lang = self._answer.lang
        states: list[str] = [reason.state for reason in ground.reasons] or [""] * len(ground.because)
        tests = [Test(state, said) for state, said in zip(states, ground.because, strict=True)]
        reading = ""
        if ground.reading:
            source = self._words.concept(f"reading/{ground.reading}")
            reading = say(
                lang,
                "ask.reading",
                source=source,
                about=self._law.concepts[f"reading/{ground.reading}"].texts("definition")(lang),
            )
        return Line(
            kind, text, held(ground.lead) or text, ground.status, tests, self._provisions(ground.basis),
            list(links(ground.norms, self._words)), reading,
        )  # fmt: skip

    def _provisions(self, basis: Iterable[str]) -> list[Link]:
        lang = self._answer.lang
        found = []
        for address in dict.fromkeys(basis):
            about = reference(address, self._law, self._answer.date, lang)
            dated = say(lang, "ask.worded", date=date_text(about.in_force, lang)) if about.in_force else ""
            found.append(Link(held(about.citation), f"/{lang}/law/{quote(address)}", dated))
        return found


def held(text: str) -> str:
    """The text with no line that ends in a lone paragraph sign."""
    return text.replace("§ ", "§\u00a0")


def links(iris: Iterable[str], words: Wording) -> Iterator[Link]:
    """Norms as links to their pages; steps have none."""
    for iri in dict.fromkeys(iris):
        key = local(iri).removeprefix("norm/")
        norm = words.law.norms.get(key)
        if norm is None:
            step = next(step for step in words.law.steps if step.iri == iri)
            yield Link(step.label(words.lang), "")
        else:
            yield Link(
                norm.label(words.lang),
                f"/{words.lang}/norms/{quote(key)}",
                held(full_citation(norm.address, words.law, words.lang)),
            )


def sections(answer: Answer, law: Law) -> list[Section]:
    """The memo, part by part; the first has its title and no lines."""
    sheet = Sheet(answer, law)
    Report(answer, law, sheet).write()
    return sheet.sections
