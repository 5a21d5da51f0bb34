"""A pool of workers for code that waits: the command line, scripts, tests. ``stream`` is the same for asyncio."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Final, Self

from samordning.errors import Busy, Overdue, WorkerLost
from samordning.worker import frame
from samordning.worker.process import MODULES, Template, Worker

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from pathlib import Path

    from samordning.errors import SamordningError
    from samordning.worker.cage import Limits

#: A socket with no time left at all would never answer.
_LEAST: Final = 0.001
#: What a caller is told of a worker that ended by itself.
LOST: Final = "This needed more memory or stack than it may use, and was stopped"


class Pool:
    """Runs jobs in disposable processes; safe to use from many threads.

    ::

        with Pool(size=1) as pool:
            quads = b"".join(pool.run("parse", turtle, 10.0, media="text/turtle"))

    Args:
        folder: the dataset that the jobs see; the one that came with the package when None.
        size: the most workers at once. They are made when they are needed.
        queue: how many calls may wait for a worker; one more is refused.
        modules: where the jobs are, see ``template.jobs``.
        limits: what one worker may use.
        without: layers of protection that may be missing on this machine.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        size: int = 4,
        queue: int = 16,
        modules: Sequence[str] = MODULES,
        limits: Limits | None = None,
        without: Sequence[str] = (),
    ) -> None:
        self._template = Template(folder, modules=modules, limits=limits, without=without)
        self._idle: list[Worker] = []
        self._free, self._waiting, self._queue = size, 0, queue
        self._changed = threading.Condition()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def layers(self) -> Mapping[str, bool]:
        """Which layers of protection the newest worker saw holding; empty before the first."""
        return self._template.layers

    def run(self, job: str, payload: bytes, deadline: float, **options: Any) -> Iterator[bytes]:  # noqa: ANN401  # plain data
        """Run a job and yield its result in parts. ``deadline`` is in seconds, waiting for a worker included.

        Raises:
            Busy: no worker was free and the queue was full.
            Overdue: the deadline came first; the worker is dead.
            WorkerLost: the worker ended by itself, most likely on one of its limits.
            SamordningError: what the job itself refused, by its own class.
        """
        end = time.monotonic() + deadline
        self._enter(end)
        worker: Worker | None = None
        clean = False
        try:
            worker = self._take()
            worker.socket.settimeout(max(end - time.monotonic(), _LEAST))
            worker.socket.sendall(frame.request(job, options, payload, deadline))
            told = yield from _answer(worker, end)
            clean = True
            if told is not None:
                raise told
        except TimeoutError:
            raise Overdue("The time for this ran out", todo="Ask for less at a time") from None
        except (ConnectionError, BrokenPipeError):
            raise WorkerLost(LOST, todo="Ask for less at a time") from None
        finally:
            self._leave(worker, clean=clean)

    def close(self) -> None:
        """End every process of the pool."""
        with self._changed:
            for worker in self._idle:
                worker.kill()
            self._idle.clear()
        self._template.close()

    def _enter(self, end: float) -> None:
        with self._changed:
            if self._free == 0 and self._waiting >= self._queue:
                raise Busy("All workers are busy", todo="Try again in a moment")
            self._waiting += 1
            try:
                if not self._changed.wait_for(lambda: self._free > 0, end - time.monotonic()):
                    raise Overdue("No worker became free in time", todo="Try again in a moment")
                self._free -= 1
            finally:
                self._waiting -= 1

    def _take(self) -> Worker:
        with self._changed:
            while self._idle:
                worker = self._idle.pop()
                if not worker.ended(0):
                    return worker
                worker.kill()
        return self._template.fork()

    def _leave(self, worker: Worker | None, *, clean: bool) -> None:
        if worker is not None:
            worker.jobs += 1
            if not clean or worker.jobs >= self._template.limits.jobs:
                worker.kill()
                worker = None
        with self._changed:
            if worker is not None:
                self._idle.append(worker)
            self._free += 1
            self._changed.notify()


def _answer(worker: Worker, end: float) -> Generator[bytes, None, SamordningError | None]:
    # Returns the error that the job ended with, if any; the worker is well in either case.
    reader = frame.Reader()
    while True:
        worker.socket.settimeout(max(end - time.monotonic(), _LEAST))
        data = worker.socket.recv(1 << 18)
        if not data:
            raise ConnectionError
        for kind, body in reader.feed(data):
            if kind == frame.DATA:
                yield body
            else:
                return frame.raised(body) if kind == frame.ERROR else None
