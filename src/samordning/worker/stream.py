"""The pool of workers for asyncio: one event loop, no threads while a job runs."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Any, cast

from samordning.errors import Busy, Overdue, SamordningError, WorkerLost
from samordning.worker import frame
from samordning.worker.pool import LOST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samordning.worker.process import Template, Worker

#: Seconds that the loop keeps turning for a result before it sleeps.
_LINGER = 0.00015
_TODO = "Ask for less at a time"


class _Talk(asyncio.Protocol):
    """One worker's end of the conversation. At most one job is under way."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.transport: asyncio.Transport | None = None
        self.alive = True
        self.expired = False
        self._reader = frame.Reader()
        self._parts: list[bytes] = []
        self._size = 0
        self._most = 0
        self._done: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not every event loop's transports are of asyncio's own classes.
        self.transport = cast("asyncio.Transport", transport)

    def ask(self, request: bytes, most: int) -> asyncio.Future[bytes]:
        self._parts, self._size, self._most = [], 0, most
        self._done = asyncio.get_running_loop().create_future()
        assert self.transport is not None  # noqa: S101  # made with the connection
        self.transport.write(request)
        return self._done

    def data_received(self, data: bytes) -> None:
        for kind, body in self._reader.feed(data):
            if kind == frame.DATA:
                self._parts.append(body)
                self._size += len(body)
                if self._size > self._most:
                    self.kill()
                    self._fail(WorkerLost("A worker sent more than it may"))
            elif self._done is not None and not self._done.done():
                if kind == frame.ERROR:
                    self._done.set_exception(frame.raised(body))
                else:
                    self._done.set_result(b"".join(self._parts))

    def connection_lost(self, _: Exception | None) -> None:
        self.alive = False
        self._fail(WorkerLost(LOST, todo=_TODO))

    def expire(self) -> None:
        self.expired = True
        self.kill()

    def kill(self) -> None:
        self.alive = False
        self.worker.end()
        if self.transport is not None:
            self.transport.abort()

    def _fail(self, error: SamordningError) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(error)


class Stream:
    """Workers for one event loop.

    A result is handed over whole, so that its status is known before a byte of it is sent on; a job keeps its result
    within ``most`` bytes or refuses.

    Args:
        template: where workers come from.
        size: how many workers are kept.
        queue: how many calls may wait; one more is refused with Busy.
    """

    def __init__(self, template: Template, *, size: int = 4, queue: int = 16) -> None:
        self._template, self._size, self._queue = template, size, queue
        self._idle: list[_Talk] = []
        self._waiting: deque[asyncio.Future[_Talk]] = deque()
        self._all: set[_Talk] = set()
        self._making: set[asyncio.Task[None]] = set()
        self._open = True
        self.killed = 0

    @property
    def layers(self) -> Mapping[str, bool]:
        """Which layers of protection the newest worker saw holding."""
        return self._template.layers

    @property
    def size(self) -> int:
        """How many workers there are, at work or idle."""
        return len(self._all)

    @property
    def waiting(self) -> int:
        """How many calls wait for a worker."""
        return len(self._waiting)

    @property
    def busy(self) -> int:
        """How many workers are at work."""
        return len(self._all) - len(self._idle)

    async def start(self) -> None:
        """Make all workers.

        Raises:
            SamordningError: none could be made, or one lacks a layer of protection.
        """
        await asyncio.gather(*(self._make() for _ in range(self._size)))

    async def run(self, job: str, payload: bytes, deadline: float, most: int, **options: Any) -> bytes:  # noqa: ANN401  # plain data
        """The whole result of a job, of at most ``most`` bytes. ``deadline`` is in seconds, waiting included.

        Raises:
            Busy: no worker was free and the queue was full.
            Overdue: the deadline came first; the worker is dead.
            WorkerLost: the worker ended by itself, most likely on one of its limits.
            SamordningError: what the job itself refused, by its own class.
        """
        begun = time.monotonic()
        talk = await self._take(deadline)
        left = deadline - (time.monotonic() - begun)
        done = talk.ask(frame.request(job, options, payload, left), most)
        well = False
        timer = asyncio.get_running_loop().call_later(left, talk.expire)
        try:
            if self.busy == 1:  # with more under way the loop turns anyhow
                await _linger(done)
            result = await done
        except WorkerLost:
            if talk.expired:
                raise Overdue("The time for this ran out", todo=_TODO) from None
            raise
        except SamordningError:
            well = talk.alive
            raise
        else:
            well = talk.alive
            return result
        finally:
            timer.cancel()
            self._give(talk, well=well)

    async def close(self) -> None:
        """End every worker, and the template with them."""
        self._open = False
        for talk in list(self._all):
            talk.kill()
        self._template.close()
        await asyncio.gather(*self._making, return_exceptions=True)
        await asyncio.sleep(0)  # lets the loop close the sockets

    async def _take(self, deadline: float) -> _Talk:
        while self._idle:
            talk = self._idle.pop()
            if talk.alive:
                return talk
            self._replace(talk)
        if len(self._waiting) >= self._queue:
            raise Busy("All workers are busy", todo="Try again in a moment")
        future: asyncio.Future[_Talk] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            return await asyncio.wait_for(future, deadline)
        except TimeoutError:
            raise Overdue("No worker became free in time", todo="Try again in a moment") from None
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._give(future.result(), well=True)
            raise
        finally:
            if future in self._waiting:
                self._waiting.remove(future)

    def _give(self, talk: _Talk, *, well: bool) -> None:
        talk.worker.jobs += 1
        if not well or talk.worker.jobs >= self._template.limits.jobs:
            self._replace(talk)
            return
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(talk)
                return
        self._idle.append(talk)

    def _replace(self, talk: _Talk) -> None:
        self.killed += talk.alive is False
        talk.kill()
        self._all.discard(talk)
        if self._open:
            task = asyncio.get_running_loop().create_task(self._make_again())
            self._making.add(task)
            task.add_done_callback(self._making.discard)

    async def _make_again(self) -> None:
        pause = 0.1
        while self._open:
            try:
                await self._make()
            except (SamordningError, OSError):
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
            else:
                return

    async def _make(self) -> None:
        loop = asyncio.get_running_loop()
        worker = await loop.run_in_executor(None, self._template.fork)
        if not self._open:
            worker.kill()
            return
        worker.socket.setblocking(False)
        _, talk = await loop.create_unix_connection(lambda: _Talk(worker), sock=worker.socket)
        self._all.add(talk)
        talk.worker.jobs -= 1
        self._give(talk, well=True)


async def _linger(done: asyncio.Future[bytes]) -> None:
    # A small query is back before a process that slept would be awake again. Others' requests go on meanwhile.
    end = time.monotonic() + _LINGER
    while not done.done() and time.monotonic() < end:  # noqa: ASYNC110  # an event would let the process sleep
        await asyncio.sleep(0)
