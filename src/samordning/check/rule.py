"""Our SHACL shapes for records, read as rules: whom each looks at, what it demands, and what it says when that fails.

Only the few features that our shapes use are read. Anything else in a shape is refused, so that no engine can pass over it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

import pyoxigraph as ox

from samordning.engine.law import LANGUAGES, Texts
from samordning.errors import DataError
from samordning.files import resources
from samordning.namespaces import PREFIXES, local, term

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SH: Final = PREFIXES["sh"]
_RDF: Final = PREFIXES["rdf"]
_SEVERITIES: Final = {_SH + "Violation", _SH + "Warning", _SH + "Info"}
#: What a rule says besides what it demands.
_ABOUT: Final = {
    _RDF + "type",
    _SH + "targetClass",
    _SH + "severity",
    _SH + "message",
    term("findingKind"),
    term("mend"),
    term("documentationDemanded"),
}
Term: TypeAlias = "ox.NamedNode | ox.Literal"
_Statements: TypeAlias = "dict[ox.NamedNode | ox.BlankNode, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]]"


@dataclass(frozen=True, slots=True)
class Has:
    """A path leads to a value."""

    path: tuple[str, ...]
    value: Term


@dataclass(frozen=True, slots=True)
class Count:
    """A path leads to at least (``least``) or at most so many values."""

    path: tuple[str, ...]
    number: int
    least: bool


@dataclass(frozen=True, slots=True)
class Not:
    """A test that must fail."""

    of: Test


@dataclass(frozen=True, slots=True)
class All:
    """Tests that must all hold."""

    of: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Tests of which one must hold."""

    of: tuple[Test, ...]


Test: TypeAlias = "Has | Count | Not | All | Any"


@dataclass(frozen=True)
class Rule:
    """One node shape."""

    iri: str
    targets: frozenset[str]
    severity: str
    kind: str
    message: Texts
    mend: Texts
    documentation: bool
    test: Test

    @property
    def name(self) -> str:
        """The name of the shape, without what all of ours begin with."""
        return self.iri.removeprefix(PREFIXES["shape"])

    @property
    def component(self) -> str:
        """The constraint component that a result of the rule comes from."""
        kinds = {Not: "Not", Any: "Or"}
        return f"{_SH}{kinds.get(type(self.test), 'Node')}ConstraintComponent"

    @cached_property
    def start(self) -> str:
        """The one property that all paths of the rule begin with.

        Raises:
            DataError: they begin with several.
        """
        found = {path[0] for path in _paths(self.test)}
        if len(found) != 1:
            raise DataError("The paths of a rule begin in different places", where=local(self.iri))
        return found.pop()


def _paths(test: Test) -> Iterator[tuple[str, ...]]:
    if isinstance(test, Has | Count):
        yield test.path
    elif isinstance(test, Not):
        yield from _paths(test.of)
    else:
        for part in test.of:
            yield from _paths(part)


@dataclass(frozen=True)
class Rules:
    """All rules for cases or for set-ups."""

    scope: str
    rules: dict[str, Rule]
    turtle: str

    def targeting(self, classes: frozenset[str]) -> list[Rule]:
        """The rules that look at something of these classes."""
        return [rule for rule in self.rules.values() if rule.targets & classes]


@cache
def load(scope: str, root: Path | None = None) -> Rules:
    """The rules in ``shapes/case`` or ``shapes/setup``.

    Raises:
        DataError: a file is no Turtle, or uses something of SHACL that is not read here.
    """
    folder = (root or resources()) / "shapes" / scope
    paths = sorted(folder.glob("*.ttl"))
    if scope == "setup":
        # What is unsettled is said in the same way of both.
        paths.append(folder.parent / "case" / "unsettled.ttl")
    rules: dict[str, Rule] = {}
    texts = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        texts.append(text)
        try:
            quads = list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
        except SyntaxError as error:
            raise DataError("This is not valid Turtle", where=f"shapes/{scope}/{path.name}:{error.lineno}") from None
        for rule in _Reader(quads, f"shapes/{scope}/{path.name}").rules():
            if rule.iri in rules:
                raise DataError(f"The rule {rule.name} stands twice", where=f"shapes/{scope}/{path.name}")
            rules[rule.iri] = rule
    if not rules:
        raise DataError("There are no rules to check with", where=f"shapes/{scope}", todo="Put the files back")
    return Rules(scope, rules, "\n".join(texts))


