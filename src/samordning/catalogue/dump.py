"""The dataset as files for others: dumps, views for catalogues, and the checksum of each."""

from __future__ import annotations

import gzip
import hashlib
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from samordning.catalogue.dcat import PREFIXES as DCAT_PREFIXES
from samordning.catalogue.dcat import File, dcat
from samordning.catalogue.void import PREFIXES as VOID_PREFIXES
from samordning.catalogue.void import void
from samordning.engine.query import library
from samordning.engine.store import OxigraphStore
from samordning.namespaces import GRAPHS, PREFIXES, ROOT, TERMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from samordning.graph.dataset import Loaded

#: Where the files are said to lie; a running service has them below the same path.
BASE: Final = ROOT + "dataset/"
SUMS: Final = "SHA256SUMS"
#: Media types by what a name ends in.
MEDIA: Final = {"gz": "application/gzip", "ttl": "text/turtle", "jsonld": "application/ld+json", SUMS: "text/plain"}


def files(loaded: Loaded) -> dict[str, bytes]:
    """Every file by name, the list of checksums last. The same dataset gives the same bytes."""
    store = OxigraphStore(loaded.quads)
    triples = _default(loaded.quads)
    prefixes = {name: iri for name, iri in PREFIXES.items() if not iri.startswith(ROOT) or iri in (TERMS, GRAPHS)}
    found = {
        "samordning.nq.gz": gzip.compress(loaded.quads, mtime=0),
        "samordning.ttl": _write(triples, ox.RdfFormat.TURTLE, prefixes),
        "samordning.jsonld": _write(triples, ox.RdfFormat.JSON_LD, prefixes),
        "cpsv-ap-no.ttl": _write(_view(store), ox.RdfFormat.TURTLE, prefixes),
        "void.ttl": _write(void(loaded.manifest), ox.RdfFormat.TURTLE, VOID_PREFIXES),
    }
    listed = [File(name, media(name), len(data)) for name, data in found.items()]
    found["dcat-ap-no.ttl"] = _write(
        dcat(str(loaded.manifest["dataset"]), listed, BASE), ox.RdfFormat.TURTLE, DCAT_PREFIXES
    )
    found[SUMS] = "".join(f"{checksum(data)}  {name}\n" for name, data in sorted(found.items())).encode()
    return found


def media(name: str) -> str:
    """The media type of a file of that name."""
    return MEDIA[name.rpartition(".")[2]]


def checksum(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _view(store: OxigraphStore) -> list[ox.Triple]:
    # In one order, so that the same dataset always gives the same file.
    turtle = store.construct(library()["view-cpsv-ap-no"].text, {}).encode()
    return sorted((quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)), key=str)


def _default(quads: bytes) -> list[ox.Triple]:
    parsed = ox.parse(quads, format=ox.RdfFormat.N_QUADS)
    return [quad.triple for quad in parsed if quad.graph_name == ox.DefaultGraph()]


def _write(triples: Iterable[ox.Triple], format_: ox.RdfFormat, prefixes: dict[str, str]) -> bytes:
    return ox.serialize(triples, format=format_, prefixes=prefixes) or b""
