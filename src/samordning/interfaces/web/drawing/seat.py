"""Where everyone sits: a long table with the services on both sides, whoever coordinates at its head.

Services that no act binds stand below the table, on the same sides. Every box has its own place beside the middle, and lines
between them run through the middle alone, so that no line crosses a box and no box another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from samordning.interfaces.web.drawing.bond import Bond

Side = Literal["left", "right", "head"]
WIDE: Final = 780.0
BOX: Final = 240.0
EDGE: Final = 10.0
GAP: Final = 14.0
#: Room for text within a box, beside the mark of its level.
PADDING: Final = 10.0
INNER: Final = BOX - 2 * PADDING
#: The box at the head of the table.
HEAD: Final = 330.0
SPACE: Final = 46.0


@dataclass(frozen=True, slots=True)
class Seat:
    """One box."""

    key: str
    side: Side
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Plan:
    """All seats, the table between them, and where each bond touches a box."""

    seats: Mapping[str, Seat]
    table: tuple[float, float, float, float]
    """left, top, width and height; nothing where nobody is bound"""
    loose_from: float
    """where those that no act binds begin"""
    bottom: float
    ends: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    """by box and the box at the other end"""


def plan(
    top: float,
    head: tuple[str, float],
    bound: Sequence[tuple[str, float]],
    loose: Sequence[tuple[str, float]],
    bonds: Iterable[Bond],
) -> Plan:
    """Give everyone a seat. Each is named with the height its text needs."""
    seats = {head[0]: Seat(head[0], "head", (WIDE - HEAD) / 2, top, HEAD, head[1])}
    below = top + head[1] + SPACE
    bottom = _columns(seats, bound, below)
    table = (EDGE + BOX / 2, below - 12, WIDE - 2 * EDGE - BOX, bottom - below + 24) if bound else (0.0,) * 4
    loose_from = bottom + SPACE
    bottom = _columns(seats, loose, loose_from) if loose else bottom + 12
    return Plan(seats, table, loose_from, bottom, _ends(seats, list(bonds)))


def _columns(seats: dict[str, Seat], boxes: Sequence[tuple[str, float]], top: float) -> float:
    # One to the left, one to the right, and so on; the shorter side is spread out beside the longer one.
    left, right = boxes[0::2], boxes[1::2]
    tall = max((_tall(side) for side in (left, right)), default=0.0)
    for name, side, x in (("left", left, EDGE), ("right", right, WIDE - EDGE - BOX)):
        spare = (tall - _tall(side)) / (len(side) + 1)
        y = top + spare
        for key, height in side:
            seats[key] = Seat(key, "left" if name == "left" else "right", x, y, BOX, height)
            y += height + GAP + spare
    return top + tall


def _tall(side: Sequence[tuple[str, float]]) -> float:
    return sum(height for _, height in side) + GAP * max(len(side) - 1, 0)


def _ends(seats: Mapping[str, Seat], bonds: Sequence[Bond]) -> dict[tuple[str, str], tuple[float, float]]:
    others: dict[str, list[str]] = {}
    for bond in bonds:
        others.setdefault(bond.first, []).append(bond.second)
        others.setdefault(bond.second, []).append(bond.first)
    found = {}
    for key, those in others.items():
        seat = seats[key]
        those.sort(key=lambda other: _order(seat, seats[other]))
        for place, other in zip(_spread(seat, len(those)), those, strict=True):
            found[key, other] = place
    return found


def _order(seat: Seat, other: Seat) -> tuple[int, float]:
    # Lines that leave a box in this order don't cross each other close to it.
    if seat.side == "head":
        return (0, other.middle) if other.side == "left" else (1, -other.middle)
    if other.side == seat.side:
        return (0, -other.middle) if other.middle < seat.middle else (3, -other.middle)
    return (1, 0) if other.side == "head" else (2, other.middle)


def _spread(seat: Seat, count: int) -> list[tuple[float, float]]:
    if seat.side == "head":
        room = min(seat.width - 40, 26.0 * (count - 1))
        start = seat.x + seat.width / 2 - room / 2
        return [(start + room * number / max(count - 1, 1), seat.bottom) for number in range(count)]
    room = min(seat.height - 16, 14.0 * (count - 1))
    start = seat.middle - room / 2
    x = seat.x + seat.width if seat.side == "left" else seat.x
    return [(x, start + room * number / max(count - 1, 1)) for number in range(count)]
