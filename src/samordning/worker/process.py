"""The template process and the workers forked from it, as the process that uses them sees them."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Final

from samordning.errors import LayerMissing, SamordningError, WorkerLost
from samordning.worker import frame
from samordning.worker.cage import LAYERS, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: The jobs there are. A module joins by having ``prepare``, see ``template.jobs``.
MODULES: Final = ("samordning.worker.sparql", "samordning.worker.parse")
#: Of the environment, what Python needs to start; no key or password reaches a worker.
_PASSED: Final = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")
_PATIENCE: Final = 30.0


class Worker:
    """One worker: a socket to talk over and a handle that can't be mistaken for another process."""

    __slots__ = ("handle", "jobs", "layers", "pid", "socket")

    def __init__(self, sock: socket.socket, pid: int, handle: int) -> None:
        self.socket, self.pid, self.handle = sock, pid, handle
        self.jobs = 0
        self.layers: Mapping[str, bool] = {}

    def greet(self) -> None:
        """Wait until the worker has locked itself, and note which layers hold."""
        self.socket.settimeout(_PATIENCE)
        reader = frame.Reader()
        while not self.layers:
            data = self.socket.recv(4096)
            if not data:
                raise WorkerLost("A worker ended before its first job")
            for _, body in reader.feed(data):
                self.layers = json.loads(body)

    def kill(self) -> None:
        """End the worker at once and let go of it."""
        self.end()
        self.socket.close()

    def end(self) -> None:
        """End the process at once; whoever owns the socket closes it."""
        if self.handle < 0:
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        os.close(self.handle)
        self.handle = -1

    def ended(self, seconds: float) -> bool:
        """Whether the process is gone, waiting at most this long."""
        poll = select.poll()
        poll.register(self.handle, select.POLLIN)
        return bool(poll.poll(seconds * 1000))


class Template:
    """The process that workers come from. Started when made; safe to use from many threads.

    Args:
        folder: the dataset; the one that came with the package when None.
        modules: where the jobs are.
        limits: what one worker may use.
        without: layers of protection that may be missing.

    Raises:
        SamordningError: the dataset can't be loaded.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        modules: Sequence[str] = MODULES,
        limits: Limits | None = None,
        without: Sequence[str] = (),
    ) -> None:
        self._settings = {
            "folder": str(folder.resolve()) if folder else None,
            "modules": list(modules),
            "limits": (limits or Limits()).plain(),
        }
        self.limits = limits or Limits()
        self._without = frozenset(without)
        self._lock = threading.Lock()
        self._closed = False
        self.layers: Mapping[str, bool] = {}
        if sys.platform != "linux" and not self._without.issuperset(LAYERS):
            raise LayerMissing("Workers need Linux", todo="Serve from Linux, or leave SPARQL and RDF from others off")
        self._start()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own program, no shell
                [sys.executable, "-m", "samordning.worker.template", str(theirs.fileno()), str(self.limits.stack)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _PASSED if name in os.environ},
                start_new_session=True,
            )
        self._control.settimeout(_PATIENCE)
        self._control.sendall(json.dumps(self._settings).encode() + b"\n")
        self._loaded = False

    def wait(self) -> None:
        """Wait until everything is loaded.

        Raises:
            SamordningError: it could not be.
        """
        with self._lock:
            self._wait()

    def _wait(self) -> None:
        if self._loaded:
            return
        told = bytearray()
        while not told.endswith(b"\n"):
            part = self._control.recv(4096)
            if not part:
                raise WorkerLost("The process that workers come from did not start")
            told += part
        answer = json.loads(told)
        if "error" in answer:
            raise SamordningError(answer["error"])
        self._loaded = True

    def fork(self) -> Worker:
        """A new worker, locked and ready.

        Raises:
            LayerMissing: a layer of protection doesn't hold here and may not be missing.
            WorkerLost: none could be made.
        """
        with self._lock:
            try:
                worker = self._fork()
            except OSError:
                if self._closed:
                    raise WorkerLost("The workers were closed") from None
                # The template is gone; one new one, then it is a fault.
                self._stop()
                self._start()
                worker = self._fork()
        try:
            worker.greet()
        except BaseException:
            worker.kill()
            raise
        self.layers = worker.layers
        missing = [name for name, held in worker.layers.items() if not held and name not in self._without]
        if missing:
            worker.kill()
            raise LayerMissing(
                f"A layer of protection is missing: {', '.join(missing)}",
                why="Strangers' SPARQL and RDF would run with less than is promised",
                todo="Give the service what it needs, or name the layer in workers.without",
            )
        return worker

    def _fork(self) -> Worker:
        self._wait()
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [b"f"], [theirs.fileno()])
            told, handles, _, _ = socket.recv_fds(self._control, 4, 1)
            if not handles:
                raise ConnectionError
        except OSError:
            ours.close()
            raise
        return Worker(ours, int.from_bytes(told, "big"), handles[0])

    def _stop(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the template and every worker that came from it."""
        self._closed = True
        self._process.kill()
        with self._lock:
            self._stop()
