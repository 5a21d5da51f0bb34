"""What happens on a connection before there is a request: limits on the request line and headers, and a deadline.

uvicorn waits for ever for the end of the headers and takes any number of them, so a trickle would hold a connection and
a flood would fill memory. Both end here.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from samordning.interfaces.http.problem import plain

if TYPE_CHECKING:
    import asyncio

log = logging.getLogger("samordning.http")


class Joined:
    """A transport that sends what is written in one turn of the loop at once: the head of a response with its body."""

    __slots__ = ("_held", "_loop", "_transport", "get_extra_info", "is_closing", "pause_reading", "resume_reading")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held: list[bytes] = []
        self.is_closing, self.get_extra_info = transport.is_closing, transport.get_extra_info
        self.pause_reading, self.resume_reading = transport.pause_reading, transport.resume_reading

    def write(self, data: bytes) -> None:
        """Send this at the end of the turn, after what was written before it."""
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)

    def close(self) -> None:
        """Send what is held, then close."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        held, self._held = self._held, []
        if held and not self._transport.is_closing():
            self._transport.writelines(held)


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol with limits. They are set once, on the class, before the server starts."""

    target: ClassVar[int] = 8 << 10
    header_bytes: ClassVar[int] = 16 << 10
    header_fields: ClassVar[int] = 64
    seconds: ClassVar[float] = 10.0
    connections_at_most: ClassVar[int] = 1000

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request, unless there are too many connections already."""
        super().connection_made(transport)
        self.transport = cast("asyncio.Transport", Joined(transport, self.loop))
        self._deadline: asyncio.TimerHandle | None = None
        self._refused = False
        self._size = 0
        if len(self.connections) > self.connections_at_most:
            self._refuse(503, "busy", "Too many connections", "Retry-After: 1\r\n")
            return
        self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what belongs to no request yet; a header that never ends is never told of by the parser."""
        if self._refused:
            return
        if self._deadline is not None:
            self._size += len(data)
            if self._size > self.target + self.header_bytes + (256 << 10):
                self._refuse(431, "headers-too-large", "The headers are too large")
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._bytes = 0
        self._start()

    def on_url(self, url: bytes) -> None:
        """A piece of the request target."""
        super().on_url(url)
        if len(self.url) > self.target:
            self._refuse(414, "target-too-long", f"The request target is longer than {self.target:,} bytes")

    def on_header(self, name: bytes, value: bytes) -> None:
        """One whole header."""
        super().on_header(name, value)
        self._bytes += len(name) + len(value) + 4
        if self._bytes > self.header_bytes or len(self.headers) > self.header_fields:
            self._refuse(431, "headers-too-large", "The headers are too large or too many")

    def on_headers_complete(self) -> None:
        """From here on the application has its own deadlines."""
        self._stop()
        if not self._refused:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Body of a request that was let in."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The end of a request that was let in."""
        if not self._refused:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Bytes that are no HTTP."""
        del msg
        self._refuse(400, "malformed-request", "This is not valid HTTP")

    def _start(self) -> None:
        if self._deadline is None:
            self._size = 0
            self._deadline = self.loop.call_later(self.seconds, self._late)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._deadline = None
        self._refuse(408, "too-slow", "The request did not come in time")

    def _refuse(self, status: int, kind: str, title: str, more: str = "") -> None:
        if self._refused:
            return
        self._refused = True
        self._stop()
        transport: Any = self.transport
        if not transport.is_closing():
            answer = plain(status, kind, title, more)
            transport.write(answer)
            transport.close()
            # There may be no method and no path, and what there is of them is not ours.
            log.info("refused", extra={"status": status, "kind": kind, "bytes": len(answer)})
