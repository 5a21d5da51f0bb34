"""The knowledge graph, opened: load once, then ask from as many threads as you like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from samordning.answer.answer import answer
from samordning.answer.case import Case, check, load, resolve
from samordning.answer.compare import compare
from samordning.answer.diff import diff
from samordning.answer.document import Document
from samordning.answer.explain import explain, norm_named
from samordning.answer.matrix import matrix
from samordning.engine import matter, reader, table
from samordning.engine.query import library
from samordning.engine.remote import RemoteStore
from samordning.engine.store import OxigraphStore
from samordning.errors import DatasetError
from samordning.graph import dataset

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from samordning.answer.compare import Comparison
    from samordning.answer.diff import Change
    from samordning.answer.explain import Explanation
    from samordning.answer.matrix import MatrixRow
    from samordning.answer.model import Answer
    from samordning.engine.law import Law
    from samordning.engine.matter import Matter
    from samordning.engine.store import Store
    from samordning.engine.table import Tables


@dataclass(frozen=True, eq=False, repr=False)
class Knowledge:
    """An opened dataset. Nothing in it changes after it is made."""

    store: Store
    law: Law
    tables: Tables
    matter: Matter
    manifest: Mapping[str, Any]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing here has to be closed; a dataset opened in several processes has."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {str(self.manifest['dataset'])[:19]}>"

    @classmethod
    def open(cls, folder: Path | None = None, *, endpoint: str = "", seconds: float = 30.0) -> Knowledge:
        """Load and verify the dataset in ``folder``, by default the one that came with the package.

        With an ``endpoint``, queries go to that SPARQL 1.1 endpoint instead, which must hold the same dataset; one query
        may take ``seconds``.

        Raises:
            DatasetError: it is missing, altered or older than the files beside it.
        """
        loaded = dataset.load(folder)
        store: Store = RemoteStore(endpoint, seconds) if endpoint else OxigraphStore(loaded.quads)
        if endpoint:
            _same(store, loaded.quads.count(b"\n"))
        law, tables = reader.load(store), table.load(store)
        return cls(store, law, tables, matter.load(store, law, tables), loaded.manifest)

    def case(self, data: Mapping[str, Any], *, date: dt.date | None = None) -> Case:
        """Check a case given as plain data, as in a case file.

        Raises:
            InputError: it says something the data does not know or that is not possible.
        """
        return check(Document("case", dict(data)), self.law, date=date)

    def case_file(self, path: Path, *, date: dt.date | None = None, learnt: Mapping[str, object] | None = None) -> Case:
        """Read and check a case file, YAML or JSON; ``learnt`` facts stand in place of what it says of them.

        Raises:
            InputError: as for ``case``, with the line.
        """
        return load(path, self.law, date=date, learnt=learnt)

    def answer(self, case: Case | Mapping[str, Any], lang: str = "nb") -> Answer:
        """What the data says about ``case``, in nb, nn or en.

        Raises:
            InputError: the case is plain data and isn't a valid case.
        """
        checked = case if isinstance(case, Case) else self.case(case)
        return answer(self.store, self.law, self.tables, self.matter, self.manifest, checked, lang)

    def answer_json(self, case: Case | Mapping[str, Any], lang: str = "nb") -> bytes:
        """The same as JSON, in UTF-8, for those who send it on.

        Raises:
            InputError: the case is plain data and isn't a valid case.
        """
        return self.answer(case, lang).model_dump_json().encode()

    def explain(self, norm: str, date: dt.date, lang: str = "nb", case: Case | None = None) -> Explanation:
        """Everything about one norm, by key or IRI, and how it came out for ``case`` where one is given.

        Raises:
            NotFound: there is no such norm.
        """
        named = norm_named(self.law, norm)
        return explain(self.store, self.law, self.tables, self.matter, self.manifest, named, date, lang, case)

    def compare(
        self, before: Case | Mapping[str, Any], after: Case | Mapping[str, Any], lang: str = "nb"
    ) -> Comparison:
        """What differs between the answers to two cases: the same one on two dates, or with one fact changed.

        Raises:
            InputError: one of them is plain data and isn't a valid case.
        """
        return compare(self.answer(before, lang), self.answer(after, lang))

    def diff(self, start: dt.date, end: dt.date, lang: str = "nb", service: str | None = None) -> list[Change]:
        """What changed between two dates, for everyone or for one service.

        Raises:
            InputError: a date is not covered, the dates come in the wrong order, or no service is called that.
        """
        named = resolve(service, self.law, "service") if service else None
        return diff(self.law, start, end, lang, named)

    def matrix(self, date: dt.date) -> list[MatrixRow]:
        """Which provision of which act holds which duty on ``date``, one row per act.

        Raises:
            OutsideData: the date is not covered.
        """
        return matrix(self.law, date)


def _same(store: Store, wanted: int) -> None:
    held = store.select(library()["size"].text, {}).rows[0]["triples"]
    if held != wanted:
        raise DatasetError(
            f"The store holds {held:,} statements in its graphs, the dataset has {wanted:,}",
            where="store.endpoint",
            todo="Load dataset.nq there again, into an empty store",
        )
