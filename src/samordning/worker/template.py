"""The process that workers are forked from: it has loaded all they need, and has never had a second thread.

Started as ``python -m samordning.worker.template FD``; settings come as JSON over the socket with that number. Then, for
every message with a socket attached, it forks a worker on that socket and answers with the worker's process handle.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from samordning.errors import InputError, SamordningError, TooLarge
from samordning.worker import cage, frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    #: A job: options and payload in, parts of the result out. An error of ``samordning.errors`` reaches the caller.
    Run: TypeAlias = Callable[[Mapping[str, Any], bytes], Iterable[bytes]]


_ENOUGH = 64 << 10
_LINGER = 0.001


def jobs(modules: Iterable[str], folder: Path | None) -> dict[str, Run]:
    """The jobs of some modules by name.

    Each module has ``prepare(folder)``, called once before any fork. It loads what its jobs need and returns them by
    name. Whatever a job imports must have been imported by then: a worker can open no file.
    """
    found: dict[str, Run] = {}
    for name in modules:
        found |= importlib.import_module(name).prepare(folder)
    return found


def serve(control: socket.socket) -> None:
    """Load, say so, then fork a worker for every socket that comes; end when the other side does."""
    settings = json.loads(_line(control))
    folder = Path(settings["folder"]) if settings["folder"] else None
    try:
        known = jobs(settings["modules"], folder)
    except SamordningError as error:
        control.sendall(json.dumps({"error": str(error)}).encode() + b"\n")
        return
    limits = cage.Limits(**settings["limits"])
    # What a library says while it breaks down may hold part of what it was given.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    # Children are not waited for: the pool holds a handle to each and sees it end.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    control.sendall(b'{"ready": true}\n')
    while True:
        _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not descriptors:
            return
        child = os.fork()
        if child == 0:
            control.close()
            try:
                work(descriptors[0], known, limits)
            finally:
                os._exit(0)
        os.close(descriptors[0])
        handle = os.pidfd_open(child)
        socket.send_fds(control, [child.to_bytes(4, "big")], [handle])
        os.close(handle)


def work(descriptor: int, known: Mapping[str, Run], limits: cage.Limits) -> None:
    """Lock this process and do one job after another until the other side closes or the worker is used up."""
    layers = cage.lock(limits)
    frame.write_all(descriptor, frame.frame(frame.HELLO, json.dumps(layers).encode()))
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    for _ in range(limits.jobs):
        _linger(poll)
        request = frame.read_request(descriptor)
        if request is None:
            return
        seconds, header, payload = request
        job, options = _asked(header)
        cage.share(seconds)
        _do(descriptor, known[job], options, payload)


@lru_cache(maxsize=16)
def _asked(header: bytes) -> tuple[str, Mapping[str, Any]]:
    # Most callers want the same of every job, so the same bytes come again and again.
    asked = json.loads(header)
    return asked["job"], asked["options"]


def _linger(poll: select.poll) -> None:
    # The next job often comes within a millisecond, and to wake a process that sleeps takes longer than a small query.
    # Whoever else wants the processor gets it first.
    end = time.perf_counter() + _LINGER
    while not poll.poll(0) and time.perf_counter() < end:
        os.sched_yield()


def _do(descriptor: int, run: Run, options: Mapping[str, Any], payload: bytes) -> None:
    # Small parts go out together: each write wakes the other side.
    waiting = b""
    try:
        for part in run(options, payload):
            waiting += frame.frame(frame.DATA, part)
            if len(waiting) > _ENOUGH:
                frame.write_all(descriptor, waiting)
                waiting = b""
        last = frame.frame(frame.FINISHED)
    except SamordningError as error:
        last = frame.error(error)
    except MemoryError:
        last = frame.error(TooLarge("This needs more memory than it may use"))
    except RecursionError:
        last = frame.error(InputError("This is nested too deep"))
    except Exception as error:  # noqa: BLE001  # whatever it was, the caller is told and the worker lives on
        last = frame.error(SamordningError(f"A job failed with {type(error).__name__}"))
    frame.write_all(descriptor, waiting + last)


def _line(control: socket.socket) -> bytes:
    read = bytearray()
    while not read.endswith(b"\n"):
        part = control.recv(1)
        if not part:
            sys.exit(0)
        read += part
    return bytes(read)


def main() -> None:
    """Begin again with a large stack, then serve."""
    descriptor, stack = int(sys.argv[1]), int(sys.argv[2])
    if cage.deepen(stack):
        os.execv(sys.executable, [sys.executable, "-m", "samordning.worker.template", *sys.argv[1:]])  # noqa: S606
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(socket.socket(fileno=descriptor))


if __name__ == "__main__":
    main()
