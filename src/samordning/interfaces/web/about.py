"""Pages about the service itself: what it is and is not, how accessible it is, and what becomes of what one writes."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from samordning.answer.wording import date_text
from samordning.interfaces.http.telemetry import FIELDS
from samordning.interfaces.web import route
from samordning.interfaces.web.page import page

if TYPE_CHECKING:
    import datetime as dt

    from fastapi import APIRouter
    from starlette.responses import Response

    from samordning.interfaces.http.service import Service

#: Libraries that an answer depends on.
_LIBRARIES: Final = ("pyoxigraph", "rdflib", "pyshacl", "owlrl")


def router(service: Service) -> APIRouter:
    """The routes."""
    routes = route.routes_of(service)
    coverage, contact = service.kg.law.coverage, service.settings.contact
    shared: dict[str, Any] = {
        "contact": contact,
        "contact_href": contact if "://" in contact else f"mailto:{contact}",
        "libraries": {name: version(name) for name in _LIBRARIES} | {"Python": platform.python_version()},
        "manifest": service.kg.manifest,
        "fields": FIELDS,
    }

    def day(name: str, lang: str) -> str:
        found: Any = coverage.one(name)
        date: dt.date = found
        return date_text(date, lang)

    @routes.get("/about")
    async def about(lang: str) -> Response:
        """What this is, and what it is not."""
        days = {name: day(name, lang) for name in ("coversFrom", "coversUntil", "readAsOf")}
        return page("about.html", service, lang, "about", days=days, note=coverage.texts("note")(lang), **shared)

    @routes.get("/accessibility")
    async def accessibility(lang: str) -> Response:
        """The accessibility statement."""
        return page("accessibility.html", service, lang, "accessibility", **shared)

    @routes.get("/privacy")
    async def privacy(lang: str) -> Response:
        """What is processed, and what is not."""
        return page("privacy.html", service, lang, "privacy", **shared)

    return routes
