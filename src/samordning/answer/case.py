"""The case file: one person, the services round that person, and what is known. Checked against the facts in the data."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from samordning.answer import entry
from samordning.answer.document import Document, read
from samordning.engine.status import Fact, Special, encode
from samordning.errors import InputError, OutsideData

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from samordning.engine.law import Law, Thing

MAX_AGE: Final = 130
_KEYS: Final = ("date", "municipality", "person", "services", "facts")
_OPEN: Final = "open"
_UNKNOWN: Final = "unknown"
_NAME: Final = re.compile(r"[A-Za-z][\w-]{0,39}")


@dataclass(frozen=True)
class Case:
    """A checked case. ``facts`` holds what is known; a fact that is not there is unknown."""

    date: dt.date
    services: tuple[str, ...]
    facts: Mapping[str, Fact]
    municipality: str | None = None
    notes: tuple[str, ...] = field(default=())

    def follows(self, key: str) -> bool:
        """Whether a fact follows from another and a case can't state it: an expected child has no age."""
        return key == "age" and self.facts.get("age") is Special.NONE

    def fingerprint(self, law: Law) -> str:
        """SHA-256 of what the answer rests on, so that an answer can be repeated without keeping the facts."""
        return "sha256:" + hashlib.sha256(f"{self.date}{encode(self.facts, law)}".encode()).hexdigest()


def load(path: Path, law: Law, *, date: dt.date | None = None, learnt: Mapping[str, object] | None = None) -> Case:
    """Read a case from a file, with ``learnt`` facts in place of what it says of them.

    Raises:
        InputError: the file can't be read or says something that isn't possible; ``where`` is ``file:line``.
    """
    name = path.name
    try:
        with path.open("rb") as file:
            raw = file.read(256 * 1024 + 1)
        size = path.stat().st_size
    except FileNotFoundError:
        raise InputError("There is no such file", where=str(path), code="no-file") from None
    except OSError as error:
        raise InputError(f"The file can't be read: {error.strerror}", where=str(path), code="no-file") from None
    document = read(raw if size == len(raw) else raw.ljust(size, b" "), name)
    return check(_learn(document, learnt or {}, law), law, date=date)


def _learn(document: Document, learnt: Mapping[str, object], law: Law) -> Document:
    if not learnt or not isinstance(document.data, dict):
        return document
    data = dict(document.data)
    for key, value in learnt.items():
        fact = law.facts.get(key)
        section = str(fact.one("section")) if fact else "facts"
        given = data.get(section) or {}
        if not isinstance(given, dict) or section == "case":
            raise InputError(
                f"{_shown(key)} cannot be set here",
                where="--fact",
                todo="Change it in the case file",
                code="not-set-here",
            )
        data[section] = {**given, key: value}
    return Document(document.name, data, document.lines)


def check(document: Document, law: Law, *, date: dt.date | None = None) -> Case:
    """Turn parsed data into a case.

    Raises:
        InputError: a key, service, fact or value isn't one the data knows, or two of them contradict each other.
        OutsideData: the date is not one the data answers for.
    """
    data = document.data
    if not isinstance(data, dict):
        raise InputError(
            "A case is a mapping with keys such as services and facts",
            where=document.where(),
            todo="See the README for an example",
            code="not-a-case",
        )
    _refuse_unknown(data, _KEYS, document, ())
    facts: dict[str, Fact] = {}
    services = _services(data.get("services"), document, law)
    facts["services"] = services
    facts |= _section(data.get("person"), "person", document, law)
    facts |= _section(data.get("facts"), "facts", document, law)
    entry.consistent(facts, services, document)
    when = date or entry.day(data.get("date"), document)
    refuse_outside(when, law, document.where("date"))
    return Case(when, services, facts, entry.municipality(data.get("municipality"), document))


def refuse_outside(date: dt.date, law: Law, where: str = "") -> None:
    """Refuse a date that the data doesn't answer for.

    Raises:
        OutsideData: with the period that it does answer for.
    """
    first, last = law.coverage.one("coversFrom"), law.coverage.one("coversUntil")
    if isinstance(first, dt.date) and isinstance(last, dt.date) and not first <= date <= last:
        raise OutsideData(
            f"The date {date} is outside what the data covers, {first} to {last}",
            where=where,
            why="The duties have been read for that period only, and nothing is guessed",
            todo="Ask for a date within it",
            pointer="/date",
            code="outside",
            values={"first": first, "last": last},
        )


def _refuse_unknown(data: Mapping[str, Any], known: tuple[str, ...], document: Document, path: tuple[str, ...]) -> None:
    for key in data:
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0.6)
            raise InputError(
                f"Unknown key {_shown(key)}",
                where=document.where(*path, key),
                todo=f"Did you mean {near[0]}?" if near else "Known here: " + ", ".join(known),
                pointer=_pointer(*path, _shown(key)),
                code="unknown-key" if _NAME.fullmatch(key) else "hidden-key",
                values={"key": _shown(key)},
            )


