"""When the amendments in Lovdata's note under a section took effect, or will.

A note reads «Endret ved lov 11 juni 2021 nr. 78 (i kraft 1 aug 2022 iflg. res. …). Endres ved lov …». An amendment
without a date of its own took effect when its act was made; one «fra den tid Kongen bestemmer» has no date.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS: Final = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")
_DATE: Final = re.compile(rf"(?P<day>\d{{1,2}})\.? (?P<month>{'|'.join(_MONTHS)})[a-z]*\.? (?P<year>\d{{4}})")
_NUMBER: Final = re.compile(r" nr\.? (?P<number>\d+)")
_IN_FORCE: Final = re.compile(r"(?:i kraft|ikr\.?)\s")
#: After this, a date in the brackets is another act's.
_OTHER: Final = re.compile(r"iflg|ifølge|etter|\bse\b|\bsjå\b|\bendring|tidl|\bsom\b")
_OPEN: Final = re.compile(r"fr[aå] den tid")
_VERB: Final = re.compile(
    r"\b(?:(?P<coming>endres|oppheves|tilføyes|flyttes|(?:vert|blir) (?:endra|oppheva|tilføyd|føyd|flytta))"
    r"|endret|endra|opphevet|oppheva|tilføyd|føyd|flyttet|flytta)\b",
    re.IGNORECASE,
)
_BRACKETS: Final = re.compile(r"\((?:[^()]|\([^()]*\))*\)")


@dataclass(frozen=True, slots=True)
class Amendment:
    """One amending act. ``effect`` is the day it took effect, None where that is not settled."""

    made: dt.date
    #: The act without its kind: ``2021-06-11-78``; the day alone where the note gives no number.
    act: str
    effect: dt.date | None
    #: The note states no day, so ``effect`` is the day the act was made.
    assumed: bool
    #: Lovdata announces it and has not yet put it into the text.
    coming: bool


def amendments(note: str) -> list[Amendment]:
    """The amendments that a note tells of, in its order."""
    return list(_read(note))


def _read(note: str) -> Iterator[Amendment]:
    # Brackets are blanked out, so that the dates left are those of the amending acts and keep their places.
    outside = _BRACKETS.sub(lambda found: "\0" * len(found[0]), note)
    acts = list(_DATE.finditer(outside))
    for index, found in enumerate(acts):
        made = _day(found)
        if made is None:
            continue
        verbs = list(_VERB.finditer(outside, 0, found.start()))
        stop = acts[index + 1].start() if index + 1 < len(acts) else len(note)
        said = [bracket[0] for bracket in _BRACKETS.finditer(note, found.end(), stop)]
        days = [day for bracket in said for day in _days(bracket)]
        assumed = not days and not any(_OPEN.search(bracket) for bracket in said)
        number = _NUMBER.match(outside, found.end())
        yield Amendment(
            made=made,
            act=f"{made}-{number['number']}" if number else str(made),
            effect=max(days, default=made if assumed else None),
            assumed=assumed,
            coming=bool(verbs and verbs[-1]["coming"]),
        )


def _days(bracket: str) -> Iterator[dt.date]:
    for marker in _IN_FORCE.finditer(bracket):
        other = _OTHER.search(bracket, marker.end())
        for found in _DATE.finditer(bracket, marker.end(), other.start() if other else len(bracket)):
            day = _day(found)
            if day:
                yield day


def _day(found: re.Match[str]) -> dt.date | None:
    try:
        return dt.date(int(found["year"]), _MONTHS.index(found["month"]) + 1, int(found["day"]))
    except ValueError:
        return None
