"""The job ``parse``: a stranger's RDF in, N-Quads out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from samordning.errors import Malformed, Refused, TooLarge
from samordning.worker.guard import MOST_TRIPLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from samordning.worker.template import Run

#: Blank nodes and relative IRIs have to hang somewhere; nothing lies at this address.
BASE: Final = "https://example.invalid/"
_FORMATS: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
_SAMPLES: Final = {
    "text/turtle": b"<a> <b> [ <c> ( 1 'x'@en ) ] .",
    "application/n-triples": b"<urn:a> <urn:b> <urn:c> .",
    "application/rdf+xml": b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    "application/ld+json": b'{"@id": "urn:a", "urn:b": 1}',
}


def prepare(_: Path | None) -> dict[str, Run]:
    """The job, with every parser used once."""
    for media, sample in _SAMPLES.items():
        b"".join(parse({"media": media}, sample))
    return {"parse": parse}


def parse(options: Mapping[str, Any], payload: bytes) -> Iterator[bytes]:
    """N-Quads of a document.

    Options: ``media``, one of those in ``guard.MEDIA``; ``base``, the address of relative IRIs; ``triples``, the most.
    """
    media = options["media"]
    if media == "application/ld+json":
        _refuse_remote(payload)
    most = int(options.get("triples", MOST_TRIPLES))
    quads: list[ox.Quad] = []
    try:
        for quad in ox.parse(payload, format=_FORMATS[media], base_iri=options.get("base", BASE)):
            quads.append(quad)
            if len(quads) > most:
                raise TooLarge(f"The document has more than {most:,} triples", todo="Send it in parts")
    except SyntaxError as error:
        where = f"line {error.lineno}" if error.lineno else ""
        raise Malformed("The document is not valid", where=where, todo=f"It was read as {media}") from None
    except (ValueError, OSError):
        raise Malformed("The document is not valid", todo=f"It was read as {media}") from None
    yield ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def _refuse_remote(payload: bytes) -> None:
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        raise Malformed("The document is not valid JSON") from None
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            context = node.get("@context")
            contexts = context if isinstance(context, list) else [context]
            if "@import" in node or any(isinstance(one, str) for one in contexts):
                raise Refused("A context at another address is not fetched", todo="Write the context into the document")
            waiting += node.values()
