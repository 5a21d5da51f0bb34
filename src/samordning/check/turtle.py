"""A report as RDF: a SHACL validation report, with what each duty came to in our own terms and in those of DPV."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef

from samordning.engine.law import LANGUAGES
from samordning.namespaces import PREFIXES, term, thing

if TYPE_CHECKING:
    from samordning.check.checker import Checker
    from samordning.check.model import Finding, Group, Norm, Report, Texts

_DPV: Final = PREFIXES["dpv"]


def graph(checker: Checker, report: Report) -> Graph:
    """The report as statements. Duties and the record have no address: they are about a case, and cases have none."""
    made = Graph()
    for prefix, iri in PREFIXES.items():
        made.bind(prefix, iri)
    root = BNode()
    made.add((root, RDF.type, SH.ValidationReport))
    made.add((root, URIRef(term("forDate")), Literal(report.about.date)))
    made.add((root, URIRef(term("datasetHash")), Literal(report.receipt.dataset)))
    for group in report.groups:
        duties = {norm.norm: _duty(made, checker, group, norm) for norm in group.norms}
        for finding in group.findings:
            for norm in finding.norms:
                made.add((root, SH.result, _result(made, checker, report.about.scope, finding, duties[norm])))
    made.add((root, SH.conforms, Literal(report.conforms)))
    return made


def _duty(made: Graph, checker: Checker, group: Group, norm: Norm) -> BNode:
    duty = BNode()
    made.add((duty, RDF.type, URIRef(term("DutyAtHand"))))
    made.add((duty, URIRef(term("dutyType")), URIRef(thing(f"duty-type/{group.type}"))))
    made.add((duty, URIRef(term("ofNorm")), URIRef(norm.norm)))
    made.add((duty, URIRef(term("cites")), URIRef(thing(norm.provision.address))))
    made.add((duty, URIRef(term("outcome")), URIRef(thing(f"finding-kind/{norm.outcome}"))))
    if group.service:
        made.add((duty, URIRef(term("ofService")), URIRef(thing(f"service/{group.service}"))))
    if norm.bearer:
        made.add((duty, URIRef(term("bearer")), URIRef(thing(f"body/{norm.bearer}"))))
    fulfilment = checker.vocabulary.kinds[norm.outcome].fulfilment
    if fulfilment:
        # What is silent, unsettled or to be assessed is said to be neither fulfilled nor violated.
        made.add((duty, URIRef(_DPV + "hasStatus"), URIRef(fulfilment)))
    return duty


def _result(made: Graph, checker: Checker, scope: str, finding: Finding, duty: BNode) -> BNode:
    result = BNode()
    severity = checker.vocabulary.kinds[finding.kind].severity
    rule = checker.rules(scope).rules[finding.rule]
    made.add((result, RDF.type, SH.ValidationResult))
    made.add((result, SH.focusNode, duty))
    made.add((result, SH.sourceShape, URIRef(finding.rule)))
    made.add((result, SH.sourceConstraintComponent, URIRef(rule.component)))
    made.add((result, SH.resultSeverity, URIRef(str(severity))))
    made.add((result, URIRef(term("findingKind")), URIRef(thing(f"finding-kind/{finding.kind}"))))
    _texts(made, result, SH.resultMessage, finding.text)
    _texts(made, result, URIRef(term("mend")), finding.mend)
    for service in finding.towards:
        made.add((result, URIRef(term("towards")), URIRef(thing(f"service/{service}"))))
    for fact in finding.missing_facts:
        made.add((result, URIRef(term("dependsOn")), URIRef(thing(f"fact/{fact}"))))
    return result


def _texts(made: Graph, subject: BNode, predicate: URIRef, texts: Texts) -> None:
    for lang in LANGUAGES:
        made.add((subject, predicate, Literal(getattr(texts, lang), lang=lang)))


def turtle(checker: Checker, report: Report) -> str:
    """The report as Turtle."""
    return graph(checker, report).serialize(format="turtle")


def json_ld(checker: Checker, report: Report) -> str:
    """The report as JSON-LD, with its context inside."""
    context = {prefix: iri for prefix, iri in PREFIXES.items() if prefix in ("sam", "sh", "dpv", "xsd")}
    text = graph(checker, report).serialize(format="json-ld", context=context, auto_compact=True)
    return json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
