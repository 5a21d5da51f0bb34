"""An explanation as PROV-O: the finding, the evaluation that made it, and the norm, wordings, tests and dataset it used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from rdflib import RDF, RDFS, XSD, BNode, Graph, URIRef
from rdflib import Literal as Value

from samordning.namespaces import PREFIXES, term, thing

if TYPE_CHECKING:
    from samordning.answer.explain import Explanation, RowPart

PROV: Final = PREFIXES["prov"]
Form = Literal["turtle", "json-ld"]


def prov(explanation: Explanation, form: Form = "turtle") -> str:
    """The explanation in PROV-O, as Turtle or JSON-LD.

    The case is an entity known by its hash only; what each test came to is said, the facts themselves are not.
    """
    graph = Graph()
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    finding, activity = BNode("finding"), BNode("evaluation")
    graph.add((finding, RDF.type, URIRef(term("Finding"))))
    graph.add((finding, RDF.type, _prov("Entity")))
    graph.add((finding, _prov("wasGeneratedBy"), activity))
    graph.add((finding, _prov("wasDerivedFrom"), URIRef(explanation.norm)))
    graph.add((finding, URIRef(term("restsOn")), URIRef(explanation.norm)))
    graph.add((finding, URIRef(term("asOf")), Value(explanation.date)))
    if explanation.status:
        graph.add((finding, URIRef(term("status")), Value(explanation.status, datatype=XSD.string)))
    for address in (explanation.address, *explanation.leans_on):
        graph.add((finding, URIRef(term("cites")), URIRef(thing(address))))
    _norm(graph, explanation)
    _evaluation(graph, explanation, finding, activity)
    text: str = graph.serialize(format=form)
    return text


def _norm(graph: Graph, explanation: Explanation) -> None:
    norm = URIRef(explanation.norm)
    graph.add((norm, RDF.type, _prov("Entity")))
    graph.add((norm, RDFS.label, Value(explanation.label, lang=explanation.lang)))
    graph.add((norm, URIRef(term("reading")), URIRef(thing(f"reading/{explanation.reading}"))))
    graph.add((norm, _prov("wasQuotedFrom"), URIRef(thing(explanation.address))))
    for version in explanation.versions:
        wording = URIRef(version.version)
        graph.add((norm, _prov("wasDerivedFrom"), wording))
        graph.add((wording, RDF.type, _prov("Entity")))
        if version.in_force:
            graph.add((wording, URIRef(term("inForce")), Value(version.in_force)))
        if version.last_day:
            graph.add((wording, URIRef(term("lastDayWithEffect")), Value(version.last_day)))
    for before in explanation.replaces:
        graph.add((norm, _prov("wasRevisionOf"), URIRef(before)))


def _evaluation(graph: Graph, explanation: Explanation, finding: BNode, activity: BNode) -> None:
    graph.add((activity, RDF.type, _prov("Activity")))
    agent = BNode("engine")
    graph.add((agent, RDF.type, _prov("SoftwareAgent")))
    graph.add((agent, RDFS.label, Value(explanation.receipt.engine)))
    graph.add((activity, _prov("wasAssociatedWith"), agent))
    graph.add((activity, _prov("endedAtTime"), Value(explanation.receipt.generated)))
    for name, digest in (("dataset", explanation.receipt.dataset), ("case", explanation.receipt.case)):
        if digest:
            entity = BNode(name)
            graph.add((entity, RDF.type, _prov("Entity")))
            graph.add((entity, URIRef(term(f"{name}Hash")), Value(digest)))
            graph.add((activity, _prov("used"), entity))
    for row in explanation.rows:
        _row(graph, row, explanation.lang, finding, activity)


def _row(graph: Graph, row: RowPart, lang: str, finding: BNode, activity: BNode) -> None:
    outcome = BNode()
    graph.add((outcome, RDF.type, _prov("Entity")))
    graph.add((outcome, _prov("specializationOf"), URIRef(row.alternative)))
    graph.add((outcome, _prov("wasGeneratedBy"), activity))
    if row.status:
        graph.add((outcome, URIRef(term("status")), Value(row.status, datatype=XSD.string)))
    graph.add((finding, _prov("wasDerivedFrom"), outcome))
    for test in row.tests:
        step = BNode()
        graph.add((step, RDF.type, _prov("Entity")))
        graph.add((step, _prov("specializationOf"), URIRef(test.test)))
        graph.add((step, RDFS.label, Value(test.label, lang=lang)))
        graph.add((step, URIRef(term("status")), Value(test.state, datatype=XSD.string)))
        graph.add((outcome, _prov("wasDerivedFrom"), step))
        if test.derived_from:
            graph.add((step, _prov("wasInfluencedBy"), URIRef(test.derived_from)))


def _prov(name: str) -> URIRef:
    return URIRef(PROV + name)
