"""What surrounds the duties: information, confidentiality, complaint and supervision."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal

from samordning.answer.messages import message
from samordning.answer.model import Complaint, FurtherDuty, Supervision
from samordning.engine.status import Status
from samordning.namespaces import local

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from samordning.answer.basis import Context
    from samordning.engine.law import Law, Norm
    from samordning.engine.table import Row

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


def further_duties(
    context: Context, types: tuple[str, ...], services: Iterable[str] | None = None
) -> list[FurtherDuty]:
    """Duties of these types that apply or may apply to a service in the case, or to one of ``services``."""
    found = [
        _further(norm, types, service, context.row(norm, service), outcome.status, context.lang)
        for service in (context.case.services if services is None else services)
        for norm, outcome in context.bound(service, *types)
        if outcome.status is not Status.DOES_NOT_APPLY
    ]
    context.cite(chain.from_iterable(duty.basis for duty in found))
    return found


# Kept: it follows from the law, the kind of service and a status, and says nothing of a case.
@lru_cache(maxsize=16384)
def _further(norm: Norm, types: tuple[str, ...], service: str, row: Row, status: Status, lang: str) -> FurtherDuty:
    return FurtherDuty(
        service=service,
        type=next(kind for kind in types if kind in norm.types),
        bearer=norm.bearer,
        status=status.value,
        basis=list(dict.fromkeys([norm.address, *row.basis])),
        norm=norm.iri,
        text=norm.label(lang),
    )


def complaints(context: Context) -> list[Complaint]:
    """For each part of the answer whether one may complain, to whom and by when, or that one may not."""
    found = []
    every = [norm for norm, outcome in context.norms("complaint-right") if outcome.status is not Status.DOES_NOT_APPLY]
    for about, types in COMPLAINT.items():
        rights = [norm for norm in every if not norm.complaint_about.isdisjoint(types)]
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
    found = [supervision(context.law, key, context.date, context.lang) for key in keys]
    context.cite(address for entry in found for address in entry.basis)
    return found


@lru_cache(maxsize=16384)
def supervision(law: Law, key: str, date: dt.date, lang: str) -> Supervision:
    """Who supervises one norm on a date, and whether nobody does."""
    norm = law.norms[key]
    over = [other for other in law.supervisors.get(norm.iri, ()) if other.version(date)]
    gaps = law.gap("supervision", f"norm/{norm.key}")
    status: Literal["covered", "partly", "gap", "unknown"]
    if gaps:
        status = _EXTENTS[local(str(gaps[0].one("gapExtent")))]
        status = "partly" if over and status == "gap" else status
    else:
        status = "covered" if over else "unknown"
    texts = [other.label(lang) for other in over] + [gap.label(lang) for gap in gaps]
    basis = [other.address for other in over] + [address for gap in gaps for address in gap.strings("alsoBasis")]
    return Supervision(
        norm=norm.iri,
        of=[norm.address],
        supervisor=over[0].bearer if over else None,
        supervisors=list(dict.fromkeys(other.bearer for other in over if other.bearer)),
        status=status,
        basis=list(dict.fromkeys(basis)),
        text="; ".join(dict.fromkeys(texts)) or message("supervision-nothing", lang),
    )
