"""Search over everything, by kind, and the suggestions that a script shows while one types."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi import Query as Parameters
from pydantic import Field
from starlette.requests import Request  # noqa: TC002
from starlette.responses import Response  # noqa: TC002

from samordning.catalogue.lists import DUTY_TYPES
from samordning.errors import InputError
from samordning.interfaces.http import reply
from samordning.interfaces.web import route
from samordning.interfaces.web.address import page_of
from samordning.interfaces.web.page import page
from samordning.interfaces.web.text import say
from samordning.interfaces.web.view import Name, View

if TYPE_CHECKING:
    from samordning.catalogue.item import Hit
    from samordning.interfaces.http.service import Service

#: The kinds in the order of the page; that of the best hit comes first.
KINDS: Final = ("act", "provision", "service", "duty-type", "norm", "body", "group")
#: How many of a kind are shown before one asks for all, and how many suggestions there are.
_SHOWN: Final = 6
_ALL: Final = 200
_SUGGESTED: Final = 8
_OF_A_KIND: Final = 3


class Asked(reply.Query):
    """Which words, and of which kind."""

    q: str = Field(default="", max_length=200)
    kind: Name = None


class Typed(reply.Query):
    """What has been typed so far."""

    q: str = Field(default="", max_length=200)


@dataclass(frozen=True)
class Found:
    """A hit as it is shown: its name, where it leads and what helps to tell it from the others."""

    kind: str
    text: str
    href: str
    about: str
    later: tuple[tuple[str, str], ...] = ()
    """the acts that have taken the place of one that is repealed: where each leads, and its name"""


def router(service: Service) -> APIRouter:
    """The routes."""
    routes = route.routes_of(service)

    def look(text: str) -> list[Hit]:
        # What has no page leads to its linked data, which is for programs: they find it by the API.
        return [hit for hit in service.index.find(text) if page_of(hit.iri, service.kg.law, service.provisions.entries)]

    @routes.get("/search")
    async def results(lang: str, query: Annotated[Asked, Parameters()]) -> Response:
        """Everything found, by kind."""
        if query.kind is not None and query.kind not in KINDS:
            raise InputError("There is no such kind")
        text = " ".join(query.q.split())
        hits = look(text)
        counts = Counter(map(_kind, hits))
        view = View.on(service, lang, None, "search")
        most = _ALL if query.kind else _SHOWN
        groups: dict[str, list[Found]] = {}
        for hit in hits:
            kind = _kind(hit)
            if query.kind in (None, kind) and len(groups.setdefault(kind, [])) < most:
                groups[kind].append(_found(view, hit))
        given = {name: value for name, value in (("q", text), ("kind", query.kind)) if value}
        path = f"search?{urlencode(given)}" if given else "search"
        return page(
            "search.html", service, lang, path, view=view, text=text, kind=query.kind, groups=_ordered(groups),
            counts=counts, total=counts[query.kind] if query.kind else len(hits),
            near=service.index.near(text) if text and not hits else None,
            query=lambda **more: urlencode({"q": text} | more),
        )  # fmt: skip

    @routes.get("/search/suggestions")
    async def suggestions(request: Request, lang: str, query: Annotated[Typed, Parameters()]) -> Response:
        """The first few hits, for the script of the search field."""
        view = View.on(service, lang, None, "search")
        found = [_found(view, hit) for hit in _varied(look(query.q))]
        rows = [
            {"text": one.text, "href": one.href, "about": one.about, "kind": say(lang, f"search.kind-{one.kind}")}
            for one in found
        ]
        return reply.one(request, rows, context=service.context)

    return routes


def _kind(hit: Hit) -> str:
    """Kinds of duty have pages of their own, and stand apart from other concepts."""
    return "duty-type" if hit.iri.startswith(DUTY_TYPES) else hit.kind


def _varied(hits: list[Hit]) -> list[Hit]:
    """The best few, with not too many of one kind."""
    counts: Counter[str] = Counter()
    found = []
    for hit in hits:
        kind = _kind(hit)
        counts[kind] += 1
        if counts[kind] <= _OF_A_KIND:
            found.append(hit)
    return found[:_SUGGESTED]


def _ordered(groups: dict[str, list[Found]]) -> list[tuple[str, list[Found]]]:
    best = next(iter(groups), None)
    return sorted(groups.items(), key=lambda row: (row[0] != best, KINDS.index(row[0])))


def _found(view: View, hit: Hit) -> Found:
    law, lang = view.law, view.lang
    path = page_of(hit.iri, law, view.service.provisions.entries)
    href = view.url(path) if path else view.data(hit.iri)
    label = hit.label.get(lang) or next(iter(hit.label.values()), hit.id)
    about, later = "", tuple[tuple[str, str], ...]()
    if hit.kind == "norm":
        norm = law.norms[hit.id]
        about = view.cite(norm.address)
        if not norm.version(view.date):
            about += f" ({say(lang, 'search.not-now')})"
    elif hit.kind == "provision":
        cited = view.cite(hit.id)
        about, label = (label if label != cited else ""), cited
    elif hit.kind == "act":
        act = law.acts[hit.id]
        repealed = act.one("repealedFrom")
        about = str(act.one("abbreviation") or "")
        if repealed is not None:
            about += f" ({say(lang, 'search.repealed', date=view.day(repealed))})"  # type: ignore[arg-type]
            later = tuple((view.url(f"law/{one}"), view.act(one)) for one in view.successors(hit.id))
    elif hit.kind == "service":
        level = law.services[hit.id].one("level")
        about = view.concept(f"level/{view.named(level)}") if level else ""
    elif hit.kind == "concept":
        concept = law.concepts[hit.id]
        about = concept.texts("definition")(lang)
    elif hit.kind == "fact":
        about = law.facts[hit.id].texts("question")(lang)
    return Found(_kind(hit), view.capital(label), href, about, later)
