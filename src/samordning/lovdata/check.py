"""Hold what the data cites against the official texts: is it there, are the words the same, has it been amended?"""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from samordning.files import place
from samordning.lovdata.address import act
from samordning.lovdata.amendment import amendments
from samordning.lovdata.text import normalise
from samordning.lovdata.unit import Kind
from samordning.namespaces import local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from samordning.lovdata.cited import Wording
    from samordning.lovdata.current import Current
    from samordning.lovdata.store import OfficialText, Store

_CONTEXT: Final = 3  # words around a changed word


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in the data that the official text does not bear out."""

    #: ``file:line`` of what cites it.
    where: str
    #: Norms or other things that cite it, or the wording itself.
    subject: str
    what: str
    #: A unified diff of the words, one word on each line; empty where nothing can be compared.
    diff: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What a check found, and how much it looked at."""

    findings: list[Finding] = field(default_factory=list)
    #: Acts that are not among the texts, with how many cited places in each were not checked.
    unchecked: Counter[str] = field(default_factory=Counter)
    wordings: int = 0
    addresses: int = 0
    hashes: int = 0
    #: Addresses stated by a norm for which no hash is stored yet.
    unhashed: int = 0


def check(current: Current, store: Store | None = None, root: Path | None = None) -> Report:
    """Check every wording that the data under ``root`` cites. ``store`` may know the words that were hashed."""
    report = Report()
    for wording in current.cited.wordings:
        if current.covers(act(wording.section)):
            _Check(current, store, root, report).wording(wording)
        else:
            report.unchecked[act(wording.section)] += len(wording.addresses)
    for address, citing in current.cited.loose.items():
        if not current.covers(act(address)):
            report.unchecked[act(address)] += 1
        elif not current.texts.exists(address, current.date):
            _Check(current, store, root, report).say(citing, f"{address} does not exist")
        else:
            report.addresses += 1
    report.findings.sort(key=_place)
    return report


def _place(finding: Finding) -> tuple[str, int, str]:
    name, _, line = finding.where.rpartition(":")
    return name, int(line) if line.isdigit() else 0, finding.what


@dataclass(frozen=True, slots=True)
class _Check:
    current: Current
    store: Store | None
    root: Path | None
    report: Report

    def say(self, citing: list[str], what: str, diff: tuple[str, ...] = ()) -> None:
        subject = ", ".join(local(iri) for iri in citing)
        self.report.findings.append(Finding(place(citing[0], self.root), subject, what, diff))

    def wording(self, wording: Wording) -> None:
        self.report.wordings += 1
        texts, date = self.current.texts, self.current.date
        if not texts.exists(wording.section, date):
            self.say([wording.iri], f"{wording.section} does not exist")
            return
        self.amended(wording)
        ledd = texts.count(wording.section, Kind.LEDD, date)
        if wording.ledd is not None and ledd != wording.ledd:
            self.say([wording.iri], f"{wording.section} has {ledd} ledd, not {wording.ledd}")
        for address in wording.addresses:
            self.address(wording, address)

    def amended(self, wording: Wording) -> None:
        # An act that the wording names as one that made it is known, also where no day is stated for it.
        notes = self.current.texts.notes(wording.section, self.current.date)
        told = [one for note in notes for one in amendments(note) if not (one.assumed and one.act in wording.acts)]
        days = {one.effect for one in told if one.effect and wording.in_force < one.effect <= self.current.date}
        newer = [day.isoformat() for day in sorted(days)]
        if newer:
            self.say([wording.iri], f"{wording.section} was amended with effect from {', '.join(newer)}")

    def address(self, wording: Wording, address: str) -> None:
        self.report.addresses += 1
        found = self.current.texts.text(address, self.current.date)
        if found is None:
            self.say(wording.citing(address), f"{address} does not exist")
            return
        stored = wording.hashes.get(address)
        if stored is None:
            self.report.unhashed += address in wording.stated
            return
        self.report.hashes += 1
        if found.sha256 != stored:
            old = self.old(address, stored)
            told = "" if old else "; the old words are not kept"
            diff = tuple(words(old, found)) if old else ()
            self.say(wording.citing(address), f"{address} has other words than when it was read{told}", diff)

    def old(self, address: str, sha256: str) -> OfficialText | None:
        wordings = self.store.wordings(address) if self.store else ()
        return next((old for old in wordings if old.sha256 == sha256), None)


def words(old: OfficialText, new: OfficialText) -> Iterator[str]:
    """A unified diff of two texts, word by word, headed by the days they were seen."""
    yield from difflib.unified_diff(
        normalise(old.text).split(),
        normalise(new.text).split(),
        f"{old.snapshot}",
        f"{new.snapshot}",
        n=_CONTEXT,
        lineterm="",
    )
