"""Two answers side by side: what a date, or one more fact, changes for one case."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # pydantic reads the annotations at run time
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from samordning.answer.basis import highest
from samordning.answer.model import Part
from samordning.engine.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from samordning.answer.model import Answer, Duty, SystemDuty


class Side(Part):
    """What one answer says of a part."""

    value: str = Field(description="a status, who coordinates or leads, or yes or no for complaint")
    service: str | None = Field(description="the service that coordinates or leads, where one is named")
    basis: list[str]


class Difference(Part):
    """One part of the answer that is not the same before and after."""

    about: str
    service: str | None
    kind: Literal["began", "ended", "changed", "moved"] = Field(
        description="moved: the same outcome on another basis; began and ended: only one of the answers speaks of it"
    )
    before: Side | None
    after: Side | None


class Comparison(Part):
    """What differs between two answers, and which facts are missing in only one of them."""

    before: dt.date
    after: dt.date
    differences: list[Difference]
    no_longer_missing: list[str]
    newly_missing: list[str]


def compare(before: Answer, after: Answer) -> Comparison:
    """Every part in which ``after`` is not what ``before`` is, in the order of the answer."""
    first, second = dict(_parts(before)), dict(_parts(after))
    found = []
    for about, service in dict.fromkeys([*first, *second]):
        was, now = first.get((about, service)), second.get((about, service))
        if was != now:
            found.append(Difference(about=about, service=service, kind=_kind(was, now), before=was, after=now))
    missing = [{each.fact for each in answer.missing_facts} for answer in (before, after)]
    return Comparison(
        before=before.date,
        after=after.date,
        differences=found,
        no_longer_missing=sorted(missing[0] - missing[1]),
        newly_missing=sorted(missing[1] - missing[0]),
    )


def _kind(was: Side | None, now: Side | None) -> Literal["began", "ended", "changed", "moved"]:
    if was is None:
        return "began"
    if now is None:
        return "ended"
    return "moved" if (was.value, was.service) == (now.value, now.service) else "changed"


def _side(value: str, basis: list[str], service: str | None = None) -> Side:
    return Side(value=value, service=service, basis=sorted(set(basis)))


def _parts(answer: Answer) -> Iterator[tuple[tuple[str, str | None], Side]]:
    yield from _duties(answer)
    coordinator = answer.coordination.coordinator
    yield ("coordination", None), _side(answer.coordination.status, answer.coordination.basis)
    yield ("coordinator", None), _side(coordinator.kind, coordinator.basis, coordinator.service)
    child = answer.child_coordinator
    yield ("child-coordinator-duty", None), _side(child.status, child.basis)
    yield ("child-coordinator-right", None), _side(child.right, [])
    yield ("coordinator-right", None), _side(answer.coordinator_right.status, answer.coordinator_right.basis)
    plan = answer.individual_plan
    yield ("plan-duty", None), _side(plan.status, plan.basis)
    yield ("plan-right", None), _side(plan.right, [])
    for service in plan.starts:
        yield ("plan-start", service), _side(plan.status, [])
    for part in plan.parts:
        yield ("plan-participation", part.service), _side(part.status, part.basis)
    main = plan.main_responsibility
    yield ("plan-main-responsibility", None), _side(main.kind, main.basis, main.service)
    for complaint in answer.complaint:
        value = {True: "yes", False: "no", None: "unknown"}[complaint.possible]
        yield ("complaint", complaint.about), _side(value, complaint.basis)


def _duties(answer: Answer) -> Iterator[tuple[tuple[str, str | None], Side]]:
    duties: dict[str, Sequence[Duty | SystemDuty]] = {
        "individual-cooperation": answer.cooperation.duties,
        "child-coordinator-cooperation": answer.cooperation.with_child_coordinator,
        "system-cooperation": answer.system_level,
    }
    for about, found in duties.items():
        for service in dict.fromkeys(duty.service for duty in found):
            mine = [duty for duty in found if duty.service == service]
            status = highest(Status(duty.status) for duty in mine)
            basis = [address for duty in mine if duty.status == status for address in duty.basis]
            yield (about, service), _side(status.value, basis)
