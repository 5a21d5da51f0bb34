"""Why a norm applies, does not apply or depends: every row of its table, test by test, and what the reading rests on."""

from __future__ import annotations

import datetime as dt  # pydantic reads the annotations at run time
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, cast

from pydantic import Field

from samordning.answer.basis import Context, reference
from samordning.answer.model import OpenNorm, Part, ProvisionRef, Reason, StatusText  # pydantic reads the annotations
from samordning.answer.unknown import open_norm
from samordning.engine.status import Evaluation, Status, evaluate
from samordning.errors import NotFound
from samordning.namespaces import local

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samordning.answer.case import Case
    from samordning.engine.law import Law, Norm
    from samordning.engine.matter import Matter
    from samordning.engine.store import Store
    from samordning.engine.table import Row, Tables, Test

TestState = Literal["holds", "fails", "unknown", "not_asked"]
_STATES: dict[float, TestState] = {1.0: "holds", 0.5: "unknown", 0.0: "fails"}
_STATUS: dict[float, StatusText] = {1.0: "applies", 0.5: "depends", 0.0: "does_not_apply"}


class TestPart(Part):
    """One test of a row, and what it came to."""

    test: str
    label: str
    fact: str
    state: TestState
    derived: bool
    derived_from: str | None = Field(
        description="the rule that gave the fact its value, where the case did not state it"
    )
    rule: str | None = Field(description="that rule in words")
    basis: list[str]


class RowPart(Part):
    """One alternative, and what it came to."""

    alternative: str
    status: StatusText | None
    tests: list[TestPart]
    basis: list[str]
    reading: str = Field(description="what the row rests on; the norm's own reading where it has none of its own")
    note: str | None


class VersionPart(Part):
    """A wording that states the norm."""

    version: str
    in_force: dt.date | None
    last_day: dt.date | None


class ExplanationReceipt(Part):
    """What someone needs to repeat the explanation. ``case`` is a hash, and null where no case was given."""

    dataset: str
    ontology: str
    engine: str
    read_as_of: dt.date
    date: dt.date
    case: str | None
    generated: dt.datetime


class Explanation(Part):
    """Everything the data says about one norm, for one case where one is given."""

    lang: Literal["nb", "nn", "en"]
    norm: str
    label: str
    kind: str
    modality: str
    types: list[str]
    bearer: str | None
    bearer_as_named: str | None
    date: dt.date
    in_force: bool
    status: StatusText | None
    provision: ProvisionRef
    address: str
    leans_on: list[str]
    versions: list[VersionPart]
    replaces: list[str]
    reading: str
    note: str | None
    open_norms: list[str]
    open_words: list[OpenNorm]
    reasons: list[Reason] = Field(description="the tests that decide; empty without a case")
    because: list[str] = Field(description="the same in words")
    missing: list[str] = Field(description="unknown facts that would settle it")
    rows: list[RowPart]
    receipt: ExplanationReceipt


def norm_named(law: Law, name: str) -> Norm:
    """The norm with this key, or IRI.

    Raises:
        NotFound: there is none; a near key is suggested.
    """
    key = local(name).removeprefix("norm/").removeprefix("norm:")
    if key in law.norms:
        return law.norms[key]
    near = get_close_matches(key, law.norms, n=1, cutoff=0.6)
    hint = f"Did you mean {near[0]}?" if near else "samordning provision ADDRESS shows the norms of a section"
    raise NotFound("There is no norm of that name", todo=hint)


def explain(
    store: Store,
    law: Law,
    tables: Tables,
    matter: Matter,
    manifest: Mapping[str, object],
    norm: Norm,
    date: dt.date,
    lang: str,
    case: Case | None = None,
) -> Explanation:
    """Explain a norm on a date, with the outcome for ``case`` where one is given."""
    found = evaluate(store, law, tables, case.facts, date) if case else None
    context = Context(law, tables, matter, case, found, lang) if case and found else None
    outcome = found.norms.get(norm.key) if found else None
    reasons = context.reasons(norm) if context and outcome else []
    depends = found is not None and outcome is not None and outcome.status is Status.DEPENDS
    return Explanation(
        lang=cast('Literal["nb", "nn", "en"]', lang),
        norm=norm.iri,
        label=norm.label(lang),
        kind=norm.kind,
        modality=norm.modality,
        types=sorted(norm.types),
        bearer=norm.bearer,
        bearer_as_named=str(norm.bearer_as_named) if norm.bearer_as_named else None,
        date=date,
        in_force=norm.version(date) is not None,
        status=outcome.status.value if outcome else None,
        provision=reference(norm.address, law, date, lang),
        address=norm.address,
        leans_on=list(norm.also),
        versions=[
            VersionPart(version=version.iri, in_force=version.entered, last_day=version.last_day)
            for version in norm.versions
        ],
        replaces=list(norm.replaces),
        reading=norm.reading,
        note=norm.note(lang) or None,
        open_norms=list(norm.open_norms),
        open_words=[open_norm(law, word, [norm.iri], lang) for word in norm.open_norms],
        reasons=reasons,
        because=context.because(reasons) if context else [],
        missing=sorted(matter.facts(norm.key, found)) if depends and found else [],
        rows=[_row(law, norm, row, found, lang) for row in tables.rows[norm.key]],
        receipt=_receipt(law, manifest, date, case),
    )


def _receipt(law: Law, manifest: Mapping[str, object], date: dt.date, case: Case | None) -> ExplanationReceipt:
    read = law.coverage.one("readAsOf")
    return ExplanationReceipt(
        dataset=str(manifest["dataset"]),
        ontology=str(manifest["ontology"]),
        engine=f"samordning {manifest['samordning']}",
        read_as_of=read if isinstance(read, dt.date) else date,
        date=date,
        case=case.fingerprint(law) if case else None,
        generated=dt.datetime.now(tz=dt.UTC).replace(microsecond=0),
    )


def _row(law: Law, norm: Norm, row: Row, found: Evaluation | None, lang: str) -> RowPart:
    return RowPart(
        alternative=row.iri,
        status=_STATUS[found.value(row)] if found else None,
        tests=[_test(law, test, found, lang) for test in row.tests],
        basis=list(row.basis),
        reading=row.reading or norm.reading,
        note=row.note(lang) or None,
    )


def _test(law: Law, test: Test, found: Evaluation | None, lang: str) -> TestPart:
    rule = found.rules.get(test.fact) if found else None
    return TestPart(
        test=test.iri,
        label=test.label(lang),
        fact=test.fact,
        state=_STATES[found.value(test)] if found else "not_asked",
        derived=rule is not None,
        derived_from=rule,
        rule=law.derivations[rule].label(lang) if rule else None,
        basis=list(test.basis),
    )


def weight(status: StatusText | None) -> int:
    """Order in which rows are shown: what applies first, then what depends."""
    return {Status.APPLIES: 0, Status.DEPENDS: 1}.get(Status(status), 2) if status else 3
