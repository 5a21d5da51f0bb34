"""The running text of a ledd or an item: what stands before, between and after its lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from samordning.lovdata.sentence import continues, finished, split
from samordning.lovdata.text import normalise
from samordning.lovdata.unit import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml.etree import _Element

#: Never part of the words of the law.
_OUTSIDE: Final = frozenset({"footnotereference", "footnotes", "footnote", "changesToParent"})
_BLOCKS: Final = frozenset((
    "article", "br", "caption", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "section", "table", "td",
    "th", "tr", "ul",
))  # fmt: skip


class Break(Enum):
    """Where a new paragraph begins."""

    PARAGRAPH = "paragraph"
    #: ``leddfortsettelse``: what follows belongs to the same paragraph as the list before it.
    CONTINUED = "continued"


@dataclass(frozen=True, slots=True)
class Block:
    """A list or a table that stands inside a sentence."""

    element: _Element


@dataclass(slots=True)
class Flow:
    """Text, breaks and blocks in the order they stand, and the links in the text."""

    pieces: list[str | Break | Block] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)

    def add(self, text: str | None) -> None:
        """Go on with the running text, or begin one."""
        if text and self.pieces and isinstance(last := self.pieces[-1], str):
            self.pieces[-1] = last + text
        elif text:
            self.pieces.append(text)

    @property
    def opening(self) -> str:
        """The text before the first break or block."""
        first = self.pieces[0] if self.pieces else ""
        return first.lstrip() if isinstance(first, str) else ""

    def cut(self, length: int) -> None:
        """Take ``length`` characters from the start of ``opening``."""
        self.pieces[0] = self.opening[length:]

    def paragraphs(self) -> list[list[str | Break | Block]]:
        """The pieces of each paragraph. One that begins in lower case goes on with the one before."""
        found: list[list[str | Break | Block]] = [[]]
        for index, piece in enumerate(self.pieces):
            after = self.pieces[index + 1] if index + 1 < len(self.pieces) else ""
            if piece is Break.PARAGRAPH and found[-1] and not (isinstance(after, str) and continues(normalise(after))):
                found.append([])
            else:
                found[-1].append(piece)
        return [pieces for pieces in found if any(not isinstance(piece, Break) and piece != "" for piece in pieces)]


def read(element: _Element) -> Flow:
    """What stands in a ledd or item, without footnotes and amendment notes."""
    flow = Flow()
    _collect(flow, element)
    return flow


def plain(element: _Element) -> tuple[str, list[Reference]]:
    """All words of an element as one line, lists and tables included, and the links in it."""
    references: list[Reference] = []
    return normalise("".join(_words(element, references))), references


def sentences(pieces: Iterable[str | Break | Block], blocks: Mapping[_Element, str]) -> list[str]:
    """The sentences of a ledd. ``blocks`` is the text of each list or table; it belongs to the sentence before it.

    Words without a full stop before a paragraph are a heading, such as «(Svalbard)»: they belong to what follows.
    """
    found: list[str] = []
    heading = False
    for piece in pieces:
        if isinstance(piece, Break):
            continue
        text = normalise(blocks[piece.element] if isinstance(piece, Block) else piece)
        if not text:
            continue
        parts = [text] if isinstance(piece, Block) else split(text)
        if found and (heading or isinstance(piece, Block) or continues(text)):
            found[-1] = normalise(f"{found[-1]} {parts.pop(0)}")
        found.extend(parts)
        heading = isinstance(piece, str) and not finished(text)
    return found


def _collect(flow: Flow, element: _Element) -> None:
    flow.add(element.text)
    for child in element:
        kind = child.get("class") or ""
        if not isinstance(child.tag, str) or kind in _OUTSIDE:
            pass
        elif child.tag in ("ol", "ul", "table"):
            flow.pieces.append(Block(child))
        elif child.tag == "br":
            flow.add(" ")
        elif child.tag in _BLOCKS:
            flow.pieces.append(Break.CONTINUED if kind == "leddfortsettelse" else Break.PARAGRAPH)
            _collect(flow, child)
        else:
            _link(child, flow.references)
            _collect(flow, child)
        if kind == "miscHeadline":
            flow.pieces.append(Break.PARAGRAPH)
        flow.add(child.tail)


def _words(element: _Element, references: list[Reference]) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and (child.get("class") or "") not in _OUTSIDE:
            space = " " if child.tag in _BLOCKS else ""
            label = child.get("data-name") or "" if child.tag == "li" else ""
            _link(child, references)
            yield f"{space}{label}{space}"
            yield from _words(child, references)
            yield space
        yield child.tail or ""


def _link(element: _Element, references: list[Reference]) -> None:
    target = element.get("href")
    if element.tag == "a" and target:
        references.append(Reference(target, normalise("".join(str(part) for part in element.itertext()))))
