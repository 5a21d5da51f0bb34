"""The outermost layer: hosts, body size, deadlines, admission, rates, headers of every response, one line of log.

What belongs to a connection before there is a request stands in ``protocol``.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from samordning.errors import Busy, InputError, SamordningError, TooLarge
from samordning.interfaces.http import problem
from samordning.interfaces.http.caller import Callers
from samordning.interfaces.http.negotiate import LANGUAGES
from samordning.interfaces.http.telemetry import METHODS, Meter, route

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from samordning.interfaces.settings import Settings

log = logging.getLogger("samordning.http")

#: On every response. Pages load nothing from elsewhere; scripts and styles are files of ours. Icons stand in the style as ``data:``.
HEADERS: Final = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Location, Retry-After, Content-Language, X-Request-Id"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (
        b"content-security-policy",
        b"; ".join(
            [
                b"default-src 'none'",
                b"style-src 'self'",
                b"script-src 'self'",
                b"img-src 'self' data:",
                b"connect-src 'self'",
                b"form-action 'self'",
                b"base-uri 'none'",
                b"frame-ancestors 'none'",
            ]
        ),
    ),
]
_CLIENT_CLOSED: Final = 499
_BAD: Final = 400


class TooSlow(InputError):
    """The body of a request came too slowly."""

    http_status = 408
    kind = "too-slow"


#: Below these addresses, and those of pages in any language, a query is run.
_QUERIES: Final = ("/v1/queries/", *(f"/{lang}/query/" for lang in LANGUAGES))


def costs(method: str, path: str) -> bool:
    """Whether a request is one that a caller's accounts are charged for."""
    return method == "POST" or path == "/sparql" or path.startswith(_QUERIES)


class Gate:
    """Wraps the application; ``told`` makes the response to an error of a path."""

    def __init__(
        self, app: ASGIApp, settings: Settings, meter: Meter, told: Callable[[str, SamordningError], Response]
    ) -> None:
        self._app, self._meter, self._told = app, meter, told
        self._limits = settings.limits
        self._callers = Callers(settings.rate)
        own = urlsplit(settings.base_url).hostname or ""
        self._hosts = {"localhost", "127.0.0.1", "[::1]", own, settings.http.host, *settings.http.hosts}
        self._under_way = 0
        secure = settings.base_url.startswith("https://")
        self._headers = [*HEADERS, *([(b"strict-transport-security", b"max-age=31536000")] if secure else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the start and stop of the process."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Request(scope, receive, send, self._headers, self._limits)
        begun = time.monotonic()
        self._under_way += 1
        caller: bytes | None = None
        path = scope["path"]
        try:
            if not path.startswith("/health/"):
                refusal = self._refusal(scope)
                if refusal is not None:
                    await refusal(scope, request.receive, request.send)
                    return
                if costs(scope["method"], path):
                    caller = self._callers.enter((scope.get("client") or ("", 0))[0])
            async with asyncio.timeout(self._limits.send_seconds + self._limits.receive_seconds):
                await self._app(scope, request.receive, request.send)
        except SamordningError as error:
            await request.fail(self._told(path, error))
        except TimeoutError:
            await request.fail(problem.problem(408, "too-slow", "The request did not come in time"))
        except Exception as error:  # whatever it was, the process goes on and says no more than its kind
            log.exception("unexpected", extra={"kind": type(error).__name__})
            await request.fail(problem.problem(500, "internal", "Something went wrong on our side"))
        finally:
            self._under_way -= 1
            seconds = time.monotonic() - begun
            status = request.status or _CLIENT_CLOSED
            if caller is not None:
                self._callers.leave(caller, seconds, failed=status >= _BAD and status not in (404, 406, 429, 503))
            method = scope["method"] if scope["method"] in METHODS else "other"
            label = route(path)
            told = {
                "method": method, "route": label, "status": status, "ms": round(seconds * 1000, 1),
                "bytes": request.sent, "request": request.id,
            }  # fmt: skip
            # What was sent leaves at the end of this turn of the loop; nobody has to wait for the line of log.
            asyncio.get_running_loop().call_soon(self._tell, told, seconds)

    def _tell(self, told: dict[str, Any], seconds: float) -> None:
        self._meter.request(told["method"], told["route"], told["status"], seconds)
        log.info("request", extra=told)

    def _refusal(self, scope: Scope) -> Any:  # noqa: ANN401  # a response, or none
        if self._under_way > self._limits.at_once:
            raise Busy("Too many requests are under way")
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not self._known(hosts[0].decode("latin-1")):
            return problem.problem(400, "host", "This service does not answer to that host name")
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not length.isdigit() or int(length) > self._limits.body:
            raise TooLarge(f"The body is larger than {self._limits.body:,} bytes")
        return None

    def _known(self, host: str) -> bool:
        name, colon, port = host.rpartition(":")
        if not colon or not port.isdigit():
            name = host
        return "*" in self._hosts or name.lower() in self._hosts


class _Request:
    """One request's way in and out, watched."""

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        headers: list[tuple[bytes, bytes]],
        limits: Any,  # noqa: ANN401
    ) -> None:
        self.status = 0
        self.sent = 0
        self.id = secrets.token_hex(8)
        self._scope, self._receive, self._send = scope, receive, send
        self._headers, self._limits = headers, limits
        self._got = 0
        self._begun: float | None = None
        self._whole = False
        self._ended = False

    async def receive(self) -> Message:
        """The next part of the body, in time and within the limit."""
        if self._whole:
            return await self._receive()
        now = time.monotonic()
        self._begun = self._begun or now
        try:
            async with asyncio.timeout(max(self._begun + self._limits.receive_seconds - now, 0.001)):
                message = await self._receive()
        except TimeoutError:
            raise TooSlow("The request did not come in time") from None
        if message["type"] == "http.request":
            self._got += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._got > self._limits.body:
                raise TooLarge(f"The body is larger than {self._limits.body:,} bytes")
        return message

    async def send(self, message: Message) -> None:
        """Part of the response, with the headers that every response has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = {name for name, _ in message["headers"]}
            more = [header for header in self._headers if header[0] not in own]
            more.append((b"x-request-id", self.id.encode()))
            if not self._whole and self._scope["method"] not in ("GET", "HEAD"):
                # The rest of a body that nobody read must not be taken for the next request.
                more.append((b"connection", b"close"))
            message = {**message, "headers": [*message["headers"], *more]}
        else:
            self.sent += len(message.get("body", b""))
            self._ended = not message.get("more_body", False)
        await self._send(message)

    async def fail(self, response: Any) -> None:  # noqa: ANN401  # a response
        """Answer with a problem, or cut the connection where an answer has begun: a part must not look whole."""
        if self._ended:
            return
        if self.status:
            raise ConnectionResetError
        await response(self._scope, self.receive, self.send)
