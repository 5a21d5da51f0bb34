"""Lovdata's notes about amendments."""

from __future__ import annotations

import datetime as dt

import pytest

from samordning.lovdata.amendment import amendments


def _days(note: str) -> list[tuple[str, str | None, bool]]:
    return [(str(one.made), str(one.effect) if one.effect else None, one.coming) for one in amendments(note)]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Endret ved lov 1 mai 2020 nr. 5.", [("2020-05-01", "2020-05-01", False)]),
        ("Endra med lov 1. januar 2020 nr. 5 (ikr. 2 feb 2021).", [("2020-01-01", "2021-02-02", False)]),
        (
            "Tilføyd ved lov 1 juni 2020 nr. 5 som endret ved lov 2 juni 2021 nr. 6 (i kraft 1 aug 2022 iflg. res. 3 mai 2022 nr. 7).",
            [("2020-06-01", "2020-06-01", False), ("2021-06-02", "2022-08-01", False)],
        ),
        (
            "Endret ved lover 1 apr 2020 nr. 5 (ikr. 1 juli 2020 iflg. res. 9 sep 2030 nr. 1), 2 okt 2021 nr. 6.",
            [("2020-04-01", "2020-07-01", False), ("2021-10-02", "2021-10-02", False)],
        ),
        (
            "Endret ved lov 1 mars 2020 nr. 5. Endres ved lov 2 nov 2025 nr. 6 (i kraft 1 jan 2027 iflg. res. 3 des 2025 nr. 7).",
            [("2020-03-01", "2020-03-01", False), ("2025-11-02", "2027-01-01", True)],
        ),
        ("Oppheves ved lov 2 mai 2025 nr. 6 (i kraft fra den tid Kongen bestemmer).", [("2025-05-02", None, True)]),
        ("Vert endra ved lov 2 mai 2025 nr. 6 (i kraft frå den tid Kongen fastset).", [("2025-05-02", None, True)]),
        (
            "Endret ved lov 2 mai 2020 nr. 6 (ikr. 1 jan 2021 delvis, i kraft 1 jan 2022 (resten) iflg. res. 3 mai 2030 nr. 7).",
            [("2020-05-02", "2022-01-01", False)],
        ),
        ("Endret ved lov 2 mai 2020 nr. 6 (f o m inntektsåret 2020).", [("2020-05-02", "2020-05-02", False)]),
        ("Endret ved lov 31 feb 2020 nr. 6.", []),
        ("Kapitlet har fått nytt nummer.", []),
        ("", []),
    ],
)
def test_what_a_note_tells(note: str, expected: list[tuple[str, str | None, bool]]) -> None:
    assert _days(note) == expected


def test_the_act_and_whether_its_day_is_stated() -> None:
    note = "Endret ved lov 1 mai 2020 nr. 5, 2 mai 2021 (ikr. 3 juni 2021), 4 mai 2022 nr. 6 (i kraft fra den tid Kongen bestemmer)."
    found = [(one.act, one.effect, one.assumed) for one in amendments(note)]
    assert found == [
        ("2020-05-01-5", dt.date(2020, 5, 1), True),
        ("2021-05-02", dt.date(2021, 6, 3), False),
        ("2022-05-04-6", None, False),
    ]
