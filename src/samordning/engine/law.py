"""What the dataset says of norms, services and facts, as plain objects that never change."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from samordning.engine import citation
from samordning.engine.store import Text
from samordning.namespaces import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from samordning.engine.store import Value

LANGUAGES: Final = ("nb", "nn", "en")
#: The order in which another language stands in for a missing one.
FALLBACK: Final = {"nb": ("nb", "nn", "en"), "nn": ("nn", "nb", "en"), "en": ("en", "nb", "nn")}


class Texts(dict[str, str]):
    """One text in up to three languages."""

    def __call__(self, lang: str) -> str:
        """The text in ``lang``, or in the nearest language there is."""
        for code in FALLBACK[lang]:
            if code in self:
                return self[code]
        return ""


def texts(values: Iterable[Value]) -> Texts:
    """Those of the values that have a language, by language."""
    return Texts({value.lang: str(value) for value in values if isinstance(value, Text)})


@dataclass(frozen=True, slots=True)
class Version:
    """A dated wording of a section. ``entered`` is None when the date is not known."""

    iri: str
    entered: dt.date | None
    until: dt.date | None

    @property
    def last_day(self) -> dt.date | None:
        """The last day the wording holds, where it has ended."""
        return self.until - dt.timedelta(days=1) if self.until else None

    def holds_on(self, date: dt.date) -> bool:
        """Whether the wording is in force on ``date``. An unknown date of entry means no."""
        return self.entered is not None and self.entered <= date and (self.until is None or date < self.until)


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    """A norm with everything an answer says about it. Hashable by identity."""

    iri: str
    key: str
    kind: str
    address: str
    act: str
    types: frozenset[str]
    modality: str
    bearer: str | None
    bearer_as_named: Text | None
    binds: frozenset[str]
    beneficiaries: tuple[str, ...]
    counterparts: tuple[str, ...]
    open_norms: tuple[str, ...]
    also: tuple[str, ...]
    replaces: tuple[str, ...]
    reading: str
    condition: str
    supervises: frozenset[str]
    complaint_about: frozenset[str]
    complaint_to: str | None
    deadline: str | None
    label: Texts
    note: Texts
    versions: tuple[Version, ...]

    def version(self, date: dt.date) -> Version | None:
        """The wording that states the norm on ``date``, if it is in force."""
        return next((version for version in self.versions if version.holds_on(date)), None)


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """Anything else with an id: a service, fact, body, group, act, step, derivation or concept.

    Hashable by identity, so that its properties are made ready once.
    """

    iri: str
    id: str
    label: Texts
    properties: Mapping[str, tuple[Value, ...]]

    @property
    def level(self) -> str:
        """The level of government that it belongs to, such as ``municipal``; empty where the data names none."""
        return local(str(self.one("level") or "")).removeprefix("level/")

    def one(self, name: str) -> Value | None:
        """The value of a property that has at most one."""
        found = self.properties.get(name, ())
        return found[0] if found else None

    @lru_cache(maxsize=16384)  # noqa: B019  # there are so many per process, and they live as long
    def texts(self, name: str) -> Texts:
        """A property's texts by language."""
        return texts(self.properties.get(name, ()))

    @lru_cache(maxsize=16384)  # noqa: B019  # there are so many per process, and they live as long
    def strings(self, name: str) -> tuple[str, ...]:
        """All values of a property as strings."""
        return tuple(str(value) for value in self.properties.get(name, ()))

    @lru_cache(maxsize=16384)  # noqa: B019  # there are so many per process, and they live as long
    def members(self, name: str) -> tuple[str, ...]:
        """All values of a property that are members of a scheme, such as ``duty-type/coordination``, by their last part."""
        return tuple(local(value).rpartition("/")[2] for value in self.strings(name))


