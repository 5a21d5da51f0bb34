"""The law to read: all acts, one act, one provision with its history, on any date."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi import Query as Parameters
from starlette.responses import RedirectResponse, Response

from samordning.catalogue import history, lists
from samordning.catalogue.provision import holds
from samordning.engine import citation
from samordning.errors import DatasetError
from samordning.interfaces.web import route
from samordning.interfaces.web.page import page
from samordning.interfaces.web.view import OnDate, View
from samordning.lovdata.store import open_store
from samordning.lovdata.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samordning.catalogue.history import Histories
    from samordning.engine.law import Norm
    from samordning.interfaces.http.service import Service
    from samordning.lovdata.store import OfficialText, Store


@dataclass(frozen=True)
class Section:
    """A section in the list of an act."""

    address: str
    heading: str
    norms: Sequence[Norm]


def router(service: Service) -> APIRouter:
    """The routes."""
    routes = route.routes_of(service)
    law = service.kg.law
    histories = history.load(service.kg.store, law, service.provisions)
    official = _official()

    @routes.get("/law")
    async def index(lang: str, query: Annotated[OnDate, Parameters()]) -> Response:
        """Every act and regulation."""
        view = View.on(service, lang, query.date, "law")
        counts: dict[str, int] = {}
        for norm in law.in_force(view.date):
            counts[norm.act] = counts.get(norm.act, 0) + 1
        current = lists.acts(law, date=view.date)
        ids = {act.id for act in current}
        other = [act for act in lists.acts(law) if act.id not in ids]
        return page("law.html", service, lang, view.own, view=view, acts=current, other=other, counts=counts)

    @routes.get("/law/{address:path}")
    async def place(lang: str, address: str, query: Annotated[OnDate, Parameters()]) -> Response:
        """An act, or a provision of one."""
        whole = _spelled(service, address)
        if whole != address:
            asked = f"?date={query.date}" if query.date else ""
            return RedirectResponse(
                f"/{lang}/{quote(f'law/{whole}')}{asked}", 303, headers={"Cache-Control": "public, max-age=3600"}
            )
        if address not in law.acts:
            service.provisions.entry(address)
        view = View.on(service, lang, query.date, f"law/{address}")
        if address in law.acts:
            return page("law-act.html", service, lang, view.own, view=view, **_act(view, address))
        return page(
            "law-provision.html", service, lang, view.own, view=view, **_provision(view, address, histories, official)
        )

    return routes


def _official() -> Store | None:
    # The same file as the command line uses; opened once, since reading never changes it.
    given = os.environ.get("SAMORDNING_LOVDATA")
    try:
        return open_store(Path(given) if given else None)
    except DatasetError:
        return None


def _spelled(service: Service, address: str) -> str:
    """The address in full where it begins with an abbreviation: ``hol/§3-4``."""
    first, slash, rest = address.partition("/")
    for act in service.kg.law.acts.values():
        if first.casefold() == str(act.one("abbreviation") or "").casefold():
            return act.id + slash + rest
    return address


def _act(view: View, address: str) -> dict[str, Any]:
    provisions, law = view.service.provisions, view.law
    sections = []
    for one in sorted(provisions.parts.get(address, ()), key=provisions.order):
        norms = law.by_section.get(one, ())
        heading = provisions.entries[one].label
        sections.append(Section(one, heading[view.lang] if heading else "", _on(view, norms)))
    entry = next(act for act in lists.acts(law) if act.id == address)
    return {
        "act": entry,
        "sections": sections,
        "current": any(act.id == address for act in lists.acts(law, date=view.date)),
    }


def _on(view: View, norms: Sequence[Norm]) -> list[Norm]:
    found = [norm for norm in norms if norm.version(view.date)]
    return sorted(found, key=lambda norm: (view.service.provisions.order(norm.address), norm.key))


def _provision(view: View, address: str, histories: Histories, official: Store | None) -> dict[str, Any]:
    provisions, law = view.service.provisions, view.law
    parsed = citation.parse(address)
    below = [norm for norm in law.by_section.get(parsed.section, ()) if f"{norm.address}/".startswith(f"{address}/")]
    siblings = sorted(provisions.parts.get(provisions.entries[address].part_of, ()), key=provisions.order)
    place = siblings.index(address)
    found = words(official, law, [address], view.date).get(address) if official else None
    return {
        "address": address,
        "section": parsed.section,
        "act": law.acts[parsed.act],
        "heading": provisions.entries[parsed.section].label.get(view.lang, ""),
        "above": _above(address),
        "wording": next((one for one in provisions.history(address) if holds(one, view.date)), None),
        "norms": _on(view, below),
        "others": [norm for norm in below if not norm.version(view.date)],
        "parts_below": sorted(provisions.parts.get(address, ()), key=provisions.order),
        "before": siblings[place - 1] if place else None,
        "after": siblings[place + 1] if place + 1 < len(siblings) else None,
        "line": histories.line(parsed.section),
        "former": sorted(histories.former.get(parsed.section, ())),
        "later": sorted(histories.later.get(parsed.section, ())),
        "began": history.began,
        "holds": holds,
        "leaning": _on(view, [norm for norm in law.norms.values() if address in norm.also]),
        "imported": official is not None,
        "official": found,
        "official_lang": _language(view, parsed.act, found),
    }


def _above(address: str) -> list[str]:
    """The act, the section and what else is above a provision, outermost first."""
    parsed = citation.parse(address)
    steps = [parsed.section, *(f"/{kind}/{value}" for kind, value in parsed.parts)]
    return [parsed.act, *("".join(steps[:number]) for number in range(1, len(steps)))]


def _language(view: View, act: str, found: OfficialText | None) -> str:
    return str(view.law.acts[act].one("officialForm") or "nb") if found else ""
