"""The texts of the pages: the same keys and places in each language, each used, and none asked for that is not there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "src" / "samordning" / "interfaces" / "web"
NOUNS = sorted({path.name.partition(".")[0] for path in (WEB / "messages").glob("*.json")})
LANGUAGES = ("nb", "nn", "en")
PLACES = re.compile(r"\{(\w*)")
#: ``t("noun.key"``, whole or, where a ~ follows, as the beginning of keys.
ASKED = re.compile(r"""\bt\(\s*["']([\w.-]+)["']\s*(~?)""")
#: The same in Python: a text that begins as a key does, whole or an f-string up to its first place.
WRITTEN = re.compile(rf"""["']((?:{"|".join(NOUNS)})\.[\w.-]*)(\{{?)""")
#: Files are named by nouns too.
FILES = (".css", ".js", ".html", ".svg", ".png", ".csv", ".pdf")
#: What t takes is sometimes a value that another template or module chose.
CHOSEN = re.compile(rf"""["']((?:{"|".join(NOUNS)})\.[a-z][\w.-]*)["']""")


def _texts(noun: str, lang: str) -> dict[str, str]:
    found = json.loads((WEB / "messages" / f"{noun}.{lang}.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def _keys() -> set[str]:
    return {f"{noun}.{key}" for noun in NOUNS for key in _texts(noun, "nb")}


def _asked() -> tuple[set[str], set[str]]:
    """Whole keys, and beginnings of keys, that templates and modules ask for."""
    whole: set[str] = set()
    begun: set[str] = set()
    for path in sorted((WEB / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for key, more in ASKED.findall(text):
            (begun if more else whole).add(key)
        whole |= set(CHOSEN.findall(text)) - begun
    for path in sorted(WEB.rglob("*.py")):
        for key, more in WRITTEN.findall(path.read_text(encoding="utf-8")):
            (begun if more or key.endswith(("-", ".")) else whole).add(key)
    return {key for key in whole if not key.endswith(FILES)}, begun


@pytest.mark.parametrize("noun", NOUNS)
def test_each_language_has_the_same_keys_and_places(noun: str) -> None:
    texts = {lang: _texts(noun, lang) for lang in LANGUAGES}
    assert texts["nb"]
    for lang in LANGUAGES:
        assert texts[lang].keys() == texts["nb"].keys(), lang
        for key, text in texts[lang].items():
            assert text.strip(), f"{lang}: {key}"
            assert set(PLACES.findall(text)) == set(PLACES.findall(texts["nb"][key])), f"{lang}: {key}"


def test_there_are_no_other_files() -> None:
    assert len(NOUNS) >= 2
    names = {path.name for path in (WEB / "messages").iterdir()}
    assert names == {f"{noun}.{lang}.json" for noun in NOUNS for lang in LANGUAGES}


def test_every_text_that_is_asked_for_is_there() -> None:
    whole, begun = _asked()
    keys = _keys()
    assert len(whole) > 50
    assert whole - keys == set()
    assert not {start for start in begun if not any(key.startswith(start) for key in keys)}


def test_every_text_is_asked_for() -> None:
    whole, begun = _asked()
    assert not {key for key in _keys() - whole if not any(key.startswith(start) for start in begun)}
