"""Individual plan, coordinator and child coordinator: duties, rights and each service's part."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from samordning.answer.coordination import named_service, steps
from samordning.answer.model import Entitlement, IndividualPlan, MainResponsibility, PlanPart
from samordning.engine.status import Status

if TYPE_CHECKING:
    from typing import Literal

    from samordning.answer.basis import Context
    from samordning.engine.law import Norm


def entitlement(context: Context, duty_type: str, right_type: str) -> Entitlement:
    """A right and the duty that answers to it. The status is the right's; the duty's may be lower, since more is needed."""
    duty_status, duties = context.top(context.norms(duty_type))
    right_status, rights = context.top(context.norms(right_type))
    norms = [*rights, *duties]
    shown = rights or duties or [norm for norm, _ in context.norms(right_type)]
    reasons = context.reasons(shown[0]) if shown else []
    return Entitlement(
        status=duty_status.value if not rights else right_status.value,
        right=right_status.value,
        duty=duty_status.value,
        basis=context.addresses(norms),
        norms=[norm.iri for norm in norms],
        because=context.because(reasons),
        reasons=reasons,
    )


def child_coordinator(context: Context) -> Entitlement:
    """The duty to appoint a child coordinator, and the family's right. The status is the duty's: the family must want one."""
    duty_status, duties = context.top(context.norms("child-coordinator-duty"))
    right_status, rights = context.top(context.norms("child-coordinator-right"))
    norms = [*duties, *rights]
    shown = duties or [norm for norm, _ in context.norms("child-coordinator-duty")]
    reasons = context.reasons(shown[0]) if shown else []
    return Entitlement(
        status=duty_status.value,
        right=right_status.value,
        duty=duty_status.value,
        basis=context.addresses(norms),
        norms=[norm.iri for norm in norms],
        because=context.because(reasons),
        reasons=reasons,
    )


def individual_plan(context: Context) -> IndividualPlan:
    """Whether a plan must be made, who starts it, who takes part and who leads."""
    duty_status, duties = context.top(context.norms("plan-duty", "plan-start"))
    right_status, rights = context.top(context.norms("plan-right"))
    norms = [*duties, *rights]
    starters = _services(context, "plan-start")
    parts = _services(context, "plan-participation")
    shown = duties or _nearest(context, "plan-duty", "plan-start") or rights
    reasons = context.reasons(shown[0]) if shown else []
    return IndividualPlan(
        status=duty_status.value,
        right=right_status.value,
        starts=[part.service for part in starters if part.status == duty_status.value],
        participates=[part.service for part in parts if part.status == _top(parts)],
        parts=parts,
        basis=context.addresses(norms),
        duty_basis=context.addresses(duties) or context.cite(address for each in reasons for address in each.basis),
        right_basis=context.addresses(rights),
        norms=[norm.iri for norm in norms],
        because=context.because(reasons),
        reasons=reasons,
        main_responsibility=_main(context, duty_status, [part.service for part in starters]),
    )


def _top(parts: list[PlanPart]) -> str:
    return "applies" if any(part.status == "applies" for part in parts) else "depends"


def _nearest(context: Context, *types: str) -> list[Norm]:
    """Norms that bind a service in the case and fail on something else than what kind of person it is about."""
    norms = [norm for service in context.case.services for norm, _ in context.bound(service, *types)]
    found = [context.law.norms[key] for key in dict.fromkeys(norm.key for norm in norms)]
    return [norm for norm in found if not context.out_of_scope(norm)] or found


def _services(context: Context, kind: str) -> list[PlanPart]:
    found = []
    for service in context.case.services:
        status, norms = context.top(context.bound(service, kind))
        if norms:
            found.append(PlanPart(service=service, status=status.value, basis=context.addresses(norms, service)))
    return found


def _main(context: Context, duty: Status, starters: list[str]) -> MainResponsibility:
    step, _ = steps(context, "main-responsibility")
    if duty is Status.DOES_NOT_APPLY or step is None:
        return MainResponsibility(kind="none", service=None, basis=[], label="")
    kind = cast('Literal["service", "agree", "municipality", "none"]', str(step.one("kind")))
    service = named_service(context, step)
    if kind == "service" and service is None and len(starters) == 1:
        service = starters[0]
    return MainResponsibility(
        kind=kind, service=service, basis=context.cite(step.strings("alsoBasis")), label=step.label(context.lang)
    )
