"""The ontology: within OWL 2 RL, consistent, whole in three languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, URIRef
from rdflib.collection import Collection

from samordning.graph.check import union
from samordning.graph.read import read
from samordning.namespaces import TERMS

ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"
#: What we use of OWL. Each of these is allowed in OWL 2 RL wherever the tests below find it.
USED = {"Ontology", "versionIRI", "versionInfo", "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "FunctionalProperty",
        "inverseOf", "equivalentClass", "intersectionOf", "Restriction", "onProperty", "hasValue", "AllDisjointClasses", "members", "disjointWith"}  # fmt: skip
#: The datatypes of the profile (OWL 2 Profiles, section 4.2) that we use; it has no xsd:date and no xsd:duration.
DATATYPES = {XSD.string, XSD.integer, XSD.boolean, XSD.language, RDFS.Literal}
KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@pytest.fixture(scope="module")
def terms() -> Graph:
    graph = Graph()
    for path in (ONTOLOGY / "samordning.ttl", ONTOLOGY / "alignments.ttl"):
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def whole() -> Graph:
    return union(read())


def _ours(graph: Graph) -> list[URIRef]:
    return sorted({s for s in graph.subjects(RDF.type, None) if isinstance(s, URIRef) and str(s).startswith(TERMS)})


def test_only_constructs_of_the_profile_are_used(whole: Graph) -> None:
    used = {str(node).removeprefix(str(OWL)) for triple in whole for node in triple if str(node).startswith(str(OWL))}
    assert used <= USED


def test_class_expressions_are_of_the_profile(terms: Graph) -> None:
    # An equivalent class stands on both sides of a subclass axiom; intersection and value restriction may do that in RL.
    expressions = set(terms.objects(None, OWL.equivalentClass))
    assert len(expressions) == 4
    for expression in expressions:
        (parts,) = terms.objects(expression, OWL.intersectionOf)
        for part in Collection(terms, parts):
            if isinstance(part, BNode):
                assert terms.value(part, OWL.onProperty)
                assert terms.value(part, OWL.hasValue)
            else:
                assert (part, RDF.type, OWL.Class) in terms
    for parent in terms.objects(None, RDFS.subClassOf):
        assert isinstance(parent, URIRef), "a superclass is named, never an expression"


def test_a_property_is_of_one_kind_and_what_is_functional_is_no_annotation(terms: Graph) -> None:
    properties = {s for kind in KINDS for s in terms.subjects(RDF.type, kind) if str(s).startswith(TERMS)}
    assert len(properties) > 70
    for name in properties:
        kinds = [kind for kind in KINDS if (name, RDF.type, kind) in terms]
        assert len(kinds) == 1, name
        if kinds == [OWL.AnnotationProperty]:
            assert (name, RDF.type, OWL.FunctionalProperty) not in terms
            assert not list(terms.objects(name, RDFS.range)) + list(terms.objects(name, RDFS.domain))
        ranges = set(terms.objects(name, RDFS.range))
        if kinds == [OWL.DatatypeProperty]:
            assert ranges <= DATATYPES, f"{name}: {ranges - DATATYPES}"
        else:
            assert all((one, RDF.type, OWL.Class) in terms for one in ranges)


def test_properties_are_used_as_they_are_declared(whole: Graph) -> None:
    for subject, predicate, value in whole:
        if str(predicate).startswith(TERMS):
            is_object = (predicate, RDF.type, OWL.ObjectProperty) in whole
            is_data = (predicate, RDF.type, OWL.DatatypeProperty) in whole
            assert is_object or is_data or (predicate, RDF.type, OWL.AnnotationProperty) in whole, predicate
            if is_object:
                assert isinstance(value, URIRef), f"{subject} {predicate}"
            elif is_data:
                assert not isinstance(value, URIRef), f"{subject} {predicate}"


def test_every_term_is_named_and_defined_in_three_languages(terms: Graph) -> None:
    names = _ours(terms)
    assert len(names) > 100
    for name in names:
        for predicate in (RDFS.label, SKOS.definition):
            languages = sorted(str(text.language) for text in terms.objects(name, predicate))  # type: ignore[attr-defined]
            assert languages == ["en", "nb", "nn"], f"{name} {predicate}"


def test_alignments_say_nothing_new_about_the_terms_of_others() -> None:
    alignments = Graph().parse(ONTOLOGY / "alignments.ttl")
    for subject, predicate, _ in alignments:
        if not str(subject).startswith(TERMS):
            assert predicate in (RDF.type, RDFS.comment, SKOS.closeMatch)
    aligned = {str(value) for value in alignments.objects() if not str(value).startswith((TERMS, str(OWL)))}
    for namespace in (
        "http://data.europa.eu/eli/",
        "http://purl.org/vocab/cpsv#",
        "http://www.w3.org/ns/org#",
        "http://www.w3.org/ns/prov#",
        "https://w3id.org/dpv#",
        str(SKOS),
    ):
        assert any(value.startswith(namespace) for value in aligned), namespace
