"""What a document says about itself: its keys, titles, dates and ELI."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from samordning.errors import DataError
from samordning.lovdata.text import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

_LEGACY: Final = re.compile(r"(?P<type>LOV|FOR)-(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:-(?P<number>\d+))?")
_REFID: Final = re.compile(r"(?:lov|forskrift)/\d{4}-\d{2}-\d{2}(?:-\d+)?")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
#: Norsk Lovtidend: the same act as in NL/ or SF/, without what has been amended since.
_ANNOUNCED: Final = "LTI/"
_TYPES: Final = {"LOV": "lov", "FOR": "forskrift"}


def eli(legacy: str) -> str:
    """ELI of a document, made from Lovdata's older key: ``LOV-2011-06-24-30``. The XML itself holds no ELI.

    Raises:
        ValueError: it is not such a key.
    """
    found = _LEGACY.fullmatch(legacy)
    if not found:
        raise ValueError(f"not a key of an act: {legacy}")
    parts = [_TYPES[found["type"]], found["year"], found["month"], found["day"], found["number"]]
    return "https://lovdata.no/eli/" + "/".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Header:
    """The keys, titles and dates in the head of one document; dates are ISO, empty where the document has none."""

    refid: str
    legacy: str
    dokid: str
    language: str
    title: str
    short_title: str
    ministry: str
    in_force: str
    last_change: str
    changed_by: str
    published: str
    corrected: str

    @property
    def eli(self) -> str:
        """ELI of the document."""
        return eli(self.legacy)

    @property
    def terms(self) -> Mapping[str, str]:
        """The document in terms of the ELI ontology, one value for each property that is known."""
        found = _LEGACY.fullmatch(self.legacy)
        signed = "-".join((found["year"], found["month"], found["day"])) if found else ""
        values = {
            "eli:id_local": self.refid,
            "eli:type_document": self.refid.partition("/")[0],
            "eli:title": self.title,
            "eli:title_short": self.short_title,
            "eli:responsibility_of": self.ministry,
            "eli:date_document": signed,
            "eli:date_publication": self.published,
            "eli:first_date_entry_in_force": self.in_force,
            "eli:version_date": self.last_change,
        }
        return {name: value for name, value in values.items() if value}


def read(root: _Element, name: str) -> Header:
    """The header of a parsed document. ``name`` is the file's, for messages.

    Raises:
        DataError: it has none, its keys are not of Lovdata's form, or it is from Norsk Lovtidend.
    """
    values: dict[str, str] = {}
    for entry in root.iterfind("./body/header//dd[@class]"):
        kind = str(entry.get("class"))
        if kind != "table-of-contents":
            items = entry.findall("./ul/li")
            values.setdefault(kind, "; ".join(_text(item) for item in items) if items else _text(entry))
    refid, legacy = values.get("refid", ""), values.get("legacyID", "")
    if not (_REFID.fullmatch(refid) and _LEGACY.fullmatch(legacy)):
        raise DataError("The document does not say which act it is", where=name, todo="Get it from Lovdata again")
    if values.get("dokid", "").startswith(_ANNOUNCED):
        raise DataError("The file shows the act as it was announced, not as it stands", where=name)
    return Header(
        refid=refid,
        legacy=legacy,
        dokid=values.get("dokid", ""),
        language=root.get("lang") or "",
        title=values.get("title", ""),
        short_title=values.get("titleShort", ""),
        ministry=values.get("ministry", ""),
        in_force=_date(values.get("dateInForce", "")),
        last_change=_date(values.get("lastChangeInForce", "")),
        changed_by=values.get("lastChangedBy", ""),
        published=_date(values.get("dateOfPublication", "")),
        corrected=_date(values.get("lastupdated", "")),
    )


def _text(element: _Element) -> str:
    return normalise("".join(str(part) for part in element.itertext()))


def _date(text: str) -> str:
    found = _DATE.search(text)
    return found[0] if found else ""
