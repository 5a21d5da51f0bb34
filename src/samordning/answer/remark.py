"""What the reader should know besides: remarks whose condition holds, and that belong to this outcome."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, cast

from samordning.answer.basis import highest
from samordning.answer.model import Remark
from samordning.engine.status import Status

if TYPE_CHECKING:
    from samordning.answer.basis import Context
    from samordning.engine.law import Thing


def remarks(context: Context, coordinator: str) -> list[Remark]:
    """Every remark that holds or may hold, in their order. ``coordinator`` is the outcome of who coordinates."""
    found = []
    for remark in context.law.remarks:
        shown_for = remark.strings("shownFor")
        if shown_for and coordinator not in shown_for:
            continue
        status = _status(context, remark)
        # A remark on a section that is not yet, or no longer, in force is not made.
        if status is Status.DOES_NOT_APPLY or not context.law.stated(remark.strings("alsoBasis"), context.date):
            continue
        found.append(_remark(remark, status, context.lang))
        context.cite(found[-1].basis)
    return found


# Kept: it follows from the law and a status, and says nothing of a case.
@lru_cache(maxsize=1024)
def _remark(remark: Thing, status: Status, lang: str) -> Remark:
    return Remark(
        id=remark.iri,
        about=cast(
            'Literal["cooperation", "coordinator", "plan", "child-coordinator", "information"]',
            str(remark.one("answers")),
        ),
        status="applies" if status is Status.APPLIES else "depends",
        text=remark.texts("note")(lang),
        basis=list(dict.fromkeys(remark.strings("alsoBasis"))),
        reading=remark.members("reading")[0],
    )


def _status(context: Context, remark: Thing) -> Status:
    # It holds as far as both its condition and a norm of the kind it presupposes do.
    own = context.evaluation.of(remark).status
    types = remark.members("restsOnType")
    if not types or own is Status.DOES_NOT_APPLY:
        return own
    norms = highest(outcome.status for _, outcome in context.norms(*types))
    return own if norms is Status.APPLIES else norms
