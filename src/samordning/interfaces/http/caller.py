"""What each caller may do: time of queries, errors, requests at once. Addresses are kept in memory alone, and hashed."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import socket
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from samordning.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from samordning.interfaces.settings import Rate

_MINUTE: Final = 60.0
_MOST_CALLERS: Final = 10_000


class TooMany(InputError):
    """A caller asks more than a caller may."""

    http_status = 429
    kind = "too-many-requests"


@dataclass(slots=True)
class _Account:
    seconds: float
    errors: float
    seen: float
    at_once: int = 0


class Callers:
    """The accounts of all callers, those seen last kept longest."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._accounts: OrderedDict[bytes, _Account] = OrderedDict()
        self._salt = secrets.token_bytes(16)

    def enter(self, address: str) -> bytes:
        """Begin one request that costs. Returns the name to ``leave`` with.

        Raises:
            TooMany: one of the caller's accounts is empty.
        """
        name = hashlib.blake2b(_network(address), key=self._salt, digest_size=12).digest()
        account = self._account(name)
        if self._rate.enabled:
            if account.at_once >= self._rate.at_once:
                raise TooMany(f"You may have {self._rate.at_once} requests under way at once")
            if account.seconds <= 0:
                raise TooMany(f"You have used your {self._rate.query_seconds:g} seconds of queries a minute")
            if account.errors < 1:
                raise TooMany(f"You have made more than {self._rate.errors} faulty requests in a minute")
        account.at_once += 1
        return name

    def leave(self, name: bytes, seconds: float, *, failed: bool) -> None:
        """End one request, with the time it took."""
        account = self._account(name)
        account.at_once = max(account.at_once - 1, 0)
        account.seconds -= seconds
        account.errors -= failed

    def _account(self, name: bytes) -> _Account:
        now = self._clock()
        account = self._accounts.get(name)
        if account is None:
            account = self._accounts[name] = _Account(self._rate.query_seconds, self._rate.errors, now)
        else:
            share = (now - account.seen) / _MINUTE
            account.seconds = min(account.seconds + share * self._rate.query_seconds, self._rate.query_seconds)
            account.errors = min(account.errors + share * self._rate.errors, self._rate.errors)
            account.seen = now
            self._accounts.move_to_end(name)
        while len(self._accounts) > _MOST_CALLERS:
            self._accounts.popitem(last=False)
        return account


def _network(address: str) -> bytes:
    # One household has a whole /64 of IPv6 addresses.
    try:
        if ":" in address:
            return socket.inet_pton(socket.AF_INET6, address.partition("%")[0])[:8]
        return socket.inet_pton(socket.AF_INET, address)
    except (OSError, ValueError):
        return b"unknown"


def has_key(header: str, keys: Sequence[str]) -> bool:
    """Whether an ``Authorization: Bearer`` header holds one of the keys. Every key is compared, in constant time."""
    kind, _, given = header.partition(" ")
    digest = hashlib.sha256(given.strip().encode()).hexdigest()
    found = [hmac.compare_digest(digest, key) for key in keys]
    return kind.lower() == "bearer" and any(found)