@dataclass(frozen=True, eq=False, repr=False)
class Law:
    """The whole of what the dataset says, by id. Hashable by identity, so that what follows from it can be kept."""

    norms: Mapping[str, Norm]
    services: Mapping[str, Thing]
    facts: Mapping[str, Thing]
    bodies: Mapping[str, Thing]
    groups: Mapping[str, Thing]
    acts: Mapping[str, Thing]
    concepts: Mapping[str, Thing]
    derivations: Mapping[str, Thing]
    steps: tuple[Thing, ...]
    remarks: tuple[Thing, ...]
    gaps: tuple[Thing, ...]
    coverage: Thing

    @lru_cache(maxsize=64)  # noqa: B019  # there is one law per process, and it lives as long
    def of_types(self, *types: str) -> tuple[Norm, ...]:
        """Norms of any of these duty types, in the order of address and key."""
        found = [norm for norm in self.norms.values() if norm.types & set(types)]
        return tuple(sorted(found, key=lambda norm: (norm.address, norm.key)))

    @lru_cache(maxsize=4096)  # noqa: B019  # there is one law per process, and it lives as long
    def bound(self, service: str, *types: str) -> tuple[Norm, ...]:
        """Norms of any of these duty types that ``service`` must meet, in the order of address and key."""
        return tuple(norm for norm in self.of_types(*types) if self.binding(norm, service))

    @lru_cache(maxsize=4096)  # noqa: B019  # there is one law per process, and it lives as long
    def stated(self, addresses: tuple[str, ...], date: dt.date) -> bool:
        """Whether every section among the addresses that norms are read out of states one of them on ``date``."""
        sections = {citation.parse(address).section for address in addresses}
        known = [norms for section in sections if (norms := self.by_section.get(section))]
        return all(any(norm.version(date) for norm in norms) for norms in known)

    @lru_cache(maxsize=64)  # noqa: B019  # there is one law per process, and it lives as long
    def answering(self, question: str) -> tuple[Thing, ...]:
        """The steps that answer a question, such as who coordinates, in their order."""
        return tuple(step for step in self.steps if step.one("answers") == question)

    @cached_property
    def derivable(self) -> frozenset[str]:
        """Facts that may follow from the services and the age: they say what kind of person the case is about."""
        return frozenset(str(rule.one("concludes")) for rule in self.derivations.values())

    @cached_property
    def selectable(self) -> tuple[Thing, ...]:
        """The services a case may name, in the order of their ids."""
        found = (service for service in self.services.values() if service.one("selectable") is True)
        return tuple(sorted(found, key=lambda service: service.id))

    @cached_property
    def by_section(self) -> Mapping[str, tuple[Norm, ...]]:
        """Norms by the address of the whole section (§) that states them."""
        found: dict[str, list[Norm]] = defaultdict(list)
        for norm in self.norms.values():
            found[citation.parse(norm.address).section].append(norm)
        return {section: tuple(norms) for section, norms in found.items()}

    @cached_property
    def supervisors(self) -> Mapping[str, tuple[Norm, ...]]:
        """The norms that put a norm, by IRI, under supervision."""
        found: dict[str, list[Norm]] = defaultdict(list)
        for norm in self.norms.values():
            for iri in norm.supervises:
                found[iri].append(norm)
        return {iri: tuple(norms) for iri, norms in found.items()}

    @cached_property
    def _gaps(self) -> Mapping[tuple[str, str], tuple[Thing, ...]]:
        found: dict[tuple[str, str], list[Thing]] = defaultdict(list)
        for gap in self.gaps:
            for covered in gap.strings("covers"):
                found[local(str(gap.one("gapIn"))).removeprefix("gap-kind/"), local(covered)].append(gap)
        return {key: tuple(gaps) for key, gaps in found.items()}

    def gap(self, kind: str, about: str) -> tuple[Thing, ...]:
        """The gaps of a kind (supervision, complaint) that cover a norm or duty type, such as ``duty-type/coordination``."""
        return self._gaps.get((kind, about), ())

    @lru_cache(maxsize=1024)  # noqa: B019  # there is one law per process, and it lives as long
    def in_force(self, date: dt.date) -> tuple[Norm, ...]:
        """Every norm that some wording states on ``date``."""
        return tuple(norm for norm in self.norms.values() if norm.version(date))

    @lru_cache(maxsize=1024)  # noqa: B019  # there is one law per process, and it lives as long
    def tables_in_force(self, date: dt.date) -> tuple[tuple[str, str], ...]:
        """Key and condition of every norm in force on ``date``."""
        return tuple((norm.key, norm.condition) for norm in self.in_force(date))

    @cached_property
    def _kinds(self) -> Mapping[str, frozenset[str]]:
        return {key: frozenset((key, *thing.strings("subClassOf"))) for key, thing in self.services.items()}

    def kinds(self, service: str) -> frozenset[str]:
        """The service and every kind it belongs to, by the built hierarchy."""
        return self._kinds[service]

    def binding(self, norm: Norm, service: str) -> bool:
        """Whether ``norm`` must be met by ``service``."""
        return bool(norm.binds & self.kinds(service))
