"""What changed between two dates, act by act, with the days on which something changes as shortcuts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi import Query as Parameters
from pydantic import Field
from starlette.responses import Response  # noqa: TC002

from samordning.answer.case import refuse_outside, resolve
from samordning.answer.diff import diff
from samordning.interfaces.http import reply
from samordning.interfaces.web import route
from samordning.interfaces.web.page import page
from samordning.interfaces.web.view import Day, Name, View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from samordning.answer.diff import Change
    from samordning.engine.law import Law, Norm, Thing
    from samordning.interfaces.http.service import Service

_KINDS = ("new", "moved", "reworded", "ended")
_DAY = dt.timedelta(days=1)


class Between(reply.Query):
    """Between which dates, for which service."""

    start: Day = Field(default=None, alias="from")
    end: Day = Field(default=None, alias="to")
    service: Name = None


@dataclass(frozen=True)
class Shortcut:
    """A day on which something changes, and how many norms change then."""

    day: dt.date
    href: str
    count: int
    shown: bool


def router(service: Service) -> APIRouter:
    """The route."""
    routes = route.routes_of(service)
    law = service.kg.law

    @routes.get("/changes")
    async def changes(lang: str, query: Annotated[Between, Parameters()]) -> Response:
        """The changes from one date to another; from a year ago to today where none is given."""
        start, end = _dates(law, query)
        chosen = _service(law, query.service)
        keys = _bound(law, chosen.id) if chosen else None
        found = [one for one in diff(law, start, end, lang) if keys is None or one.norm in keys]
        view = View(service, lang, end, "changes", asked=True)
        given = {"from": query.start, "to": query.end, "service": chosen.id if chosen else None}
        path = "changes" + (
            f"?{urlencode({name: value for name, value in given.items() if value})}" if any(given.values()) else ""
        )
        return page(
            "changes.html", service, lang, path, view=view, start=start, end=end, chosen=chosen,
            acts=_by_act(view, found), counts=Counter(one.kind for one in found), kinds=_KINDS,
            shortcuts=[
                Shortcut(day, _href(lang, day, chosen), count, shown=(start, end) == (day - _DAY, day))
                for day in days(law)
                if (count := sum(keys is None or norm in keys for norm in _norms_on(law, day)))
            ],
            wider=_sorted(lang, (one for one in law.services.values() if one.one("selectable") is not True and _bound(law, one.id))),
            services=_sorted(lang, law.selectable),
            span=end - start == _DAY,
        )  # fmt: skip

    return routes


def _dates(law: Law, query: Between) -> tuple[dt.date, dt.date]:
    end = query.end or (max(query.start, reply.today()) if query.start else reply.today())
    refuse_outside(end, law)
    if query.start:
        return query.start, end
    first = law.coverage.one("coversFrom")
    year = end - dt.timedelta(days=365)
    return (max(year, first) if isinstance(first, dt.date) else year), end


def _service(law: Law, name: str | None) -> Thing | None:
    """A service by its id, or by a name as in a case; also a kind of service, such as school.

    Raises:
        InputError: nothing is called that.
    """
    if name is None:
        return None
    return law.services[name if name in law.services else resolve(name, law, "service")]


@lru_cache(maxsize=128)
def _bound(law: Law, service: str) -> frozenset[str]:
    """The norms, by IRI, that bind a service; those of every service of the kind, where it is a kind of service."""
    own = [service] if law.services[service].one("selectable") is True else []
    own = own or [one.id for one in law.selectable if service in law.kinds(one.id)]
    return frozenset(norm.iri for norm in law.norms.values() if any(law.binding(norm, one) for one in own))


@lru_cache(maxsize=4)
def days(law: Law) -> tuple[dt.date, ...]:
    """The days, within what the data answers for, on which some norm begins, ends or is worded anew."""
    first, last = law.coverage.one("coversFrom"), law.coverage.one("coversUntil")
    edges = {
        edge for norm in law.norms.values() for version in norm.versions for edge in (version.entered, version.until)
    }
    if not (isinstance(first, dt.date) and isinstance(last, dt.date)):
        return ()
    return tuple(sorted(edge for edge in edges if edge and first < edge <= last and _norms_on(law, edge)))


@lru_cache(maxsize=256)
def _norms_on(law: Law, day: dt.date) -> tuple[str, ...]:
    return tuple(change.norm for change in diff(law, day - _DAY, day, "nb"))


def _href(lang: str, day: dt.date, chosen: Thing | None) -> str:
    given = {"from": day - _DAY, "to": day} | ({"service": chosen.id} if chosen else {})
    return f"/{lang}/changes?{urlencode(given)}"


def _by_act(view: View, found: list[Change]) -> list[tuple[Thing, list[tuple[Change, Norm]]]]:
    by_norm = {change.norm: change for change in found}
    norms = [view.norm(change.norm) for change in found]
    return [(act, [(by_norm[norm.iri], norm) for norm in same]) for act, same in view.by_act(norms)]


def _sorted(lang: str, things: Iterable[Thing]) -> list[Thing]:
    return sorted(things, key=lambda one: one.label(lang).casefold())
