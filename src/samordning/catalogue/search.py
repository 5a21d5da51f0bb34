"""Search over labels, notes and addresses. Every word must be found, at the start of a word, in any language."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from samordning.catalogue import item
from samordning.engine import citation
from samordning.engine.law import LANGUAGES
from samordning.errors import InputError
from samordning.namespaces import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from samordning.catalogue.provision import Provisions
    from samordning.engine.law import Law

MOST_WORDS: Final = 16
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Entry:
    hit: item.Hit
    name: frozenset[str]
    words: frozenset[str]


class Index:
    """All that can be found, by the beginnings of its words. Built once."""

    def __init__(self, law: Law, provisions: Provisions) -> None:
        self._entries = [*_things(law), *_norms(law), *_provisions(law, provisions)]
        places: dict[str, set[int]] = {}
        for number, entry in enumerate(self._entries):
            for word in entry.words:
                places.setdefault(word, set()).add(number)
        self._words = sorted(places)
        self._places = [places[word] for word in self._words]

    def find(self, text: str, kind: str | None = None) -> list[item.Hit]:
        """What has every word of ``text``: first where the words stand in its name, then by kind and id.

        Raises:
            InputError: more words than anyone looks for at once.
        """
        wanted = words(text)
        if len(wanted) > MOST_WORDS:
            raise InputError(f"A search has at most {MOST_WORDS} words", todo="Leave some out")
        if not wanted:
            return []
        found = []
        for number in set.intersection(*(self._beginning(part) for part in wanted)):
            entry = self._entries[number]
            if kind is None or entry.hit.kind == kind:
                exact = sum(part in entry.name for part in wanted)
                named = sum(any(word.startswith(part) for word in entry.name) for part in wanted)
                found.append((-exact, -named, entry.hit.kind, len(entry.hit.id), entry.hit.id, entry.hit))
        return [hit for *_, hit in sorted(found, key=lambda row: row[:-1])]

    def _beginning(self, part: str) -> set[int]:
        start = bisect_left(self._words, part)
        stop = bisect_left(self._words, part + "\U0010ffff")
        return set().union(*self._places[start:stop])


def words(text: str) -> frozenset[str]:
    """The words of a text, in one spelling. Section numbers such as 3-4 stay whole beside their parts."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return frozenset(_WORD.findall(plain)) | frozenset(re.findall(r"\d+[a-z]?-\d+[a-z]?", plain))


def _entry(  # one argument per member
    kind: str, iri: str, id_: str, label: Mapping[str, str], href: str, more: Iterable[str] = ()
) -> _Entry:
    name = words(" ".join([id_, *label.values()]))
    hit = item.Hit(kind=kind, iri=iri, id=id_, label=dict(label), href=href)
    return _Entry(hit, name, name | words(" ".join(more)))


def _things(law: Law) -> Iterable[_Entry]:
    for kind, things, folder in (
        ("service", law.services, "services"),
        ("body", law.bodies, "bodies"),
        ("act", law.acts, "acts"),
        ("fact", law.facts, "facts"),
    ):
        for one in things.values():
            more = [*one.strings("altLabel"), *one.texts("title").values(), *one.texts("question").values()]
            more += one.strings("abbreviation")
            yield _entry(kind, one.iri, one.id, one.label, f"/v1/{folder}/{quote(one.id)}", more)
    for one in law.concepts.values():
        id_ = local(one.iri)
        yield _entry("concept", one.iri, id_, one.label, f"/id/{quote(id_)}", one.texts("definition").values())


def _norms(law: Law) -> Iterable[_Entry]:
    for norm in law.norms.values():
        more = [norm.address, *norm.note.values(), str(norm.bearer_as_named or "")]
        yield _entry("norm", norm.iri, norm.key, norm.label, f"/v1/norms/{quote(norm.key)}", more)


def _provisions(law: Law, provisions: Provisions) -> Iterable[_Entry]:
    for entry in provisions.entries.values():
        act = law.acts.get(entry.act)
        label = entry.label or {
            lang: f"{act.label(lang) if act else entry.act} {citation.below(entry.address, lang)}" for lang in LANGUAGES
        }
        more = [*act.label.values(), *act.strings("abbreviation")] if act else []
        yield _entry("provision", entry.iri, entry.address, label, f"/v1/provisions/{quote(entry.address)}", more)
