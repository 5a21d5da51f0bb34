"""The texts of the pages: the same keys in each language, each key used, the same places to fill."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from samordning.interfaces.web.text import FOLDER, catalogue

WEB = Path(FOLDER).parent
PLACES = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("lang", ["nn", "en"])
def test_each_language_says_the_same(lang: str) -> None:
    own, other = catalogue("nb"), catalogue(lang)
    assert len(own) > 200
    assert own.keys() == other.keys()
    for key, text in own.items():
        assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(other[key])), key
        assert other[key].strip() == other[key] != "", key


@pytest.mark.parametrize("noun", ["law", "search", "changes"])
def test_no_text_is_left_over(noun: str) -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in (*WEB.glob("templates/*.html"), *WEB.glob("*.py")))
    # A key may be put together of a part that stands in the page and one that the data gives.
    made = [
        re.escape(part)
        for part in re.findall(rf"[\"']{noun}\.([a-z-]*-)[\"'] ?~|{noun}\.([a-z-]*-){{", pages)
        for part in part
        if part
    ]
    for key in (key.partition(".")[2] for key in catalogue("nb") if key.startswith(noun + ".")):
        named = re.search(rf"[\"']{noun}\.{key}[\"']", pages)
        assert named or any(re.match(start, key) for start in made) or key.endswith(("-title", "-about", "-one")), key
