"""Texts of the pages: each noun in three languages, with the same keys and the same places to fill in."""

from __future__ import annotations

import json
import re

import pytest

from samordning.interfaces.web.text import FOLDER

NOUNS = sorted({path.name.partition(".")[0] for path in FOLDER.glob("*.json")})
PLACE = re.compile(r"\{(\w*)\}")


def test_there_are_texts() -> None:
    assert {"site", "front", "picture", "matrix"} <= set(NOUNS)


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_says_the_same_in_each_language(noun: str) -> None:
    texts = {
        lang: json.loads((FOLDER / f"{noun}.{lang}.json").read_text(encoding="utf-8")) for lang in ("nb", "nn", "en")
    }
    assert texts["nb"].keys() == texts["nn"].keys() == texts["en"].keys()
    for key, said in texts["nb"].items():
        for lang in ("nb", "nn", "en"):
            assert texts[lang][key].strip(), f"{lang}: {noun}.{key} is empty"
            assert sorted(PLACE.findall(texts[lang][key])) == sorted(PLACE.findall(said)), f"{lang}: {noun}.{key}"
