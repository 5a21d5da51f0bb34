"""What someone takes along from an answer: the memo for the meeting, and the case as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import Response

from samordning.answer.wording import Wording, date_text
from samordning.interfaces.web import ask, casefile, draft, form, question, route, sheet
from samordning.interfaces.web.page import page

if TYPE_CHECKING:
    from fastapi import APIRouter

    from samordning.interfaces.http.service import Service


def router(service: Service) -> APIRouter:
    """The routes. What is wrong with a case is shown in the form that it came from."""
    routes = route.routes_of(service)
    law = service.kg.law

    @routes.post("/ask/memo")
    async def memo(request: Request, lang: str) -> Response:
        """The answer as a memo to print."""
        written, case, faults = draft.sent(await form.fields(request), law)
        if case is None:
            return await ask.answered(service, lang, written, None, faults)
        answer = await service.away(service.kg.answer, case, lang)
        words = Wording(law, lang)
        return page(
            "ask_memo.html", service, lang, private=True, answer=answer, draft=written, sections=sheet.sections(answer, law),
            services=words.services(case.services), given=question.given(written, law, lang),
            day=date_text(answer.date, lang), made=date_text(answer.receipt.generated.date(), lang),
        )  # fmt: skip

    @routes.post("/ask/save")
    async def saved(request: Request, lang: str) -> Response:
        """The case as a file."""
        written, case, faults = draft.sent(await form.fields(request), law)
        if case is None:
            return await ask.answered(service, lang, written, None, faults)
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="samordning-{case.date}.yaml"',
        }
        return Response(casefile.written(case, law, lang), media_type="application/yaml", headers=headers)

    return routes
