"""A plain evaluator, written from the definition and not from the query: what the SPARQL is compared with.

Tests and rows combine by Kleene (all = least, any = greatest); an unknown or open fact is halfway.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import RDF, Graph, Literal, URIRef

from samordning.namespaces import THINGS, local, term

OPEN, NONE = "open", "none"


@dataclass(frozen=True)
class Reference:
    graph: Graph

    def status(self, subject: URIRef, facts: Mapping[str, object]) -> float:
        condition = self.graph.value(subject, URIRef(term("condition")))
        rows = self.graph.objects(condition, URIRef(term("alternative")))
        return max(
            min(self.test(test, facts) for test in self.graph.objects(row, URIRef(term("test")))) for row in rows
        )

    def test(self, test: object, facts: Mapping[str, object]) -> float:
        fact = self.graph.value(test, URIRef(term("fact")))
        key = str(self.graph.value(fact, URIRef(term("id"))))
        comparison = local(str(self.graph.value(test, URIRef(term("comparison"))))).removeprefix("comparison/")
        value = self.graph.value(test, URIRef(term("value")))
        if comparison == "always":
            return 1.0
        given = facts.get(key)
        if given is None or given == OPEN:
            return 0.5
        if given == NONE:
            return 0.0
        return float(self.compare(comparison, given, value))

    def compare(self, comparison: str, given: object, value: object) -> bool:
        if comparison == "kind-of":
            named = given if isinstance(given, tuple) else (given,)
            return any(value in self.kinds(URIRef(THINGS + f"service/{name}")) for name in named)
        assert isinstance(value, Literal)
        if comparison == "one-of":
            return str(given) in str(value).split("|")
        if comparison == "below":
            return int(str(given)) < int(value)
        if comparison == "at-least":
            return int(str(given)) >= int(value)
        assert comparison == "equals"
        return given == value.toPython()

    def kinds(self, service: URIRef) -> set[object]:
        above = URIRef("http://www.w3.org/2000/01/rdf-schema#subClassOf")
        return set(self.graph.transitive_objects(service, above))

    def in_force(self, norm: URIRef, date: dt.date) -> bool:
        for version in self.graph.objects(norm, URIRef(term("statedIn"))):
            entered = self.graph.value(version, URIRef(term("applicableFrom"))) or self.graph.value(
                version, URIRef(term("inForce"))
            )
            until = self.graph.value(version, URIRef(term("firstDayWithoutEffect")))
            if entered is not None and entered.toPython() <= date and (until is None or date < until.toPython()):
                return True
        return False

    def derived(self, facts: Mapping[str, object]) -> dict[str, object]:
        found: dict[str, object] = {}
        for derivation in self.graph.subjects(RDF.type, URIRef(term("Derivation"))):
            fact = str(self.graph.value(self.graph.value(derivation, URIRef(term("concludes"))), URIRef(term("id"))))
            if fact not in facts and self.status(derivation, facts) == 1.0:
                said = str(self.graph.value(derivation, URIRef(term("concludedValue"))))
                found[fact] = found.get(fact) or {"true": True, "false": False, "none": NONE}[said]
        return found

    def evaluate(self, facts: Mapping[str, object], date: dt.date) -> dict[str, float]:
        known = {**facts, **self.derived(facts)}
        norms = set(self.graph.subjects(URIRef(term("statedIn")), None))
        return {
            local(str(norm)).removeprefix("norm/"): self.status(norm, known)
            for norm in norms
            if self.in_force(norm, date)
        }
