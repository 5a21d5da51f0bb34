"""What surrounds the duties: information, confidentiality, complaint and supervision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from samordning.answer.messages import message
from samordning.answer.model import Complaint, FurtherDuty, Supervision
from samordning.engine.status import Status
from samordning.namespaces import local

if TYPE_CHECKING:
    from collections.abc import Iterable

    from samordning.answer.basis import Context
    from samordning.engine.law import Norm

INFORMATION: Final = (
    "be-attentive",
    "inform-services",
    "notify-child-welfare",
    "notify-need",
    "guidance",
    "patient-information",
)
CONFIDENTIALITY: Final = ("confidentiality", "confidentiality-opening")
#: What the answer says one may or may not complain about, and the duty types behind it.
COMPLAINT: Final = {
    "cooperation": ("individual-cooperation",),
    "coordination": ("coordination",),
    "individual-plan": ("plan-right", "plan-duty"),
    "coordinator": ("coordinator-right", "coordinator-duty"),
    "child-coordinator": ("child-coordinator-right", "child-coordinator-duty"),
}
_EXTENTS: Final[dict[str, Literal["gap", "partly", "unknown"]]] = {
    "extent/whole": "gap",
    "extent/part": "partly",
    "extent/unknown": "unknown",
}


def further_duties(context: Context, types: tuple[str, ...]) -> list[FurtherDuty]:
    """Duties of these types that apply or may apply to a service in the case."""
    pairs = [pair for pair in context.norms(*types) if pair[1].status is not Status.DOES_NOT_APPLY]
    return [
        FurtherDuty(
            service=service,
            bearer=norm.bearer,
            status=outcome.status.value,
            basis=context.addresses([norm], service),
            norm=norm.iri,
            text=norm.label(context.lang),
        )
        for service in context.case.services
        for norm, outcome in pairs
        if context.law.binding(norm, service)
    ]


def complaints(context: Context) -> list[Complaint]:
    """For each part of the answer whether one may complain, to whom and by when, or that one may not."""
    found = []
    for about, types in COMPLAINT.items():
        rights = [
            norm
            for norm, outcome in context.norms("complaint-right")
            if norm.complaint_about & set(types) and outcome.status is not Status.DOES_NOT_APPLY
        ]
        found += [
            Complaint(
                about=about,
                possible=True,
                to=norm.complaint_to,
                deadline=norm.deadline,
                basis=context.addresses([norm]),
                text=norm.label(context.lang),
            )
            for norm in rights
        ]
        if not rights:
            found.append(_no_complaint(context, about, types))
    return found


def _no_complaint(context: Context, about: str, types: tuple[str, ...]) -> Complaint:
    gaps = [gap for kind in types for gap in context.law.gap("complaint", f"duty-type/{kind}")]
    if gaps:
        gap = gaps[0]
        return Complaint(
            about=about,
            possible=False,
            to=None,
            basis=context.cite(gap.strings("alsoBasis")),
            text=gap.label(context.lang),
        )
    return Complaint(about=about, possible=None, to=None, basis=[], text=message("complaint-nothing", context.lang))


def supervisions(context: Context, norms: Iterable[str]) -> list[Supervision]:
    """Who supervises each of these norms, by IRI, and where nobody does."""
    keys = dict.fromkeys(local(iri).removeprefix("norm/") for iri in norms)
    return [_supervision(context, context.law.norms[key]) for key in keys]


def _supervision(context: Context, norm: Norm) -> Supervision:
    over = [other for other in context.law.supervisors.get(norm.iri, ()) if other.version(context.date)]
    gaps = context.law.gap("supervision", f"norm/{norm.key}")
    status: Literal["covered", "partly", "gap", "unknown"]
    if gaps:
        status = _EXTENTS[local(str(gaps[0].one("gapExtent")))]
        status = "partly" if over and status == "gap" else status
    else:
        status = "covered" if over else "unknown"
    texts = [other.label(context.lang) for other in over] + [gap.label(context.lang) for gap in gaps]
    basis = [other.address for other in over] + [address for gap in gaps for address in gap.strings("alsoBasis")]
    return Supervision(
        norm=norm.iri,
        of=[norm.address],
        supervisor=over[0].bearer if over else None,
        status=status,
        basis=context.cite(basis),
        text="; ".join(dict.fromkeys(texts)) or message("supervision-unknown", context.lang),
    )
