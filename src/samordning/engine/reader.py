"""Reads norms, services and facts out of the store, once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from samordning.engine.law import Law, Norm, Thing, Version, texts
from samordning.engine.query import library
from samordning.engine.store import Text
from samordning.namespaces import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from samordning.engine.store import Store, Value


def load(store: Store) -> Law:
    """Read everything once."""
    queries = library()
    kinds: dict[str, dict[str, Thing]] = defaultdict(dict)
    gathered: dict[tuple[str, str], dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    for row in store.select(queries["things"].text, {}).rows:
        gathered[local(str(row["class"])), str(row["thing"])][_name(row["link"])].append(row["value"])
    for (kind, iri), properties in gathered.items():
        thing = _thing(iri, properties)
        kinds[kind][thing.id] = thing
    coverage = next(iter(kinds["Coverage"].values()))
    return Law(
        norms=_norms(store),
        services=kinds["Service"],
        facts=kinds["Fact"],
        bodies=kinds["Body"],
        groups=kinds["TargetGroup"],
        acts=kinds["Act"] | kinds["Regulation"],
        concepts=kinds["http://www.w3.org/2004/02/skos/core#Concept"],
        derivations={rule.iri: rule for rule in kinds["Derivation"].values()},
        steps=_ordered(kinds["Step"].values()),
        remarks=_ordered(kinds["Remark"].values()),
        gaps=tuple(kinds["Gap"].values()),
        coverage=coverage,
    )


def _ordered(things: Iterable[Thing]) -> tuple[Thing, ...]:
    return tuple(sorted(things, key=lambda thing: int(str(thing.one("order")))))


def _name(link: Value) -> str:
    return str(link).rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _thing(iri: str, properties: Mapping[str, list[Value]]) -> Thing:
    key = str(properties["id"][0]) if "id" in properties else local(iri)
    return Thing(
        iri, key, texts(properties.get("prefLabel", [])), {name: tuple(values) for name, values in properties.items()}
    )


def _norms(store: Store) -> dict[str, Norm]:
    queries = library()
    links: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    for row in store.select(queries["norm-links"].text, {}).rows:
        links[str(row["norm"])][_name(row["link"])].append(row["value"])
    versions: dict[str, list[Version]] = defaultdict(list)
    for row in store.select(queries["norm-versions"].text, {}).rows:
        versions[str(row["norm"])].append(
            Version(str(row["version"]), _date(row.get("entered")), _date(row.get("until")))
        )
    norms = {}
    for row in store.select(queries["norms"].text, {}).rows:
        iri = str(row["norm"])
        more = links[iri]
        named = row.get("named")
        norm = Norm(
            iri=iri,
            key=local(iri).removeprefix("norm/"),
            kind=str(row["kind"]),
            address=str(row["address"]),
            act=str(row["act"]),
            types=frozenset(_concept(value) for value in more["dutyType"]),
            modality=local(str(row["modality"])).removeprefix("modality/"),
            bearer=str(row["bearer"]) if "bearer" in row else None,
            bearer_as_named=named if isinstance(named, Text) else None,
            binds=frozenset(str(value) for value in more["bindsService"]),
            beneficiaries=tuple(str(value) for value in more["beneficiary"]),
            counterparts=tuple(str(value) for value in more["counterpart"]),
            open_norms=tuple(local(str(value)) for value in more["openNorm"]),
            also=tuple(str(value) for value in more["alsoBasis"]),
            replaces=tuple(str(value) for value in more["replaces"]),
            reading=local(str(row["reading"])).removeprefix("reading/"),
            condition=str(row["condition"]),
            supervises=frozenset(str(value) for value in more["supervises"]),
            complaint_about=frozenset(_concept(value) for value in more["complaintAbout"]),
            complaint_to=next((str(value) for value in more["complaintTo"]), None),
            deadline=next((str(value) for value in more["deadline"]), None),
            label=texts(more["prefLabel"]),
            note=texts(more["note"]),
            versions=tuple(versions[iri]),
        )
        norms[norm.key] = norm
    return norms


def _concept(value: Value) -> str:
    return local(str(value)).removeprefix("duty-type/")


def _date(value: Value | None) -> dt.date | None:
    return value if isinstance(value, dt.date) else None
