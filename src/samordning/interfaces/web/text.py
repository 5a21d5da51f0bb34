"""Texts of the pages in nb, nn and en: one file per noun and language, the same keys in each language."""

from __future__ import annotations

import json
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER: Final = Path(__file__).with_name("messages")


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Every text in one language, by ``noun.key``."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob(f"*.{lang}.json")):
        noun = path.name.partition(".")[0]
        texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        found |= {f"{noun}.{key}": text for key, text in texts.items()}
    return found


def say(lang: str, key: str, /, **values: object) -> str:
    """One text with its places filled in."""
    return catalogue(lang)[key].format(**values)


def sayer(lang: str) -> Callable[..., str]:
    """``say`` in one language, as templates call it."""
    return partial(say, lang)
