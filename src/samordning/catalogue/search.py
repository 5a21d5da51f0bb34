"""Search over labels, notes and addresses. Every word must be found, at the start of a word, in any language.

What is named outright comes first: an act by its abbreviation, and a section by that and its number.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
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
#: Lengths of names are told apart in steps, so that kinds still stand together; no name is this long.
_STEP: Final = 8
_LONG: Final = 10_000
#: Names are told apart without these.
_ARTICLES: Final = frozenset({"the"})
#: Among equals, the kinds in this order.
_KINDS: Final = ("act", "provision", "service", "body", "group", "concept", "norm", "fact")
#: No word of ours is longer; comparing letters takes long for long ones.
LONGEST: Final = 40
_WORD: Final = re.compile(r"[^\W_]+")
#: A section's number, such as 3-4, 2-1 e, 4A-14, or § 2 b.
_NUMBER: Final = re.compile(r"\d+[a-z]?-\d+(?: ?[a-z]\b)?|(?<=§) ?\d+(?: ?[a-z]\b)?(?![\da-z]*-)")
#: Words that lawyers use, and what our citations say for the same.
_SAME: Final = {"annet": "andre", "annen": "andre", "pkt": "punktum", "setning": "punktum", "paragraph": "subsection"}
_LETTERED: Final = re.compile(r"[\d-]+[a-z]?[\d-]*\d[a-z]")


@dataclass(frozen=True, slots=True)
class _Entry:
    hit: item.Hit
    name: frozenset[str]
    words: frozenset[str]
    names: tuple[str, ...]
    """its names as they are written, in lower case"""
    labels: frozenset[frozenset[str]]
    """the same, each as its words"""
    short: frozenset[frozenset[str]] = frozenset()
    """what it is cited by, in each language: an abbreviation, or a section's number and what is below it"""
    beside: frozenset[str] = frozenset()
    """words that may stand beside that: the names of the act"""
    order: tuple[int, int] = (0, 0)

    def outright(self, wanted: frozenset[str]) -> bool:
        """Whether these words name it, and no other thing as well."""
        return wanted - _ARTICLES in self.labels or any(name <= wanted <= name | self.beside for name in self.short)


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
        """What has every word of ``text``: first what is named outright, then what begins so, then where the words stand in the name.

        Raises:
            InputError: more words than anyone looks for at once.
        """
        plain = " ".join(text.split()).casefold()
        wanted = frozenset(map(self._number, words(text)))
        if len(wanted) > MOST_WORDS:
            raise InputError(f"A search has at most {MOST_WORDS} words", todo="Leave some out")
        if not wanted:
            return []
        other = frozenset(_SAME.get(part, part) for part in wanted)
        return self._ranked(wanted, plain, kind) or (self._ranked(other, plain, kind) if other != wanted else [])

    def _ranked(self, wanted: frozenset[str], plain: str, kind: str | None) -> list[item.Hit]:
        found = []
        for number in set.intersection(*(self._beginning(part) for part in wanted)):
            entry = self._entries[number]
            if kind is None or entry.hit.kind == kind:
                outright = entry.outright(wanted)
                exact = sum(part in entry.name for part in wanted)
                named = sum(any(word.startswith(part) for word in entry.name) for part in wanted)
                # Of names that begin so, the shortest: an act before a sentence.
                begins = min((len(name) for name in entry.names if name.startswith(plain)), default=_LONG)
                kinds = _KINDS.index(entry.hit.kind)
                rank = (
                    not outright,
                    0 if outright else begins // _STEP,
                    -exact,
                    -named,
                    kinds,
                    *entry.order,
                    len(entry.hit.id),
                    entry.hit.id,
                )
                found.append((rank, entry.hit))
        return [hit for _, hit in sorted(found, key=lambda row: row[0])]

    def near(self, text: str) -> str | None:
        """What may have been meant by words that are not found: each unknown word changed to the nearest known one."""
        found = []
        for word in sorted(words(text), key=text.casefold().find):
            if self._beginning(word):
                found.append(word)
            else:
                # A longer form of a word that is known, then the nearest by its letters.
                shorter = (word[:size] for size in range(len(word) - 1, max(3, len(word) - 5), -1))
                stem = next((part for part in shorter if self._beginning(part)), None)
                close = get_close_matches(word, self._words, n=1, cutoff=0.75) if len(word) <= LONGEST else []
                if stem is None and not close:
                    return None
                found.append(close[0] if close else str(stem))
        return " ".join(found) or None

    def _number(self, part: str) -> str:
        # "§ 24-1 i loven": the letter after a number may be a word, and is then left out.
        known = not _LETTERED.fullmatch(part) or self._beginning(part)
        return part if known else part[:-1]

    def _beginning(self, part: str) -> set[int]:
        start = bisect_left(self._words, part)
        stop = bisect_left(self._words, part + "\U0010ffff")
        return set().union(*self._places[start:stop])


