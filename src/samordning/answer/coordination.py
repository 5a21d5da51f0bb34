"""Whether the municipality must coordinate, and who then does it. The order of the steps is data."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from samordning.answer.model import Coordination, Coordinator, CoordinatorStep, NotSelectable, Possible
from samordning.engine.status import Outcome, Special, Status
from samordning.namespaces import term

if TYPE_CHECKING:
    from typing import Literal

    from samordning.answer.basis import Context
    from samordning.engine.law import Norm, Thing

DUTY = "coordination"


def coordination(context: Context) -> Coordination:
    """The municipality's duty, its basis, and who coordinates."""
    status, norms = context.top(context.norms(DUTY))
    reasons = context.reasons(norms[0]) if norms else []
    return Coordination(
        status=status.value,
        bearer=norms[0].bearer if norms else None,
        basis=context.addresses(norms),
        norms=[norm.iri for norm in norms],
        because=context.because(reasons),
        reasons=reasons,
        coordinator=_coordinator(context, status, norms),
        steps=_order(context, norms) if norms else [],
    )


def _order(context: Context, coordinating: list[Norm]) -> list[CoordinatorStep]:
    taken, _ = steps(context, "coordinator")
    return [
        CoordinatorStep(
            step=step.iri,
            kind=str(step.one("kind")),
            label=step.label(context.lang),
            status=context.evaluation.of(step).status.value,
            taken=step is taken,
            because=context.because(context.reasons_of(step.id)),
            basis=_basis(context, step, {norm.act for norm in coordinating}, every=True),
            reading=_reading(step),
        )
        for step in context.law.answering("coordinator")
    ]


def _reading(step: Thing) -> str:
    return step.members("reading")[0]


def steps(context: Context, question: str) -> tuple[Thing | None, list[tuple[Thing, Outcome]]]:
    """The first step that holds, and the ones before it that may hold."""
    before: list[tuple[Thing, Outcome]] = []
    for step in context.law.answering(question):
        outcome = context.evaluation.of(step)
        if outcome.status is Status.APPLIES:
            return step, before
        if outcome.status is Status.DEPENDS:
            before.append((step, outcome))
    return None, before


def named_service(context: Context, step: Thing) -> str | None:
    """The service that a step's fact names."""
    fact = step.one("namedBy")
    value = context.case.facts.get(str(fact)) if fact else None
    return value if isinstance(value, str) and not isinstance(value, Special) else None


def _coordinator(context: Context, duty: Status, coordinating: list[Norm]) -> Coordinator:
    step, before = steps(context, "coordinator")
    if duty is Status.DOES_NOT_APPLY or step is None:
        return Coordinator(
            kind="none",
            status="does_not_apply",
            service=None,
            candidates=[],
            basis=[],
            reading=None,
            not_selectable=[],
            could_also_be=[],
        )
    kind = cast(
        'Literal["child-coordinator", "plan-holder", "agreed-service", "municipality-decides", "none"]',
        str(step.one("kind")),
    )
    settled = duty is Status.APPLIES and not before
    municipal = [service for service in context.case.services if _municipal(context, service)]
    decides = kind == "municipality-decides"
    return Coordinator(
        kind=kind,
        status="applies" if settled else "depends",
        service=named_service(context, step),
        candidates=municipal if decides else [],
        basis=_basis(context, step, {norm.act for norm in coordinating}),
        reading=_reading(step),
        not_selectable=[
            NotSelectable(service=service, level=context.law.services[service].level or None)
            for service in context.case.services
            if decides and service not in municipal
        ],
        could_also_be=[
            Possible(kind=str(other.one("kind")), depends_on=sorted(outcome.unknown)) for other, outcome in before
        ],
        note=step.texts("note")(context.lang) or None,
    )


def _municipal(context: Context, service: str) -> bool:
    return term("MunicipalService") in context.law.services[service].strings("type")


def _basis(context: Context, step: Thing, acts: set[str], *, every: bool = False) -> list[str]:
    # The sentence of each act whose duty to coordinate is in play, and what the step rests on besides. Of a step that
    # fell away, the sentences are cited too: they say what it would have rested on.
    norms = [
        norm
        for norm, outcome in context.norms(*step.members("restsOnType"))
        if norm.act in acts and (every or outcome.status is not Status.DOES_NOT_APPLY)
    ]
    return context.cite([*context.addresses(norms), *step.strings("alsoBasis")])
