"""The form of everything that is listed. ``iri`` names the thing; texts stand by language."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # pydantic reads the annotations at run time
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from samordning.engine.store import Value


class Item(BaseModel):
    """Something with a name of its own."""

    model_config = ConfigDict(extra="forbid")

    iri: str


class Act(Item):
    """An act or a regulation."""

    id: str
    kind: str = Field(description="Act or Regulation")
    abbreviation: str | None
    label: dict[str, str]
    title: dict[str, str]
    in_force_from: dt.date | None
    repealed_from: dt.date | None
    see_also: list[str]


class Wording(Item):
    """One dated wording of a section. A date that is null is not known, or has not come."""

    in_force: dt.date | None
    applicable_from: dt.date | None
    last_day: dt.date | None = Field(description="last day with effect, as the source states it")
    first_day_without: dt.date | None
    unknown: list[str] = Field(description="which of its dates are not known")
    ledd: int | None
    enacted_by: list[str]


class Norm(Item):
    """What one sentence of law says."""

    id: str
    kind: str
    label: dict[str, str]
    note: dict[str, str]
    address: str
    act: str
    types: list[str]
    modality: str
    bearer: str | None
    bearer_as_named: str | None
    services: list[str]
    beneficiaries: list[str]
    counterparts: list[str]
    open_norms: list[str]
    leans_on: list[str]
    replaces: list[str]
    reading: str
    wordings: list[str]
    in_force_from: dt.date | None
    in_force_until: dt.date | None = Field(description="first day without effect of the last wording")


class Provision(Item):
    """A place in an act, on a date."""

    address: str
    act: str
    part_of: str
    label: dict[str, str]
    citation: dict[str, str]
    see_also: list[str]
    date: dt.date
    wording: Wording | None = Field(description="the wording in force on the date; null where none is known to be")
    norms: list[Norm]
    parts: list[str]


class ProvisionEntry(Item):
    """A place in an act, in a list."""

    address: str
    act: str
    part_of: str
    label: dict[str, str]


class Body(Item):
    """Someone who is bound, supervises or decides."""

    id: str
    label: dict[str, str]
    level: str | None
    public: bool | None


class DutyType(Item):
    """A kind of duty, right or power."""

    id: str
    label: dict[str, str]
    definition: dict[str, str]
    norms: int = Field(description="norms of this kind in force on the date")


class Fact(Item):
    """Something a case may state."""

    id: str
    section: str
    kind: str
    label: dict[str, str]
    question: dict[str, str]
    why: dict[str, str]
    choices: list[str]
    norms: int = Field(description="norms whose conditions ask for it, on the date")


class Hit(Item):
    """Something that a search found."""

    kind: str
    id: str
    label: dict[str, str]
    href: str


def last(value: Value | None) -> str | None:
    """The last part of an IRI or id."""
    return None if value is None else str(value).rsplit("/", 1)[-1]
