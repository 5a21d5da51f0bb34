"""An answer as RDF, in the vocabulary of the ontology, so that it can be put beside the law it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rdflib import RDF, XSD, BNode, Graph, URIRef
from rdflib import Literal as Value

from samordning.namespaces import PREFIXES, term, thing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from samordning.answer.model import Answer


def turtle(answer: Answer, form: Literal["turtle", "json-ld"] = "turtle") -> str:
    """The answer as Turtle or JSON-LD. It has no name of its own: it is about a case, and cases have no address."""
    graph = Graph()
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    root = BNode()
    graph.add((root, RDF.type, URIRef(term("Answer"))))
    graph.add((root, URIRef(term("asOf")), Value(answer.date)))
    graph.add((root, URIRef(term("datasetHash")), Value(answer.receipt.dataset)))
    graph.add((root, URIRef(term("caseHash")), Value(answer.receipt.case)))
    for duty in answer.cooperation.duties:
        node = _finding(graph, root, duty.status, [duty.norm], duty.basis)
        graph.add((node, URIRef(term("about")), URIRef(thing(f"service/{duty.service}"))))
        for other in duty.counterparts:
            graph.add((node, URIRef(term("withService")), URIRef(thing(f"service/{other}"))))
    for unbound in answer.cooperation.not_bound:
        graph.add((root, URIRef(term("notBound")), URIRef(thing(f"service/{unbound.service}"))))
    _finding(graph, root, answer.coordination.status, answer.coordination.norms, answer.coordination.basis)
    coordinator = answer.coordination.coordinator
    graph.add((root, URIRef(term("coordinatorKind")), Value(coordinator.kind)))
    if coordinator.service:
        graph.add((root, URIRef(term("coordinatingService")), URIRef(thing(f"service/{coordinator.service}"))))
    for part in (answer.child_coordinator, answer.coordinator_right, answer.individual_plan):
        _finding(graph, root, part.status, part.norms, part.basis)
    for missing in answer.missing_facts:
        graph.add((root, URIRef(term("missingFact")), URIRef(thing(f"fact/{missing.fact}"))))
    text: str = graph.serialize(format=form)
    return text


def _finding(graph: Graph, root: BNode, status: str, norms: Iterable[str], basis: Iterable[str]) -> BNode:
    node = BNode()
    graph.add((root, URIRef(term("finding")), node))
    graph.add((node, RDF.type, URIRef(term("Finding"))))
    graph.add((node, URIRef(term("status")), Value(status, datatype=XSD.string)))
    for norm in norms:
        graph.add((node, URIRef(term("restsOn")), URIRef(norm)))
    for address in basis:
        graph.add((node, URIRef(term("cites")), URIRef(thing(address))))
    return node
