"""The friendly form of a case record or a set-up, checked against the vocabulary and made into nodes and statements.

No value is free text, apart from the name of an organisation: a record is about a person. A key without a value says
nothing; the word ``none`` says that there is none.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

from samordning.answer.case import Case, check, refuse_outside, resolve
from samordning.answer.document import Document
from samordning.check.vocabulary import CASE, NONE, SETUP, Term, Vocabulary
from samordning.errors import InputError
from samordning.namespaces import term, thing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samordning.engine.law import Law
    from samordning.engine.status import Fact

#: What a statement says: a truth, a date, the IRI of a thing, or another node.
Value: TypeAlias = "bool | dt.date | str | Node"
_CASE_KEYS: Final = ("date", "municipality", "person", "services", "facts", "record")
_SETUP_KEYS: Final = ("date", "setup")
_HEAD: Final = ("kind", "name", "number", "county", "services")
_LONGEST_NAME: Final = 80
_MOST_ITEMS: Final = 200


@dataclass
class Node:
    """Statements about one thing, and the properties of which it is said that there is none."""

    statements: list[tuple[str, Value]] = field(default_factory=list)
    none: list[str] = field(default_factory=list)

    def values(self, name: str) -> list[Value]:
        """What is said with one of our properties."""
        return [value for predicate, value in self.statements if predicate == term(name)]


@dataclass(frozen=True)
class Record:
    """A checked record: which duties apply follows from ``case``, whether they are met from ``root``."""

    scope: str
    """case or setup"""
    name: str
    case: Case
    root: Node
    organisation: str | None = None
    title: str | None = None
    number: str | None = None
    county: str | None = None


def from_document(document: Document, vocabulary: Vocabulary, law: Law, scope: str, date: dt.date | None) -> Record:
    """A record from parsed YAML or JSON.

    Raises:
        InputError: something in it is not known, not possible or contradicts something else; nothing is repeated but keys.
    """
    if not isinstance(document.data, dict):
        raise InputError(
            "This is not a mapping with keys such as date", where=document.where(), todo="See the folder examples"
        )
    other = "setup" if scope == "case" else "case"
    if ("record" if other == "case" else "setup") in document.data:
        raise InputError(
            f"This is a {'case' if other == 'case' else 'set-up'}",
            where=document.where(),
            todo=f"Use samordning check {other}, or of={other} over HTTP",
        )
    reader = _Reader(document, vocabulary, law)
    return reader.case(date) if scope == "case" else reader.setup(date)


class _Reader:
    def __init__(self, document: Document, vocabulary: Vocabulary, law: Law) -> None:
        self.document, self.vocabulary, self.law = document, vocabulary, law
        self.date = dt.date.max

    def case(self, date: dt.date | None) -> Record:
        data = self.document.data
        self._known(data, _CASE_KEYS, ())
        if "record" not in data:
            self._fail("There is no record of what was done", (), "Add record:, see the folder examples")
        plain = {key: value for key, value in data.items() if key != "record"}
        case = check(Document(self.document.name, plain, self.document.lines), self.law, date=date)
        self.date = case.date
        root = self.node(CASE, data["record"] or {}, ("record",))
        self._services_in_case(root, case)
        return Record("case", self.document.name, self._told(case, root), root)

    def setup(self, date: dt.date | None) -> Record:
        data = self.document.data
        known = {key[0] for key in self.vocabulary.terms[SETUP]}
        self._known(data, (*_SETUP_KEYS, *sorted(known)), ())
        head = data.get("setup")
        if not isinstance(head, dict):
            self._fail("setup is a mapping with kind, name and services", ("setup",))
        self._known(head, _HEAD, ("setup",))
        case = check(
            Document(
                self.document.name, {"date": data.get("date"), "services": head.get("services")}, self.document.lines
            ),
            self.law,
            date=date,
        )
        refuse_outside(case.date, self.law, self.document.where("date"))
        self.date = case.date
        root = self.node(SETUP, {key: value for key, value in data.items() if key not in _SETUP_KEYS}, ())
        kind = head.get("kind")
        if kind not in self.vocabulary.answers_for:
            self._fail("kind is one of: " + ", ".join(sorted(self.vocabulary.answers_for)), ("setup", "kind"))
        return Record(
            "setup",
            self.document.name,
            case,
            root,
            organisation=str(kind),
            title=self._title(head.get("name")),
            number=self._digits(head, "number", 4),
            county=self._digits(head, "county", 2),
        )

    def node(self, kind: str, data: object, path: tuple[str, ...]) -> Node:
        """The statements of a mapping about a thing of one class."""
        made = Node()
        self._level(self.vocabulary.terms[kind], (), data, path, made)
        return made

    def _level(
        self,
        terms: Mapping[tuple[str, ...], Term],
        above: tuple[str, ...],
        data: object,
        path: tuple[str, ...],
        made: Node,
    ) -> None:
        if data is None:
            return
        if not isinstance(data, dict):
            self._fail(f"{'.'.join(path) or 'This'} is a mapping", path)
        known = {key[len(above)]: key for key in terms if key[: len(above)] == above}
        self._known(data, tuple(sorted(known)), path)
        for key, value in data.items():
            whole = (*above, key)
            if whole in terms:
                self._state(terms[whole], value, (*path, key), made)
            else:
                self._level(terms, whole, value, (*path, key), made)

    def _state(self, one: Term, value: object, path: tuple[str, ...], made: Node) -> None:
        if value is None or value == "unknown":
            return
        if value == NONE or (one.many and value == []):
            if one.takes in ("boolean", "date"):
                self._fail(f"{path[-1]} can't be none", path)
            made.none.append(one.iri)
            return
        if not one.many:
            made.statements.append((one.iri, self._value(one, value, path)))
            return
        if not isinstance(value, list) or len(value) > _MOST_ITEMS:
            self._fail(f"{path[-1]} is a list of at most {_MOST_ITEMS}, or none", path)
        for number, item in enumerate(value):
            found = self._value(one, item, (*path, str(number)))
            if (one.iri, found) in made.statements and not isinstance(found, Node):
                self._fail(f"{path[-1]} holds the same thing twice", (*path, str(number)))
            made.statements.append((one.iri, found))

    def _value(self, one: Term, value: object, path: tuple[str, ...]) -> Value:
        key = next((part for part in reversed(path) if not part.isdigit()), path[-1])
        if one.takes == "boolean":
            if not isinstance(value, bool):
                self._fail(f"{key} is true, false or unknown", path)
            return value
        if one.takes == "date":
            return self._date(value, key, path)
        if one.takes == "service":
            return thing(f"service/{resolve(value, self.law, self.document.where(*path), '/' + '/'.join(path))}")
        if one.takes in self.vocabulary.concepts:
            concepts = self.vocabulary.concepts[one.takes]
            if not isinstance(value, str) or value not in concepts:
                near = get_close_matches(value, concepts, n=1) if isinstance(value, str) else []
                self._fail(f"{key} is one of: {', '.join(concepts)}", path, f"Did you mean {near[0]}?" if near else "")
            return concepts[value]
        return self.node(term(one.takes), value if value is not None else {}, path)

    def _date(self, value: object, key: str, path: tuple[str, ...]) -> dt.date:
        text = value.isoformat() if type(value) is dt.date else value
        try:
            day = dt.date.fromisoformat(text if isinstance(text, str) and len(text) == len("2026-03-01") else "")
        except ValueError:
            self._fail(f"{key} is not a day such as 2026-03-01", path)
        if day > self.date:
            self._fail(f"{key} lies after the date that is asked about", path, "A record says what has been done")
        return day

    def _services_in_case(self, root: Node, case: Case) -> None:
        seen: set[str] = set()
        for number, entry in enumerate(root.values("serviceRecord")):
            path = ("record", "services", str(number))
            named = entry.values("recordOf") if isinstance(entry, Node) else []
            if not named:
                self._fail("An entry of services names no service", path, "Add service:")
            key = str(named[0]).rsplit("/", 1)[-1]
            if key not in case.services:
                self._fail(f"{key} is not among the services of the case", path, "Add it to services")
            if key in seen:
                self._fail(f"{key} has two entries", path, "Write what it did in one")
            seen.add(key)

    def _told(self, case: Case, root: Node) -> Case:
        """The case with what the record tells of its facts. What the case says itself must not contradict it."""
        told: dict[str, Fact] = {}
        for kind, node in [(CASE, root)] + [(term("PlanRecord"), plan) for plan in root.values("plan")]:
            if not isinstance(node, Node):
                continue
            for one in self.vocabulary.terms[kind].values():
                if one.tells is None:
                    continue
                said = [value for predicate, value in node.statements if predicate == one.iri]
                if one.takes == "boolean" and said:
                    told[one.tells] = bool(told.get(one.tells)) or said[0] is True
                elif one.takes != "boolean" and (said or one.iri in node.none):
                    told[one.tells] = bool(said)
        for fact, value in told.items():
            if isinstance(case.facts.get(fact), bool) and case.facts[fact] is not value:
                self._fail(
                    f"The record and {fact} in facts say different things",
                    ("facts", fact),
                    "Mend one of them, or leave it out of facts",
                )
        return Case(case.date, case.services, {**case.facts, **told}, case.municipality, case.notes)

    def _title(self, value: object) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > _LONGEST_NAME or re.search(r"[\x00-\x1f<>]|\d{5}", value):
            self._fail("name is the name of the organisation, at most 80 characters", ("setup", "name"))
        return value

    def _digits(self, head: Mapping[str, Any], key: str, length: int) -> str | None:
        value = head.get(key)
        if value is not None and not (isinstance(value, str) and re.fullmatch(rf"[0-9]{{{length}}}", value)):
            self._fail(f"{key} is {length} digits in quotes", ("setup", key))
        return value

    def _known(self, data: Mapping[str, Any], known: tuple[str, ...], path: tuple[str, ...]) -> None:
        for key in data:
            if key not in known:
                near = get_close_matches(key, known, n=1, cutoff=0.6)
                shown = f'"{key}"' if re.fullmatch(r"[A-Za-z][\w-]{0,39}", key) else "(not shown)"
                self._fail(
                    f"Unknown key {shown}",
                    (*path, key),
                    f"Did you mean {near[0]}?" if near else "Known here: " + ", ".join(known),
                )

    def _fail(self, what: str, path: tuple[str, ...], todo: str = "") -> NoReturn:
        shown = [part for part in path if re.fullmatch(r"[A-Za-z0-9][\w-]{0,39}", part)]
        raise InputError(what, where=self.document.where(*path), todo=todo, pointer="".join("/" + p for p in shown))
