"""What travels between a pool and a worker: one request at a time, answered by a row of frames.

A request is the lengths of a JSON header and of the payload and the seconds it may take, then header and payload. A frame of the answer is a letter, a length and
that many bytes: ``D`` data, ``E`` an error (JSON), ``F`` finished, ``H`` ready for requests (JSON, once).
"""

from __future__ import annotations

import json
import os
import struct
from typing import TYPE_CHECKING, Any, Final

from samordning import errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REQUEST: Final = struct.Struct("!IId")
FRAME: Final = struct.Struct("!cI")
DATA, ERROR, FINISHED, HELLO = b"D", b"E", b"F", b"H"
_MOST_AT_ONCE: Final = 64 << 10
_PARTS: Final = ("what", "where", "why", "todo", "pointer")


def request(job: str, options: Mapping[str, Any], payload: bytes, seconds: float) -> bytes:
    """One request as bytes. The kernel ends the worker once the job has used ``seconds`` of processor time."""
    header = json.dumps({"job": job, "options": options}).encode()
    return REQUEST.pack(len(header), len(payload), seconds) + header + payload


def frame(kind: bytes, data: bytes = b"") -> bytes:
    """One frame as bytes."""
    return FRAME.pack(kind, len(data)) + data


def error(raised: errors.SamordningError) -> bytes:
    """An error as a frame. Only what its author wrote travels, never a trace."""
    parts = {name: getattr(raised, name) for name in _PARTS}
    return frame(ERROR, json.dumps({"class": type(raised).__name__, **parts}).encode())


def raised(data: bytes) -> errors.SamordningError:
    """The error that a frame tells of."""
    told = json.loads(data)
    known = getattr(errors, told.pop("class"), errors.SamordningError)
    made: errors.SamordningError = known(told.pop("what"), **told)
    return made


class Reader:
    """Puts frames together from bytes as they come."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The frames that are whole once ``data`` has come."""
        self._buffer += data
        while len(self._buffer) >= FRAME.size:
            kind, length = FRAME.unpack_from(self._buffer)
            end = FRAME.size + length
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[FRAME.size : end])
            del self._buffer[:end]
            yield kind, body


def read_request(descriptor: int) -> tuple[float, bytes, bytes] | None:
    """Seconds, header and payload of the next request, or None at the end of the stream."""
    # One read is enough for nearly all: the other side sends nothing more until this is answered.
    data = os.read(descriptor, _MOST_AT_ONCE)
    if len(data) < REQUEST.size:
        rest = read_exactly(descriptor, REQUEST.size - len(data)) if data else None
        if rest is None:
            return None
        data += rest
    size, length, seconds = REQUEST.unpack_from(data)
    missing = REQUEST.size + size + length - len(data)
    if missing > 0:
        rest = read_exactly(descriptor, missing)
        if rest is None:
            return None
        data += rest
    start = REQUEST.size + size
    return seconds, data[REQUEST.size : start], data[start:]


def read_exactly(descriptor: int, length: int) -> bytes | None:
    """``length`` bytes, or None at the end of the stream."""
    parts: list[bytes] = []
    while length:
        part = os.read(descriptor, min(length, 1 << 20))
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def write_all(descriptor: int, data: bytes) -> None:
    """Write the whole of ``data``."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