def _shown(key: str) -> str:
    # A key is echoed only when it looks like one: never a sentence about somebody.
    return f'"{key}"' if _NAME.fullmatch(key) else "(not shown)"


def _pointer(*path: str) -> str:
    return "".join("/" + part.strip('"') for part in path)


def _services(given: object, document: Document, law: Law) -> tuple[str, ...]:
    if given is None:
        given = []
    if not isinstance(given, list):
        raise InputError(
            "services is a list of service ids",
            where=document.where("services"),
            pointer="/services",
            code="services-no-list",
        )
    found = [resolve(item, law, document.where("services"), f"/services/{number}") for number, item in enumerate(given)]
    twice = {service for service in found if found.count(service) > 1}
    if twice:
        raise InputError(
            f"The service {min(twice)} is listed twice",
            where=document.where("services"),
            pointer="/services",
            code="service-twice",
            values={"service": min(twice)},
        )
    if not found:
        raise InputError(
            "The case names no service",
            where=document.where("services"),
            why="A duty to cooperate is always some service's duty",
            todo="List the services the person receives or needs",
            pointer="/services",
            code="no-service",
        )
    return tuple(found)


def resolve(name: object, law: Law, where: str, pointer: str = "") -> str:
    """Service id for an id, a label or an alias, whatever its case.

    Raises:
        InputError: no service is called that, or several are.
    """
    if not isinstance(name, str):
        raise InputError("A service is named by its id", where=where, pointer=pointer, code="service-no-id")
    names = _names(law)
    found = names.get(name.casefold().strip(), set())
    if len(found) == 1:
        return next(iter(found))
    if found:
        raise InputError(
            f"Several services are called that: {', '.join(sorted(found))}",
            where=where,
            todo="Use the id",
            pointer=pointer,
            code="service-several",
            values={"services": tuple(sorted(found))},
        )
    near = get_close_matches(name.casefold(), names, n=1, cutoff=0.6)
    hint = f"Did you mean {min(names[near[0]])}?" if near else "samordning services lists them"
    raise InputError(f"Unknown service {_shown(name)}", where=where, todo=hint, pointer=pointer, code="service-unknown")


@lru_cache(maxsize=1)
def _names(law: Law) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for service in law.selectable:
        names.setdefault(service.id, set()).add(service.id)
        for alias in (*service.label.values(), *service.strings("altLabel")):
            if alias.casefold() not in law.services:
                names.setdefault(alias.casefold(), set()).add(service.id)
    return names


def _section(given: object, section: str, document: Document, law: Law) -> dict[str, Fact]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise InputError(
            f"{section} is a mapping",
            where=document.where(section),
            pointer=f"/{section}",
            code="section",
            values={"section": section},
        )
    known = {fact.id: fact for fact in law.facts.values() if fact.one("section") == section}
    _refuse_unknown(given, tuple(known), document, (section,))
    facts: dict[str, Fact] = {}
    for key, value in given.items():
        if value == _UNKNOWN:
            continue
        kind = str(known[key].one("valueKind"))
        if value is None and kind != "service":
            continue  # a key without a value says nothing
        facts[key] = _fact(known[key], kind, value, document.where(section, key), law)
    if section == "person" and facts.get("unborn") is True:
        if "age" in facts:
            raise InputError(
                "An unborn child has no age",
                where=document.where(section, "age"),
                todo="Give age or unborn, not both",
                pointer="/person/age",
                code="unborn-age",
            )
        facts["age"] = Special.NONE
    elif section == "person" and isinstance(facts.get("age"), int):
        facts["unborn"] = False
    return facts


def _fact(fact: Thing, kind: str, value: object, where: str, law: Law) -> Fact:
    pointer = f"/{fact.one('section')}/{fact.id}"
    if kind == "integer":
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_AGE:
            raise InputError(
                f"{fact.id} is a whole number from 0 to {MAX_AGE}",
                where=where,
                pointer=pointer,
                code="whole-number",
                values={"most": MAX_AGE},
            )
        return value
    if value == _OPEN:
        return Special.OPEN
    if kind == "boolean":
        if not isinstance(value, bool):
            raise InputError(f"{fact.id} is true, false, unknown or open", where=where, pointer=pointer, code="truth")
        return value
    if kind == "service":
        return Special.NONE if value is None else resolve(value, law, where, pointer)
    choices = fact.strings("choice")
    if value not in choices:
        raise InputError(
            f"{fact.id} is one of: {', '.join(sorted(choices))}",
            where=where,
            pointer=pointer,
            code="choice",
            values={"choices": tuple(sorted(choices))},
        )
    return str(value)
