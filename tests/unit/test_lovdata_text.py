"""The form in which texts are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samordning.lovdata import digest, normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  to   ord\n", "to ord"),
        ("9\u00a0000 kroner", "9 000 kroner"),
        ("kom\u00admune", "kommune"),
        ("a\u030a", "å"),
        ("ord , og ( slik ) .", "ord, og ( slik)."),
        ("«ord »", "«ord»"),
        ("helse\u2011 og", "helse- og"),
        ("at ...", "at ..."),
        ("", ""),
    ],
)
def test_one_spelling(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text(alphabet=st.sampled_from("aå\u030aÅ .,;:()«»\u00ad\u00a0\n\u2011\N{EN DASH}§19\u037e")))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_normalising_any_text_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert digest(text) == digest(once)


@given(st.lists(st.text(alphabet="abcæøå", min_size=1), min_size=1), st.sampled_from([" ", "\n", "\u00a0", " \t "]))
def test_white_space_does_not_change_the_hash(words: list[str], space: str) -> None:
    assert digest(space.join(words)) == digest(" ".join(words))


def test_a_changed_word_changes_the_hash() -> None:
    assert digest("Kommunen skal.") != digest("Kommunen kan.")
    assert len(digest("")) == 64
