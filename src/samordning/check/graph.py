"""A record and the duties it is held against, as statements: what every engine reads."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from samordning.check.duty import IN_ARRANGEMENT, IN_RECORD, IN_SERVICE, Duty
from samordning.check.record import Node, Record
from samordning.check.vocabulary import CASE, SETUP
from samordning.namespaces import PREFIXES, TERMS, local, term, thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from samordning.engine.law import Law

_TYPE: Final = PREFIXES["rdf"] + "type"
_XSD: Final = PREFIXES["xsd"]
#: Records have no address. These names hold within one check only.
_BASE: Final = "urn:samordning:record:"
_ABOUT: Final = {"serviceRecord": "recordOf", "arrangement": "between"}


def name(number: int, path: str) -> str:
    """What a node of the ``number``-th record is called."""
    return f"{_BASE}{number}#{path}"


def duty_name(number: int, duty: Duty) -> str:
    """What a duty of the ``number``-th record is called."""
    return name(number, f"duty/{duty.key}")


def statements(record: Record, number: int = 1) -> Iterator[str]:
    """What the record says, as lines of N-Triples. Every service of it has a node, also where nothing is said of it."""
    root = name(number, "record")
    yield _line(root, _TYPE, CASE if record.scope == "case" else SETUP)
    yield from _node(root, record.root, number, record.scope)
    if record.scope == "case":
        silent = {f"service/{service}" for service in record.case.services}
        silent -= {path for path, _ in _children(record.root, "serviceRecord")}
        for path in sorted(silent):
            yield _line(name(number, path), _TYPE, term("ServiceRecord"))
            yield _line(root, term("serviceRecord"), name(number, path))
    else:
        yield _line(name(number, "arrangement/none"), _TYPE, term("CooperationRecord"))


def _children(root: Node, link: str) -> Iterator[tuple[str, Node]]:
    for number, child in enumerate(root.values(link)):
        if isinstance(child, Node):
            about = child.values(_ABOUT["serviceRecord"]) if link == "serviceRecord" else []
            yield (local(str(about[0])) if about else f"{link}/{number}"), child


def _node(subject: str, node: Node, number: int, scope: str) -> Iterator[str]:
    for property_ in node.none:
        yield _line(subject, term("statesNone"), property_)
    for link in dict.fromkeys(predicate for predicate, value in node.statements if isinstance(value, Node)):
        for path, child in _children(node, local(link)):
            yield _line(subject, link, name(number, path))
            yield _line(name(number, path), _TYPE, _CLASS[local(link)])
            yield from _node(name(number, path), child, number, scope)
    for predicate, value in node.statements:
        if isinstance(value, bool):
            yield f'<{subject}> <{predicate}> "{str(value).lower()}"^^<{_XSD}boolean> .'
        elif isinstance(value, dt.date):
            yield f'<{subject}> <{predicate}> "{value.isoformat()}"^^<{_XSD}date> .'
        elif isinstance(value, str):
            yield _line(subject, predicate, value)


_CLASS: Final = {
    "serviceRecord": term("ServiceRecord"),
    "plan": term("PlanRecord"),
    "arrangement": term("CooperationRecord"),
}


def duties(record: Record, found: Iterable[Duty], number: int = 1) -> Iterator[str]:
    """The duties, and where in the record each is met or not, as lines of N-Triples."""
    root = name(number, "record")
    for duty in found:
        subject = duty_name(number, duty)
        for class_ in sorted(duty.classes):
            yield _line(subject, _TYPE, class_)
        for norm in duty.norms:
            yield _line(subject, term("ofNorm"), thing(f"norm/{norm}"))
        for fact in duty.missing:
            yield _line(subject, term("dependsOn"), thing(f"fact/{fact}"))
        yield _line(subject, IN_RECORD, root)
        if duty.service is not None:
            yield _line(subject, term("ofService"), thing(f"service/{duty.service}"))
            if record.scope == "case":
                yield _line(subject, IN_SERVICE, place(record, duty, IN_SERVICE, number))
        if duty.towards is not None:
            yield _line(subject, term("towards"), thing(f"service/{duty.towards}"))
            yield _line(subject, IN_ARRANGEMENT, place(record, duty, IN_ARRANGEMENT, number))


def place(record: Record, duty: Duty, start: str, number: int = 1) -> str:
    """The node that the paths of a rule lead to by their first step."""
    if start == IN_SERVICE:
        return name(number, f"service/{duty.service}")
    if start == IN_ARRANGEMENT:
        return name(number, _arrangement(record, duty))
    return name(number, "record")


def _arrangement(record: Record, duty: Duty) -> str:
    # What is said of few services stands before what is said of many.
    both = {thing(f"service/{duty.service}"), thing(f"service/{duty.towards}")}
    fitting = [
        (len(child.values(_ABOUT["arrangement"])), path)
        for path, child in _children(record.root, "arrangement")
        if both <= set(map(str, child.values(_ABOUT["arrangement"])))
    ]
    return min(fitting)[1] if fitting else "arrangement/none"


def levels(law: Law) -> Iterator[str]:
    """The level of government of each service, as lines of N-Triples: the little of the law that rules look at."""
    for service in law.services.values():
        level = service.one("level")
        if level is not None:
            yield _line(service.iri, TERMS + "level", thing(f"level/{str(level).rsplit('/', 1)[-1]}"))


def _line(subject: str, predicate: str, value: str) -> str:
    return f"<{subject}> <{predicate}> <{value}> ."
