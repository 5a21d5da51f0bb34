"""Texts of our own that a user reads, in nb, nn and en: one file per language, the same keys in each."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).with_name("messages")


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Every text in one language."""
    texts: dict[str, str] = json.loads((FOLDER / f"{lang}.json").read_text(encoding="utf-8"))
    return texts


def message(key: str, lang: str, **values: object) -> str:
    """One text with its places filled in."""
    return catalogue(lang)[key].format(**values)
