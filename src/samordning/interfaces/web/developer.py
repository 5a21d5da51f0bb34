"""The page for developers: the same case in every way there is to ask, with a real answer, and the dataset's files."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from samordning.interfaces.http.schema import EXAMPLE
from samordning.interfaces.web import route
from samordning.interfaces.web.page import page

if TYPE_CHECKING:
    from fastapi import APIRouter
    from starlette.responses import Response

    from samordning.interfaces.http.service import Service

#: Members of the answer that the page shows.
_PARTS: Final = ("date", "cooperation", "coordination", "missing_facts", "receipt")
#: How many levels of objects are shown below those.
_DEEP: Final = 3


def router(service: Service) -> APIRouter:
    """The route."""
    routes = route.routes_of(service)

    @cache
    def answered(lang: str) -> dict[str, Any]:
        return service.kg.answer(EXAMPLE, lang).model_dump(mode="json")

    @routes.get("/developers")
    async def developers(lang: str) -> Response:
        """Everything that programs can use."""
        whole = await service.away(answered, lang)
        shown = {name: shortened(whole[name]) for name in _PARTS}
        shown["…"] = f"{len(whole) - len(_PARTS)} more members"
        return page(
            "developers.html", service, lang, "developers", case=json.dumps(EXAMPLE), case_python=_python(EXAMPLE),
            case_shown=_written(EXAMPLE), answer=_written(shown), files=(await service.downloads.files()).values(), manifest=service.kg.manifest,
        )  # fmt: skip

    return routes


def shortened(data: Any, deep: int = _DEEP) -> Any:  # noqa: ANN401  # JSON has no narrower type
    """Data with one item of each list, and with a count in the place of everything that is left out."""
    if isinstance(data, dict):
        if not deep:
            return f"… {len(data)} members"
        return {name: shortened(value, deep - 1) for name, value in data.items()}
    if isinstance(data, list):
        return [*(shortened(one, deep) for one in data[:1]), *([f"… {len(data) - 1} more"] if len(data) > 1 else [])]
    return data


def _python(data: dict[str, Any]) -> str:
    lines = (f"    {name!r}: {value!r},\n" for name, value in data.items())
    return ("{\n" + "".join(lines) + "}").replace("'", '"')


def _written(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
