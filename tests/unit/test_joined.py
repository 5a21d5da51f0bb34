"""What is written in one turn of the loop leaves in one piece, in order, and never after the end."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from samordning.interfaces.http.protocol import Joined


class _Transport:
    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed = False

    def writelines(self, parts: list[bytes]) -> None:
        assert not self.closed
        self.sent.append(b"".join(parts))

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def __getattr__(self, name: str) -> Any:
        return lambda: name


def _run(*turns: tuple[bytes | None, ...]) -> _Transport:
    """What a transport gets: each turn writes its parts; None closes."""
    transport = _Transport()

    async def play() -> None:
        joined = Joined(cast("asyncio.Transport", transport), asyncio.get_running_loop())
        for turn in turns:
            for part in turn:
                if part is None:
                    joined.close()
                else:
                    joined.write(part)
            await asyncio.sleep(0)
            await asyncio.sleep(0)

    asyncio.run(play())
    return transport


def test_head_and_body_leave_together() -> None:
    assert _run((b"head", b"body")).sent == [b"headbody"]
    assert _run((b"head",), (b"part 1",), (b"part 2", b"end")).sent == [b"head", b"part 1", b"part 2end"]


def test_closing_sends_what_is_held() -> None:
    closed = _run((b"head", b"body", None))
    assert (closed.sent, closed.closed) == ([b"headbody"], True)


def test_nothing_leaves_after_the_end() -> None:
    assert _run((b"a", None, b"b"), (b"c",)).sent == [b"a"]
