"""One document of Lovdata, read from its XML with a parser that expands nothing and fetches nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from samordning.errors import DataError
from samordning.lovdata.body import Body
from samordning.lovdata.header import Header
from samordning.lovdata.header import read as read_header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from samordning.lovdata.unit import Unit

_SUBSET: Final = re.compile(rb"<!DOCTYPE[^>]*\[")
_PROLOGUE: Final = 65_536  # bytes in which a document type must stand to be looked for before parsing
#: «nl-18140517-000-nn.xml» is the same act in another language form than «nl-18140517-000.xml».
_VARIANT: Final = re.compile(r"-(?P<variant>[a-z]+)\.xml$")


@dataclass(frozen=True, slots=True)
class Document:
    """What one file holds."""

    name: str
    header: Header
    units: tuple[Unit, ...]

    @property
    def variant(self) -> str:
        """Which of several files about the same act this is; empty for the only or main one."""
        return variant(self.name)

    def walk(self) -> Iterator[Unit]:
        """Every part of the document, in order."""
        for unit in self.units:
            yield from unit.walk()


def variant(name: str) -> str:
    """Which of several files about the same act ``name`` is; empty for the only or main one."""
    found = _VARIANT.search(name)
    return found["variant"] if found else ""


def header(content: bytes, name: str) -> Header:
    """Only what the document says about itself.

    Raises:
        DataError: it is not a document of Lovdata's form.
    """
    return read_header(_parse(content, name), name)


def parse(content: bytes, name: str) -> Document:
    """The whole document. ``name`` is the file's, for messages.

    Raises:
        DataError: it is not well-formed, declares entities, or is not a document of Lovdata's form.
    """
    root = _parse(content, name)
    head = read_header(root, name)
    main = root.find("./body/main")
    if main is None:
        raise DataError("The document has no body", where=name, todo="Get it from Lovdata again")
    return Document(name, head, tuple(Body(head.refid).units(main)))


def _parse(content: bytes, name: str) -> _Element:
    # The real files begin with <!DOCTYPE html>. Nothing else in a DTD is needed, so nothing else is accepted.
    refused = DataError("The document declares entities of its own", where=f"{name}:1", why="They are never expanded")
    if _SUBSET.search(content[:_PROLOGUE]):
        raise refused
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DataError(f"This is not well-formed XML: {error.msg}", where=f"{name}:{error.lineno or 1}") from None
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is not None and (any(dtd.iterentities()) or any(dtd.iterelements())):
        raise refused  # written in an encoding that hides it from the search above
    return root
