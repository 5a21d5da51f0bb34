"""Why a norm applies, does not apply or depends: every row of its table, test by test, and what the reading rests on."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # pydantic reads the annotations at run time
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from samordning.answer.basis import reference
from samordning.answer.model import Part, ProvisionRef, StatusText  # pydantic reads the annotations
from samordning.engine.status import Evaluation, Status, evaluate
from samordning.errors import NotFound
from samordning.namespaces import local

if TYPE_CHECKING:
    from samordning.answer.case import Case
    from samordning.engine.law import Law, Norm
    from samordning.engine.store import Store
    from samordning.engine.table import Row, Tables

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


class RowPart(Part):
    """One alternative, and what it came to."""

    alternative: str
    status: StatusText | None
    tests: list[TestPart]
    basis: list[str]
    note: str | None


class VersionPart(Part):
    """A wording that states the norm."""

    version: str
    in_force: dt.date | None
    last_day: dt.date | None


class Explanation(Part):
    """Everything the data says about one norm, for one case where one is given."""

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
    rows: list[RowPart]


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
    store: Store, law: Law, tables: Tables, norm: Norm, date: dt.date, lang: str, case: Case | None = None
) -> Explanation:
    """Explain a norm on a date, with the outcome for ``case`` where one is given."""
    found = evaluate(store, law, case.facts, date) if case else None
    in_force = norm.version(date) is not None
    outcome = found.norms.get(norm.key) if found else None
    return Explanation(
        norm=norm.iri,
        label=norm.label(lang),
        kind=norm.kind,
        modality=norm.modality,
        types=sorted(norm.types),
        bearer=norm.bearer,
        bearer_as_named=str(norm.bearer_as_named) if norm.bearer_as_named else None,
        date=date,
        in_force=in_force,
        status=outcome.status.value if outcome else None,
        provision=reference(norm.address, law, date, lang),
        address=norm.address,
        leans_on=list(norm.also),
        versions=[
            VersionPart(
                version=version.iri,
                in_force=version.entered,
                last_day=version.last_day,
            )
            for version in norm.versions
        ],
        replaces=list(norm.replaces),
        reading=norm.reading,
        note=norm.note(lang) or None,
        open_norms=list(norm.open_norms),
        rows=[_row(row, found, lang) for row in tables.rows[norm.key]],
    )


def _row(row: Row, found: Evaluation | None, lang: str) -> RowPart:
    tests = [
        TestPart(
            test=test.iri,
            label=test.label(lang),
            fact=test.fact,
            state=_STATES[found.test(test.iri)] if found else "not_asked",
            derived=bool(found and test.fact in found.derived),
        )
        for test in row.tests
    ]
    return RowPart(
        alternative=row.iri,
        status=_STATUS[min(found.test(test.iri) for test in row.tests)] if found else None,
        tests=tests,
        basis=list(row.basis),
        note=row.note(lang) or None,
    )


def weight(status: StatusText | None) -> int:
    """Order in which rows are shown: what applies first, then what depends."""
    return {Status.APPLIES: 0, Status.DEPENDS: 1}.get(Status(status), 2) if status else 3
