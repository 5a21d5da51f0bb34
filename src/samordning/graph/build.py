"""The whole way from files to one dataset file with a manifest: read, check, reason, write."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdflib import OWL, RDF, Dataset, Graph, URIRef
from rdflib.compare import to_canonical_graph

from samordning import __version__
from samordning.files import DATASET, digest
from samordning.graph.check import check, union
from samordning.graph.dataset import MANIFEST, QUADS
from samordning.graph.read import read
from samordning.graph.reason import reason
from samordning.namespaces import GRAPHS, TERMS, term

if TYPE_CHECKING:
    from collections.abc import Callable

#: What the manifest counts.
COUNTED: Final = ("Act", "Regulation", "Provision", "ProvisionVersion", "Duty", "Right", "Power", "Recommendation",
                  "Exception", "Definition", "Condition", "Alternative", "Test", "Fact", "Service", "Body")  # fmt: skip


@dataclass(frozen=True)
class Built:
    """Where the dataset was written and what its manifest says."""

    folder: Path
    manifest: dict[str, object]


def verify(root: Path | None = None, say: Callable[[str], None] = lambda _: None) -> tuple[Dataset, Graph]:
    """Read, check and reason without writing anything: the dataset, and what was inferred.

    Raises:
        DataError: a file is broken, refused by a shape, or contradicts the ontology.
    """
    say("read")
    dataset = read(root)
    say("check")
    check(dataset, root)
    say("reason")
    inferred = reason(union(dataset), root)
    target = dataset.graph(URIRef(GRAPHS + "inferred"))
    for triple in inferred:
        target.add(triple)
    return dataset, inferred


def build(folder: Path = DATASET, root: Path | None = None, say: Callable[[str], None] = lambda _: None) -> Built:
    """Build the dataset from the files under ``root`` and write it to ``folder``.

    ``say`` is told the name of each stage as it begins. The files are replaced whole or not at all.

    Raises:
        DataError: a file is broken, refused by a shape, or contradicts the ontology.
    """
    dataset, inferred = verify(root, say)
    say("write")
    text = _quads(dataset)
    manifest = _manifest(dataset, inferred, text, digest(root))
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / QUADS, text)
    _replace(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n")
    return Built(folder, manifest)


def _quads(dataset: Dataset) -> bytes:
    # Sorted, and with blank nodes named by what is said of them, so that the same files always give the same hash.
    # Everything but the proposals stands in the default graph too: what is law, asserted or inferred.
    lines: set[str] = set()
    for graph in dataset.graphs():
        name = str(graph.identifier)
        triples = [f"{s.n3()} {p.n3()} {o.n3()}" for s, p, o in to_canonical_graph(graph)]
        lines |= {f"{triple} <{name}> .\n" for triple in triples}
        if name != GRAPHS + "proposals":
            lines |= {f"{triple} .\n" for triple in triples}
    return "".join(sorted(lines)).encode()


def _manifest(dataset: Dataset, inferred: Graph, text: bytes, files: str) -> dict[str, object]:
    whole = union(dataset)
    ontology = URIRef(TERMS.removesuffix("#"))
    counts = {name: len(set(whole.subjects(RDF.type, URIRef(term(name))))) for name in COUNTED}
    return {
        "dataset": "sha256:" + hashlib.sha256(text).hexdigest(),
        "files": "sha256:" + files,
        "ontology": str(whole.value(ontology, OWL.versionInfo)),
        "samordning": __version__,
        "built_with": {name: _installed(name) for name in ("rdflib", "pyshacl", "owlrl", "pyoxigraph")},
        "graphs": {str(g.identifier).removeprefix(GRAPHS): len(g) for g in dataset.graphs() if len(g)},
        "inferred": len(inferred),
        "triples": len(whole),
        "counts": counts,
        "terms": TERMS,
    }


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def _replace(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)
