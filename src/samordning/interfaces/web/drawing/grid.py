"""A grid of acts: a row for each, a coloured cell where it has something. The same columns and cells as in the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from samordning import __version__
from samordning.interfaces.web import text
from samordning.interfaces.web.drawing.label import wrap
from samordning.interfaces.web.drawing.svg import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_EDGE: Final = 10.0
_FIRST: Final = 224.0
_SIZE: Final = 12.5
_HEAD: Final = 11.5
_LEADING: Final = 1.25
_TITLE: Final = 20.0
_ROOM: Final = 7.0
_WIDEST_DOT: Final = 13.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``look`` is the class its cells are drawn with."""

    key: str
    label: str
    look: str
    mark: str = ""
    """the shape of a level of government beside the label, if it is one"""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: lines with a strong first one, and a dot whose area is ``share`` of the largest."""

    lines: Sequence[tuple[str, str]]
    """each what is said first, and what is said below it"""
    share: float = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid to draw. ``rows`` holds the name of each act, with its cells by column."""

    name: str
    title: str
    desc: str
    lang: str
    columns: Sequence[Column]
    rows: Sequence[tuple[str, Mapping[str, Cell]]]
    dataset: str
    column_width: float = 124.0

    def sheet(self, *, alone: bool = True) -> Sheet:
        """The drawing; one that doesn't stand ``alone`` has a table beside it, and need not say everything itself."""
        wide = 2 * _EDGE + _FIRST + self.column_width * len(self.columns)
        title = wrap(self.title, _TITLE, wide - 2 * _EDGE, bold=True)
        heads = [self._head(column) for column in self.columns]
        top = 14 + len(title) * _TITLE * 1.3
        below = top + max(len(lines) for lines in heads) * _HEAD * _LEADING + 2 * _ROOM
        names = [wrap(name, _SIZE, _FIRST - 2 * _ROOM) for name, _ in self.rows]
        talls = [
            max([len(named), *(self._tall(cell) for cell in cells.values())]) * _SIZE * _LEADING + 2 * _ROOM
            for named, (_, cells) in zip(names, self.rows, strict=True)
        ]
        desc = self.desc if alone else text.say(self.lang, "picture.beside")
        said = text.say(self.lang, "picture.foot", version=__version__, dataset=self.dataset[:19])
        sheet = Sheet(wide, below + sum(talls) + 36, self.name, self.title, desc, self.lang)
        sheet.text(_EDGE, 10, title, _TITLE, bold=True)
        for number, (column, lines) in enumerate(zip(self.columns, heads, strict=True)):
            x = self._x(number)
            if column.mark:
                sheet.mark(x + _ROOM + 6, top + _ROOM + _SIZE * 0.6, column.mark)
            sheet.text(x + _ROOM + (18 if column.mark else 0), top + _ROOM, lines, _HEAD, leading=_LEADING)
        y = below
        for named, tall, (_, cells) in zip(names, talls, self.rows, strict=True):
            sheet.path(f"M {_EDGE} {y:.1f} H {wide - _EDGE:.1f}", "rule")
            sheet.text(_EDGE, y + _ROOM, named, _SIZE, leading=_LEADING)
            for number, column in enumerate(self.columns):
                self._cell(sheet, self._x(number), y, tall, column, cells.get(column.key))
            y += tall
        sheet.path(f"M {_EDGE} {y:.1f} H {wide - _EDGE:.1f}", "rule")
        sheet.text(_EDGE, y + 12, [said], 12, kind="quiet")
        return sheet

    def _x(self, number: int) -> float:
        return _EDGE + _FIRST + number * self.column_width

    def _head(self, column: Column) -> list[str]:
        room = self.column_width - 2 * _ROOM - (18 if column.mark else 0)
        return wrap(column.label, _HEAD, room, most=8)

    def _lines(self, cell: Cell) -> list[tuple[str, bool]]:
        room = self.column_width - 2 * _ROOM - (2 * _WIDEST_DOT + 6 if cell.share else 0)
        return [
            (line, strong)
            for first, rest in cell.lines
            for part, strong in ((first, True), (rest, False))
            for line in wrap(part, _SIZE, room, bold=strong, most=4)
        ]

    def _tall(self, cell: Cell) -> int:
        return len(self._lines(cell))

    def _cell(self, sheet: Sheet, x: float, y: float, tall: float, column: Column, cell: Cell | None) -> None:
        if cell is None:
            sheet.text(x + _ROOM, y + _ROOM, ["–"], _SIZE, kind="quiet")  # noqa: RUF001  # the sign for nothing
            return
        sheet.rect(x + 2, y + 2, self.column_width - 4, tall - 4, column.look, round_=4)
        left = x + _ROOM
        if cell.share:
            sheet.circle(left + _WIDEST_DOT, y + tall / 2, max(_WIDEST_DOT * cell.share**0.5, 1.5), "dot")
            left += 2 * _WIDEST_DOT + 6
        top = y + _ROOM
        for line, strong in self._lines(cell):
            top = sheet.text(left, top, [line], _SIZE, bold=strong, leading=_LEADING)
