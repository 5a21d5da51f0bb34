"""Ask about a person: a form, and the answer beside it.

What someone writes is POSTed and answered, and kept nowhere: not in an address, not in a log, not on a disk.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import Response  # noqa: TC002

from samordning.answer.case import check
from samordning.answer.document import read
from samordning.answer.wording import date_text
from samordning.errors import InputError
from samordning.interfaces.http.reply import today
from samordning.interfaces.web import choice, draft, form, question, route, sheet
from samordning.interfaces.web.draft import Draft
from samordning.interfaces.web.mistake import Fault
from samordning.interfaces.web.page import page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import APIRouter

    from samordning.answer.case import Case
    from samordning.answer.model import Answer
    from samordning.interfaces.http.service import Service

#: The header by which the page's script says that it asks on the reader's behalf, and wants no more than what changes.
LIVE = "samordning-live"


def router(service: Service) -> APIRouter:
    """The pages."""
    routes = route.routes_of(service)
    law = service.kg.law

    @routes.get("/ask")
    async def empty(lang: str) -> Response:
        """The form, with nothing but the date in it."""
        return page("ask.html", service, lang, "ask", **_shown(service, lang, _blank(), None))

    @routes.post("/ask")
    async def asked(request: Request, lang: str) -> Response:
        """The form as it was filled in, with the answer beside it."""
        written, case, faults = draft.sent(await form.fields(request), law)
        live = request.headers.get(LIVE) == "1"
        if live and not written.services:
            # Whoever is still filling in has not forgotten anything yet.
            faults = [fault for fault in faults if fault.code != "no-service"]
        return await answered(service, lang, written, case, faults, live=live)

    @routes.post("/ask/next")
    async def another(request: Request, lang: str) -> Response:
        """An empty form for one more person, on the same day and in the same municipality."""
        kept = draft.sent(await form.fields(request), law)[0].texts
        texts = {**_blank().texts, **{key: kept[key] for key in ("date", "municipality") if key in kept}}
        return await answered(service, lang, Draft(texts), None, [])

    @routes.post("/ask/open")
    async def opened(request: Request, lang: str) -> Response:
        """A case file, put into the form."""
        fields = await form.fields(request)
        raw = await form.upload(fields, "file")
        if not raw:
            return await answered(service, lang, draft.sent(fields, law)[0], None, [Fault("file", "no-file", {})])
        try:
            case = check(read(raw, "file"), law)
        except InputError as error:
            written = draft.sent(fields, law)[0]
            found = Fault.of(error)
            shown = replace(found, field="file", about=found.field)
            return await answered(service, lang, written, None, [shown])
        return await answered(service, lang, draft.of(case, law), case, [])

    return routes


def _blank() -> Draft:
    return Draft({"date": today().isoformat()})


async def answered(
    service: Service, lang: str, written: Draft, case: Case | None, faults: list[Fault], *, live: bool = False
) -> Response:
    """The form with the answer to what stands in it, or with what is wrong; ``live`` is the part of it that changes."""
    answer = await service.away(service.kg.answer, case, lang) if case and not faults else None
    shown = _shown(service, lang, written, answer, faults)
    return page("ask_live.html" if live else "ask.html", service, lang, "ask", private=True, **shown)


def _shown(
    service: Service, lang: str, written: Draft, answer: Answer | None, faults: Sequence[Fault] = ()
) -> dict[str, Any]:
    law = service.kg.law
    covered = [law.coverage.one(name) for name in ("coversFrom", "coversUntil")]
    said = [(fault.field, fault.said(law, lang)) for fault in faults]
    person = question.person(written, law, lang)
    return {
        "draft": written,
        "person": person,
        "persons": [one.key for one in person],
        "groups": choice.groups(law, lang),
        "services": question.question(law.facts["services"], written, [], law, lang),
        "questions": question.asked(written, answer, law, lang),
        "faults": said,
        "wrong": dict(reversed(said)),
        "answer": answer,
        "day": date_text(answer.date, lang) if answer else "",
        "sections": sheet.sections(answer, law) if answer else [],
        "covered": [day.isoformat() for day in covered if isinstance(day, dt.date)],
        "covers": [date_text(day, lang) for day in covered if isinstance(day, dt.date)],
    }
