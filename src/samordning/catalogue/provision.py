"""Every provision that the dataset names, and every dated wording of its section."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Final

from samordning.catalogue import item
from samordning.catalogue.norm import norm_item
from samordning.engine import citation
from samordning.engine.law import LANGUAGES, texts
from samordning.engine.query import library
from samordning.errors import NotFound
from samordning.namespaces import local

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from samordning.engine.law import Law
    from samordning.engine.store import Store, Value

_PART: Final = re.compile(r"\d+|[^\W\d]+")


@dataclass(frozen=True, eq=False)
class Provisions:
    """All of them, by address; wordings by section."""

    entries: Mapping[str, item.ProvisionEntry]
    wordings: Mapping[str, Sequence[item.Wording]]
    parts: Mapping[str, Sequence[str]]

    def entry(self, address: str) -> item.ProvisionEntry:
        """The provision at an address.

        Raises:
            NotFound: the dataset names none; a near address is suggested.
        """
        if address in self.entries:
            return self.entries[address]
        near = get_close_matches(address, self.entries, n=1, cutoff=0.8)
        raise NotFound(
            "The data names no provision at that address",
            todo=f"Did you mean {near[0]}?" if near else "Write it as Lovdata does: act, section, ledd, sentence",
        )

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {address: number for number, address in enumerate(self.entries)}

    def order(self, address: str) -> int:
        """Its place among all provisions, in the order of acts and of sections; the last where it is unknown."""
        return self._places.get(address, len(self.entries))

    def history(self, address: str) -> Sequence[item.Wording]:
        """The wordings of the section that the provision is in, earliest first, those without a date last."""
        return self.wordings.get(citation.parse(self.entry(address).address).section, ())

    def on(self, address: str, law: Law, date: dt.date) -> item.Provision:
        """The provision on a date, with the norms read out of it and of what is below it."""
        entry = self.entry(address)
        section = citation.parse(address).section
        norms = [
            norm
            for norm in law.by_section.get(section, ())
            if norm.version(date) and f"{norm.address}/".startswith(f"{address}/")
        ]
        act = law.acts.get(entry.act)
        return item.Provision(
            iri=entry.iri,
            address=address,
            act=entry.act,
            part_of=entry.part_of,
            label=entry.label,
            citation={
                lang: f"{act.label(lang) if act else entry.act} {citation.below(address, lang)}" for lang in LANGUAGES
            },
            see_also=[str(link) for link in act.strings("seeAlso")] if act else [],
            date=date,
            wording=next((one for one in self.history(address) if holds(one, date)), None),
            norms=[norm_item(norm) for norm in sorted(norms, key=lambda norm: (norm.address, norm.key))],
            parts=list(self.parts.get(address, ())),
        )


def holds(wording: item.Wording, date: dt.date) -> bool:
    """Whether a wording is in force on a date. An unknown date of entry means no."""
    begins = wording.applicable_from or wording.in_force
    return (
        begins is not None
        and begins <= date
        and (wording.first_day_without is None or date < wording.first_day_without)
    )


def load(store: Store) -> Provisions:
    """Read them all once."""
    named: dict[str, dict[str, Value]] = {}
    labels: dict[str, list[Value]] = defaultdict(list)
    parts: dict[str, list[str]] = defaultdict(list)
    for row in store.select(library()["provisions"].text, {}).rows:
        address = str(row["address"])
        named[address] = row
        if "label" in row:
            labels[address].append(row["label"])
    entries = {}
    for address in sorted(named, key=_order):
        row = named[address]
        parent = local(str(row["parent"]))
        parts[parent].append(address)
        entries[address] = item.ProvisionEntry(
            iri=str(row["provision"]),
            address=address,
            act=citation.parse(address).act,
            part_of=parent,
            label=texts(labels[address]),
        )
    return Provisions(entries, _wordings(store), parts)


def _wordings(store: Store) -> dict[str, list[item.Wording]]:
    rows: dict[str, list[dict[str, Value]]] = defaultdict(list)
    for row in store.select(library()["all-wordings"].text, {}).rows:
        rows[str(row["version"])].append(row)
    found: dict[str, list[item.Wording]] = defaultdict(list)
    for iri, same in rows.items():
        first = same[0]
        made = item.Wording(
            iri=iri,
            in_force=_date(first.get("in_force")),
            applicable_from=_date(first.get("applicable")),
            last_day=_date(first.get("last_day")),
            first_day_without=_date(first.get("first_day_without")),
            unknown=sorted({local(str(row["unknown"])) for row in same if "unknown" in row}),
            ledd=int(str(first["ledd"])) if "ledd" in first else None,
            enacted_by=sorted({local(str(row["by"])) for row in same if "by" in row}),
        )
        found[str(first["address"])].append(made)
    for same_section in found.values():
        same_section.sort(key=lambda one: (one.applicable_from or one.in_force or dt.date.max, one.iri))
    return found


def _date(value: Value | None) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _order(address: str) -> tuple[tuple[tuple[bool, int, str], ...], ...]:
    # Step by step, and numbers in order of size: §3-4 before §12-1, §2-1 e after §2-1 and before §2-2.
    return tuple(
        tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in _PART.findall(step))
        for step in address.split("/")
    )
