"""Checks records: one at a time by an engine for SHACL, or many at a time."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from samordning.answer.document import read
from samordning.check import finding, graph, record, rule, shacl, vocabulary
from samordning.check.duty import Duty, Planner
from samordning.check.many import Sets
from samordning.check.shacl import Engine
from samordning.engine.law import Texts
from samordning.engine.query import library
from samordning.engine.status import evaluate
from samordning.engine.store import Text
from samordning.files import PACKAGE
from samordning.namespaces import local

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from samordning.answer.document import Document
    from samordning.check.model import Report
    from samordning.check.record import Record
    from samordning.check.rule import Rules
    from samordning.check.shacl import Hits
    from samordning.engine.status import Outcome
    from samordning.knowledge import Knowledge


class Checker:
    """Everything a check needs, made once from an opened dataset. Nothing of a record stays in it."""

    def __init__(self, kg: Knowledge) -> None:
        self.kg = kg
        self.vocabulary = vocabulary.load(kg.store, kg.law)
        self._catalogue = {
            lang: json.loads((PACKAGE / "check" / "messages" / f"{lang}.json").read_text(encoding="utf-8"))
            for lang in ("nb", "nn", "en")
        }

    @lru_cache(maxsize=2)  # noqa: B019  # a checker lives as long as the process
    def rules(self, scope: str) -> Rules:
        """The rules of a scope, case or setup."""
        return rule.load(scope)

    @lru_cache(maxsize=2)  # noqa: B019  # a checker lives as long as the process
    def planner(self, scope: str) -> Planner:
        """What finds the duties of a scope."""
        return Planner(self.kg.law, self.vocabulary, self.rules(scope))

    @lru_cache(maxsize=2)  # noqa: B019  # a checker lives as long as the process
    def sets(self, scope: str) -> Sets:
        """The engine for many records of a scope."""
        return Sets(self.rules(scope), graph.levels(self.kg.law))

    @cached_property
    def writer(self) -> finding.Writer:
        """What makes reports."""
        return finding.Writer(self)

    def messages(self, key: str) -> dict[str, str]:
        """One of our own sentences in each language."""
        return {lang: texts[key] for lang, texts in self._catalogue.items()}

    def record(self, document: Document, scope: str, date: dt.date | None = None) -> Record:
        """A checked record from parsed YAML or JSON.

        Raises:
            InputError: it says something that is not known or not possible.
        """
        return record.from_document(document, self.vocabulary, self.kg.law, scope, date)

    def read(self, raw: bytes, name: str, scope: str, date: dt.date | None = None) -> Record:
        """A checked record from the bytes of a YAML or JSON file.

        Raises:
            InputError: the file can't be read, or says something that is not known or not possible.
        """
        return self.record(read(raw, name), scope, date)

    def outcomes(self, one: Record) -> Mapping[str, Outcome]:
        """What every norm in force comes to for the record, by the engine that answers cases."""
        return evaluate(self.kg.store, self.kg.law, self.kg.tables, one.case.facts, one.case.date).norms

    def duties(self, one: Record) -> list[Duty]:
        """The duties the record is held against."""
        return self.planner(one.scope).duties(one, self.outcomes(one))

    def lines(self, one: Record, duties: Sequence[Duty]) -> list[str]:
        """The record and its duties as lines of N-Triples."""
        return [*graph.levels(self.kg.law), *graph.statements(one), *graph.duties(one, duties)]

    def hits(self, one: Record, duties: Sequence[Duty], engine: Engine = Engine.RUDOF) -> Hits:
        """What fired on a record."""
        return shacl.validator(engine, one.scope).hits(self.lines(one, duties))

    def check(self, one: Record, engine: Engine = Engine.RUDOF) -> Report:
        """The report on one record."""
        outcomes = self.outcomes(one)
        planner = self.planner(one.scope)
        duties = planner.duties(one, outcomes)
        return self.writer.report(one, duties, self.hits(one, duties, engine), planner.unchecked(outcomes, one))

    @cached_property
    def reasons(self) -> Mapping[str, Texts]:
        """Why something is not checked, by id."""
        return self._unchecked[0]

    def reason_of(self, norm: str) -> str:
        """The id of the reason why a norm is not checked.

        Raises:
            KeyError: none is given, which the tests rule out.
        """
        covered = self._unchecked[1]
        wanted = [f"norm/{norm}", *(f"duty-type/{one}" for one in sorted(self.kg.law.norms[norm].types))]
        return next((covered[one] for one in wanted if one in covered), "other-scope")

    @cached_property
    def _unchecked(self) -> tuple[dict[str, Texts], dict[str, str]]:
        why: dict[str, dict[str, str]] = defaultdict(dict)
        covered: dict[str, str] = {}
        for row in self.kg.store.select(library()["unchecked"].text, {}).rows:
            key = local(str(row["unchecked"])).removeprefix("unchecked/")
            if isinstance(row["why"], Text):
                why[key][row["why"].lang] = str(row["why"])
            covered[local(str(row["covers"]))] = key
        reasons = {key: Texts(found) for key, found in why.items()}
        reasons["other-scope"] = Texts(self.messages("other-scope"))
        return reasons, covered
