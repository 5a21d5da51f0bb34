"""OWL 2 RL reasoning with owlrl. Only what is new is kept, in a graph of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import owlrl
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef

from samordning.errors import DataError
from samordning.files import place
from samordning.namespaces import ROOT, TERMS, local, term

if TYPE_CHECKING:
    from pathlib import Path

_IRI = re.compile(r"https?://[^\s<>'\")]+")

#: Predicates that need no reasoning and would only slow it down: texts, and the rows of decision tables.
_APART = {
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2004/02/skos/core#altLabel",
    "http://www.w3.org/2004/02/skos/core#definition",
    "http://www.w3.org/2000/01/rdf-schema#label",
    TERMS + "question",
    TERMS + "why",
    TERMS + "note",
    TERMS + "weighsIn",
    TERMS + "unboundReason",
    TERMS + "alternative",
    TERMS + "test",
    TERMS + "fact",
    TERMS + "comparison",
    TERMS + "value",
    TERMS + "neededFor",
}


#: What has nothing to infer that anyone asks for: addresses, wordings, hashes of texts, rows of decision tables.
_NOT_REASONED = ("Provision", "ProvisionVersion", "TextHash", "Condition", "Alternative", "Test", "Fact", "Proposal")


def reason(data: Graph, root: Path | None = None) -> Graph:
    """What follows from the data by OWL 2 RL, without what was there and without what says nothing.

    Raises:
        DataError: the data contradicts the ontology.
    """
    work = Graph()
    skipped = {subject for name in _NOT_REASONED for subject in data.subjects(RDF.type, URIRef(term(name)))}
    for triple in data:
        if str(triple[1]) not in _APART and triple[0] not in skipped:
            work.add(triple)
    owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics, rdfs_closure=False, axiomatic_triples=False, datatype_axioms=False
    ).expand(work)
    _refuse_contradiction(work, root)
    _refuse_merging(work, root)
    new = Graph()
    for subject, predicate, value in work:
        if (subject, predicate, value) not in data and _says_something(subject, predicate, value):
            new.add((subject, predicate, value))
    return new


def _refuse_contradiction(work: Graph, root: Path | None) -> None:
    # owlrl reports a contradiction as a node of its own error class, with the text in a property of that namespace.
    for node in work.subjects(RDF.type, URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")):
        text = " ".join(str(value) for value in work.objects(node) if isinstance(value, Literal))
        named = [iri for iri in _IRI.findall(text) if iri.startswith(ROOT) and not iri.startswith(TERMS)]
        raise DataError(
            f"The data contradicts the ontology: {text}",
            where=place(named[0], root) if named else "",
            todo="Find the named thing in data/ or ontology/ and give it one class or value only",
        )


def _refuse_merging(work: Graph, root: Path | None) -> None:
    # Two values of a functional property make owlrl conclude that two of our things are one. Nothing of ours is.
    for one, _, other in work.triples((None, OWL.sameAs, None)):
        if one != other and str(one).startswith(ROOT) and str(other).startswith(ROOT):
            raise DataError(
                f"{local(str(one))} and {local(str(other))} are given as two values where there can be only one",
                where=place(str(one), root),
                todo="Keep one of them",
            )


def _says_something(subject: object, predicate: object, value: object) -> bool:
    ours = isinstance(subject, URIRef) and str(subject).startswith(ROOT)
    trivial = (
        subject == value
        or isinstance(value, BNode)
        or predicate in (OWL.sameAs, OWL.equivalentClass, OWL.equivalentProperty)
    )
    nothing = value in (OWL.Thing, RDFS.Resource, OWL.Nothing) or predicate in (RDFS.domain, RDFS.range)
    return ours and not trivial and not nothing
