"""From the XHTML-like body of a Lovdata document to its parts.

Parts are known by ``data-name``: ids and chapter addresses are positional and move when a chapter is added.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from samordning.lovdata.flow import Block, Flow, plain, read, sentences
from samordning.lovdata.text import normalise
from samordning.lovdata.unit import Kind, Unit, container, item_step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

_LEDD: Final = ("legalP", "numberedLegalP")
_NUMBER: Final = re.compile(r"(?P<open>\(?)(?P<number>\w+)(?P<close>[.)]*)(?:\s+|(?<=[.)]))")
_ASIDE: Final = {"changesToParent": Kind.NOTE, "document-change": Kind.CHANGE, "futureLegalArticle": Kind.CHANGE,
                 "change": Kind.CHANGE}  # fmt: skip


class Body:
    """Builds the parts of one document. Make one for each document: it remembers which addresses are taken."""

    def __init__(self, refid: str) -> None:
        self._refid = refid
        self._taken: set[str] = set()

    def units(self, main: _Element) -> list[Unit]:
        """The outermost parts under ``main``: parts, chapters, sections, and what stands outside them."""
        root = Unit(Kind.DIVISION, self._refid)
        self._fill(root, main)
        return root.children

    def _fill(self, parent: Unit, element: _Element) -> None:
        # What a chapter, an act without chapters or a section holds.
        printed = {_numerator(child) for child in element if child.get("class") == "numberedLegalP"}
        ledd = 0
        for child in element:
            if not isinstance(child.tag, str):
                continue
            kind = child.get("class") or ""
            if child.tag == "section":
                parent.children.append(self._container(child))
            elif kind == "legalArticle":
                parent.children.append(self._section(child))
            elif kind in _LEDD:
                ledd += 1
                step = f"ledd/{ledd}"
                if kind == "legalP" and str(ledd) in printed:
                    step = f"avsnitt/{ledd}"  # a heading before «(1)», not a ledd
                parent.children.append(self._ledd(parent, child, step))
            elif child.tag in ("ol", "ul"):
                parent.children.extend(self._items(parent.address, child))
            elif child.tag == "footer":
                parent.children.extend(self._aside(parent, note, Kind.FOOTNOTE) for note in child)
            elif not _is_heading(child):
                parent.children.append(self._aside(parent, child, _ASIDE.get(kind, Kind.PARAGRAPH)))

    def _container(self, element: _Element) -> Unit:
        name = element.get("data-name") or ""
        heading = next((child for child in element if _is_heading(child)), None)
        unit = Unit(
            container(name),
            self._address(self._place(element)),
            title=plain(heading)[0] if heading is not None else "",
            repealed=(heading.get("data-repealeddate") or "") if heading is not None else "",
        )
        self._fill(unit, element)
        return unit

    def _section(self, element: _Element) -> Unit:
        unit = Unit(
            Kind.SECTION,
            self._address(self._place(element)),
            label=_heading(element, "legalArticleValue"),
            title=_heading(element, "legalArticleTitle"),
            repealed=element.get("data-repealeddate") or "",
        )
        self._fill(unit, element)
        return unit

    def _ledd(self, parent: Unit, element: _Element, step: str) -> Unit:
        flow = read(element)
        label = ""
        if element.get("class") == "numberedLegalP":
            found = _NUMBER.match(flow.opening)
            if found and found["number"] == _numerator(element):
                label = found[0].strip()
                flow.cut(found.end())
                step = f"{_numbered(found)}/{found['number']}"
        kind = Kind.PARAGRAPH if step.startswith("avsnitt") else Kind.LEDD
        unit = Unit(kind, self._address(f"{parent.address}/{step}"), label=label)
        return self._written(unit, flow, nested=not step.startswith("ledd"))

    def _items(self, address: str, element: _Element) -> list[Unit]:
        numbering = element.get("type") or ""
        found = []
        for position, entry in enumerate(element.findall("li"), start=1):
            label = normalise(entry.get("data-name") or "")
            unit = Unit(Kind.ITEM, self._address(f"{address}/{item_step(label, numbering, position)}"), label=label)
            found.append(self._written(unit, read(entry), nested=True))
        return found

    def _written(self, unit: Unit, flow: Flow, *, nested: bool) -> Unit:
        """Give ``unit`` its text, items and sentences; ``nested`` numbers its paragraphs as ledd, as Lovdata does."""
        blocks: dict[_Element, str] = {}
        for piece in flow.pieces:
            if isinstance(piece, Block):
                items = [] if piece.element.tag == "table" else self._items(unit.address, piece.element)
                unit.children.extend(items)
                shown = (f"{item.label} {item.text}" for item in items)
                blocks[piece.element] = " ".join(shown) if items else plain(piece.element)[0]
        found = sentences(flow.pieces, blocks)
        unit.text, unit.references = " ".join(found), flow.references
        unit.children.extend(self._sentences(unit.address, found))
        paragraphs = flow.paragraphs() if nested else []
        if len(paragraphs) > 1:
            for number, paragraph in enumerate(paragraphs, start=1):
                own = sentences(paragraph, blocks)
                part = Unit(Kind.PARAGRAPH, self._address(f"{unit.address}/ledd/{number}"), text=" ".join(own))
                part.children.extend(self._sentences(part.address, own))
                unit.children.append(part)
        return unit

    def _sentences(self, address: str, texts: Iterable[str]) -> list[Unit]:
        return [
            Unit(Kind.SENTENCE, self._address(f"{address}/setning/{number}"), text=text)
            for number, text in enumerate(texts, start=1)
        ]

    def _aside(self, parent: Unit, element: _Element, kind: Kind) -> Unit:
        text, references = plain(element)
        step = {Kind.NOTE: "merknad", Kind.CHANGE: "endring", Kind.FOOTNOTE: "fotnote"}.get(kind, "tekst")
        number = 1 + sum(child.kind is kind for child in parent.children)
        return Unit(kind, self._address(f"{parent.address}/{step}/{number}"), text=text, references=references)

    def _place(self, element: _Element) -> str:
        # Only divisions without a name are known by Lovdata's positional address.
        positional = (element.get("data-lovdata-URL") or "").rpartition("/")[2]
        return f"{self._refid}/{element.get('data-name') or positional}"

    def _address(self, wanted: str) -> str:
        # Some acts hold the same name twice, mostly a treaty in two languages. The first keeps the plain address.
        address, times = wanted, 1
        while address in self._taken:
            times += 1
            address = f"{wanted}#{times}"
        self._taken.add(address)
        return address


def _numerator(element: _Element) -> str:
    return element.get("data-numerator") or ""


def _numbered(found: re.Match[str]) -> str:
    # «(1)» is a ledd, «1.» is a number and «(a)» a letter, as Lovdata's own amendments address them.
    if not found["number"][0].isdigit():
        return "bokstav"
    return "ledd" if found["open"] else "nummer"


def _is_heading(element: _Element) -> bool:
    tag = str(element.tag)
    return element.get("class") == "legalArticleHeader" or (tag[:1] == "h" and tag[1:].isdigit())


def _heading(element: _Element, kind: str) -> str:
    header = next((child for child in element if child.get("class") == "legalArticleHeader"), None)
    span = header.find(f".//span[@class='{kind}']") if header is not None else None
    return plain(span)[0] if span is not None else ""
