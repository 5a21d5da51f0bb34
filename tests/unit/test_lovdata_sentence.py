"""Where sentences end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samordning.lovdata import normalise
from samordning.lovdata.sentence import UNFINISHED, continues, finished, split

ONE = [
    "Hunden går etter § 5, jf. Kattloven § 2 og jf. § 7.",
    "Katten får mat etter nr. 5 og kap. IV.",
    "Dette gjelder bl.a. mat, f.eks. Fisk og melk mv. til dyr.",
    "Det gjelder fra 1. januar 2020.",
    "Det gjelder fra 1. Januar 2020.",
    "Mat etter § 7-2 a. og b. er fri.",
    "Avgiften er kr. 500 pr. dyr pr. år.",
    "Lov om dyr m.v. § 12 gjelder.",
    "Gjelder pkt. 5 og art. 7 samt art. IX.",
    "Eieren svarer: «Jeg lover det. Så sant.»",
    "Eieren (se § 5. Den gjelder her.) får mat.",
    "1. Hunden lever.",
    "Følgende gjelder: a. Hunden først.",
    "Etter § 12, 2. Led er det slik.",
    "Kl. 10.00 til 12.30 er det mat.",
    "Regjeringen ... Dyr lever.",
    "Det vises til Prop. 12 L (2011) s. 6.",
    "Nr. XX om dyr.",
]
TWO = [
    ("Hunden går etter § 5.", "Katten blir."),
    ("Det står i § 7-2 a.", "Kommunen gir mat."),
    ("Det står i bokstav b.", "Kommunen gir mat."),
    ("Det står i kapittel IV.", "Kommunen gir mat."),
    ("Hunden får mat mv.", "Katten får melk."),
    ("Hunden får mat, vann o.l.", "Katten får melk."),
    ("Hunden får mat etter §§ 3 flg.", "Katten får melk."),
    ("Straffen følger handlingens art.", "Den kan mildnes."),
    ("Fristen er to år.", "§ 5 gjelder tilsvarende."),
    ("Styret har fem medlemmer.", "3 av dem er hunder."),
    ("Dyr lever (se § 5).", "De dør."),
    ("Eieren sier: «Ja.»", "Dyret tier."),
    ("Er det mat?", "Ja."),
    ("Hunden dør.", "«Dyr» er levende."),
    ("Hunden dør.", "[Katten lever.]"),
    ("Det gjaldt i 2008.", "Nå er det slutt."),
    ("Pensjonen er 2 G.", "Den stiger."),
    ("Gebyret er 4 pst.", "Det stiger."),
]


@pytest.mark.parametrize("text", ONE)
def test_one_sentence(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(("first", "second"), TWO)
def test_two_sentences(first: str, second: str) -> None:
    assert split(f"{first} {second}") == [first, second]


@pytest.mark.parametrize("word", sorted(UNFINISHED))
def test_no_sentence_ends_in_an_abbreviation(word: str) -> None:
    text = f"Se {word}. Dyreloven her."
    assert split(text) == [text]


def test_nothing_has_no_sentence() -> None:
    assert split("") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("skal straffes.", True),
        ("«og» er et ord", True),
        (", og mer", True),
        ("\N{EN DASH} \N{EN DASH} \N{EN DASH}", True),
        ("Kongen", False),
        ("§ 5", False),
    ],
)
def test_what_goes_on_after_a_list(text: str, expected: bool) -> None:
    assert continues(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("Ja.", True), ("(Ja.)", True), ("«Ja!»", True), ("(Svalbard)", False), ("", False)]
)
def test_what_is_finished(text: str, expected: bool) -> None:
    assert finished(text) is expected


_WORDS = st.sampled_from(
    [
        "Hund",
        "katt",
        "§",
        "5",
        "nr.",
        "jf.",
        "mv.",
        "a.",
        "1.",
        "IV.",
        "(se",
        "bok).",
        "«Ja.»",
        "Ja.",
        "nei!",
        "?",
        "\N{EN DASH} \N{EN DASH} \N{EN DASH}",
        "2. mai",
    ]
)


@given(st.lists(_WORDS))
def test_joined_sentences_are_the_text(words: list[str]) -> None:
    text = normalise(" ".join(words))
    assert " ".join(split(text)) == text


@given(st.text())
def test_joined_sentences_are_any_text(text: str) -> None:
    whole = normalise(text)
    parts = split(whole)
    assert " ".join(parts) == whole
    assert all(parts)
    assert not any(part[:1].islower() for part in parts[1:])
