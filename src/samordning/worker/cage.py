"""What a worker may use, put on itself right after it was forked: memory, time, files, system calls."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from samordning.worker import seccomp

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The layers of protection, by the name ``/health/ready`` and the settings use.
LAYERS: Final = ("memory", "cpu", "core", "files", "stack", "seccomp")
_PARENT_DEATH_SIGNAL: Final = 1
_FEWEST_STACK: Final = 64 << 20


@dataclass(frozen=True)
class Limits:
    """What one worker may use. Sizes in bytes, times in seconds."""

    memory: int = 1 << 30
    """on top of what the dataset takes"""
    stack: int = 512 << 20
    cpu: int = 3600
    """in a worker's whole life; each job has its own share on top of what was used before"""
    files: int = 16
    jobs: int = 1000
    """after this many jobs a worker is replaced"""

    def plain(self) -> dict[str, int]:
        """The limits as plain data."""
        return asdict(self)


def lock(limits: Limits) -> Mapping[str, bool]:
    """Take everything away that a job doesn't need. Returns which layers hold."""
    held = {
        "core": _limit(resource.RLIMIT_CORE, 0),
        "files": _limit(resource.RLIMIT_NOFILE, limits.files),
        "cpu": _limit(resource.RLIMIT_CPU, limits.cpu),
        "memory": _limit(resource.RLIMIT_AS, _address_space() + limits.memory) if sys.platform == "linux" else False,
        "stack": _stack() >= _FEWEST_STACK,
    }
    if sys.platform == "linux":
        # A worker must not outlive the process that made it.
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
    held["seccomp"] = seccomp.seal() and seccomp.holds()
    return {name: held[name] for name in LAYERS}


def share(seconds: float) -> None:
    """Let the job that begins now use this much processor time before the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft, hard) if hard != resource.RLIM_INFINITY else soft, hard))


def deepen(size: int) -> bool:
    """Ask for a larger stack. It takes effect at the next exec. False where nothing had to or could be changed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = size if hard == resource.RLIM_INFINITY else min(size, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return False
    resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))
    return True


def _limit(kind: int, value: int) -> bool:
    try:
        resource.setrlimit(kind, (value, value))
    except (ValueError, OSError):
        return False
    return resource.getrlimit(kind)[0] <= value


def _stack() -> float:
    soft = resource.getrlimit(resource.RLIMIT_STACK)[0]
    return float("inf") if soft == resource.RLIM_INFINITY else soft


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
