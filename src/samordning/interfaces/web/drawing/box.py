"""The text of the boxes: a service with its level and its basis, and whoever coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from samordning.answer.wording import capital
from samordning.engine import citation
from samordning.interfaces.web.drawing.bond import CHILD_COORDINATOR
from samordning.interfaces.web.drawing.label import wrap
from samordning.interfaces.web.drawing.seat import HEAD, INNER, PADDING

if TYPE_CHECKING:
    from samordning.interfaces.web.drawing.part import Parts, Row
    from samordning.interfaces.web.drawing.seat import Seat
    from samordning.interfaces.web.drawing.svg import Sheet

NAME: Final = 15.0
SMALL: Final = 13.0
LEADING: Final = 1.3
#: Room for the shape of a level, before its name.
MARK: Final = 18.0


@dataclass(frozen=True, slots=True)
class Box:
    """The lines of one box. ``kind`` is the class it is drawn with."""

    kind: str
    name: list[str]
    level: str
    """the shape before the first line of ``told``; none where it is empty"""
    told: list[str]
    leads: list[str]
    quiet: list[str]

    @property
    def height(self) -> float:
        """What it needs."""
        small = len(self.told) + len(self.leads) + len(self.quiet)
        return 2 * PADDING + len(self.name) * NAME * LEADING + small * SMALL * LEADING

    def draw(self, sheet: Sheet, seat: Seat) -> None:
        """Draw it on its seat."""
        x, y = seat.x + PADDING, seat.y + PADDING
        if self.kind == "head":
            sheet.rect(seat.x, seat.y, seat.width, seat.height, self.kind, round_=22, stroke=2)
            middle = seat.x + seat.width / 2
            y = sheet.text(middle, y, self.told, SMALL, anchor="middle")
            sheet.text(middle, y, self.name, NAME, bold=True, anchor="middle")
            return
        loose, leads = self.kind == "seat-loose", self.kind == "seat-leads"
        sheet.rect(
            seat.x, seat.y, seat.width, seat.height, self.kind,
            round_=8, stroke=2.5 if leads else 1.2, dash="5 4" if loose else "",
        )  # fmt: skip
        y = sheet.text(x, y, self.name, NAME, bold=True)
        if self.level:
            sheet.mark(x + 6, y + SMALL * 0.6, self.level)
        y = sheet.text(x + (MARK if self.level else 0), y, self.told, SMALL)
        y = sheet.text(x, y, self.leads, SMALL, bold=True)
        sheet.text(x, y, self.quiet, SMALL, kind="quiet")


class Boxes:
    """Makes the boxes of one answer."""

    def __init__(self, parts: Parts) -> None:
        self.parts, self.t = parts, parts.t
        self.coordination = parts.answer.coordination

    def head(self) -> Box:
        """The one at the head of the table: who coordinates."""
        who = self.coordination.coordinator
        if who.kind == "none":
            # Nobody has a duty to; or that isn't settled, where a step is not.
            told: list[str] = []
        else:
            told = [self.t("picture.head" if who.status == "applies" else "picture.head-unclear")]
        service = self.parts.name(who.service) if who.service else ""
        name = self.t(f"picture.head-{who.kind}", service=service)
        return Box("head", wrap(name, NAME, HEAD - 2 * PADDING, bold=True), "", told, [], [])

    def child_coordinator(self) -> Box:
        """The child coordinator, of whom it isn't settled whether there is one."""
        name = wrap(self.parts.name(CHILD_COORDINATOR), NAME, INNER, bold=True)
        return Box("seat", name, "", wrap(self.t("picture.unclear"), SMALL, INNER), [], [])

    def service(self, key: str) -> Box:
        """One of the services."""
        name = wrap(self.parts.name(key), NAME, INNER, bold=True)
        level = wrap(capital(self.parts.level_name(key)), SMALL, INNER - MARK, most=1)
        who = self.coordination.coordinator
        leads = key == who.service
        said = self.t("picture.leads" if who.status == "applies" else "picture.may-lead")
        rows = [row for row in self.parts.rows if row.service == key]
        loose = all(row.status == "unbound" for row in rows)
        return Box(
            "seat-leads" if leads else "seat-loose" if loose else "seat",
            name,
            self.parts.level(key),
            level,
            wrap(said, SMALL, INNER, bold=True) if leads else [],
            wrap(capital(self.t("picture.not-bound")) if loose else self._duty(rows), SMALL, INNER, most=8),
        )

    def _duty(self, rows: list[Row]) -> str:
        sure = [row for row in rows if row.status == "applies"]
        shown = sure or [row for row in rows if row.status == "depends"]
        if not shown:
            return self.t("picture.no-duty")
        sections = dict.fromkeys(citation.parse(address).section for row in shown for address, _ in row.basis[:1])
        return self.t("picture.by" if sure else "picture.by-unclear", basis=self.parts.words.cite(sections))
