"""The history of every section: what it came after, what came after it, and where each wording was read."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samordning.engine import citation
from samordning.engine.law import Texts, texts
from samordning.engine.query import library
from samordning.namespaces import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from samordning.catalogue.item import Wording
    from samordning.catalogue.provision import Provisions
    from samordning.engine.law import Law
    from samordning.engine.store import Store, Value


@dataclass(frozen=True)
class Source:
    """A text that a wording was read from."""

    label: Texts
    url: str


@dataclass(frozen=True)
class Moment:
    """One wording in the history of a section; ``section`` is where it stood then."""

    section: str
    wording: Wording
    note: Texts
    sources: tuple[Source, ...]


@dataclass(frozen=True, eq=False)
class Histories:
    """All of them. ``former`` and ``later`` go from section to section."""

    former: Mapping[str, frozenset[str]]
    later: Mapping[str, frozenset[str]]
    notes: Mapping[str, Texts]
    sources: Mapping[str, tuple[Source, ...]]
    provisions: Provisions

    def line(self, section: str) -> list[Moment]:
        """Every wording of the section, of those it came after and of those that came after it, earliest first."""
        sections = [*_walk(section, self.former), section, *_walk(section, self.later)]
        found = [
            Moment(one, wording, self.notes.get(wording.iri, Texts()), self.sources.get(wording.iri, ()))
            for one in dict.fromkeys(sections)
            for wording in self.provisions.wordings.get(one, ())
        ]
        return sorted(found, key=lambda moment: (began(moment.wording) or dt.date.max, moment.section))


def began(wording: Wording) -> dt.date | None:
    """The first day that a wording counts, where it is known."""
    return wording.applicable_from or wording.in_force


def _walk(section: str, links: Mapping[str, frozenset[str]]) -> list[str]:
    found: dict[str, None] = {}
    waiting = sorted(links.get(section, ()))
    while waiting:
        one = waiting.pop()
        if one not in found and one != section:
            found[one] = None
            waiting += sorted(links.get(one, ()))
    return list(found)


def load(store: Store, law: Law, provisions: Provisions) -> Histories:
    """Read them all once. A section came after another where the data says so of it, or of a norm read out of it."""
    former: dict[str, set[str]] = defaultdict(set)
    notes: dict[str, list[Value]] = defaultdict(list)
    sources: dict[str, dict[tuple[str, str], list[Value]]] = defaultdict(lambda: defaultdict(list))
    for row in store.select(library()["histories"].text, {}).rows:
        subject, part = str(row["subject"]), row["part"]
        if part == "replaces":
            former[citation.parse(subject).section].add(citation.parse(str(row["value"])).section)
        elif part == "note":
            notes[subject].append(row["value"])
        else:
            sources[subject][str(row["source"]), str(row.get("link", ""))].append(row["value"])
    for norm in law.norms.values():
        section = citation.parse(norm.address).section
        former[section] |= {other for other in _sections(law, norm.replaces) if other != section}
    later: dict[str, set[str]] = defaultdict(set)
    for section, others in former.items():
        for other in others:
            later[other].add(section)
    return Histories(
        {section: frozenset(others) for section, others in former.items()},
        {section: frozenset(others) for section, others in later.items()},
        {version: texts(values) for version, values in notes.items()},
        {
            version: tuple(Source(texts(labels), url) for (_, url), labels in found.items())
            for version, found in sources.items()
        },
        provisions,
    )


def _sections(law: Law, iris: Iterable[str]) -> set[str]:
    keys = (local(iri).removeprefix("norm/") for iri in iris)
    return {citation.parse(law.norms[key].address).section for key in keys if key in law.norms}
