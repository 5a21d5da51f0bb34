"""The hash files: for each cited wording, the hash of the words it was read from. Never the words themselves."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from samordning.errors import DataError
from samordning.files import index, resources
from samordning.lovdata.address import act
from samordning.namespaces import TERMS, THINGS, local

if TYPE_CHECKING:
    from pathlib import Path

    from samordning.lovdata.current import Current

FILE: Final = "hashes.ttl"
_HEADER: Final = f"""\
@base <{THINGS}> .
@prefix sam: <{TERMS}> .

# Hashes of the official words that each cited provision was read from, so that a change in them is noticed.
# Made by: samordning lovdata hash --write. The words are Lovdata's (NLOD 2.0) and are not kept here.
"""


@dataclass(frozen=True, slots=True)
class HashFile:
    """One hash file as it should be. ``changed`` tells whether the one on disk is another."""

    path: Path
    text: str
    count: int
    changed: bool


@dataclass(frozen=True, slots=True, order=True)
class _Hash:
    version: str
    address: str
    sha256: str

    @property
    def node(self) -> str:
        """Path of the node: the version, and what the address has beyond the section."""
        section = self.version.partition("/versjon/")[0]
        return f"{self.version}/hash{self.address.removeprefix(section)}"

    def turtle(self) -> str:
        """The node as it stands in the file."""
        return (
            f"<{self.node}> a sam:TextHash ;\n"
            f"    sam:hashOf <{self.address}> ; sam:hashIn <{self.version}> ;\n"
            f'    sam:sha256 "{self.sha256}" .\n'
        )


def hash_files(current: Current, root: Path | None = None) -> list[HashFile]:
    """The hash file of every act whose provisions are cited, as the texts in ``current`` make it; nothing is written.

    Hashes of wordings that are not in force on the day, or whose act is not among the texts, are kept as they are.

    Raises:
        DataError: an act has no file of its own.
    """
    by_act: defaultdict[str, set[_Hash]] = defaultdict(set)
    for version, address, sha256 in current.cited.kept:
        by_act[act(address)].add(_Hash(local(version), address, sha256))
    for wording in current.cited.wordings:
        refid = act(wording.section)
        for address in wording.stated:
            found = current.texts.text(address, current.date) if refid in current.found else None
            sha256 = found.sha256 if found else wording.hashes.get(address, "")
            if sha256:
                by_act[refid].add(_Hash(local(wording.iri), address, sha256))
    return [_file(refid, sorted(hashes), root) for refid, hashes in sorted(by_act.items())]


def write(file: HashFile) -> None:
    """Write a hash file, whole or not at all."""
    temporary = file.path.with_suffix(".tmp")
    temporary.write_text(file.text, encoding="utf-8")
    temporary.replace(file.path)


def _file(refid: str, hashes: list[_Hash], root: Path | None) -> HashFile:
    written = index(root).get(THINGS + refid)
    if written is None:
        raise DataError("No file describes this act", where=refid, todo="Write data/laws/<act>/act.ttl")
    home = (root or resources()) / written[0]
    path = home.parent / FILE
    text = "\n".join([_HEADER, *(one.turtle() for one in hashes)])
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    return HashFile(path, text, len(hashes), text != before)
