"""Which of what is offered the caller likes best, by ``Accept`` and ``Accept-Language`` (RFC 9110)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LANGUAGES: Final = ("nb", "nn", "en")
_MOST: Final = 40


@lru_cache(maxsize=512)
def _ranges(header: str) -> tuple[tuple[str, float], ...]:
    found = []
    for part in header.split(",")[:_MOST]:
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                try:
                    weight = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    weight = 0.0
        if name:
            found.append((name.lower(), weight))
    return tuple(found)


def media(header: str | None, offered: Sequence[str]) -> list[str]:
    """Those of ``offered`` that the caller takes, best first; all of them where there is no header."""
    return list(_media(header, tuple(offered))) if header else list(offered)


@lru_cache(maxsize=512)
def _media(header: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    ranges = _ranges(header)
    scored = []
    for position, kind in enumerate(offered):
        wanted = (kind, kind.partition("/")[0] + "/*", "*/*")
        weight = next((weight for pattern in wanted for name, weight in ranges if name == pattern), 0.0)
        if weight > 0:
            scored.append((-weight, position, kind))
    return tuple(kind for _, _, kind in sorted(scored))


@lru_cache(maxsize=512)
def language(header: str) -> str:
    """The best of our languages; nb where none is asked for. ``no`` stands for nb."""
    wanted = []
    for position, (tag, weight) in enumerate(_ranges(header)):
        primary = tag.split("-")[0]
        code = "nb" if primary == "no" else primary
        if code in LANGUAGES and weight > 0:
            wanted.append((-weight, position, code))
    return min(wanted)[2] if wanted else "nb"
