"""A folder of records: read, decided and checked in several processes, and counted per duty and county."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from samordning.check import finding, many
from samordning.check.checker import Checker
from samordning.check.shacl import Engine
from samordning.check.source import Reader, files
from samordning.errors import InputError, SamordningError
from samordning.knowledge import Knowledge

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from samordning.check.record import Record

#: Below this many files, starting processes takes longer than the work.
_FEW: Final = 300
_AT_MOST: Final = 8
OUTCOMES: Final = ("breach", "to-be-assessed", "recommended", "not-assessable", "depends", "met")


@dataclass
class Tally:
    """What was counted: duties by (type, county, outcome), records by (type, county), and files that were refused."""

    duties: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    records: Counter[tuple[str, str]] = field(default_factory=Counter)
    read: int = 0
    refused: list[str] = field(default_factory=list)
    compared: int = 0

    def add(self, other: Tally) -> None:
        """Add what was counted elsewhere."""
        self.duties += other.duties
        self.records += other.records
        self.read += other.read
        self.refused += other.refused
        self.compared += other.compared

    def rows(self) -> list[dict[str, object]]:
        """A row per type of duty and county, in a fixed order."""
        return [
            {
                "duty_type": type_,
                "county": county,
                "records": records,
                **{outcome.replace("-", "_"): self.duties[type_, county, outcome] for outcome in OUTCOMES},
            }
            for (type_, county), records in sorted(self.records.items())
        ]


def check(
    folder: Path,
    scope: str,
    *,
    date: dt.date | None = None,
    dataset: Path | None = None,
    sample: int = 0,
    processes: int | None = None,
    done: Callable[[int, int], None] = lambda _done, _all: None,
) -> Tally:
    """Check every record in a folder.

    ``sample`` records, spread evenly, are checked with pySHACL too. ``done`` is told how many of how many files are done.

    Raises:
        InputError: there are no files of records.
        SamordningError: the two engines found different things in a record of the sample.
    """
    found = files(folder)
    every = max(1, len(found) // sample) if sample else 0
    cut = many.CHUNK if len(found) > many.CHUNK * _AT_MOST else max(50, len(found) // _AT_MOST)
    parts = [found[start : start + cut] for start in range(0, len(found), cut)]
    jobs = [(part, folder, scope, date, dataset, every) for part in parts]
    total = Tally()
    for tally in _run(jobs, processes or (1 if len(found) < _FEW else min(_AT_MOST, os.cpu_count() or 1))):
        total.add(tally)
        done(total.read + len(total.refused), len(found))
    return total


_Job = tuple["Sequence[Path]", "Path", str, "dt.date | None", "Path | None", int]


def _run(jobs: Sequence[_Job], processes: int) -> Iterator[Tally]:
    if processes == 1:
        yield from map(_part, jobs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        yield from pool.map(_part, jobs)


@cache
def _checker(dataset: Path | None) -> Checker:
    return Checker(Knowledge.open(dataset))


def _part(job: _Job) -> Tally:
    paths, folder, scope, date, dataset, every = job
    checker = _checker(dataset)
    tally = Tally()
    records: list[Record] = []
    with Reader(checker, scope, date) as reader:
        for path in paths:
            try:
                records.append(reader.file(path))
            except InputError as error:
                where = path.relative_to(folder).as_posix()
                tally.refused.append(str(error) if where in str(error) else f"{where}: {error}")
    rules = checker.rules(scope).rules
    for start in range(0, len(records), many.CHUNK):
        chunk = records[start : start + many.CHUNK]
        planned = [(one, checker.duties(one)) for one in chunk]
        for number, ((one, duties), hits) in enumerate(zip(planned, checker.sets(scope).hits(planned), strict=True)):
            county = one.county or (one.number or one.case.municipality or "")[:2]
            counted = finding.count(duties, hits, rules, number)
            tally.duties.update({(type_, county, outcome): count for (type_, outcome), count in counted.items()})
            tally.records.update({(type_, county) for type_, _ in counted})
            if every and (start + number) % every == 0:
                _compare(checker, one, {(focus.split("#", 1)[1], rule) for focus, rule in hits})
                tally.compared += 1
    tally.read = len(records)
    return tally


def _compare(checker: Checker, one: Record, hits: set[tuple[str, str]]) -> None:
    duties = checker.duties(one)
    reference = {(focus.split("#", 1)[1], rule) for focus, rule in checker.hits(one, duties, Engine.PYSHACL)}
    if reference != hits:
        raise SamordningError(
            f"Two engines found different things in {one.name}: {len(reference ^ hits)} findings differ",
            why="The table can't be trusted",
            todo="Report this, with the versions that samordning check shows",
        )
