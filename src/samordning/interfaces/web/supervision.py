"""Which duties somebody supervises, and which nobody does: by the level of who is bound."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, Literal

from fastapi import APIRouter
from fastapi import Query as Parameters
from pydantic import BeforeValidator
from starlette.responses import Response  # noqa: TC002

from samordning.answer.around import supervision
from samordning.interfaces.web import route
from samordning.interfaces.web.page import page
from samordning.interfaces.web.thing import LEVELS
from samordning.interfaces.web.view import OnDate, View

if TYPE_CHECKING:
    from samordning.answer.model import Supervision
    from samordning.engine.law import Norm
    from samordning.interfaces.http.service import Service

#: What is missing comes first: that is what a reader looks for.
STATUSES: Final = ("gap", "partly", "unknown", "covered")
#: In an address a level needs a name, also what belongs to no single one.
NONE: Final = "none"


class Chosen(OnDate):
    """Which duties: by default those of municipalities."""

    level: Literal["municipal", "county", "state", "private", "none", "all"] = "municipal"
    status: Annotated[
        Literal["gap", "partly", "unknown", "covered", "all"], BeforeValidator(lambda given: given or "all")
    ] = "all"


@dataclass(frozen=True)
class Watched:
    """A duty, who supervises it, and the level of whoever it binds."""

    norm: Norm
    watch: Supervision
    level: str


def router(service: Service) -> APIRouter:
    """The route."""
    routes = route.routes_of(service)

    @routes.get("/supervision")
    async def duties(lang: str, query: Annotated[Chosen, Parameters()]) -> Response:
        """The duties in force on a date that meet the choice."""
        view = View.on(service, lang, query.date, "supervision")
        every = _watched(view)
        shown = [one for one in every if query.level in ("all", one.level)]
        groups = [
            (status, [one for one in shown if one.watch.status == status])
            for status in STATUSES
            if query.status in ("all", status)
        ]
        return page(
            "law-supervision.html", service, lang, view.own_with(level=query.level, status=query.status), view=view,
            levels=[name or NONE for name in LEVELS], statuses=STATUSES, chosen=query,
            counts=Counter((one.level, one.watch.status) for one in every),
            groups=[(status, _by_act(view, same)) for status, same in groups if same],
        )  # fmt: skip

    return routes


def _watched(view: View) -> list[Watched]:
    law = view.law
    return [
        Watched(
            norm,
            supervision(law, norm.key, view.date, view.lang),
            (law.bodies[norm.bearer].level if norm.bearer else "") or NONE,
        )
        for norm in law.in_force(view.date)
        if norm.kind == "Duty"
    ]


def _by_act(view: View, watched: list[Watched]) -> list[tuple[object, list[Watched]]]:
    by_key = {one.norm.key: one for one in watched}
    return [(act, [by_key[norm.key] for norm in norms]) for act, norms in view.by_act(one.norm for one in watched)]
