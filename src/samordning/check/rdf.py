"""A record in RDF.

The vocabulary is the one of the friendly form, so the statements are put back into that form and checked there: one set of
rules for what a record may say.

RDF from outside is parsed only by a disposable worker; what comes here is N-Quads that a worker wrote.
"""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

import pyoxigraph as ox

from samordning.answer.document import Document, refuse_identity
from samordning.check.vocabulary import CASE, NONE, SETUP, Term, Vocabulary
from samordning.errors import InputError, TooLarge
from samordning.namespaces import PREFIXES, TERMS, THINGS, term
from samordning.worker.guard import MOST_TRIPLES

if TYPE_CHECKING:
    from samordning.engine.law import Law

_TYPE: Final = PREFIXES["rdf"] + "type"
_XSD: Final = PREFIXES["xsd"]
_ROOT: Final = {"case": CASE, "setup": SETUP}
_HEAD: Final = {
    "forDate": "date",
    "municipalityNumber": "municipality",
    "setupName": "name",
    "countyNumber": "county",
}
_SERVICES, _GIVEN, _KIND, _STATES_NONE = (
    term(name) for name in ("withServiceInCase", "given", "organisationKind", "statesNone")
)
_Object: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal"
_Said: TypeAlias = "dict[str, list[_Object]]"


def document(nquads: bytes, name: str, vocabulary: Vocabulary, law: Law, scope: str) -> Document:
    """The friendly form of what a worker parsed.

    Raises:
        InputError: it holds no record or several, shapes, words that are not in the vocabulary, or an identity number.
    """
    return _Reader(nquads, name, vocabulary, law, scope).document()


