"""Which services must cooperate, under what, and which of those at the table are not bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from samordning.answer.around import further_duties
from samordning.answer.basis import highest, in_force
from samordning.answer.model import Cooperation, Duty, NotBound, OneSided, SystemDuty
from samordning.engine.status import Outcome, Status
from samordning.namespaces import local

if TYPE_CHECKING:
    from samordning.answer.basis import Context
    from samordning.engine.law import Law, Norm

INDIVIDUAL: Final = "individual-cooperation"
CHILD_COORDINATOR: Final = "child-coordinator-cooperation"
SYSTEM: Final = "system-cooperation"
#: Duties of other kinds that may bind a service which the duty to cooperate about a person leaves free.
INSTEAD: Final = (
    "follow-up-service",
    "clarify-responsibility",
    "cooperation",
    "general-coordination",
    "plan-cooperation",
    "plan-participation",
    "plan-taking-part",
    "planning-participation",
    "raise-shortcomings",
    "social-considerations",
    "system-cooperation",
)
_ORDER: Final = {Status.APPLIES: 0, Status.DEPENDS: 1, Status.DOES_NOT_APPLY: 2}


def cooperation(context: Context) -> Cooperation:
    """Every duty to cooperate about the person, service by service in the order of the case."""
    duties: list[Duty] = []
    unbound: list[NotBound] = []
    for service in context.case.services:
        mine = context.bound(service, INDIVIDUAL)
        if mine:
            duties += [_duty(context, service, norm, outcome) for norm, outcome in _relevant(context, service, mine)]
        else:
            reason = context.law.services[service].texts("unboundReason")(context.lang)
            instead = further_duties(context, INSTEAD, [service])
            unbound.append(NotBound(service=service, reason=reason, instead=instead))
    status = highest(Status(duty.status) for duty in duties)
    beside = [
        _duty(context, service, norm, outcome)
        for service in context.case.services
        for norm, outcome in context.bound(service, CHILD_COORDINATOR)
        if outcome.status is not Status.DOES_NOT_APPLY
    ]
    return Cooperation(
        status=status.value,
        duties=duties,
        with_child_coordinator=beside,
        not_bound=unbound,
        one_sided=_one_sided(context.law, duties, unbound),
    )


def _relevant(context: Context, service: str, mine: list[tuple[Norm, Outcome]]) -> list[tuple[Norm, Outcome]]:
    # A norm for another kind of person than this one (a kindergarten rule for a pupil) is left out where the service
    # has a norm that fits; where it has none, the misfit is shown, so that no service goes missing from the answer.
    fitting = [pair for pair in mine if not context.out_of_scope(pair[0])] or mine
    # A norm that names the service itself stands before one that names a wider kind.
    return sorted(fitting, key=lambda pair: (_ORDER[pair[1].status], service not in pair[0].binds, pair[0].key))


def _duty(context: Context, service: str, norm: Norm, outcome: Outcome) -> Duty:
    sure, unsure = _counterparts(context, service, norm)
    row = context.row(norm, service)
    reasons = context.reasons(norm, service)
    return Duty(
        service=service,
        bearer=norm.bearer,
        bearer_as_named=str(norm.bearer_as_named) if norm.bearer_as_named else None,
        counterparts=sure,
        uncertain_counterparts=unsure,
        beneficiary=norm.beneficiaries[0] if norm.beneficiaries else None,
        status=outcome.status.value,
        basis=context.addresses([norm], service),
        in_force=in_force(norm, context.date),
        norm=norm.iri,
        reading=row.reading or norm.reading,
        because=context.because(reasons),
        reasons=reasons,
        note=" ".join(filter(None, (norm.note(context.lang), row.note(context.lang)))) or None,
    )


def _counterparts(context: Context, service: str, norm: Norm) -> tuple[list[str], list[str]]:
    takes = {kind for group in norm.counterparts for kind in context.law.groups[group].strings("includes")}
    bearer = context.law.bodies.get(norm.bearer or "")
    one_office = bearer is not None and bearer.one("actsAsOne") is True
    sure, unsure = [], []
    for other in context.case.services:
        thing = context.law.services[other]
        # The parts of one office are not "others" under a duty that the office has as one.
        if other == service or (one_office and context.law.binding(norm, other)):
            continue
        provider = thing.one("countsAsProvider")
        if ("providers" in takes and provider == "yes") or (
            "public-bodies" in takes and thing.one("publicBody") is True
        ):
            sure.append(other)
        elif "providers" in takes and provider == "uncertain":
            unsure.append(other)
    return sure, unsure


def _one_sided(law: Law, duties: list[Duty], unbound: list[NotBound]) -> list[OneSided]:
    # Nothing is owed back by a service that no act binds, or whose own duty does not apply to this person. One with a
    # duty of another kind towards others does owe something.
    silent = {
        other.service: other.reason
        for other in unbound
        if not any(law.norms[local(duty.norm).removeprefix("norm/")].counterparts for duty in other.instead)
    }
    bound = {duty.service for duty in duties if duty.status != "does_not_apply"}
    silent |= {duty.service: "; ".join(duty.because) for duty in duties if duty.service not in bound}
    owed = dict.fromkeys(
        (duty.service, other)
        for duty in duties
        if duty.status != "does_not_apply"
        for other in duty.counterparts
        if other in silent
    )
    return [OneSided(service=service, towards=other, because=silent[other]) for service, other in owed]


def system_level(context: Context) -> list[SystemDuty]:
    """What each service in the case owes on system level, regardless of the case."""
    found = []
    for service in context.case.services:
        for norm, outcome in context.bound(service, SYSTEM):
            if outcome.status is Status.DOES_NOT_APPLY:
                continue
            found.append(
                SystemDuty(
                    service=service,
                    bearer=norm.bearer,
                    status="applies" if outcome.status is Status.APPLIES else "depends",
                    basis=context.addresses([norm], service),
                    norm=norm.iri,
                )
            )
    return found
