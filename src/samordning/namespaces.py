"""The IRIs that everything else is named with: our own terms, our own things, and the vocabularies we align to."""

from __future__ import annotations

from typing import Final

ROOT: Final = "https://w3id.org/samordning/"
TERMS: Final = ROOT + "ns#"
THINGS: Final = ROOT + "id/"
GRAPHS: Final = ROOT + "graph/"

#: Prefixes that every data file, query and export may use. One table, so that they mean the same everywhere.
PREFIXES: Final[dict[str, str]] = {
    "sam": TERMS,
    "norm": THINGS + "norm/",
    "condition": THINGS + "condition/",
    "alternative": THINGS + "alternative/",
    "test": THINGS + "test/",
    "fact": THINGS + "fact/",
    "service": THINGS + "service/",
    "body": THINGS + "body/",
    "group": THINGS + "group/",
    "derivation": THINGS + "derivation/",
    "step": THINGS + "step/",
    "remark": THINGS + "remark/",
    "duty-type": THINGS + "duty-type/",
    "modality": THINGS + "modality/",
    "open-norm": THINGS + "open-norm/",
    "level": THINGS + "level/",
    "sector": THINGS + "sector/",
    "need": THINGS + "need/",
    "reading": THINGS + "reading/",
    "comparison": THINGS + "comparison/",
    "source": THINGS + "source/",
    "gap": THINGS + "gap/",
    "gap-kind": THINGS + "gap-kind/",
    "extent": THINGS + "extent/",
    "territory": THINGS + "territory/",
    "proposal": THINGS + "proposal/",
    "unchecked": THINGS + "unchecked/",
    "finding-kind": THINGS + "finding-kind/",
    "settlement": THINGS + "settlement/",
    "decider": THINGS + "decider/",
    "plan-content": THINGS + "plan-content/",
    "child-coordinator-task": THINGS + "child-coordinator-task/",
    "coordinator-task": THINGS + "coordinator-task/",
    "sharing-basis": THINGS + "sharing-basis/",
    "unit-task": THINGS + "unit-task/",
    "agreement-point": THINGS + "agreement-point/",
    "prevention-content": THINGS + "prevention-content/",
    "control-element": THINGS + "control-element/",
    "organisation": THINGS + "organisation/",
    "shape": ROOT + "shape/",
    "graph": GRAPHS,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "dpv": "https://w3id.org/dpv#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "sh": "http://www.w3.org/ns/shacl#",
}


def term(name: str) -> str:
    """IRI of one of our terms: ``term("Norm")``."""
    return TERMS + name


def thing(path: str) -> str:
    """IRI of one of our things: ``thing("service/bup")``."""
    return THINGS + path


def local(iri: str) -> str:
    """What is left of one of our own IRIs when the root is taken away; any other IRI is returned whole."""
    return iri.removeprefix(THINGS).removeprefix(TERMS)
