"""The answer to a case: the one function that everything before it serves and everything after it shows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, cast

from samordning.answer.around import CONFIDENTIALITY, INFORMATION, complaints, further_duties, supervisions
from samordning.answer.basis import Context, reference
from samordning.answer.cooperation import cooperation, system_level
from samordning.answer.coordination import coordination
from samordning.answer.messages import message
from samordning.answer.model import (
    Answer,
    Cooperation,
    Coordination,
    Entitlement,
    IndividualPlan,
    ProvisionRef,
    Receipt,
)
from samordning.answer.plan import child_coordinator, entitlement, individual_plan
from samordning.answer.remark import remarks
from samordning.answer.unknown import missing_facts, open_norms
from samordning.engine.status import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from samordning.answer.case import Case
    from samordning.engine.law import Law
    from samordning.engine.matter import Matter
    from samordning.engine.store import Store
    from samordning.engine.table import Tables


def answer(
    store: Store,
    law: Law,
    tables: Tables,
    matter: Matter,
    manifest: Mapping[str, object],
    case: Case,
    lang: str = "nb",
) -> Answer:
    """What the data says about ``case``, in ``lang`` (nb, nn or en)."""
    evaluation = evaluate(store, law, tables, case.facts, case.date)
    context = Context(law, tables, matter, case, evaluation, lang)
    coordinating = coordination(context)
    parts = {
        "cooperation": cooperation(context),
        "coordination": coordinating,
        "child_coordinator": child_coordinator(context),
        "coordinator_right": entitlement(context, "coordinator-duty", "coordinator-right"),
        "individual_plan": individual_plan(context),
        "system_level": system_level(context),
        "information_duties": further_duties(context, INFORMATION),
        "confidentiality": further_duties(context, CONFIDENTIALITY),
        "complaint": complaints(context),
    }
    return Answer(
        date=case.date,
        lang=cast('Literal["nb", "nn", "en"]', lang),
        municipality=case.municipality,
        **parts,  # type: ignore[arg-type]  # each part has the type its field wants
        supervision=supervisions(context, _norms(parts.values())),
        missing_facts=missing_facts(context),
        open_norms=open_norms(context),
        remarks=remarks(context, coordinating.coordinator.kind),
        derived_facts={
            fact: value is True if isinstance(value, bool) else None
            for fact, value in sorted(evaluation.derived.items())
        },
        provisions=_provisions(context),
        reservations=_reservations(context),
        receipt=_receipt(context, manifest),
    )


def _norms(parts: Iterable[object]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Cooperation):
            duties = (*part.duties, *part.with_child_coordinator)
            yield from (duty.norm for duty in duties if duty.status != "does_not_apply")
        elif isinstance(part, Coordination | Entitlement | IndividualPlan):
            yield from part.norms


def _provisions(context: Context) -> dict[str, ProvisionRef]:
    return {address: reference(address, context.law, context.date, context.lang) for address in sorted(context.cited)}


def _reservations(context: Context) -> list[str]:
    found = [message("reservation-informs", context.lang)]
    read = context.law.coverage.one("readAsOf")
    if isinstance(read, dt.date) and context.date > read:
        found.append(context.law.coverage.texts("note")(context.lang))
    return found


def _receipt(context: Context, manifest: Mapping[str, object]) -> Receipt:
    read = context.law.coverage.one("readAsOf")
    return Receipt(
        dataset=str(manifest["dataset"]),
        ontology=str(manifest["ontology"]),
        engine=f"samordning {manifest['samordning']}",
        read_as_of=read if isinstance(read, dt.date) else context.date,
        date=context.date,
        case=context.case.fingerprint(context.law),
        generated=dt.datetime.now(tz=dt.UTC).replace(microsecond=0),
    )
