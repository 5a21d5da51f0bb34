"""A report to read and to print: as sections first, so that the text and the page say the same."""

from __future__ import annotations

import base64
import hashlib
import textwrap
from collections import defaultdict
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Final

from samordning.answer.wording import date_text
from samordning.engine import citation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from samordning.check.checker import Checker
    from samordning.check.model import Finding, Group, Norm, Report, Texts

_WIDTH: Final = 100
#: The order in which a reader meets the findings.
_FOUND: Final = ("breach", "to-be-assessed", "recommended")
#: The kinds of outcome that a summary counts, in the order of the reader.
COUNTED: Final = ("breach", "to-be-assessed", "recommended", "not-assessable", "depends", "met", "not-checkable")


@dataclass
class Line:
    """A label, which may be empty, and a text in pieces, each with the address of the provision that it cites, if any."""

    label: str
    runs: list[tuple[str, str]]

    @property
    def text(self) -> str:
        """The pieces together."""
        return "".join(said for said, _ in self.runs)


@dataclass
class Entry:
    """One thing in a section: what it is about, and lines."""

    title: str = ""
    lines: list[Line] = field(default_factory=list)


@dataclass
class Section:
    """A kind of finding or other part of the report, its heading, and what stands below it."""

    kind: str
    title: str
    entries: list[Entry]


class Composer:
    """Puts a report into words in one language."""

    def __init__(self, checker: Checker, report: Report, lang: str) -> None:
        self.checker, self.law, self.report_, self.lang = checker, checker.kg.law, report, lang

    def title(self) -> str:
        """What the whole is about."""
        about = self.report_.about
        name = about.name or self._say("unnamed")
        return self._say(f"title-{about.scope}", date=date_text(about.date, self.lang), name=name)

    def sections(self) -> list[Section]:
        """The report in the order a reader wants it."""
        summary = self.report_.summary.model_dump()
        counts = [_line(self._say("duties"), str(summary["duties"]))]
        counts += [_line(self._say(kind), str(summary[kind.replace("-", "_")])) for kind in COUNTED]
        found = [self._section("summary", [Entry(lines=counts)])]
        found += [self._section(kind, self._findings(kind)) for kind in _FOUND]
        found.append(self._section("not-assessable", self._silent()))
        if summary["depends"]:
            found.append(self._section("depends", self._depends()))
        found.append(self._section("met", self._met()))
        found.append(self._section("not-checkable", self._unchecked()))
        found.append(self._section("reservations", [Entry(lines=[_line("", self._in(self.report_.reservation))])]))
        receipt = self.report_.receipt
        said = self._say(
            "receipt",
            rules=receipt.rules,
            checked_by=receipt.checked_by,
            dataset=receipt.dataset[:19],
            date=date_text(receipt.read_as_of, self.lang),
        )
        found[-1].entries.append(Entry(lines=[_line("", said)]))
        return found

    def _section(self, kind: str, entries: list[Entry]) -> Section:
        return Section(kind, self._say(kind), entries or [Entry(lines=[_line("", self._say("none"))])])

    def _findings(self, kind: str) -> list[Entry]:
        return [entry for group in self.report_.groups for entry in self._entries(group, kind)]

    def _entries(self, group: Group, kind: str) -> Iterable[Entry]:
        # Findings about the same duty that the same body mends in the same way are one matter.
        same: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
        for finding in group.findings:
            if finding.kind == kind:
                norms = self._norms(group, finding)
                bearers = self._join(dict.fromkeys(self._in(norm.bearer_label) for norm in norms))
                supervised = "; ".join(dict.fromkeys(self._in(norm.supervisor.text) for norm in norms))
                towards = self._services(finding.towards)
                same[self._in(finding.mend), bearers, supervised, towards].append(finding)
        for (mend, bearers, supervised, towards), findings in same.items():
            lines = [_line(self._say("findings"), self._in(finding.text)) for finding in findings]
            if towards:
                lines.append(_line(self._say("towards"), towards))
            concerned = {norm.norm: norm for finding in findings for norm in self._norms(group, finding)}
            lines.append(Line(self._say("basis"), self._basis(list(concerned.values()))))
            told = (("bearer", bearers), ("supervisor", supervised), ("mend", mend))
            lines += [_line(self._say(label), said) for label, said in told]
            yield Entry(self._about(group), lines)

    def _norms(self, group: Group, finding: Finding) -> list[Norm]:
        return [norm for norm in group.norms if norm.norm in finding.norms]

    def _silent(self) -> list[Entry]:
        # The same silence often concerns many services: say it once.
        same: dict[str, list[tuple[Group, Finding]]] = defaultdict(list)
        for group in self.report_.groups:
            for finding in group.findings:
                if finding.kind == "not-assessable":
                    same[self._in(finding.text)].append((group, finding))
        entries = []
        for text, places in same.items():
            norms = [norm for group, finding in places for norm in group.norms if norm.norm in finding.norms]
            lines = [_line("", text)]
            services = dict.fromkeys(group.service for group, _ in places if group.service)
            if services:
                label = self._say("towards" if places[0][1].towards else "bearer")
                lines.append(_line(label, self._services(services)))
            lines.append(Line(self._say("basis"), self.cite(dict.fromkeys(norm.provision.address for norm in norms))))
            entries.append(Entry("", lines))
        return entries

    def _depends(self) -> list[Entry]:
        by_fact: dict[str, dict[str, None]] = defaultdict(dict)
        for group in self.report_.groups:
            for finding in group.findings:
                for fact in finding.missing_facts:
                    by_fact[fact][self._about(group)] = None
        found = []
        for fact, groups in sorted(by_fact.items()):
            question = self.law.facts[fact].texts("question")(self.lang)
            found.append(Entry("", [_line(self._say("facts"), question), _line("", "; ".join(groups))]))
        return found

    def _met(self) -> list[Entry]:
        lines = []
        for group in self.report_.groups:
            met = [norm for norm in group.norms if norm.outcome == "met"]
            if met:
                cited = self.cite(dict.fromkeys(norm.provision.address for norm in met))
                lines.append(Line(self._about(group), cited))
        return [Entry("", lines)] if lines else []

    def _unchecked(self) -> list[Entry]:
        found = []
        for entry in self.report_.unchecked:
            basis = Line(self._say("basis"), self.cite(self._sections(entry.addresses)))
            found.append(Entry("", [_line("", self._in(entry.why)), basis]))
        return found

    def _about(self, group: Group) -> str:
        label = self._in(group.label)
        if group.service_label is None:
            return label[:1].upper() + label[1:]
        return self._say("for-service", type=label[:1].upper() + label[1:], service=self._in(group.service_label))

    def _basis(self, norms: Sequence[Norm]) -> list[tuple[str, str]]:
        by_day: dict[str, list[str]] = defaultdict(list)
        for norm in norms:
            day = norm.provision.in_force
            by_day[date_text(day, self.lang) if day else ""].append(norm.provision.address)
        parts = []
        for since, addresses in by_day.items():
            cited = self.cite(dict.fromkeys(addresses))
            if since:
                before, _, after = self._say("since", basis="\0", date=since).partition("\0")
                cited = [(before, ""), *cited, (after, "")]
            parts.append(cited)
        return _between("; ", parts)

    def cite(self, addresses: Iterable[str]) -> list[tuple[str, str]]:
        """Addresses in words, those of one act together, each piece with the address that it cites."""
        by_act: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for address in addresses:
            by_act[citation.parse(address).act].append((citation.below(address, self.lang), address))
        parts = []
        for act, places in by_act.items():
            thing = self.law.acts.get(act)
            listed = [[place] for place in places]
            joined = _between(", ", listed[:-1]) + [(f" {self._say('and')} ", "")] * (len(listed) > 1) + listed[-1]
            parts.append([(f"{thing.label(self.lang) if thing else act} ", ""), *joined])
        return _between("; ", parts)

    def _sections(self, addresses: Iterable[str]) -> Iterable[str]:
        return dict.fromkeys(citation.parse(address).section for address in addresses)

    def _services(self, keys: Iterable[str]) -> str:
        return self._join([self.law.services[key].label(self.lang) for key in keys])

    def _join(self, words: Iterable[str]) -> str:
        listed = list(words)
        if len(listed) < 2:  # noqa: PLR2004  # one word needs no "and"
            return "".join(listed)
        return f"{', '.join(listed[:-1])} {self._say('and')} {listed[-1]}"

    def _in(self, texts: Texts) -> str:
        return str(getattr(texts, self.lang))

    def _say(self, key: str, **values: object) -> str:
        return self.checker.messages(key)[self.lang].format(**values)


