"""What a line of the log tells, and what it leaves out."""

from __future__ import annotations

import json
import logging

import pytest

from samordning.interfaces.http.telemetry import Line


def _event(name: str, message: object, *args: object) -> str:
    record = logging.LogRecord(name, logging.INFO, "file.py", 1, message, args, None)
    told = json.loads(Line().format(record))
    assert set(told) == {"time", "level", "event"}
    return str(told["event"])


@pytest.mark.parametrize(
    ("message", "args", "event"),
    [
        ("Started server process [%d]", (42,), "Started server process [42]"),
        ("Uvicorn running on %s://%s:%d (Press CTRL+C to quit)", ("http", "127.0.0.1", 8000), "Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)"),
        ("Uvicorn running on %s://[%s]:%d (Press CTRL+C to quit)", ("http", "::1", 80), "Uvicorn running on http://[::1]:80 (Press CTRL+C to quit)"),
        ("Cancel %s running task(s), timeout graceful shutdown exceeded", (3,), "Cancel 3 running task(s), timeout graceful shutdown exceeded"),
        ('%s - "%s %s HTTP/%s" %d', ("10.0.0.1", "GET", "/zq", "1.1", 200), '… - "… … HTTP/…" …'),
        ("ASGI callable should return None, but returned '%s'.", ("zq",), "ASGI callable should return None, but returned '…'."),
        ("Invalid HTTP request received.", (), "Invalid HTTP request received."),
        (OSError(98, "address ('127.0.0.1', 80): address already in use"), (), "address ('127.0.0.1', 80): address already in use"),
        (ValueError("zq"), (), "message from uvicorn"),
    ],
)  # fmt: skip
def test_of_uvicorn_only_our_own_values_are_told(message: object, args: tuple[object, ...], event: str) -> None:
    assert _event("uvicorn.error", message, *args) == event


def test_of_others_nothing_is_told() -> None:
    assert _event("httpx", "GET %s", "zq") == "message from httpx"
    assert _event("asyncio", "zq") == "message from asyncio"
