"""Invented records to try the checks on."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from samordning.errors import NotFound
from samordning.files import resources

if TYPE_CHECKING:
    from pathlib import Path

_FOLDERS: Final = {"case": "cases", "setup": "setups"}


@cache
def _paths(scope: str) -> dict[str, Path]:
    return {path.stem: path for path in sorted((resources() / "examples" / _FOLDERS[scope]).glob("*.yaml"))}


def names(scope: str) -> list[str]:
    """Which there are."""
    return list(_paths(scope))


@cache
def content(scope: str, name: str) -> bytes:
    """One as a file.

    Raises:
        NotFound: there is none of that name.
    """
    if name not in _paths(scope):
        raise NotFound("There is no such example")
    return _paths(scope)[name].read_bytes()
