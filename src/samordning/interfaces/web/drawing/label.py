"""How much room a text takes, and where it breaks into lines.

Nobody knows which font a reader has, so the widths are those of the widest that is common on screens: a text may turn out
narrower than its room, never wider.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

#: Characters by their width as a share of the size of the font.
_WIDTHS: Final = {
    letter: share
    for share, letters in {
        0.32: "'Iijl",
        0.36: " ,.:;|\N{NO-BREAK SPACE}",
        0.42: "()/[]ft",
        0.47: '!r"-\N{EN DASH}',
        0.55: "*?s",
        0.6: "FJLckvxyz§",
        0.65: "0123456789EPSTabdeghnopquøå«»éöä",
        0.72: "ABCKRUVXYZÅ",
        0.82: "&DGHNOQØ",
    }.items()
    for letter in letters
}  # fmt: skip
_OTHER: Final = 1.0
#: How much wider bold letters are.
_BOLD: Final = 1.13
#: A line may break after a space, and after a hyphen or a slash between letters.
_PART: Final = re.compile(r"[^ ]+?[-/](?=[^\W\d])|[^ ]+| +")
#: What stays on one line: the sign of a section with its number, and the letter after that.
_WHOLE: Final = re.compile(r"§ \d[\w-]*(?: [a-zæøå]\b)?")
_FIXED: Final = "\N{NO-BREAK SPACE}"


@lru_cache(maxsize=4096)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """The most room a line of text takes, in the same unit as ``size``."""
    return sum(_WIDTHS.get(letter, _OTHER) for letter in text) * size * (_BOLD if bold else 1)


def wrap(text: str, size: float, room: float, *, bold: bool = False, most: int = 4) -> list[str]:
    """The text as lines that fit in ``room``; what does not fit in ``most`` lines ends with an ellipsis."""
    lines = [""]
    whole = _WHOLE.sub(lambda found: found[0].replace(" ", _FIXED), " ".join(text.split()))
    for part in _PART.findall(whole):
        for piece in _pieces(part, size, room, bold=bold):
            if width((lines[-1] + piece).rstrip(), size, bold=bold) <= room:
                lines[-1] += piece
            else:
                lines.append(piece.lstrip())
    found = [line.rstrip() for line in lines if line.strip()]
    if len(found) <= most:
        return found
    last = found[most - 1]
    while last and width(last + "…", size, bold=bold) > room:
        last = last[:-1]
    return [*found[: most - 1], last.rstrip() + "…"]


def _pieces(part: str, size: float, room: float, *, bold: bool) -> list[str]:
    # A word that is wider than the room is cut where the room ends.
    pieces = [""]
    for letter in part:
        if pieces[-1] and width(pieces[-1] + letter, size, bold=bold) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces
