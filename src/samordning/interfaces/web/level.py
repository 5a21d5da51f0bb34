"""Acts and levels of government as a page and a picture: how many duties each act lays on each level, and of how many kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from samordning.answer.wording import capital, date_text
from samordning.catalogue.level import LEVELS, levels
from samordning.interfaces.web import text
from samordning.interfaces.web.drawing.grid import Cell, Column, Grid

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from samordning.catalogue.level import Binding
    from samordning.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Count:
    """What one act, or all of them, lays on one level. ``kinds`` pairs the id of a kind of duty with its label."""

    duties: int
    kinds: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One act."""

    act: str
    name: str
    cells: Mapping[str, Count]


class Levels:
    """The map on one date, in one language."""

    def __init__(self, kg: Knowledge, date: dt.date, lang: str) -> None:
        self.kg, self.date, self.lang = kg, date, lang
        self.title = text.say(lang, "matrix.levels-title-on", date=date_text(date, lang))
        self.columns = [Column(key, self._label(key), "cell-level", key) for key in LEVELS]
        found = levels(kg.law, date)
        self.rows = [
            Row(
                one.act,
                capital(kg.law.acts[one.act].label(lang)),
                {key: self._count([binding]) for key, binding in one.levels.items()},
            )
            for one in found
        ]
        every = {key: [one.levels[key] for one in found if key in one.levels] for key in LEVELS}
        self.total = {key: self._count(bindings) for key, bindings in every.items() if bindings}

    def _label(self, level: str) -> str:
        if level in ("unsettled", "none"):
            return text.say(self.lang, f"matrix.level-{level}")
        return capital(self.kg.law.concepts[f"level/{level}"].label(self.lang))

    def _count(self, bindings: Sequence[Binding]) -> Count:
        kinds = sorted({kind for one in bindings for kind in one.kinds})
        labels = [(kind, self.kg.law.concepts[f"duty-type/{kind}"].label(self.lang)) for kind in kinds]
        return Count(sum(len(one.duties) for one in bindings), sorted(labels, key=lambda pair: pair[1]))

    def duties(self, count: Count) -> str:
        """How many duties, in words."""
        return self._number("duties", count.duties)

    def kinds(self, count: Count) -> str:
        """Of how many kinds, in words."""
        return self._number("kinds", len(count.kinds))

    def _number(self, what: str, number: int) -> str:
        return text.say(self.lang, f"matrix.{what}-{'one' if number == 1 else 'many'}", number=number)

    def grid(self) -> Grid:
        """To be drawn."""
        most = max((count.duties for row in self.rows for count in row.cells.values()), default=1)
        rows = [
            (
                row.name,
                {
                    key: Cell([(self.duties(count), self.kinds(count))], count.duties / most)
                    for key, count in row.cells.items()
                },
            )
            for row in self.rows
        ]
        return Grid(
            "levels", self.title, self._said(), self.lang, self.columns, rows, str(self.kg.manifest["dataset"]), 140.0
        )

    def _said(self) -> str:
        labels = {column.key: column.label for column in self.columns}
        return " ".join(
            f"{row.name}: {'; '.join(f'{labels[key]}: {self.duties(count)}' for key, count in row.cells.items())}."
            for row in self.rows
        )
