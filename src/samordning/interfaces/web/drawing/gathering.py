"""The picture of those round the table: who must cooperate with whom, who leads, and who is there without being bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from samordning import __version__
from samordning.answer.wording import date_text
from samordning.interfaces.web.drawing import line, seat
from samordning.interfaces.web.drawing.bond import CHILD_COORDINATOR, bonds
from samordning.interfaces.web.drawing.box import SMALL, Boxes
from samordning.interfaces.web.drawing.label import wrap
from samordning.interfaces.web.drawing.part import Parts, Row
from samordning.interfaces.web.drawing.svg import Sheet

if TYPE_CHECKING:
    from markupsafe import Markup

    from samordning.answer.model import Answer
    from samordning.engine.law import Law
    from samordning.interfaces.web.drawing.bond import Strength

#: The head of the table, where nobody in the case has that seat.
HEAD: Final = "head"
#: From this many lines on they are drawn thinner.
_MANY: Final = 40
_TITLE: Final = 20.0
_FOOT: Final = 12.0
_LEGEND: Final = 22.0
_WIDE: Final = seat.WIDE - 2 * seat.EDGE


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing and the same in words."""

    svg: Markup
    rows: list[Row]
    coordinates: list[str]


class Gathering:
    """Draws one answer. ``titled`` gives it a title and a foot, for a file that stands alone."""

    def __init__(self, answer: Answer, law: Law, *, titled: bool = False, name: str = "picture") -> None:
        self.answer, self.titled, self.name = answer, titled, name
        self.parts = Parts(answer, law)
        self.t = self.parts.t
        self.bonds = bonds(answer)
        self.bound = list(dict.fromkeys(duty.service for duty in answer.cooperation.duties))
        self.loose = [other.service for other in answer.cooperation.not_bound]
        self.head = CHILD_COORDINATOR if answer.coordination.coordinator.kind == "child-coordinator" else HEAD
        if self.head == HEAD and any(bond.second == CHILD_COORDINATOR for bond in self.bonds):
            # Until it is settled that there is one, the child coordinator sits among the others.
            self.bound.append(CHILD_COORDINATOR)
        making = Boxes(self.parts)
        self.boxes = {
            self.head: making.head(),
            **{
                key: making.child_coordinator() if key == CHILD_COORDINATOR else making.service(key)
                for key in (*self.bound, *self.loose)
            },
        }

    def plan(self, top: float = 0) -> seat.Plan:
        """Who sits where, from this height on."""
        tall = {key: box.height for key, box in self.boxes.items()}
        bound, loose = ([(key, tall[key]) for key in keys] for keys in (self.bound, self.loose))
        return seat.plan(top, (self.head, tall[self.head]), bound, loose, self.bonds)

    def sheet(self) -> Sheet:
        """The drawing."""
        title = self.t("picture.title", date=date_text(self.answer.date, self.answer.lang))
        titles = wrap(title, _TITLE, _WIDE, bold=True) if self.titled else []
        plan = self.plan(12 + len(titles) * (_TITLE * 1.3) + (10 if titles else 0))
        said = self.t("picture.foot", version=__version__, dataset=self.answer.receipt.dataset[:19])
        foot = wrap(said, _FOOT, _WIDE) if self.titled else []
        legend = self._legend()
        below = plan.bottom + 22 + len(legend) * _LEGEND
        height = below + (10 + len(foot) * _FOOT * 1.3 if foot else 0) + 10
        # Beside the table it need not say everything itself.
        sentences = self.parts.sentences() if self.titled else [self.t("picture.beside")]
        desc = " ".join([*self.parts.coordinates(), *sentences])
        sheet = Sheet(seat.WIDE, height, self.name, title, desc, self.answer.lang)
        sheet.text(seat.EDGE, 10, titles, _TITLE, bold=True)
        if self.bound:
            sheet.rect(*plan.table, "table", round_=40)
        self._lines(sheet, plan)
        for number, (key, place) in enumerate(plan.seats.items()):
            sheet.group(f"place place-{number}")
            self.boxes[key].draw(sheet, place)
        sheet.group()
        if self.loose:
            sheet.text(seat.EDGE, plan.loose_from - 24, [self.t("picture.loose")], SMALL, kind="quiet")
        for number, (kind, strength) in enumerate(legend):
            self._sample(sheet, plan.bottom + 22 + number * _LEGEND, kind, strength)
        sheet.text(seat.EDGE, below + 10, foot, _FOOT, kind="quiet")
        return sheet

    def _lines(self, sheet: Sheet, plan: seat.Plan) -> None:
        many = len(self.bonds) >= _MANY
        number = {key: place for place, key in enumerate(plan.seats)}
        for bond in self.bonds:
            kind = f"bond of-{number[bond.first]} of-{number[bond.second]}"
            line.draw(sheet, plan, bond, kind, stroke=0.9 if many else 1.6, tip=5 if many else 8)

    def _legend(self) -> list[tuple[str, Strength | None]]:
        # What each kind of line that is drawn means: its arrows, and how it is broken.
        drawn = {strength for bond in self.bonds for strength in (bond.there, bond.back)}
        both = any(bond.there and bond.back for bond in self.bonds)
        arrows: list[tuple[str, Strength | None]] = [("both", None)] if both else []
        arrows += [("one", None)] if None in drawn else []
        order: tuple[Strength, ...] = ("applies", "depends", "uncertain")
        return [*((strength, strength) for strength in order if strength in drawn), *arrows]

    def _sample(self, sheet: Sheet, y: float, kind: str, strength: Strength | None) -> None:
        x, middle = seat.EDGE, y + 8
        look = strength or "plain"
        begin, end = (8 if kind == "both" else 0), (56 if strength else 48)
        dash = line.DASHES[strength] if strength else ""
        sheet.path(f"M {x + begin} {middle:.1f} H {x + end}", f"line-{look}", stroke=1.8, dash=dash)
        if not strength:
            tips = f"M {x + 56} {middle:.1f} l -9 -4 v 8 Z"
            tips += f" M {x} {middle:.1f} l 9 -4 v 8 Z" if kind == "both" else ""
            sheet.path(tips, f"tip-{look}")
        sheet.text(x + 68, y, [self.t(f"picture.legend-{kind}")], SMALL)

    def picture(self) -> Picture:
        """The drawing with its words, to stand in a page."""
        return Picture(self.sheet().markup(), self.parts.rows, self.parts.coordinates())


def picture(answer: Answer, law: Law) -> Picture:
    """The picture of an answer, in the language of the answer."""
    return Gathering(answer, law).picture()
