"""Query files: SPARQL in ``.rq`` with a header that says what it answers and which parameters it takes.

::

    # title: Services and what binds them
    # question: Which acts bind each service on a date?
    # parameter: date xsd:date the as-of date

``# internal: true`` marks a query the engine uses itself; it is not offered by name.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from samordning.engine.store import Iri
from samordning.errors import InputError, NotFound
from samordning.files import QUERIES
from samordning.namespaces import PREFIXES, ROOT, THINGS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from samordning.engine.store import Value

_HEADER = re.compile(r"^#\s*(?P<key>title|question|parameter|internal):\s*(?P<text>.+?)\s*$")
_PARAMETER = re.compile(r"^(?P<name>[a-z]\w*)\s+(?P<kind>xsd:date|xsd:string|xsd:integer|iri)\s+(?P<about>.+)$")


@dataclass(frozen=True)
class Parameter:
    """One typed parameter of a query."""

    name: str
    kind: str
    about: str

    def parse(self, text: str, where: str) -> Value:
        """The value that ``text`` stands for.

        Raises:
            InputError: it is not of the parameter's kind.
        """
        try:
            if self.kind == "xsd:date":
                return dt.date.fromisoformat(text)
            if self.kind == "xsd:integer":
                return int(text)
        except ValueError:
            expected = "a date such as 2026-03-01" if self.kind == "xsd:date" else "a whole number"
            raise InputError(
                f"Parameter {self.name} is not {expected}", where=where, todo=f"It is: {self.about}"
            ) from None
        if self.kind == "iri":
            return Iri(expand(text))
        return text


@dataclass(frozen=True)
class Query:
    """A query file, read."""

    name: str
    title: str
    question: str
    parameters: tuple[Parameter, ...]
    internal: bool
    text: str

    def bind(self, given: Mapping[str, str], defaults: Mapping[str, Value]) -> dict[str, Value]:
        """Typed values for every parameter, from text and defaults.

        Raises:
            InputError: a parameter is missing, unknown or of the wrong kind.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise InputError(
                    f"The query {self.name} has no parameter {name}",
                    todo="It takes: " + (", ".join(sorted(known)) or "none"),
                )
        values: dict[str, Value] = {}
        for name, parameter in known.items():
            if name in given:
                values[name] = parameter.parse(given[name], self.name)
            elif name in defaults:
                values[name] = defaults[name]
            else:
                raise InputError(f"The query {self.name} needs the parameter {name}: {parameter.about}")
        return values


def expand(text: str) -> str:
    """Full IRI of ``prefix:name``, of an address or id of ours, or of what is an IRI already."""
    if "://" in text:
        return text
    prefix, colon, rest = text.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + rest
    return THINGS + text


def parse(name: str, text: str) -> Query:
    """Read a query with its header.

    Raises:
        InputError: the header is incomplete.
    """
    title = question = ""
    parameters: list[Parameter] = []
    internal = False
    for number, line in enumerate(text.splitlines(), start=1):
        found = _HEADER.match(line)
        if not found:
            continue
        if found["key"] == "parameter":
            typed = _PARAMETER.match(found["text"])
            if not typed:
                raise InputError("A parameter is written: name type description", where=f"{name}.rq:{number}")
            parameters.append(Parameter(typed["name"], typed["kind"], typed["about"]))
        elif found["key"] == "title":
            title = found["text"]
        elif found["key"] == "question":
            question = found["text"]
        else:
            internal = found["text"] == "true"
    if not (title and question):
        raise InputError("A query file begins with # title: and # question:", where=f"{name}.rq:1")
    return Query(name, title, question, tuple(parameters), internal, text)


@cache
def library() -> dict[str, Query]:
    """Every query file, by name."""
    return {path.stem: parse(path.stem, path.read_text(encoding="utf-8")) for path in sorted(QUERIES.glob("*.rq"))}


def named(name: str) -> Query:
    """The query of that name.

    Raises:
        NotFound: there is none; near names are suggested.
    """
    queries = library()
    if name not in queries or queries[name].internal:
        offered = [query.name for query in queries.values() if not query.internal]
        near = get_close_matches(name, offered, n=1)
        hint = f"Did you mean {near[0]}?" if near else "samordning query --list shows them"
        raise NotFound("There is no query of that name", todo=hint)
    return queries[name]


def from_file(path: Path) -> Query:
    """A query from the user's own file; a header is welcome but not needed."""
    text = path.read_text(encoding="utf-8")
    try:
        return parse(path.stem, text)
    except InputError:
        return Query(path.stem, path.stem, ROOT, (), internal=False, text=text)
