"""A small writer of SVG. Every text is escaped; there is no style, script or reference, so that a page's policy holds.

Colours stand in attributes and read on white; a page may say otherwise by class, as it does in dark mode.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The first one is what a picture as PNG is written with.
FONT: Final = "Inter, Verdana, 'DejaVu Sans', Arial, sans-serif"
#: Colours by class: fill and stroke on white.
INK: Final = {
    "ground": ("#ffffff", None),
    "ink": ("#1e2b3c", None),
    "quiet": ("#55606e", None),
    "light": ("#ffffff", None),
    "table": ("#f1f4f8", "#cfd8e3"),
    "seat": ("#ffffff", "#5b7089"),
    "seat-loose": ("#f6f6f6", "#85898e"),
    "head": ("#e3edf9", "#0b4f8f"),
    "seat-leads": ("#e3edf9", "#0b4f8f"),
    "line-applies": ("none", "#1f6138"),
    "line-depends": ("none", "#a3570a"),
    "line-uncertain": ("none", "#6a6f76"),
    "line-plain": ("none", "#1e2b3c"),
    "tip-plain": ("#1e2b3c", None),
    "tip-applies": ("#1f6138", None),
    "tip-depends": ("#a3570a", None),
    "tip-uncertain": ("#6a6f76", None),
    "level-municipal": ("#0b4f8f", None),
    "level-county": ("#7a3e9d", None),
    "level-state": ("#a02c2c", None),
    "level-private": ("#3f6212", None),
    "level-unsettled": ("#ffffff", "#55606e"),
    "level-none": ("#ffffff", "#55606e"),
    "dot": ("#1e2b3c", None),
    "rule": ("none", "#cfd8e3"),
    "cell-cooperation": ("#dcebfb", "#7fa9d6"),
    "cell-coordination": ("#dff1e2", "#7db58a"),
    "cell-plan": ("#efe4f7", "#b18fce"),
    "cell-definition": ("#eceef1", "#a9b1bb"),
    "cell-level": ("#f1f4f8", "#cfd8e3"),
}  # fmt: skip


def number(value: float) -> str:
    """A coordinate, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def points(*pairs: tuple[float, float]) -> str:
    """Points as a path writes them: ``M`` and the other letters stand between."""
    return " ".join(f"{number(x)} {number(y)}" for x, y in pairs)


class Sheet:
    """One drawing, ``width`` by ``height``. ``name`` begins every id in it, and is to be unique on a page."""

    def __init__(self, width: float, height: float, name: str, title: str, desc: str, lang: str) -> None:
        self.width, self.height = width, math.ceil(height)
        self.root = Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg", "lang": lang, "class": "drawing", "role": "img",
                "viewBox": f"0 0 {number(width)} {self.height}", "width": number(width), "height": str(self.height),
                "aria-labelledby": f"{name}-title", "aria-describedby": f"{name}-desc", "font-family": FONT,
            },
        )  # fmt: skip
        SubElement(self.root, "title", {"id": f"{name}-title"}).text = title
        SubElement(self.root, "desc", {"id": f"{name}-desc"}).text = desc
        self._into = self.root
        self.rect(0, 0, width, height, "ground")

    def group(self, kind: str = "") -> Element:
        """Begin a group below the drawing itself; what is drawn next belongs to it."""
        self._into = SubElement(self.root, "g", {"class": kind} if kind else {})
        return self._into

    def _add(self, tag: str, kind: str, attributes: dict[str, str], stroke: float = 1) -> Element:
        fill, edge = INK[kind.split(maxsplit=1)[0]]
        painted = {"class": kind, "fill": fill or "none"}
        if edge:
            painted |= {"stroke": edge, "stroke-width": number(stroke)}
        return SubElement(self._into, tag, painted | attributes)

    def rect(
        self, x: float, y: float, width: float, height: float, kind: str, *,
        round_: float = 0, stroke: float = 1, dash: str = "",
    ) -> None:  # fmt: skip
        """A rectangle."""
        attributes = {"x": number(x), "y": number(y), "width": number(width), "height": number(height)}
        attributes |= {"rx": number(round_)} if round_ else {}
        attributes |= {"stroke-dasharray": dash} if dash else {}
        self._add("rect", kind, attributes, stroke)

    def path(self, data: str, kind: str, *, stroke: float = 1, dash: str = "") -> None:
        """A path."""
        self._add("path", kind, {"d": data} | ({"stroke-dasharray": dash} if dash else {}), stroke)

    def circle(self, x: float, y: float, radius: float, kind: str) -> None:
        """A circle."""
        self._add("circle", kind, {"cx": number(x), "cy": number(y), "r": number(radius)}, 1.5)

    def text(
        self, x: float, y: float, lines: Iterable[str], size: float, *,
        kind: str = "ink", bold: bool = False, anchor: str = "start", leading: float = 1.3,
    ) -> float:  # fmt: skip
        """Lines of text; ``y`` is the top of the first one. Returns where the next would begin."""
        attributes = {"font-size": number(size)}
        attributes |= {"font-weight": "600"} if bold else {}
        attributes |= {"text-anchor": anchor} if anchor != "start" else {}
        for line in lines:
            placed = {"x": number(x), "y": number(y + size * 0.95)}
            self._add("text", kind, {**placed, **attributes}).text = line
            y += size * leading
        return y

    def mark(self, x: float, y: float, level: str) -> None:
        """The shape of a level of government, about ten wide, with its middle here."""
        kind = f"level-{level}"
        shapes: dict[str, list[tuple[float, float]]] = {
            "county": [(-5, -5), (5, -5), (5, 5), (-5, 5)],
            "state": [(0, -6), (6, 5), (-6, 5)],
            "private": [(0, -6.5), (6.5, 0), (0, 6.5), (-6.5, 0)],
        }
        if level in shapes:
            self.path(f"M {points(*((x + dx, y + dy) for dx, dy in shapes[level]))} Z", kind)
        else:
            self.circle(x, y, 5, kind)

    def markup(self) -> Markup:
        """The drawing, to stand in a page."""
        return Markup(tostring(self.root, encoding="unicode"))  # noqa: S704  # the writer escapes every text and value

    def file(self) -> bytes:
        """The drawing as a file of its own."""
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(self.root, encoding="unicode")}\n'.encode()