class _Reader:
    def __init__(self, quads: list[ox.Quad], where: str) -> None:
        self.where = where
        self.said: _Statements = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            self.said[quad.subject][quad.predicate.value].append(quad.object)  # type: ignore[index, arg-type]  # no quoted triples

    def rules(self) -> Iterator[Rule]:
        for subject, said in self.said.items():
            if isinstance(subject, ox.NamedNode):
                severity = self._one(said, _SH + "severity")
                if severity not in _SEVERITIES:
                    self._refuse("a rule without one of the three severities")
                targets = frozenset(node.value for node in said[_SH + "targetClass"])
                kind = self._one(said, term("findingKind")).rsplit("/", 1)[-1]
                message, mend = (self._texts(said[name]) for name in (_SH + "message", term("mend")))
                if not targets or {*message} != {*LANGUAGES} or {*mend} != {*LANGUAGES}:
                    self._refuse("a rule without a target, or without a message and a remedy in three languages")
                documented = term("documentationDemanded") in said
                demands = {name: values for name, values in said.items() if name not in _ABOUT}
                yield Rule(subject.value, targets, severity, kind, message, mend, documented, self._test(demands))

    def _test(self, said: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]) -> Test:
        parts: list[Test] = []
        for name, values in said.items():
            for value in values:
                if name == _SH + "not":
                    parts.append(Not(self._test(self.said[self._node(value)])))
                elif name in (_SH + "node", _SH + "property"):
                    inner = self.said[self._node(value)]
                    parts.append(self._property(inner) if name == _SH + "property" else self._test(inner))
                elif name in (_SH + "or", _SH + "and"):
                    of = tuple(self._test(self.said[self._node(item)]) for item in self._list(value))
                    parts.append(Any(of) if name == _SH + "or" else All(of))
                else:
                    self._refuse(name.removeprefix(_SH))
        if not parts:
            self._refuse("a shape that demands nothing")
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _property(self, said: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]) -> Test:
        (start,) = said[_SH + "path"]
        path = (
            (start.value,) if isinstance(start, ox.NamedNode) else tuple(self._iri(step) for step in self._list(start))
        )
        parts: list[Test] = []
        for name, values in said.items():
            if name == _SH + "path":
                continue
            (value,) = values
            if name == _SH + "hasValue" and isinstance(value, ox.NamedNode | ox.Literal):
                parts.append(Has(path, value))
            elif name in (_SH + "minCount", _SH + "maxCount"):
                number, least = int(value.value), name == _SH + "minCount"
                if number > 1 or (least and number == 0):
                    self._refuse("a count other than minCount 1, maxCount 0 and maxCount 1")
                parts.append(Count(path, number, least))
            else:
                self._refuse(name.removeprefix(_SH))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _list(
        self, head: ox.NamedNode | ox.BlankNode | ox.Literal
    ) -> Iterator[ox.NamedNode | ox.BlankNode | ox.Literal]:
        node = head
        while node != ox.NamedNode(_RDF + "nil"):
            said = self.said[self._node(node)]
            if set(said) != {_RDF + "first", _RDF + "rest"}:
                self._refuse("a path or list that is no sequence")
            yield said[_RDF + "first"][0]
            node = said[_RDF + "rest"][0]

    def _node(self, value: ox.NamedNode | ox.BlankNode | ox.Literal) -> ox.BlankNode:
        if not isinstance(value, ox.BlankNode):
            self._refuse("a shape that stands elsewhere")
        return value

    def _iri(self, value: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
        if not isinstance(value, ox.NamedNode):
            self._refuse("a path that is no sequence of properties")
        return value.value

    def _one(self, said: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]], name: str) -> str:
        if len(said[name]) != 1:
            self._refuse(f"a rule that does not have one {local(name).removeprefix(_SH)}")
        return said[name][0].value

    def _texts(self, values: list[ox.NamedNode | ox.BlankNode | ox.Literal]) -> Texts:
        return Texts({one.language: one.value for one in values if isinstance(one, ox.Literal) and one.language})

    def _refuse(self, what: str) -> NoReturn:
        raise DataError(
            f"The checks can't use this: {what}", where=self.where, todo="Write the rule with what the others use"
        )
