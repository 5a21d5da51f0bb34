"""One norm to read: what it says, who is bound, on what condition, who supervises it, and where else it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter
from fastapi import Query as Parameters
from starlette.responses import Response  # noqa: TC002

from samordning.answer.around import COMPLAINT, supervision
from samordning.answer.explain import norm_named
from samordning.answer.unknown import open_norm
from samordning.interfaces.web import route
from samordning.interfaces.web.page import page
from samordning.interfaces.web.view import OnDate, View

if TYPE_CHECKING:
    from samordning.engine.law import Norm, Thing
    from samordning.interfaces.http.service import Service


def router(service: Service) -> APIRouter:
    """The route."""
    routes = route.routes_of(service)
    law = service.kg.law

    @routes.get("/norms/{key}")
    async def norm(lang: str, key: str, query: Annotated[OnDate, Parameters()]) -> Response:
        """One norm."""
        found = norm_named(law, key)
        view = View.on(service, lang, query.date, f"norms/{found.key}")
        values: dict[str, Any] = {
            "norm": found,
            "current": found.version(view.date),
            "rows": service.kg.tables.rows[found.key],
            "facts": law.facts,
            "open_words": [open_norm(law, word, [found.iri], lang) for word in found.open_norms],
            "watch": supervision(law, found.key, view.date, lang) if found.kind == "Duty" else None,
            "gaps": law.gap("supervision", f"norm/{found.key}") if found.kind == "Duty" else (),
            "watched": [view.norm(iri) for iri in sorted(found.supervises)],
            "complaints": _complaints(view, found),
            "before": [view.norm(iri) for iri in found.replaces],
            "after": [other for other in law.norms.values() if found.iri in other.replaces],
            "leaning": [other for other in law.norms.values() if found.address in other.also and other is not found],
        }
        return page("law-norm.html", service, lang, view.own, view=view, **values)

    return routes


def _complaints(view: View, norm: Norm) -> list[tuple[list[Norm], tuple[Thing, ...]]]:
    """For what one may complain about that the norm belongs to: the rights to, and what the law leaves without."""
    found = []
    for types in COMPLAINT.values():
        if norm.types & set(types):
            rights = [
                other
                for other in view.law.of_types("complaint-right")
                if other.complaint_about & set(types) and other.version(view.date)
            ]
            gaps = tuple(gap for kind in types for gap in view.law.gap("complaint", f"duty-type/{kind}"))
            found.append((rights, () if rights else gaps))
    return found