class _Reader:
    def __init__(self, nquads: bytes, name: str, vocabulary: Vocabulary, law: Law, scope: str) -> None:
        self.name, self.vocabulary, self.law, self.scope = name, vocabulary, law, scope
        self.said: dict[ox.NamedNode | ox.BlankNode, _Said] = defaultdict(lambda: defaultdict(list))
        for number, quad in enumerate(ox.parse(nquads, format=ox.RdfFormat.N_QUADS)):
            if number >= MOST_TRIPLES:
                raise TooLarge(f"The document has more than {MOST_TRIPLES:,} triples", where=name)
            if not isinstance(quad.subject, ox.NamedNode | ox.BlankNode) or isinstance(quad.object, ox.Triple):
                self._fail("A statement about a statement is not taken")
            for part in (quad.subject, quad.predicate, quad.object):
                # A blank node is named by the worker, with whatever digits it likes.
                if isinstance(part, ox.NamedNode | ox.Literal):
                    refuse_identity(part.value, name)
            self.said[quad.subject][quad.predicate.value].append(quad.object)
        self.used: set[ox.NamedNode | ox.BlankNode] = set()

    def document(self) -> Document:
        self._refuse_shapes()
        roots = {
            subject
            for subject, said in self.said.items()
            if any(isinstance(kind, ox.NamedNode) and kind.value in _ROOT.values() for kind in said[_TYPE])
        }
        wanted = _ROOT[self.scope].removeprefix(TERMS)
        if not roots:
            self._fail(
                f"There is no sam:{wanted} here", f"Say of the record that it is one: a sam:{wanted}" + self._meant()
            )
        if len(roots) > 1:
            self._fail("There are several records here", "Send one at a time, or check a folder of files")
        (root,) = roots
        if not any(
            isinstance(kind, ox.NamedNode) and kind.value == _ROOT[self.scope] for kind in self.said[root][_TYPE]
        ):
            self._fail(f"This is not a sam:{wanted}", "samordning check case and check setup take one kind each")
        data = self._case(root) if self.scope == "case" else self._setup(root)
        if set(self.said) - self.used:
            self._fail("There are statements about things that the record does not lead to", "Take them out")
        return Document(self.name, data)

    def _refuse_shapes(self) -> None:
        for said in self.said.values():
            words = [*said, *(kind.value for kind in said[_TYPE] if isinstance(kind, ox.NamedNode))]
            if any(word.startswith(PREFIXES["sh"]) for word in words):
                self._fail("There are shapes in the data", "Only our own shapes are used; send the record alone")
            if any(word.startswith(PREFIXES["owl"]) for word in words):
                self._fail("There are statements of an ontology in the data", "Send the record alone")

    def _meant(self) -> str:
        kinds = {
            kind.value.removeprefix(TERMS)
            for said in self.said.values()
            for kind in said[_TYPE]
            if isinstance(kind, ox.NamedNode) and kind.value.startswith(TERMS)
        }
        names = [class_.removeprefix(TERMS) for class_ in _ROOT.values()]
        near = [found for kind in sorted(kinds) for found in get_close_matches(kind, names, n=1)]
        return f". Did you mean sam:{near[0]}?" if near else ""

    def _case(self, root: ox.NamedNode | ox.BlankNode) -> dict[str, Any]:
        data: dict[str, Any] = {"record": self._node(root, CASE, head=True)}
        said = self.said[root]
        for predicate in ("forDate", "municipalityNumber"):
            if said[term(predicate)]:
                data[_HEAD[predicate]] = self._text(said[term(predicate)])
        data["services"] = [self._thing(value, "service") for value in said[_SERVICES]]
        for given in said[_GIVEN]:
            section, fact, value = self._given(given)
            data.setdefault(section, {})[fact] = value
        return data

    def _setup(self, root: ox.NamedNode | ox.BlankNode) -> dict[str, Any]:
        said = self.said[root]
        head: dict[str, Any] = {"services": [self._thing(value, "service") for value in said[_SERVICES]]}
        for predicate, key in (("setupName", "name"), ("municipalityNumber", "number"), ("countyNumber", "county")):
            if said[term(predicate)]:
                head[key] = self._text(said[term(predicate)])
        if said[_KIND]:
            head["kind"] = self._thing(said[_KIND][0], "organisation")
        data: dict[str, Any] = {"setup": head, **self._node(root, SETUP, head=True)}
        if said[term("forDate")]:
            data["date"] = self._text(said[term("forDate")])
        return data

    def _given(self, node: _Object) -> tuple[str, str, object]:
        if isinstance(node, ox.Literal):
            self._fail("sam:given leads to a node with sam:fact and sam:value")
        self.used.add(node)
        said = self.said[node]
        if (
            set(said) - {term("fact"), term("value"), _TYPE}
            or len(said[term("fact")]) != 1
            or len(said[term("value")]) != 1
        ):
            self._fail("sam:given leads to a node with one sam:fact and one sam:value")
        fact = self._thing(said[term("fact")][0], "fact")
        if fact not in self.law.facts:
            near = get_close_matches(fact, self.law.facts, n=1)
            self._fail(
                "A fact is not known", f"Did you mean fact:{near[0]}?" if near else "samordning facts lists them"
            )
        value = said[term("value")][0]
        if isinstance(value, ox.NamedNode):
            return str(self.law.facts[fact].one("section")), fact, self._thing(value, "service")
        if isinstance(value, ox.Literal):
            return str(self.law.facts[fact].one("section")), fact, self._plain(value)
        return self._fail("sam:value is a literal or a service")

    def _node(self, node: ox.NamedNode | ox.BlankNode, kind: str, *, head: bool = False) -> dict[str, Any]:
        if node in self.used:
            self._fail("A part of the record stands in two places")
        self.used.add(node)
        terms = {one.iri: one for one in self.vocabulary.terms[kind].values()}
        made: dict[str, Any] = {}
        known_head = {term(name) for name in _HEAD} | {_SERVICES, _GIVEN, _KIND} if head else set()
        for predicate, values in self.said[node].items():
            if not values or predicate == _TYPE or predicate in known_head:
                continue
            if predicate == _STATES_NONE:
                for value in values:
                    if not isinstance(value, ox.NamedNode) or value.value not in terms:
                        self._fail("sam:statesNone names a property that does not belong here")
                    self._put(made, terms[value.value], NONE)
            elif predicate in terms:
                self._put(made, terms[predicate], self._values(terms[predicate], values))
            else:
                self._unknown(predicate, [one.removeprefix(TERMS) for one in terms])
        return made

    def _values(self, one: Term, values: list[_Object]) -> object:
        if not one.many and len(values) > 1:
            self._fail(f"sam:{one.iri.removeprefix(TERMS)} is said twice")
        found = [self._value(one, value) for value in values]
        return found if one.many else found[0]

    def _value(self, one: Term, value: _Object) -> object:
        if one.takes in ("boolean", "date"):
            if not isinstance(value, ox.Literal):
                self._fail(f"sam:{one.iri.removeprefix(TERMS)} takes a literal")
            return self._plain(value)
        if isinstance(value, ox.Literal):
            self._fail(f"sam:{one.iri.removeprefix(TERMS)} takes a thing, not a text")
        if one.takes == "service" or one.takes in self.vocabulary.concepts:
            return self._thing(value, one.takes)
        return self._node(value, term(one.takes))

    def _thing(self, value: _Object, scheme: str) -> str:
        start = f"{THINGS}{scheme}/"
        if not isinstance(value, ox.NamedNode) or not value.value.startswith(start):
            self._fail(f"A value is not one of ours: it begins with {scheme}:")
        return value.value.removeprefix(start)

    def _plain(self, value: ox.Literal) -> object:
        kind = value.datatype.value
        if kind == _XSD + "boolean" and value.value in ("true", "false"):
            return value.value == "true"
        if kind == _XSD + "integer" and re.fullmatch(r"\d{1,3}", value.value):
            return int(value.value)
        return {"true": True, "false": False}.get(value.value, value.value)

    def _text(self, values: list[_Object]) -> str:
        if len(values) > 1 or not isinstance(values[0], ox.Literal):
            self._fail("A date, a number or the name is said twice, or is no text")
        return values[0].value

    def _put(self, made: dict[str, Any], one: Term, value: object) -> None:
        place = made
        for key in one.key[:-1]:
            place = place.setdefault(key, {})
        if one.key[-1] in place:
            self._fail(f"sam:{one.iri.removeprefix(TERMS)} is said, and said not to be there")
        place[one.key[-1]] = value

    def _unknown(self, predicate: str, known: list[str]) -> NoReturn:
        name = predicate.removeprefix(TERMS)
        if name == predicate:
            near = get_close_matches(re.split(r"[#/]", predicate)[-1], known, n=1, cutoff=0.5)
            self._fail(
                "A property is not of our vocabulary",
                f"Did you mean sam:{near[0]}?" if near else "Use the terms of the ontology, or the YAML form",
            )
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        shown = f"sam:{name}" if re.fullmatch(r"[A-Za-z]{1,40}", name) else "A property"
        self._fail(f"{shown} does not belong here", f"Did you mean sam:{near[0]}?" if near else "")

    def _fail(self, what: str, todo: str = "") -> NoReturn:
        raise InputError(what, where=self.name, todo=todo)
