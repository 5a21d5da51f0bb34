"""The dataset as DCAT-AP-NO lists it: a catalogue, the dataset, and each of its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from samordning.catalogue.void import DATASET, TITLES
from samordning.namespaces import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DCAT: Final = "http://www.w3.org/ns/dcat#"
_DCT: Final = "http://purl.org/dc/terms/"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FOAF: Final = "http://xmlns.com/foaf/0.1/"
_VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
_OWL: Final = "http://www.w3.org/2002/07/owl#"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_EU: Final = "http://publications.europa.eu/resource/authority/"
_LICENCE: Final = _EU + "licence/CC_BY_4_0"
_MEDIA: Final = "https://www.iana.org/assignments/media-types/"
PREFIXES: Final = {"dcat": _DCAT, "dcterms": _DCT, "foaf": _FOAF, "vcard": _VCARD, "owl": _OWL, "xsd": _XSD}
_ABOUT: Final = {
    "nb": "Hvem som skal samarbeide om en person, hvem som samordner, og hvilken bestemmelse det følger av, som en kunnskapsgraf.",
    "nn": "Kven som skal samarbeide om ein person, kven som samordnar, og kva føresegn det følgjer av, som ein kunnskapsgraf.",
    "en": "Who must cooperate about a person, who coordinates, and from which provision that follows, as a knowledge graph.",
}
_KEYWORDS: Final = {"nb": "velferdsrett", "nn": "velferdsrett", "en": "welfare law"}


@dataclass(frozen=True)
class File:
    """One file of the dataset."""

    name: str
    media: str
    size: int


def dcat(dataset: str, files: Iterable[File], base: str) -> list[ox.Triple]:
    """The catalogue; ``dataset`` is the hash of the dataset, ``base`` the address that the files lie under."""
    return list(_dcat(dataset, files, base))


def _dcat(dataset: str, files: Iterable[File], base: str) -> Iterator[ox.Triple]:
    catalogue, whole = ox.NamedNode(ROOT + "catalogue"), ox.NamedNode(DATASET)
    publisher, contact = ox.NamedNode(ROOT + "publisher"), ox.NamedNode(ROOT + "contact")
    for node, kind in ((catalogue, "Catalog"), (whole, "Dataset")):
        yield ox.Triple(node, _node(_RDF, "type"), _node(_DCAT, kind))
        yield ox.Triple(node, _node(_DCT, "publisher"), publisher)
        yield ox.Triple(node, _node(_DCT, "identifier"), ox.Literal(node.value))
        yield from _texts(node, _node(_DCT, "title"), TITLES)
        yield from _texts(node, _node(_DCT, "description"), _ABOUT)
        yield ox.Triple(node, _node(_DCAT, "contactPoint"), contact)
    yield ox.Triple(catalogue, _node(_DCAT, "dataset"), whole)
    yield ox.Triple(catalogue, _node(_DCT, "license"), ox.NamedNode(_LICENCE))
    yield ox.Triple(whole, ox.NamedNode(_OWL + "versionInfo"), ox.Literal(dataset))
    yield ox.Triple(whole, _node(_DCT, "accessRights"), ox.NamedNode(_EU + "access-right/PUBLIC"))
    yield from _texts(whole, _node(_DCAT, "keyword"), _KEYWORDS)
    for theme in ("JUST", "SOCI", "HEAL"):
        yield ox.Triple(whole, _node(_DCAT, "theme"), ox.NamedNode(f"{_EU}data-theme/{theme}"))
    # Said here too, so that one need not load the EU's vocabularies to see that the values come from them.
    for value, scheme in ((_LICENCE, "licence"), (_EU + "access-right/PUBLIC", "access-right")):
        yield ox.Triple(ox.NamedNode(value), _node(_SKOS, "inScheme"), ox.NamedNode(_EU + scheme))
    yield ox.Triple(publisher, _node(_RDF, "type"), _node(_FOAF, "Agent"))
    yield ox.Triple(publisher, _node(_DCT, "identifier"), ox.Literal(ROOT))
    yield ox.Triple(publisher, _node(_FOAF, "name"), ox.Literal("samordning"))
    yield ox.Triple(contact, _node(_RDF, "type"), _node(_VCARD, "Organization"))
    yield ox.Triple(contact, _node(_VCARD, "fn"), ox.Literal("samordning"))
    yield ox.Triple(contact, _node(_VCARD, "hasURL"), ox.NamedNode(ROOT))
    for file in files:
        yield from _file(whole, file, base)


def _file(whole: ox.NamedNode, file: File, base: str) -> Iterator[ox.Triple]:
    node = ox.NamedNode(f"{DATASET}/{file.name}")
    address = ox.NamedNode(base + file.name)
    yield ox.Triple(whole, _node(_DCAT, "distribution"), node)
    yield ox.Triple(node, _node(_RDF, "type"), _node(_DCAT, "Distribution"))
    yield ox.Triple(node, _node(_DCT, "title"), ox.Literal(file.name, language="en"))
    yield ox.Triple(node, _node(_DCT, "description"), ox.Literal(f"The file {file.name}", language="en"))
    yield ox.Triple(node, _node(_DCT, "license"), ox.NamedNode(_LICENCE))
    yield ox.Triple(node, _node(_DCAT, "accessURL"), address)
    yield ox.Triple(node, _node(_DCAT, "downloadURL"), address)
    yield ox.Triple(node, _node(_DCAT, "mediaType"), ox.NamedNode(_MEDIA + file.media))
    size = ox.Literal(str(file.size), datatype=ox.NamedNode(_XSD + "decimal"))
    yield ox.Triple(node, _node(_DCAT, "byteSize"), size)


def _texts(node: ox.NamedNode, link: ox.NamedNode, texts: dict[str, str]) -> Iterator[ox.Triple]:
    for lang, text in texts.items():
        yield ox.Triple(node, link, ox.Literal(text, language=lang))


def _node(space: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(space + name)
