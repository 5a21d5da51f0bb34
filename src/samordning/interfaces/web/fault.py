"""Errors in the reader's language. An error says what is wrong in exact English; here each such sentence has its words.

The sentences stand in ``faults.json``, with places in braces; a test holds them against those in the code.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from samordning.errors import sentence
from samordning.interfaces.web.text import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samordning.errors import SamordningError

SENTENCES: Final = Path(__file__).with_name("faults.json")
_PLACE: Final = re.compile(r"\\{(\w+)\\}")
_HINT: Final = re.compile(r"Did you mean (?P<near>[\w:./-]+)\?")
_KNOWN: Final = re.compile(r"Known here: (?P<known>[\w, -]+)")
_LINE: Final = re.compile(r"(?::|\bline )(\d+)$")
#: What stands for a key that looks like a sentence about somebody.
_NOT_SHOWN: Final = "(not shown)"


@dataclass(frozen=True)
class Fault:
    """What is wrong, where, and what to do. ``key`` names the sentence; ``exact`` is ours in English where there is none."""

    key: str
    text: str
    line: int | None = None
    field: str = ""
    """name of the field of a form"""
    exact: str = ""


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    found = json.loads(SENTENCES.read_text(encoding="utf-8"))
    # The longest first: a sentence with a place may also fit a longer one.
    ordered = sorted(found.items(), key=lambda item: (item[0].startswith("{"), -len(item[0])))
    return [(re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(text))), key) for text, key in ordered]


def find(what: str) -> tuple[str, dict[str, str]]:
    """The key of a sentence, and what stands in its places; no key where it is none of ours."""
    for pattern, key in _patterns():
        if matched := pattern.fullmatch(what):
            return key, matched.groupdict()
    return "", {}


def told(error: SamordningError, lang: str, names: Mapping[str, str]) -> Fault:
    """An error in a language. ``names`` says what keys and ids are called where the reader sees no file."""
    key, places = find(error.what)
    line = _LINE.search(error.where)
    where = {"line": int(line[1]) if line else None, "field": error.pointer.strip("/").replace("/", ".")}
    if not key:
        return Fault("", say(lang, "fault.unknown"), **where, exact=sentence(error.what))  # type: ignore[arg-type]
    said = {name: _named(value, names, lang) for name, value in places.items()}
    parts = [say(lang, f"fault.{key}", **said)]
    if hint := _HINT.search(error.todo):
        parts.append(say(lang, "fault.hint", near=_named(hint["near"], names, lang)))
    elif known := _KNOWN.search(error.todo):
        parts.append(say(lang, "fault.known", known=known["known"]))
    return Fault(key, " ".join(parts), **where)  # type: ignore[arg-type]


def _named(value: str, names: Mapping[str, str], lang: str) -> str:
    if value == _NOT_SHOWN:
        return say(lang, "fault.not-shown")
    return names.get(value, value)
