"""The parts that an act is made of, each with its address in Lovdata's grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(StrEnum):
    """What a part is."""

    PART = "part"
    CHAPTER = "chapter"
    ANNEX = "annex"
    DIVISION = "division"
    SECTION = "section"
    LEDD = "ledd"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    SENTENCE = "sentence"
    CHANGE = "change"
    NOTE = "note"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class Reference:
    """A link in the text: where it points, as Lovdata writes it, and the words that are linked."""

    target: str
    words: str


@dataclass(slots=True)
class Unit:
    """One part. ``text`` is what stands in the part itself, normalised, without its own label.

    The text of a ledd holds its items with their labels. Sections and what is above them have no text of their own.
    """

    kind: Kind
    address: str
    label: str = ""
    title: str = ""
    text: str = ""
    repealed: str = ""
    children: list[Unit] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)

    def walk(self) -> Iterator[Unit]:
        """This part and every part below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()


_NAME: Final = re.compile(r"(?P<step>del|kap|vedlegg)")
_LABEL: Final = re.compile(r"[«\[(]*(?P<value>\d+(?:\.\d+)*|[A-Za-zæøå]{1,5})[.)\]]*")


def container(name: str) -> Kind:
    """What a chapter-like part is, from its ``data-name``: ``kap7``, ``del1``, ``gdpr``; empty for one without a name."""
    found = _NAME.match(name)
    if not found:
        return Kind.ANNEX if name else Kind.DIVISION
    return {"del": Kind.PART, "kap": Kind.CHAPTER, "vedlegg": Kind.ANNEX}[found["step"]]


def item_step(label: str, numbering: str, position: int) -> str:
    """Address step of a list item from its printed label: ``bokstav/a``, ``nummer/2``; ``strek/3`` where it has none.

    ``numbering`` is the list's type: 1, a, A, i or I. Roman numerals are numbers, so that they are not taken for
    letters.
    """
    found = _LABEL.fullmatch(label)
    if not found:
        return f"strek/{position}"
    value = found["value"]
    return f"{'nummer' if value[:1].isdigit() or numbering in ('i', 'I') else 'bokstav'}/{value}"
