"""``samordning export``: the dataset as files for others, each with its checksum."""

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
from samordning.errors import InputError
from samordning.graph import dataset
from samordning.namespaces import GRAPHS, PREFIXES, ROOT, TERMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

#: Where the files are said to lie, until who publishes them says otherwise.
BASE: Final = ROOT + "dataset/"
SUMS: Final = "SHA256SUMS"
_MEDIA: Final = {"gz": "application/gzip", "ttl": "text/turtle", "jsonld": "application/ld+json"}


def export(out: Path, folder: Path | None) -> Iterator[tuple[str, int]]:
    """Write every file to ``out``; yields name and size of each.

    Raises:
        DatasetError: there is no dataset.
        InputError: the folder can't be written.
    """
    loaded = dataset.load(folder)
    store = OxigraphStore(loaded.quads)
    triples = _default(loaded.quads)
    prefixes = {name: iri for name, iri in PREFIXES.items() if not iri.startswith(ROOT) or iri in (TERMS, GRAPHS)}
    files = {
        "samordning.nq.gz": gzip.compress(loaded.quads, mtime=0),
        "samordning.ttl": _write(triples, ox.RdfFormat.TURTLE, prefixes),
        "samordning.jsonld": _write(triples, ox.RdfFormat.JSON_LD, prefixes),
        "cpsv-ap-no.ttl": store.construct(library()["view-cpsv-ap-no"].text, {}).encode(),
        "void.ttl": _write(void(loaded.manifest), ox.RdfFormat.TURTLE, VOID_PREFIXES),
    }
    listed = [File(name, _MEDIA[name.rpartition(".")[2]], len(data)) for name, data in files.items()]
    files["dcat-ap-no.ttl"] = _write(
        dcat(str(loaded.manifest["dataset"]), listed, BASE), ox.RdfFormat.TURTLE, DCAT_PREFIXES
    )
    files[SUMS] = "".join(f"{_sum(data)}  {name}\n" for name, data in sorted(files.items())).encode()
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (out / name).write_bytes(data)
            yield name, len(data)
    except OSError as error:
        raise InputError(f"The folder can't be written: {error.strerror}", where=str(out)) from None


def _default(quads: bytes) -> list[ox.Triple]:
    parsed = ox.parse(quads, format=ox.RdfFormat.N_QUADS)
    return [quad.triple for quad in parsed if quad.graph_name == ox.DefaultGraph()]


def _write(triples: Iterable[ox.Triple], format_: ox.RdfFormat, prefixes: dict[str, str]) -> bytes:
    return ox.serialize(triples, format=format_, prefixes=prefixes) or b""


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
