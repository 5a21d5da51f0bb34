"""What a record or set-up may say: the terms of the ontology that have a key in the friendly form."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from samordning.engine.law import Texts
from samordning.engine.query import library
from samordning.engine.store import Text
from samordning.namespaces import THINGS, local, term

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samordning.engine.law import Law
    from samordning.engine.store import Store

CASE: Final = term("CaseRecord")
SETUP: Final = term("Setup")
#: The word for "there is none", apart from saying nothing.
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Term:
    """One property. ``takes`` is boolean, date, service, or the name of a scheme of concepts or of a class."""

    iri: str
    key: tuple[str, ...]
    takes: str
    many: bool
    tells: str | None
    """id of the fact of the case that it tells too"""
    part: str | None = None
    """key among the concepts of the part of a form it stands in"""
    label: Texts = field(default_factory=Texts, compare=False)


@dataclass(frozen=True)
class Kind:
    """How a kind of finding is said in other vocabularies; None where they have no word that fits."""

    severity: str | None
    sarif_kind: str
    sarif_level: str
    fulfilment: str | None


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Terms by class and key in the order of a form, concepts by scheme, bodies by kind of organisation."""

    terms: Mapping[str, Mapping[tuple[str, ...], Term]]
    concepts: Mapping[str, Mapping[str, str]]
    answers_for: Mapping[str, frozenset[str]]
    kinds: Mapping[str, Kind]
    by_iri: Mapping[str, Term]


def load(store: Store, law: Law) -> Vocabulary:
    """Read everything once."""
    queries = library()
    terms: dict[str, dict[tuple[str, ...], Term]] = defaultdict(dict)
    for row in store.select(queries["record-terms"].text, {}).rows:
        key = tuple(str(row["key"]).split("."))
        made = terms[str(row["class"])].setdefault(
            key,
            Term(
                str(row["property"]),
                key,
                str(row["takes"]),
                bool(row["many"]),
                str(row["fact"]) if "fact" in row else None,
                local(str(row["part"])) if "part" in row else None,
            ),
        )
        if isinstance(row["label"], Text):
            made.label[row["label"].lang] = str(row["label"])
    concepts: dict[str, dict[str, str]] = defaultdict(dict)
    for concept in law.concepts:
        scheme, _, name = concept.partition("/")
        concepts[scheme][name] = THINGS + concept
    bodies: dict[str, set[str]] = defaultdict(set)
    for row in store.select(queries["organisations"].text, {}).rows:
        bodies[_last(row["kind"])].add(str(row["body"]))
    kinds = {
        _last(row["kind"]): Kind(
            str(row["severity"]) if "severity" in row else None,
            str(row["sarifKind"]),
            str(row["sarifLevel"]),
            str(row["fulfilment"]) if "fulfilment" in row else None,
        )
        for row in store.select(queries["finding-kinds"].text, {}).rows
    }
    by_iri = {one.iri: one for found in terms.values() for one in found.values()}
    return Vocabulary(terms, concepts, {kind: frozenset(found) for kind, found in bodies.items()}, kinds, by_iri)


def _last(value: object) -> str:
    return local(str(value)).rsplit("/", 1)[-1]
