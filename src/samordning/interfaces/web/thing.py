"""Services, bodies, target groups and kinds of duty: lists of each, and one at a time with the norms about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter
from fastapi import Query as Parameters
from starlette.responses import Response  # noqa: TC002

from samordning.answer.case import resolve
from samordning.catalogue.item import last
from samordning.catalogue.lists import DUTY_TYPES
from samordning.errors import InputError, NotFound
from samordning.interfaces.web import route
from samordning.interfaces.web.page import page
from samordning.interfaces.web.view import OnDate, View

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from samordning.engine.law import Law, Norm, Thing
    from samordning.interfaces.http.service import Service

#: Levels of government in the order in which a municipality would read them; what belongs to no single one comes last.
LEVELS: Final = ("municipal", "county", "state", "private", "")


@dataclass(frozen=True)
class Part:
    """Norms that have to do with a thing in one way; ``key`` names the heading."""

    key: str
    norms: list[Norm]


def router(service: Service) -> APIRouter:
    """The routes: two for each kind of thing."""
    routes = route.routes_of(service)
    law = service.kg.law
    kinds: dict[str, tuple[Mapping[str, Thing], Callable[[View, Thing], list[Part]]]] = {
        "services": (law.services, _of_service),
        "bodies": (law.bodies, _of_body),
        "groups": (law.groups, _of_group),
        "duty-types": ({_type(one): one for one in law.concepts.values() if one.iri.startswith(DUTY_TYPES)}, _of_type),
    }
    for folder, (things, parts) in kinds.items():
        _pair(routes, service, folder, things, parts)
    return routes


def _pair(
    routes: APIRouter,
    service: Service,
    folder: str,
    things: Mapping[str, Thing],
    parts: Callable[[View, Thing], list[Part]],
) -> None:
    @routes.get(f"/{folder}")
    async def every(lang: str, query: Annotated[OnDate, Parameters()]) -> Response:
        """All of them, with how many norms each has to do with."""
        view = View.on(service, lang, query.date, folder)
        rows = [(key, one, sum(len(part.norms) for part in parts(view, one))) for key, one in things.items()]
        rows.sort(key=lambda row: (LEVELS.index(row[1].level), row[1].label(lang).casefold()))
        return page("law-things.html", service, lang, view.own, view=view, folder=folder, rows=rows)

    @routes.get(f"/{folder}/{{key}}")
    async def one(lang: str, key: str, query: Annotated[OnDate, Parameters()]) -> Response:
        """One of them."""
        found = things.get(key) or _by_name(service.kg.law, folder, key)
        if found is None:
            raise NotFound("There is nothing of that name here", todo=f"The list at /{lang}/{folder} has them all")
        view = View.on(service, lang, query.date, f"{folder}/{_type(found) if folder == 'duty-types' else found.id}")
        whole = parts(view, found)
        values: dict[str, Any] = {
            "thing": found,
            "folder": folder,
            "parts_": [part for part in whole if part.norms] or whole[:1],
            "level": found.level,
        }
        return page("law-thing.html", service, lang, view.own, view=view, **values, **_around(view, folder, found))


def _by_name(law: Law, folder: str, key: str) -> Thing | None:
    try:
        return law.services[resolve(key, law, "service")] if folder == "services" else None
    except InputError:
        return None


def _type(thing: Thing) -> str:
    return thing.iri.removeprefix(DUTY_TYPES)


def _of_service(view: View, thing: Thing) -> list[Part]:
    return [Part("binds", [norm for norm in view.law.in_force(view.date) if view.law.binding(norm, thing.id)])]


def _of_body(view: View, thing: Thing) -> list[Part]:
    norms = view.law.in_force(view.date)
    return [
        Part("bearer", [norm for norm in norms if norm.bearer == thing.id]),
        Part("complaint-to", [norm for norm in norms if norm.complaint_to == thing.id]),
    ]


def _of_group(view: View, thing: Thing) -> list[Part]:
    norms = view.law.in_force(view.date)
    return [
        Part("beneficiary", [norm for norm in norms if thing.id in norm.beneficiaries]),
        Part("counterpart", [norm for norm in norms if thing.id in norm.counterparts]),
    ]


def _of_type(view: View, thing: Thing) -> list[Part]:
    return [Part("type", [norm for norm in view.law.in_force(view.date) if _type(thing) in norm.types])]


def _around(view: View, folder: str, thing: Thing) -> dict[str, Any]:
    """What stands above and below it."""
    law = view.law
    if folder == "services":
        above = [law.services[key] for key in thing.strings("subClassOf")]
        below = [one for one in law.services.values() if thing.id in one.strings("subClassOf")]
    elif folder == "duty-types":
        wider = set(thing.strings("broader"))
        above = [one for one in law.concepts.values() if one.iri in wider]
        below = [one for one in law.concepts.values() if thing.iri in one.strings("broader")]
    else:
        above, below = [], []
    owned = [one for one in law.services.values() if folder == "bodies" and last(one.one("owner")) == thing.id]

    def named(one: Thing) -> tuple[str, str]:
        key = _type(one) if folder == "duty-types" else one.id
        return view.url(f"{folder}/{key}"), one.label(view.lang)

    return {
        "above": sorted(map(named, above), key=lambda row: row[1].casefold()),
        "below": sorted(map(named, below), key=lambda row: row[1].casefold()),
        "owned": sorted(owned, key=lambda one: one.label(view.lang).casefold()),
    }
