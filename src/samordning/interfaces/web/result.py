"""The result of a query as a table that a reader can read: labels, links, dates and numbers in their language."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from samordning.answer.wording import date_text
from samordning.interfaces.web.label import Labels, Shown
from samordning.interfaces.web.text import catalogue, say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

TABLE: Final = "application/sparql-results+json"
GRAPH: Final = "text/turtle"
#: Rows shown on a page; the files hold all of them, and the page says so.
SHOWN: Final = 500
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_DAYS: Final = re.compile(r"P(\d+)D")
_WEEK: Final = 7


@dataclass(frozen=True)
class Result:
    """What came back: rows, a yes or no, or triples as Turtle; ``count`` is the number of all rows."""

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Shown]] = ()
    count: int = 0
    truth: bool | None = None
    turtle: str = ""


def read(media: str, found: bytes, labels: Labels, lang: str) -> Result:
    """The result of a query of the reader's own: names as they are, with a label beside them."""
    if media == GRAPH:
        return Result(turtle=found.decode())
    document = json.loads(found)
    if "boolean" in document:
        return Result(truth=bool(document["boolean"]))
    columns = document["head"]["vars"]
    bindings = document["results"]["bindings"]
    rows = [[_exact(row.get(name), labels, lang) for name in columns] for row in bindings[:SHOWN]]
    return Result(columns, rows, len(bindings))


def told(query: str, found: bytes, given: Collection[str], labels: Labels, lang: str) -> Result:
    """The rows of a question with a name, said in words; columns that only repeat what was asked are left out."""
    document = json.loads(found)
    names = [name for name in document["head"]["vars"] if name not in given]
    bindings = document["results"]["bindings"]
    rows = [[_said(name, row.get(name), labels, lang) for name in names] for row in bindings[:SHOWN]]
    return Result([heading(query, name, lang) for name in names], rows, len(bindings))


def heading(query: str, name: str, lang: str) -> str:
    """What a column is called."""
    texts = catalogue(lang)
    return texts.get(f"query.column-{query}-{name}") or texts.get(f"query.column-{name}") or name


def _exact(term: dict[str, str] | None, labels: Labels, lang: str) -> Shown:
    if term is None:
        return Shown("")
    if term["type"] == "uri":
        found = labels.iri(term["value"], lang)
        return Shown(found.name or found.text, "", found.href, found.text if found.name else "")
    if term["type"] == "bnode":
        return Shown("_:" + term["value"])
    tag = term.get("xml:lang", "")
    return Shown(term["value"], tag, name=tag)


def _said(column: str, term: dict[str, str] | None, labels: Labels, lang: str) -> Shown:
    if term is None:
        return Shown("")
    value = term["value"]
    if term["type"] == "uri":
        return labels.iri(value, lang)
    tag = term.get("xml:lang", "")
    if tag:
        return Shown(value, "" if tag == lang else tag)
    kind = term.get("datatype", "").removeprefix(_XSD)
    if kind == "date":
        return Shown(date_text(dt.date.fromisoformat(value[:10]), lang))
    if days := _DAYS.fullmatch(value):
        number = int(days[1])
        whole = number % _WEEK == 0
        return Shown(
            say(lang, "query.weeks", number=number // _WEEK) if whole else say(lang, "query.days", number=number)
        )
    found = labels.plain(column, value, lang)
    key = f"query.value-{value.replace(' ', '-')}"
    return found or Shown(catalogue(lang).get(key, value))
