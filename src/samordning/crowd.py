"""The knowledge graph in several processes: what a program that asks from many threads needs to use all its cores.

Threads of one process share one core's worth of Python. Here each answer is computed in a process of its own, and the
thread that asked only waits for its JSON. The processes are the same as for strangers' queries: no network, no files.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from samordning.answer.case import Case
from samordning.answer.model import Answer
from samordning.engine.law import LANGUAGES
from samordning.engine.status import Special
from samordning.knowledge import Knowledge
from samordning.worker.pool import Pool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from samordning.worker.template import Run

_SECONDS: Final = 60.0
_WAITING: Final = 10_000


@dataclass(frozen=True, eq=False, repr=False)
class Crowd(Knowledge):
    """An opened dataset whose answers are computed in processes of their own. Close it, or use it with ``with``."""

    pool: Pool

    @classmethod
    def start(cls, folder: Path | None, processes: int) -> Crowd:
        """Open the dataset here and in ``processes`` processes more (Linux).

        Raises:
            DatasetError: the dataset is missing, altered or older than the files beside it.
            LayerMissing: this machine can't make such processes.
        """
        kg = Knowledge.open(folder)
        pool = Pool(folder, size=processes, queue=_WAITING, modules=(__name__,))
        return cls(kg.store, kg.law, kg.tables, kg.matter, kg.manifest, pool)

    def close(self) -> None:
        """End the processes."""
        self.pool.close()

    def answer(self, case: Case | Mapping[str, Any], lang: str = "nb") -> Answer:
        """As for ``Knowledge``, from another process.

        To make objects of an answer takes this process nearly as long as to compute it, so this is hardly faster than
        one process; ``answer_json`` is.
        """
        return Answer.model_validate_json(self.answer_json(case, lang))

    def answer_json(self, case: Case | Mapping[str, Any], lang: str = "nb") -> bytes:
        """As for ``Knowledge``, from another process, and passed on as it came."""
        checked = case if isinstance(case, Case) else self.case(case)
        if lang not in LANGUAGES:
            raise KeyError(lang)
        return b"".join(self.pool.run("answer", _packed(checked), _SECONDS, lang=lang))


def prepare(folder: Path | None) -> dict[str, Run]:
    """The job of a process: one answer. A sealed process opens no file, so what is read late is read now."""
    kg = Knowledge.open(folder)
    for lang in LANGUAGES:
        kg.answer({"services": [kg.law.selectable[0].id]}, lang)

    def answer(options: Mapping[str, Any], payload: bytes) -> Iterator[bytes]:
        yield kg.answer_json(_unpacked(payload), options["lang"])

    return {"answer": answer}


def _packed(case: Case) -> bytes:
    facts = {key: {"is": value.value} if isinstance(value, Special) else value for key, value in case.facts.items()}
    return json.dumps([case.date.isoformat(), case.services, facts, case.municipality]).encode()


def _unpacked(payload: bytes) -> Case:
    date, services, facts, municipality = json.loads(payload)
    known = {
        key: Special(value["is"]) if isinstance(value, dict) else tuple(value) if isinstance(value, list) else value
        for key, value in facts.items()
    }
    return Case(dt.date.fromisoformat(date), tuple(services), known, municipality)
