"""What things are called in the reader's language, by IRI and by id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from samordning.answer.wording import full_citation
from samordning.engine.law import FALLBACK, Texts, texts
from samordning.engine.query import library
from samordning.interfaces.web.address import href, page_of
from samordning.namespaces import PREFIXES, TERMS, THINGS, local

if TYPE_CHECKING:
    from collections.abc import Container

    from samordning.engine.law import Law
    from samordning.engine.store import Store, Value

_ADDRESS: Final = re.compile(
    r"(?P<act>(?:lov|forskrift)/[\d-]+)(?:/§[\dA-Za-z-]+(?:/(?:ledd|setning|bokstav|nummer)/\w+)*)?"
)
#: Columns of rows whose ids are those of bodies, of groups and so on; a service is told by ``service``.
_KINDS: Final = {
    "bearer": "body", "supervisor": "body", "before": "body", "after": "body", "to": "body", "owner": "body",
    "service": "service", "through": "service", "beneficiary": "group", "counterpart": "group",
    "fact": "fact", "named_by": "fact",
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A text to show: its language where it has one, where it leads, and the exact name where the text is a label."""

    text: str
    lang: str = ""
    href: str = ""
    name: str = ""


class Labels:
    """Every label of the dataset."""

    def __init__(self, law: Law, store: Store, addresses: Container[str]) -> None:
        self._law, self._addresses = law, addresses
        kinds = (law.services, law.facts, law.bodies, law.groups, law.acts, law.concepts, law.derivations)
        things = [*law.steps, *(thing for kind in kinds for thing in kind.values())]
        self._texts: dict[str, Texts] = {thing.iri: thing.label for thing in things}
        self._texts |= {norm.iri: norm.label for norm in law.norms.values()}
        self._texts |= _terms(store)
        self._acts = {str(act.one("abbreviation")): act.iri for act in law.acts.values()}

    def iri(self, iri: str, lang: str) -> Shown:
        """What an IRI names, with a link to its page."""
        short = compact(iri)
        name = local(iri)
        leads = self._leads(iri, lang)
        label = self._texts.get(iri)
        if label:
            return Shown(label(lang), spoken(label, lang), leads, short)
        if _ADDRESS.fullmatch(name):
            return self.address(name, lang)
        return Shown(short, "", leads)

    def _leads(self, iri: str, lang: str) -> str:
        found = page_of(iri, self._law, self._addresses)
        return f"/{lang}/{quote(found)}" if found else href(iri)

    def address(self, address: str, lang: str) -> Shown:
        """A provision as a lawyer cites it; one of an act that the data does not hold stays an address."""
        iri = THINGS + address
        found = _ADDRESS.fullmatch(address)
        if found is None or found["act"] not in self._law.acts:
            return Shown(address, "", href(iri))
        return Shown(full_citation(address, self._law, lang), "", self._leads(iri, lang), address)

    def plain(self, column: str, value: str, lang: str) -> Shown | None:
        """What a plain text stands for in a column of a question with a name; none where it is only a text."""
        if _ADDRESS.fullmatch(value):
            return self.address(value, lang)
        if column == "act" and value in self._acts:
            return self.iri(self._acts[value], lang)
        kind = _KINDS.get(column)
        iri = f"{THINGS}{kind}/{value}"
        return self.iri(iri, lang) if kind and iri in self._texts else None


def spoken(label: Texts, lang: str) -> str:
    """The language that ``label(lang)`` is in, where it is another than ``lang``."""
    found = next((code for code in FALLBACK[lang] if code in label), "")
    return "" if found == lang else found


def compact(iri: str) -> str:
    """An IRI as ``prefix:name``, where one of our prefixes fits."""
    fitting = [(len(start), name) for name, start in PREFIXES.items() if iri.startswith(start) and iri != start]
    if not fitting:
        return local(iri)
    size, name = max(fitting)
    return f"{name}:{iri[size:]}"


def _terms(store: Store) -> dict[str, Texts]:
    """Labels of the terms of our ontology."""
    found: dict[str, list[Value]] = {}
    for row in store.select(library()["ontology-terms"].text, {}).rows:
        if row["part"] == "label" and str(row["term"]).startswith(TERMS):
            found.setdefault(str(row["term"]), []).append(row["text"])
    return {iri: texts(values) for iri, values in found.items()}
