"""Get an archive over https, and only over https, however the server redirects."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import IO, TYPE_CHECKING, Final

from samordning.errors import InputError, TooLarge

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

MAX_DOWNLOAD: Final = 512 << 20  # Lovdata's largest archive of 2025 is 65 MB
_TIMEOUT: Final = 60.0  # seconds without an answer
_BLOCK: Final = 1 << 16


def fetch(url: str, target: Path) -> None:
    """Save what is at ``url`` as ``target``.

    Raises:
        InputError: the address is not https, or can't be read.
        TooLarge: it is larger than ``MAX_DOWNLOAD`` bytes.
    """
    _secure(url)
    try:
        with _opener().open(url, timeout=_TIMEOUT) as answer, target.open("wb") as file:
            _copy(answer, file, url)
    except (OSError, ValueError, urllib.error.URLError):
        raise InputError(
            "This address can't be read", where=url, todo="Try later, or import a file you have saved"
        ) from None


def _secure(url: str) -> None:
    if not url.startswith("https://"):
        raise InputError("Only an https address is read", where=url)


def _copy(source: IO[bytes], target: IO[bytes], url: str) -> None:
    total = 0
    while block := source.read(_BLOCK):
        total += len(block)
        if total > MAX_DOWNLOAD:
            raise TooLarge("The download is too large", where=url)
        target.write(block)


class _Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        _secure(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]  # a Message is one


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Redirects)
