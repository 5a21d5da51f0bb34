"""The matrix as a page and a picture: acts down, kinds of duty across, and in each cell the section that holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from samordning.answer.matrix import COLUMNS, matrix
from samordning.answer.wording import capital, date_text
from samordning.engine import citation
from samordning.interfaces.web import text
from samordning.interfaces.web.drawing.grid import Cell, Column, Grid

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from samordning.knowledge import Knowledge

#: Columns of a kind have a colour together.
_LOOKS: Final = {
    "individual": "cell-cooperation", "system": "cell-cooperation",
    "coordination": "cell-coordination", "coordination_decision": "cell-coordination",
    "coordination_child_coordinator": "cell-coordination",
    "plan": "cell-plan", "plan_participation": "cell-plan", "definition": "cell-definition",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One provision in a cell."""

    address: str
    section: str
    below: str


@dataclass(frozen=True, slots=True)
class Row:
    """One act."""

    act: str
    name: str
    cells: Mapping[str, Sequence[Place]]


class Matrix:
    """The matrix on one date, in one language."""

    def __init__(self, kg: Knowledge, date: dt.date, lang: str) -> None:
        self.kg, self.date, self.lang = kg, date, lang
        self.title = text.say(lang, "matrix.title-on", date=date_text(date, lang))
        self.columns = [Column(key, self._label(key), _LOOKS[key]) for key in COLUMNS]
        self.rows = [
            Row(
                row.act,
                capital(row.title[lang]),
                {key: [_place(address, lang) for address in getattr(row, key)] for key in COLUMNS},
            )
            for row in matrix(kg.law, date)
        ]

    def _label(self, column: str) -> str:
        labels = [self.kg.law.concepts[f"duty-type/{kind}"].label(self.lang) for kind in COLUMNS[column]]
        return capital(text.say(self.lang, "matrix.or").join(labels))

    def grid(self) -> Grid:
        """To be drawn."""
        rows = [
            (row.name, {key: Cell([(one.section, one.below) for one in places]) for key, places in row.cells.items() if places})
            for row in self.rows
        ]  # fmt: skip
        return Grid(
            "matrix", self.title, self._said(), self.lang, self.columns, rows, str(self.kg.manifest["dataset"])
        )  # fmt: skip

    def _said(self) -> str:
        labels = {column.key: column.label for column in self.columns}
        return " ".join(
            f"{row.name}: "
            + "; ".join(
                f"{labels[key]}: {', '.join(f'{one.section} {one.below}'.strip() for one in places)}"
                for key, places in row.cells.items()
                if places
            )
            + "."
            for row in self.rows
        )


def _place(address: str, lang: str) -> Place:
    whole = citation.below(address, lang)
    section = citation.section(citation.parse(address).paragraph or "")
    return Place(address, section, whole.removeprefix(section).strip())
