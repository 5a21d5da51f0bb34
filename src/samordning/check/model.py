"""The contract of a report: what was checked, what was found, and what was not checked."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # pydantic reads the annotations at run time
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

#: From the heaviest to the lightest. The outcome of a duty is the heaviest of its findings.
FindingKind: TypeAlias = Literal["breach", "to-be-assessed", "not-assessable", "depends", "recommended"]
Outcome: TypeAlias = Literal["breach", "to-be-assessed", "not-assessable", "depends", "recommended", "met"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Texts(_Model):
    """One text in each language."""

    nb: str
    nn: str
    en: str


class Provision(_Model):
    """Where a duty stands, in the wording of the date."""

    address: str
    in_force: dt.date | None
    """the day the wording entered into force"""
    url: str


class Supervisor(_Model):
    """Who supervises a norm; ``status`` is covered, partly, gap or unknown."""

    body: str | None
    status: Literal["covered", "partly", "gap", "unknown"]
    text: Texts


class Norm(_Model):
    """One duty: a norm that applies, in one record."""

    norm: str
    label: Texts
    outcome: Outcome
    bearer: str | None
    bearer_label: Texts
    provision: Provision
    supervisor: Supervisor


class Finding(_Model):
    """One thing that a rule found, and the duties it is about, by IRI of the norm."""

    kind: FindingKind
    rule: str
    """IRI of the shape"""
    norms: list[str]
    towards: list[str] = []
    """services on the other side, where the duty is between services"""
    text: Texts
    mend: Texts
    missing_facts: list[str] = []


class Group(_Model):
    """The duties of one type, for one service where they are about services, with what was found."""

    type: str
    label: Texts
    service: str | None
    service_label: Texts | None
    outcome: Outcome
    norms: list[Norm]
    findings: list[Finding]


class Unchecked(_Model):
    """Duties that apply but that no rule checks, and why."""

    norms: list[str]
    addresses: list[str]
    why: Texts


class Summary(_Model):
    """How many duties came to what. A duty is a norm, for each service it binds where rules look at services."""

    duties: int
    breach: int
    to_be_assessed: int
    recommended: int
    not_assessable: int
    depends: int
    met: int
    not_checkable: int


class Subject(_Model):
    """What was checked. Of a case only the date; of an organisation what it calls itself."""

    scope: Literal["case", "setup"]
    date: dt.date
    file: str
    organisation: str | None = None
    name: str | None = None
    number: str | None = None
    county: str | None = None


class Receipt(_Model):
    """What the report rests on."""

    dataset: str
    ontology: str
    checked_by: str
    rules: int
    read_as_of: dt.date
    generated: dt.datetime


class Report(_Model):
    """A whole report.

    ``conforms`` is true only where nothing at all was found: no breach, nothing to assess, nothing recommended, nothing
    that the record is silent on and nothing that hangs on a missing fact. It says nothing of the duties in ``unchecked``.
    """

    about: Subject
    conforms: bool
    summary: Summary
    groups: list[Group]
    unchecked: list[Unchecked]
    reservation: Texts
    receipt: Receipt
