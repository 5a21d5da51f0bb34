"""The form that asks about a person, as a case: every field is named as in the case file, and an empty one is unknown.

A form is read whole into memory, within the limit of a case; nothing of it touches a disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from samordning.answer.document import MAX_BYTES
from samordning.errors import InputError, WrongMedia
from samordning.interfaces.http import body

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

    from samordning.engine.law import Law

_MOST_FIELDS: Final = 500
#: What the choices of a field say; ``none`` is for facts that name a service: there is none.
_STATES: Final = {"true": True, "false": False, "open": "open", "none": None}


async def fields(request: Request) -> FormData:
    """The fields of a form, URL-encoded or multipart.

    Raises:
        TooLarge: it has more than 256 KiB.
        WrongMedia: it is no form.
        InputError: it is broken, or has more fields than it may.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    raw = await body.whole(request, MAX_BYTES, "The form")

    async def stream() -> AsyncGenerator[bytes, None]:
        yield raw

    if kind == "application/x-www-form-urlencoded":
        if raw.count(b"&") >= _MOST_FIELDS:
            raise InputError("The form has too many fields")
        return await FormParser(request.headers, stream()).parse()
    if kind == "multipart/form-data":
        # All of it is smaller than what the library keeps in memory, so that no file is written.
        parser = MultiPartParser(
            request.headers, stream(), max_files=20, max_fields=_MOST_FIELDS, max_part_size=MAX_BYTES
        )
        try:
            return await parser.parse()
        except MultiPartException:
            raise InputError("The form is broken") from None
    raise WrongMedia("Send a form")


def text(form: FormData, name: str) -> str:
    """One field as text; empty where there is none."""
    found = form.get(name)
    return found.strip() if isinstance(found, str) else ""


async def upload(form: FormData, name: str) -> bytes:
    """An uploaded file's bytes; empty where none was chosen."""
    found = form.get(name)
    if not isinstance(found, UploadFile):
        return b""
    content = await found.read()
    await found.close()
    return content


def case_data(form: FormData, law: Law) -> dict[str, Any]:
    """What the form says, as plain data of a case file; what it says wrongly is left for the check of cases to refuse."""
    data: dict[str, Any] = {name: text(form, name) for name in ("date", "municipality") if text(form, name)}
    for key, fact in law.facts.items():
        section = str(fact.one("section"))
        if section == "case":
            data[key] = [one for one in dict.fromkeys(form.getlist(key)) if isinstance(one, str) and one]
        elif text(form, key) not in ("", "unknown"):
            data.setdefault(section, {})[key] = _value(text(form, key))
    return data


def _value(given: str) -> object:
    if given.isdecimal() and given.isascii():
        return int(given)
    return _STATES.get(given, given)
