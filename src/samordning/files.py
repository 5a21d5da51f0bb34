"""Where the ontology, shapes, law and queries lie, and where in a file a thing is written.

In a checkout they stand at the top of the repository; in an installed wheel, under ``samordning/resources``.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from samordning.namespaces import ROOT, THINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: Final = Path(__file__).resolve().parent
QUERIES: Final = PACKAGE / "queries"
#: Where the built dataset lies when no other place is given.
DATASET: Final = PACKAGE / "dataset"


def resources() -> Path:
    """Folder that holds ``ontology/``, ``shapes/`` and ``data/``."""
    bundled = PACKAGE / "resources"
    return bundled if bundled.is_dir() else PACKAGE.parents[1]


@dataclass(frozen=True)
class Source:
    """One Turtle file and the named graph its statements belong to."""

    path: Path
    graph: str

    @property
    def name(self) -> str:
        """Path relative to the resources, as error messages and the manifest show it."""
        return self.path.relative_to(resources()).as_posix()


#: Which folder goes into which named graph. Proposals are never law in force, so they have a graph of their own.
FOLDERS: Final = {
    "ontology": "ontology",
    "data/sources": "law",
    "data/laws": "law",
    "data/services": "services",
    "data/bodies": "services",
    "data/facts": "facts",
    "data/steps": "facts",
    "data/checks": "checks",
    "data/proposals": "proposals",
}


def sources(root: Path | None = None) -> list[Source]:
    """Every Turtle file that goes into the dataset, in a fixed order."""
    top = root or resources()
    found = [
        Source(path, f"{ROOT}graph/{graph}")
        for folder, graph in FOLDERS.items()
        for path in (top / folder).rglob("*.ttl")
    ]
    return sorted(found, key=lambda source: source.path.as_posix())


def digest(root: Path | None = None) -> str:
    """SHA-256 over the names and bytes of everything the dataset is built from, shapes included."""
    top = root or resources()
    state = hashlib.sha256()
    for path in sorted([*(source.path for source in sources(top)), *(top / "shapes").rglob("*.ttl")]):
        state.update(path.relative_to(top).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()


_SUBJECT = re.compile(r"^(?:<(?P<iri>[^>]*)>|(?P<prefix>[\w-]*):(?P<local>[^\s;,.]+))")
_PREFIX = re.compile(r"^@prefix\s+(?P<prefix>[\w-]*):\s*<(?P<iri>[^>]*)>")


def subjects(path: Path) -> Iterator[tuple[str, int]]:
    """Each subject that starts a line in a Turtle file, as (IRI, line number). Our files begin statements in column 0."""
    prefixes: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if declared := _PREFIX.match(line):
            prefixes[declared["prefix"]] = declared["iri"]
        elif found := _SUBJECT.match(line):
            if found["iri"] is not None:
                iri = found["iri"]
                yield (iri if "://" in iri else THINGS + iri), number
            elif found["prefix"] in prefixes:
                yield prefixes[found["prefix"]] + found["local"], number


@cache
def index(root: Path | None = None) -> dict[str, tuple[str, int]]:
    """Where each subject is written first: IRI to (file, line)."""
    places: dict[str, tuple[str, int]] = {}
    for source in sources(root):
        for iri, line in subjects(source.path):
            places.setdefault(iri, (source.path.relative_to(root or resources()).as_posix(), line))
    return places


def place(iri: str, root: Path | None = None) -> str:
    """``file:line`` where an IRI is written, or else first named; the IRI itself where no file knows it."""
    found = index(root).get(iri) or _mention(iri, root)
    return f"{found[0]}:{found[1]}" if found else iri


def _mention(iri: str, root: Path | None) -> tuple[str, int] | None:
    # What nobody wrote down may at least be named somewhere.
    name = re.compile(re.escape(iri.removeprefix(THINGS)) + r"(?![\w-])")
    for source in sources(root):
        for number, line in enumerate(source.path.read_text(encoding="utf-8").splitlines(), start=1):
            if name.search(line):
                return source.path.relative_to(root or resources()).as_posix(), number
    return None
