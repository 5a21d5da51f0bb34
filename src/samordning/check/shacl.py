"""SHACL on one record or a few: pySHACL as the reference, rudof as the fast engine. Only our shapes are ever used."""

from __future__ import annotations

import threading
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from samordning.check.rule import load
from samordning.errors import SamordningError
from samordning.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What fired: (name of the duty, IRI of the rule).
Hits: TypeAlias = "set[tuple[str, str]]"


_NOTHING: Final = "<urn:samordning:nothing> <urn:samordning:nothing> <urn:samordning:nothing> ."


class Engine(StrEnum):
    """An engine by name."""

    RUDOF = "rudof"
    PYSHACL = "pyshacl"


class Validator(Protocol):
    """Anything that holds statements against the rules of one scope."""

    def hits(self, lines: Iterable[str]) -> Hits:
        """What fired on statements given as lines of N-Triples."""


@lru_cache(maxsize=4)
def validator(engine: Engine, scope: str) -> Validator:
    """The engine with the rules of one scope read in."""
    return Rudof(scope) if engine is Engine.RUDOF else PyShacl(scope)


class PyShacl:
    """The reference."""

    def __init__(self, scope: str) -> None:
        from rdflib import Graph  # noqa: PLC0415  # slow to load, and needed only here

        self._shapes = Graph().parse(data=load(scope).turtle, format="turtle")

    def hits(self, lines: Iterable[str]) -> Hits:
        """What fired on statements given as lines of N-Triples."""
        import pyshacl  # noqa: PLC0415
        from rdflib import SH, Graph, URIRef  # noqa: PLC0415

        data = Graph().parse(data="\n".join(lines), format="nt")
        _, report, _ = pyshacl.validate(
            data, shacl_graph=self._shapes, inference="none", advanced=False, js=False, do_owl_imports=False
        )
        if not isinstance(report, Graph):
            raise SamordningError("The rules can't be run", where="pyshacl")
        found: Hits = set()
        for result in report.objects(None, SH.result):
            focus, shape = report.value(result, SH.focusNode), report.value(result, SH.sourceShape)
            if not isinstance(shape, URIRef):
                raise SamordningError("A result does not name its rule", where="pyshacl")
            found.add((str(focus), str(shape)))
        return found


class Rudof:
    """The fast engine. One session, used by one thread at a time."""

    def __init__(self, scope: str) -> None:
        import pyrudof  # noqa: PLC0415  # slow to load, and needed only here

        self._pyrudof = pyrudof
        self._lock = threading.Lock()
        self._session = pyrudof.Rudof(pyrudof.RudofConfig())
        # The text begins with a prefix, so it can't be taken for a path or an address.
        self._session.read_shacl(load(scope).turtle, pyrudof.ShaclFormat.Turtle)
        # There must be some data before any can be added.
        self._session.read_data(_NOTHING, pyrudof.RDFFormat.NTriples)

    def hits(self, lines: Iterable[str]) -> Hits:
        """What fired on statements given as lines of N-Triples."""
        text = "\n".join(lines)
        if not text.startswith("<"):
            raise SamordningError(
                "There is nothing to check", where="rudof"
            )  # and no path or address is ever passed on
        with self._lock:
            # Replacing the data makes rudof read all the rules anew, ten times the work of the check itself. So the
            # statements are added on trial and taken back, whatever happens.
            self._session.begin_staging()
            try:
                self._session.read_data(
                    text, self._pyrudof.RDFFormat.NTriples, reader_mode=self._pyrudof.ReaderMode.Strict, merge=True
                )
                report = self._session.validate_shacl()
                found = {(str(entry.focus_node), str(entry.source_shape)) for entry in report}
            finally:
                self._session.rollback_staging()
                self._empty()
        if not all(shape.startswith(PREFIXES["shape"]) for _, shape in found):
            raise SamordningError("A result does not name its rule", where="rudof")
        return found

    def _empty(self) -> None:
        if sum(1 for _ in self._session.triples()) != 1:
            self._session.reset_data()
            self._session.read_data(_NOTHING, self._pyrudof.RDFFormat.NTriples)
            raise SamordningError("Something of a record was left behind, and is now removed", where="rudof")