def words(text: str) -> frozenset[str]:
    """The words of a text, in one spelling. Section numbers such as 3-4 stay whole beside their parts."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    numbers = _NUMBER.findall(plain)
    # A number is looked for whole where it is given whole; "§ 2-1 e" and "2-1e" are the same.
    return frozenset(_WORD.findall(_NUMBER.sub(" ", plain))) | frozenset("".join(number.split()) for number in numbers)


def _entry(  # one argument per member
    kind: str,
    iri: str,
    id_: str,
    label: Mapping[str, str],
    href: str,
    more: Iterable[str] = (),
    *,
    short: Iterable[str] = (),
    beside: Iterable[str] = (),
    also: Iterable[str] = (),
    order: tuple[int, int] = (0, 0),
) -> _Entry:
    names = tuple(dict.fromkeys(text.casefold() for text in (*label.values(), *also)))
    name = frozenset().union(*map(_all, (id_, *names, *beside)))
    return _Entry(
        hit=item.Hit(kind=kind, iri=iri, id=id_, label=dict(label), href=href),
        name=name,
        words=name.union(*map(_all, more)),
        names=names,
        labels=frozenset(_own(text) - _ARTICLES for text in names),
        short=frozenset(map(_own, short)),
        beside=frozenset().union(*map(_own, beside)),
        order=order,
    )


# Names of acts come again and again. For our own texts alone: what someone looks for is not kept.
_own = lru_cache(maxsize=4096)(words)


@lru_cache(maxsize=4096)
def _all(text: str) -> frozenset[str]:
    # What can be found: whole numbers, and their parts too.
    return _own(text) | frozenset(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _things(law: Law) -> Iterable[_Entry]:
    for kind, things, path in (
        ("service", law.services, "/v1/services/"),
        ("body", law.bodies, "/v1/bodies/"),
        ("group", law.groups, "/id/group/"),
        ("act", law.acts, "/v1/acts/"),
        ("fact", law.facts, "/v1/facts/"),
    ):
        for one in things.values():
            more = [*one.texts("title").values(), *one.texts("question").values()]
            short = one.strings("abbreviation")
            yield _entry(
                kind,
                one.iri,
                one.id,
                one.label,
                path + quote(one.id),
                [*more, *short],
                short=short,
                also=one.strings("altLabel"),
            )
    for one in law.concepts.values():
        id_ = local(one.iri)
        yield _entry("concept", one.iri, id_, one.label, f"/id/{quote(id_)}", one.texts("definition").values())


def _norms(law: Law) -> Iterable[_Entry]:
    for norm in law.norms.values():
        act = law.acts[norm.act]
        more = [norm.address, *norm.note.values(), str(norm.bearer_as_named or ""), *act.strings("abbreviation")]
        yield _entry("norm", norm.iri, norm.key, norm.label, f"/v1/norms/{quote(norm.key)}", more)


def _provisions(law: Law, provisions: Provisions) -> Iterable[_Entry]:
    for entry in provisions.entries.values():
        act = law.acts.get(entry.act)
        cited = {
            lang: f"{act.label(lang) if act else entry.act} {citation.below(entry.address, lang)}" for lang in LANGUAGES
        }
        names = [*act.label.values(), *act.strings("abbreviation")] if act else []
        below = {citation.below(entry.address, lang) for lang in LANGUAGES} - {""}
        yield _entry(
            "provision", entry.iri, entry.address, entry.label or cited, f"/v1/provisions/{quote(entry.address)}",
            [*names, *cited.values()], short=below, beside=names, also=cited.values(),
            order=(entry.address.count("/"), provisions.order(entry.address)),
        )  # fmt: skip
