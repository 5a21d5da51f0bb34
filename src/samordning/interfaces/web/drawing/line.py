"""The line of a bond: a curve through the middle with an arrow at every end where someone is owed cooperation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from samordning.interfaces.web.drawing.seat import BOX, EDGE, WIDE
from samordning.interfaces.web.drawing.svg import Sheet, points

if TYPE_CHECKING:
    from samordning.interfaces.web.drawing.bond import Bond, Strength
    from samordning.interfaces.web.drawing.seat import Plan, Side

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
#: How a line is broken, by how sure the duty is; the colour says it as well.
DASHES: Final[dict[Strength, str]] = {"applies": "", "depends": "7 4", "uncertain": "2 4"}
_MIDDLE: Final = WIDE - 2 * (EDGE + BOX)
_BULGE: Final = 0.42
#: Which way a line leaves a box on each side.
_OUT: Final[dict[Side, Point]] = {"left": (1, 0), "right": (-1, 0), "head": (0, 1)}


def draw(sheet: Sheet, plan: Plan, bond: Bond, kind: str, *, stroke: float = 1.6, tip: float = 8) -> None:
    """Draw one bond as a group of its own."""
    sheet.group(kind)
    curve, tips = _curve(plan, bond, tip)
    strengths = [bond.owed_to(bond.first), bond.owed_to(bond.second)]
    known = [strength for strength in strengths if strength]
    if len(set(known)) == 1:
        _stroke(sheet, curve, known[0], stroke)
    else:
        # What is owed one way is surer than the other: each half has its own line, and its arrow.
        for half, strength in zip(_halves(curve), known, strict=True):
            _stroke(sheet, half, strength, stroke)
    for strength in dict.fromkeys(known):
        drawn = (data for one, data in zip(strengths, tips, strict=True) if one == strength)
        sheet.path(" ".join(drawn), f"tip-{strength}")


def _stroke(sheet: Sheet, curve: Curve, strength: Strength, stroke: float) -> None:
    data = f"M {points(curve[0])} C {points(*curve[1:])}"
    sheet.path(data, f"line-{strength}", stroke=stroke, dash=DASHES[strength])


def _curve(plan: Plan, bond: Bond, tip: float) -> tuple[Curve, list[str]]:
    one, other = plan.seats[bond.first], plan.seats[bond.second]
    ends = [plan.ends[bond.first, bond.second], plan.ends[bond.second, bond.first]]
    outs = [_OUT[one.side], _OUT[other.side]]
    across = _across(ends[0], ends[1], same=one.side == other.side)
    starts, bends, tips = [], [], []
    for (x, y), (dx, dy), towards in zip(ends, outs, (bond.first, bond.second), strict=True):
        back = tip if bond.owed_to(towards) else 0
        starts.append((x + dx * back, y + dy * back))
        reach = across if dx else min(across, 60)
        bends.append((x + dx * (back + reach), y + dy * (back + reach)))
        half = tip * _BULGE
        sides = [(x + dx * tip + dy * half * sign, y + dy * tip + dx * half * sign) for sign in (1, -1)]
        tips.append(f"M {points((x, y), *sides)} Z")
    return (starts[0], bends[0], bends[1], starts[1]), tips


def _across(start: Point, end: Point, *, same: bool) -> float:
    # The farther apart two on the same side sit, the farther the line between them swings out.
    if same:
        return min(24 + 0.3 * abs(end[1] - start[1]), _MIDDLE * 0.9)
    return _MIDDLE * 0.45


def _halves(curve: Curve) -> tuple[Curve, Curve]:
    a, b, c, d = curve
    ab, bc, cd = _between(a, b), _between(b, c), _between(c, d)
    abc, bcd = _between(ab, bc), _between(bc, cd)
    whole = _between(abc, bcd)
    return (a, ab, abc, whole), (whole, bcd, cd, d)


def _between(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
