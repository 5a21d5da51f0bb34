"""``POST /v1/answers``: a case in, who must cooperate and who coordinates out. The case is neither stored nor logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter
from fastapi import Query as Parameters
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import Response

from samordning.answer.case import check
from samordning.answer.model import Answer
from samordning.interfaces.http import body, reply
from samordning.interfaces.http.problem import responses
from samordning.interfaces.http.schema import case_schema

if TYPE_CHECKING:
    from samordning.interfaces.http.service import Service


class InLanguage(reply.Query):
    """In which language."""

    lang: reply.Lang | None = None


def router(service: Service) -> APIRouter:
    """The route."""
    routes = APIRouter(prefix="/v1", tags=["answers"])
    kg = service.kg

    @routes.post(
        "/answers",
        response_model=Answer,
        openapi_extra=case_schema(kg.law),
        responses=responses(406, 408, 413, 415, 422, 429),
    )
    async def answers(request: Request, query: Annotated[InLanguage, Parameters()]) -> Response:
        """Answer a case."""
        media = reply.choose(request, (reply.JSON,))
        case = check(await body.case(request), kg.law)
        lang = reply.lang_of(request, query.lang)
        return Response(
            await service.away(kg.answer_json, case, lang),
            media_type=media,
            headers={
                "Cache-Control": "no-store",
                "Vary": "Accept, Accept-Language",
                "Content-Language": lang,
            },
        )

    return routes
