"""Addresses in Lovdata's grammar, and other ways in which Lovdata itself writes the same place."""

from __future__ import annotations

import re
from typing import Final

_ACT: Final = re.compile(r"(?P<act>(?:lov|forskrift)/\d{4}-\d{2}-\d{2}(?:-\d+)?)(?:/(?P<rest>.+))?")
_SECTION: Final = re.compile(r"(?:lov|forskrift)/[^/]+/§[^/]+")
_SENTENCE_OF_ITEM: Final = re.compile(r"/setning/\d+(?=/(?:bokstav|nummer)/)")
_LEDD_OF_ITEM: Final = re.compile(r"(?<=/)((?:bokstav|nummer)/[^/]+)/ledd/\d+(?=/(?:bokstav|nummer)/)")
_ONLY_LEDD_OF_ITEM: Final = re.compile(r"(?<=/)((?:bokstav|nummer)/[^/]+)/ledd/1(?=/|$)")
_NO_LEDD: Final = re.compile(r"(/§[^/]+)(?=/(?:setning|bokstav|nummer)/)")


def act(address: str) -> str:
    """The act that an address lies in: ``lov/2011-06-24-30``.

    Raises:
        ValueError: it is no address.
    """
    found = _ACT.fullmatch(address)
    if not found:
        raise ValueError(f"not an address: {address}")
    return found["act"]


def section(address: str) -> str:
    """The section that an address lies in, or the address itself where it lies in none."""
    found = _SECTION.match(address)
    return found[0] if found else address


def others(address: str) -> list[str]:
    """Other addresses that mean the same place, to be tried in order.

    A sentence before an item adds nothing, nor does the first ledd of an item that has only one.
    """
    shorter = _LEDD_OF_ITEM.sub(r"\1", _SENTENCE_OF_ITEM.sub("", address))
    found = [shorter, _ONLY_LEDD_OF_ITEM.sub(r"\1", shorter)]
    return [other for other in dict.fromkeys(found) if other != address]


def in_first_ledd(address: str) -> str | None:
    """``§5/bokstav/a`` as ``§5/ledd/1/bokstav/a``, which is the same place where § 5 has one ledd; else None."""
    longer = _NO_LEDD.sub(r"\1/ledd/1", address)
    return longer if longer != address else None


def url(address: str) -> str:
    """Where a reader finds it at Lovdata: the section, or the act."""
    return f"https://lovdata.no/{section(address)}"
