"""The answer, as a typed document. This is the public contract: fields may be added, never renamed."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # pydantic reads the annotations at run time
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

StatusText = Literal["applies", "does_not_apply", "depends"]


class Part(BaseModel):
    """Base of every part: no unknown fields, never changed after it is made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Reason(Part):
    """One test that a status rests on, and what it came to."""

    test: str
    label: str
    fact: str
    state: Literal["holds", "fails", "unknown"]
    derived_from: str | None = Field(
        description="the rule by which the fact follows from others, where it was not stated"
    )
    basis: list[str]


class Duty(Part):
    """What one service owes under one norm."""

    service: str
    bearer: str | None
    bearer_as_named: str | None = Field(description="the act's own word for the bearer")
    counterparts: list[str] = Field(description="services in the case with whom it must cooperate")
    uncertain_counterparts: list[str] = Field(
        description="services of which it is not settled whether the act's definition takes them in"
    )
    beneficiary: str | None = Field(description="whom the act protects")
    status: StatusText
    basis: list[str] = Field(description="addresses in Lovdata's own form")
    in_force: dt.date | None = Field(description="the day the wording that states the norm entered into force")
    norm: str
    reading: str = Field(description="what the reading rests on: statute, regulation, inference, ...")
    because: list[str]
    reasons: list[Reason] = Field(description="the same, test by test, with addresses")
    note: str | None = None


class FurtherDuty(Part):
    """A duty of information, confidentiality or another kind that surrounds the duty to cooperate."""

    service: str | None
    type: str = Field(description="the kind of duty, an id in the scheme of duty types")
    bearer: str | None
    status: StatusText
    basis: list[str]
    norm: str
    text: str


class NotBound(Part):
    """A service in the case that no act of these binds to cooperate."""

    service: str
    reason: str
    instead: list[FurtherDuty] = Field(description="duties to cooperate of another kind that the service does have")


class OneSided(Part):
    """A duty that is not returned: ``service`` must cooperate with ``towards``, which owes it nothing under these acts."""

    service: str
    towards: str
    because: str = Field(description="why nothing is owed back")


class Cooperation(Part):
    """Which services must cooperate about the person."""

    status: StatusText
    duties: list[Duty]
    with_child_coordinator: list[Duty] = Field(
        description="duties to cooperate with an appointed child coordinator, also where no other cooperation is needed"
    )
    not_bound: list[NotBound]
    one_sided: list[OneSided]


class Possible(Part):
    """An outcome that would take the place of the stated one, if what is unknown turned out that way."""

    kind: str
    depends_on: list[str]


class Coordinator(Part):
    """Who coordinates."""

    kind: Literal["child-coordinator", "plan-holder", "agreed-service", "municipality-decides", "none"]
    status: StatusText
    service: str | None
    candidates: list[str] = Field(description="municipal services in the case, when the municipality decides")
    basis: list[str]
    reading: str | None
    not_selectable: list[NotSelectable]
    could_also_be: list[Possible]
    note: str | None = None


class CoordinatorStep(Part):
    """One step in the order of who coordinates, whether it held and why."""

    step: str
    kind: str
    label: str
    status: StatusText
    taken: bool = Field(description="true for the step that gives the answer")
    because: list[str]
    basis: list[str]
    reading: str


class NotSelectable(Part):
    """A service in the case that the municipality cannot decide shall coordinate."""

    service: str
    level: str | None = Field(description="county, state, private; null where that is not settled")


class Coordination(Part):
    """Whether the municipality must coordinate, and who then does it."""

    status: StatusText
    bearer: str | None
    basis: list[str]
    norms: list[str]
    because: list[str]
    reasons: list[Reason]
    coordinator: Coordinator
    steps: list[CoordinatorStep] = Field(description="every step in order, also those that fell away")


class Entitlement(Part):
    """A right, with the duty that answers to it."""

    status: StatusText
    right: StatusText
    duty: StatusText
    basis: list[str]
    norms: list[str]
    because: list[str]
    reasons: list[Reason]


class MainResponsibility(Part):
    """Who has the main responsibility for the individual plan."""

    kind: Literal["service", "agree", "municipality", "none"]
    service: str | None
    basis: list[str]
    label: str = Field(description="the step that gives the answer, in words; empty for none")


class PlanPart(Part):
    """One service's part in the plan."""

    service: str
    status: StatusText
    basis: list[str]


class IndividualPlan(Part):
    """The duty to make a plan, the right to one, and each service's part."""

    status: StatusText = Field(description="of the duty to make or start a plan")
    right: StatusText = Field(description="of the right to a plan, which does not hang on consent")
    starts: list[str]
    participates: list[str]
    parts: list[PlanPart]
    basis: list[str] = Field(description="of the duty and of the right")
    duty_basis: list[str] = Field(description="of the duty alone, or of what it fails on")
    right_basis: list[str]
    norms: list[str]
    because: list[str]
    reasons: list[Reason]
    main_responsibility: MainResponsibility


class SystemDuty(Part):
    """Cooperation on system level that a service in the case owes regardless of the case."""

    service: str
    bearer: str | None
    status: StatusText
    basis: list[str]
    norm: str


class Complaint(Part):
    """Whether one may complain about something, and to whom."""

    about: str
    possible: bool | None
    to: str | None
    deadline: str | None = None
    basis: list[str]
    text: str


class Supervision(Part):
    """Who supervises a norm."""

    norm: str
    of: list[str]
    supervisor: str | None
    supervisors: list[str] = Field(description="all of them, where there are several")
    status: Literal["covered", "partly", "gap", "unknown"]
    basis: list[str]
    text: str


class MissingFact(Part):
    """A fact that is not known and would change the answer."""

    fact: str
    open: bool = Field(description="true when it is an assessment that the case says is not yet made")
    changes: list[str] = Field(description="the norms and steps that hang on it")
    question: str
    why: str


class OpenNorm(Part):
    """A word in the law that only an assessment can fill."""

    id: str
    label: str
    definition: str
    weighs_in: list[str]
    norms: list[str]


class Remark(Part):
    """Something the reader should know besides, with what it rests on."""

    id: str
    about: Literal["cooperation", "coordinator", "plan", "child-coordinator", "information"]
    status: StatusText
    text: str
    basis: list[str]
    reading: str


class ProvisionRef(Part):
    """How a provision is cited, and which wording of it counts."""

    citation: str
    in_force: dt.date | None
    version: str | None
    url: str


class Receipt(Part):
    """What someone needs to repeat the answer. The hash is of the facts; the facts themselves are not kept."""

    dataset: str
    ontology: str
    engine: str
    read_as_of: dt.date
    date: dt.date
    case: str
    generated: dt.datetime


class Answer(Part):
    """Everything the data can say about one person on one date. A derived fact that is null: there is no such service."""

    date: dt.date
    lang: Literal["nb", "nn", "en"]
    municipality: str | None
    cooperation: Cooperation
    coordination: Coordination
    child_coordinator: Entitlement
    coordinator_right: Entitlement
    individual_plan: IndividualPlan
    system_level: list[SystemDuty]
    information_duties: list[FurtherDuty]
    confidentiality: list[FurtherDuty]
    complaint: list[Complaint]
    supervision: list[Supervision]
    missing_facts: list[MissingFact]
    open_norms: list[OpenNorm]
    remarks: list[Remark]
    derived_facts: dict[str, bool | None]
    provisions: dict[str, ProvisionRef]
    reservations: list[str]
    receipt: Receipt
