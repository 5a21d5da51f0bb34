"""Query files: SPARQL in ``.rq`` with a header that says what it answers and which parameters it takes.

::

    # title: Services and what binds them
    # title@nb: Tjenestene og hva som binder dem
    # question: Which acts bind each service on a date?
    # question@nb: Hvilke lover binder hver tjeneste på en dato?
    # group: cooperation
    # parameter: date xsd:date the as-of date
    # parameter: question xsd:string coordinator or main-responsibility

Title and question stand in English and, with ``@nb`` and ``@nn``, in both forms of Norwegian. A parameter that takes only
some values names them; ``such as`` gives an example. ``# internal: true`` marks a query the engine uses itself; it is not offered by name.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from samordning.engine.law import Texts
from samordning.engine.store import Iri
from samordning.errors import InputError, NotFound
from samordning.files import QUERIES
from samordning.namespaces import PREFIXES, ROOT, THINGS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from samordning.engine.store import Value

_HEADER = re.compile(r"^#\s*(?P<key>title|question|group|parameter|internal)(?:@(?P<lang>nb|nn))?:\s*(?P<text>.+?)\s*$")
_NAMED = re.compile(r"[a-z][a-z:-]*")
_PARAMETER = re.compile(r"^(?P<name>[a-z]\w*)\s+(?P<kind>xsd:date|xsd:string|xsd:integer|iri)\s+(?P<about>.+)$")


@dataclass(frozen=True)
class Parameter:
    """One typed parameter of a query."""

    name: str
    kind: str
    about: str

    @property
    def choices(self) -> tuple[str, ...]:
        """The only values there are, where the header names them: ``nb, nn or en``."""
        names = re.split(r", | or ", self.about)
        return tuple(names) if len(names) > 1 and all(_NAMED.fullmatch(name) for name in names) else ()

    @property
    def example(self) -> str:
        """A value to begin with; empty where the header gives none."""
        return self.about.partition("such as ")[2] or (self.choices[0] if self.choices else "")

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
    titles: Texts
    questions: Texts
    group: str
    parameters: tuple[Parameter, ...]
    internal: bool
    text: str

    @property
    def title(self) -> str:
        """The title in English."""
        return self.titles["en"]

    @property
    def question(self) -> str:
        """The question in English."""
        return self.questions["en"]

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
    said: dict[str, Texts] = {"title": Texts(), "question": Texts()}
    group = ""
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
        elif found["key"] in said:
            said[found["key"]][found["lang"] or "en"] = found["text"]
        elif found["key"] == "group":
            group = found["text"]
        else:
            internal = found["text"] == "true"
    if not all("en" in texts for texts in said.values()):
        raise InputError("A query file begins with # title: and # question:", where=f"{name}.rq:1")
    return Query(name, said["title"], said["question"], group, tuple(parameters), internal, text)


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
        return Query(path.stem, Texts(en=path.stem), Texts(en=ROOT), "", (), internal=False, text=text)
