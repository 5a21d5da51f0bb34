"""A filter on system calls that a worker puts on itself: memory, its own pipe and the clock are left, nothing else.

Written against the kernel's own interface. The kept bindings on PyPI need the C library libseccomp, which ``pip`` can't
bring; the filter is a list of allowed numbers, so a binding would save little. It needs no privileges.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
import sys
from typing import Final

#: Allowed calls by name, with their numbers on x86-64 and on 64-bit ARM; None where the machine has no such call.
#: What is not here fails with EPERM: sockets, exec, fork, opening files, signals to others, io_uring, ptrace.
_CALLS: Final[dict[str, tuple[int | None, int | None]]] = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "lseek": (8, 62), "mmap": (9, 222),
    "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "readv": (19, 65), "writev": (20, 66), "sched_yield": (24, 124), "mremap": (25, 216),
    "madvise": (28, 233), "nanosleep": (35, 101), "getpid": (39, 172), "exit": (60, 93), "uname": (63, 160),
    "gettimeofday": (96, 169), "getrlimit": (97, 163), "getrusage": (98, 165), "sysinfo": (99, 179),
    "sigaltstack": (131, 132), "gettid": (186, 178), "futex": (202, 98), "sched_getaffinity": (204, 123),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "exit_group": (231, 94),
    "set_robust_list": (273, 99), "getrandom": (318, 278), "membarrier": (324, 283),
    "rseq": (334, 293), "poll": (7, None), "ppoll": (271, 73), "setrlimit": (160, 164),
}  # fmt: skip
#: Threads of one's own are allowed, processes are not: ``clone`` only with CLONE_VM and CLONE_THREAD.
_CLONE: Final = (56, 220)
_CLONE3: Final = (435, 435)
_THREAD: Final = 0x00010100
#: A process may change its own limits (pid 0), not those of another.
_PRLIMIT: Final = (302, 261)
_MACHINES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_LOAD, _EQUAL, _AND, _RETURN = 0x20, 0x15, 0x54, 0x06
_ALLOW, _KILL, _FAIL = 0x7FFF0000, 0x80000000, 0x00050000
_NO_NEW_PRIVILEGES, _SECCOMP, _MODE_FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def possible() -> bool:
    """Whether this kind of machine is known here."""
    return sys.platform == "linux" and platform.machine() in _MACHINES


def program() -> bytes:
    """The filter, as instructions of the kernel's packet filter."""
    column, architecture = _MACHINES[platform.machine()]
    numbers = sorted(number for row in _CALLS.values() if (number := row[column]) is not None)
    code = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        # glibc asks for clone3 first and falls back to clone when the kernel seems not to know it.
        (_EQUAL, 0, 1, _CLONE3[column]),
        (_RETURN, 0, 0, _FAIL | errno.ENOSYS),
        (_EQUAL, 0, 5, _CLONE[column]),
        (_LOAD, 0, 0, 16),
        (_AND, 0, 0, _THREAD),
        (_EQUAL, 0, 1, _THREAD),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _FAIL | errno.EPERM),
    ]
    code += [(_EQUAL, 0, 4, _PRLIMIT[column]), (_LOAD, 0, 0, 16), (_EQUAL, 0, 1, 0), (_RETURN, 0, 0, _ALLOW)]
    code.append((_RETURN, 0, 0, _FAIL | errno.EPERM))
    for number in numbers:
        code += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    code.append((_RETURN, 0, 0, _FAIL | errno.EPERM))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def seal() -> bool:
    """Put the filter on this process, for good. False where the machine can't."""
    if not possible():
        return False
    code = program()
    buffer = ctypes.create_string_buffer(code, len(code))
    filled = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    if prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(_SECCOMP, _MODE_FILTER, ctypes.addressof(filled), 0, 0) == 0)


def holds() -> bool:
    """Whether the filter is seen to hold: a file and a socket are asked for, and both must be refused."""
    try:
        os.close(os.open("/", os.O_RDONLY))
    except PermissionError:
        pass
    else:
        return False
    try:
        socket.socket().close()
    except PermissionError:
        return True
    return False
