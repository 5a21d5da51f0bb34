"""How data is answered: JSON or JSON-LD, a page at a time, kept by caches as long as the dataset stands."""

from __future__ import annotations

import datetime as dt
import json
import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar
from urllib.parse import quote, urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter
from starlette.responses import Response

from samordning.errors import InputError, NotAcceptable, NotFound
from samordning.interfaces.http import negotiate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from starlette.requests import Request

JSON: Final = "application/json"
JSON_LD: Final = "application/ld+json"
PUBLIC: Final = "public, max-age=3600"
CONTEXT: Final = json.loads((Path(__file__).parent / "context.json").read_text(encoding="utf-8"))
MOST: Final = 500

T = TypeVar("T")
Lang = Literal["nb", "nn", "en"]


def _day(given: object) -> object:
    # The library also takes seconds since 1970, and a day with a time.
    if isinstance(given, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        raise ValueError("a day is written YYYY-MM-DD")
    return given


Day = Annotated[dt.date, BeforeValidator(_day), Field(description="as-of date, YYYY-MM-DD")]


class Query(BaseModel):
    """Parameters of a route; one that does not exist is refused, since a filter that is ignored gives a wrong answer."""

    model_config = ConfigDict(extra="forbid")


class Paged(Query):
    """Parameters of a route that lists."""

    page: int = Field(default=1, ge=1, le=1_000_000, description="page, from 1")
    per_page: int = Field(default=100, ge=1, le=MOST, description="items on a page")


def today() -> dt.date:
    """Today, in UTC."""
    return dt.datetime.now(tz=dt.UTC).date()


def plain(data: object) -> Any:  # noqa: ANN401  # JSON has no narrower type
    """Models as plain data."""
    return TypeAdapter(Any).dump_python(data, mode="json")


def one(request: Request, data: object, *, public: bool = True, context: str) -> Response:
    """One thing, as JSON or JSON-LD."""
    return _write(request, plain(data), context, public=public, headers={})


def many(
    request: Request, items: Sequence[T], page: Paged, context: str, make: Callable[[T], object] | None = None
) -> Response:
    """One page of a list, with ``Link`` to the others; ``make`` is called for what is on the page alone.

    Raises:
        NotFound: there are fewer pages.
    """
    pages = max((len(items) + page.per_page - 1) // page.per_page, 1)
    if page.page > pages:
        raise NotFound("There is no such page", todo=f"The last is page {pages}")
    start = (page.page - 1) * page.per_page
    headers = {"X-Total-Count": str(len(items)), "Link": _links(request, page.page, pages)}
    shown = [make(one) if make else one for one in items[start : start + page.per_page]]
    return _write(request, plain(shown), context, public=True, headers=headers)


def _links(request: Request, page: int, pages: int) -> str:
    targets = {"first": 1, "prev": page - 1, "next": page + 1, "last": pages}
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "page"]
    path = quote(request.url.path)
    return ", ".join(
        f'<{path}?{urlencode([*kept, ("page", number)])}>; rel="{name}"'
        for name, number in targets.items()
        if 1 <= number <= pages
    )


def _write(request: Request, data: Any, context: str, *, public: bool, headers: dict[str, str]) -> Response:  # noqa: ANN401
    media = choose(request, (JSON, JSON_LD))
    if media == JSON_LD:
        data = {"@context": context, "@graph": data} if isinstance(data, list) else {"@context": context, **data}
    headers = {"Cache-Control": PUBLIC if public else "no-store", "Vary": "Accept, Accept-Language", **headers}
    return Response(json.dumps(data, ensure_ascii=False, separators=(",", ":")), media_type=media, headers=headers)


def known(value: str | None, names: Iterable[str | None], parameter: str) -> None:
    """Refuse a filter on something that does not exist, which would look like an empty answer.

    Raises:
        InputError: ``value`` is none of the names.
    """
    every = sorted(name for name in names if name)
    if value is not None and value not in every:
        near = get_close_matches(value, every, n=1)
        raise InputError(
            f"The parameter {parameter} names something that does not exist",
            todo=f"Did you mean {near[0]}?" if near else "",
        )


def choose(request: Request, offered: Sequence[str]) -> str:
    """The media type to answer with.

    Raises:
        NotAcceptable: the caller takes none of them.
    """
    found = negotiate.media(request.headers.get("accept"), offered)
    if not found:
        raise NotAcceptable(
            "None of the kinds of answer you take can be made", todo=f"Accept one of: {', '.join(offered)}"
        )
    return found[0]


def lang_of(request: Request, given: str | None) -> str:
    """The language asked for, by parameter or header."""
    return given or negotiate.language(request.headers.get("accept-language", ""))
