"""What the data cites on a day: which wording of which section, at which addresses, and what rests on it."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Literal, URIRef

from samordning.lovdata.address import act, section
from samordning.namespaces import THINGS, local, term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Dataset

_ADDRESS: Final = re.compile(r"(?:lov|forskrift)/\d{4}-\d{2}-\d{2}(?:-\d+)?/§.+")
_VERSION: Final = "/versjon/"
#: What ties a provision to its own parts, not to something that rests on it.
_STRUCTURE: Final = frozenset(term(name) for name in ("partOf", "versionOf", "hashOf"))


@dataclass(slots=True)
class Wording:
    """One wording of a section, in force on the day. Lists hold the IRIs of what cites an address."""

    iri: str
    section: str
    in_force: dt.date
    ledd: int | None
    #: The acts that made it, without their kind: ``2021-06-11-78``.
    acts: frozenset[str]
    #: Address to the norms it states; these are hashed.
    stated: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: Address to whatever else rests on it.
    relied: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: Address to its stored hash.
    hashes: dict[str, str] = field(default_factory=dict)

    def citing(self, address: str) -> list[str]:
        """What cites an address, norms first."""
        return sorted(set(self.stated.get(address, []))) + sorted(set(self.relied.get(address, [])))

    @property
    def addresses(self) -> list[str]:
        """Every address that is cited, in order."""
        return sorted({*self.stated, *self.relied})


@dataclass(slots=True)
class Cited:
    """All that is cited on one day."""

    wordings: list[Wording]
    #: Addresses in sections that the data has no wording of, and what cites them.
    loose: dict[str, list[str]]
    #: Stored hashes of wordings that are not in force that day: version, address and hash.
    kept: list[tuple[str, str, str]]

    @property
    def acts(self) -> set[str]:
        """The acts that are cited."""
        return {act(wording.section) for wording in self.wordings} | {act(address) for address in self.loose}


def cited(dataset: Dataset, date: dt.date) -> Cited:
    """What the data cites on ``date``. Norms, wordings and acts not in force that day are left out."""
    graph = Graph()
    for part in dataset.graphs():
        graph += part
    versions = {str(version): local(str(of)) for version, of in graph.subject_objects(_term("versionOf"))}
    wordings = {iri: wording for iri, of in versions.items() if (wording := _wording(graph, iri, of, date))}
    current = {wording.section: wording for wording in wordings.values()}
    loose: defaultdict[str, list[str]] = defaultdict(list)
    for subject, predicate, address in _citations(graph):
        stated = {str(version) for version in graph.objects(URIRef(subject), _term("statedIn"))}
        wording = current.get(section(address))
        if stated and not stated & wordings.keys():
            continue  # a norm that is not in force
        if wording:
            own = predicate == term("provision") and wording.iri in stated
            (wording.stated if own else wording.relied)[address].append(subject)
        elif section(address) not in versions.values() and not _repealed(graph, act(address), date):
            loose[address].append(subject)
    kept = []
    for node, version in graph.subject_objects(_term("hashIn")):
        of, sha256 = graph.value(node, _term("hashOf")), graph.value(node, _term("sha256"))
        if str(version) in wordings:
            wordings[str(version)].hashes[local(str(of))] = str(sha256)
        elif str(version) in versions:
            kept.append((str(version), local(str(of)), str(sha256)))
    return Cited(sorted(wordings.values(), key=lambda wording: wording.iri), dict(sorted(loose.items())), kept)


def _wording(graph: Graph, iri: str, of: str, date: dt.date) -> Wording | None:
    # A wording whose first day is not known has been enacted but not brought into force.
    start, end = _date(graph, iri, "inForce"), _date(graph, iri, "firstDayWithoutEffect")
    if start is None or date < start or (end is not None and end <= date):
        return None
    ledd = graph.value(URIRef(iri), _term("leddCount"))
    count = int(ledd) if isinstance(ledd, Literal) and str(ledd).isdigit() else None
    acts = frozenset(
        local(str(enacted)).partition("/")[2] for enacted in graph.objects(URIRef(iri), _term("enactedBy"))
    )
    return Wording(iri, of, start, count, acts)


def _repealed(graph: Graph, refid: str, date: dt.date) -> bool:
    day = _date(graph, THINGS + refid, "repealedFrom")
    return day is not None and day <= date


def _citations(graph: Graph) -> Iterator[tuple[str, str, str]]:
    for subject, predicate, target in graph:
        address = local(str(target)) if isinstance(target, URIRef) else ""
        if str(predicate) not in _STRUCTURE and _VERSION not in address and _ADDRESS.fullmatch(address):
            yield str(subject), str(predicate), address


def _date(graph: Graph, iri: str, name: str) -> dt.date | None:
    value = graph.value(URIRef(iri), _term(name))
    found = value.toPython() if isinstance(value, Literal) else None
    return found if isinstance(found, dt.date) else None


def _term(name: str) -> URIRef:
    return URIRef(term(name))