def _line(label: str, said: str) -> Line:
    return Line(label, [(said, "")])


def _between(mark: str, parts: Sequence[list[tuple[str, str]]]) -> list[tuple[str, str]]:
    return [run for number, part in enumerate(parts) for run in ([(mark, "")] * (number > 0) + part) if run[0]]


def text(checker: Checker, report: Report, lang: str) -> str:
    """The report as plain text."""
    composer = Composer(checker, report, lang)
    title = composer.title()
    lines = [title, "=" * len(title)]
    for section in composer.sections():
        lines += ["", section.title, "-" * len(section.title)]
        for number, entry in enumerate(section.entries):
            if number:
                lines.append("")
            if entry.title:
                lines += _wrap(entry.title, "")
            indent = "  " if entry.title else ""
            for line in entry.lines:
                lines += _wrap(f"{line.label}: {line.text}" if line.label else line.text, indent)
    return "\n".join(lines) + "\n"


def _wrap(said: str, indent: str) -> list[str]:
    wrapped = textwrap.wrap(
        said.replace("§ ", "§\u00a0"),
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_on_hyphens=False,
    )
    return [line.replace("§\u00a0", "§ ") for line in wrapped]


_STYLE: Final = """body{font:11pt/1.45 Georgia,serif;max-width:46em;margin:2em auto;padding:0 1em;color:#111}
h1{font-size:1.5em}h2{font-size:1.15em;border-bottom:1px solid #888;margin-top:1.8em}h3{font-size:1em;margin:1.2em 0 .2em}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em .8em;margin:.2em 0}dt{color:#555}dd{margin:0}p{margin:.3em 0}
article{break-inside:avoid}@media print{body{margin:0;max-width:none}}"""
#: What a content security policy calls the style of the page.
STYLE_HASH: Final = f"sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}"


def html(checker: Checker, report: Report, lang: str) -> str:
    """The report as one page that needs nothing else and prints well. Everything in it is escaped."""
    composer = Composer(checker, report, lang)
    title = escape(composer.title())
    body = []
    for section in composer.sections():
        body.append(f"<section><h2>{escape(section.title)}</h2>")
        body += [_entry(entry) for entry in section.entries]
        body.append("</section>")
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def _entry(entry: Entry) -> str:
    parts = [f"<h3>{escape(entry.title)}</h3>"] if entry.title else []
    labelled = [line for line in entry.lines if line.label]
    parts += [f"<p>{escape(line.text)}</p>" for line in entry.lines if not line.label]
    if labelled:
        rows = "".join(f"<dt>{escape(line.label)}</dt><dd>{escape(line.text)}</dd>" for line in labelled)
        parts.append(f"<dl>{rows}</dl>")
    return f"<article>{''.join(parts)}</article>"
