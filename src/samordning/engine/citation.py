"""Addresses in Lovdata's grammar, written the way a lawyer cites them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_ADDRESS: Final = re.compile(
    r"^(?P<act>(?:lov|forskrift)/[\d-]+)(?:/§(?P<paragraph>[\dA-Za-z-]+))?(?P<rest>(?:/(?:ledd|setning|bokstav|nummer)/[^/]+)*)$"
)
_PART: Final = re.compile(r"/(ledd|setning|bokstav|nummer)/([^/]+)")
_ORDINALS: Final = {
    "nb": ["første", "andre", "tredje", "fjerde", "femte", "sjette", "sjuende", "åttende", "niende", "tiende"],
    "nn": ["første", "andre", "tredje", "fjerde", "femte", "sjette", "sjuande", "åttande", "niande", "tiande"],
    "en": ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"],
}
_WORDS: Final = {
    "nb": {"ledd": "{} ledd", "setning": "{} punktum", "bokstav": "bokstav {}", "nummer": "nr. {}"},
    "nn": {"ledd": "{} ledd", "setning": "{} punktum", "bokstav": "bokstav {}", "nummer": "nr. {}"},
    "en": {"ledd": "{} subsection", "setning": "{} sentence", "bokstav": "letter {}", "nummer": "no. {}"},
}


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address: act, section and the steps below it."""

    act: str
    paragraph: str | None
    parts: tuple[tuple[str, str], ...]

    @property
    def section(self) -> str:
        """Address of the whole section (§)."""
        return f"{self.act}/§{self.paragraph}" if self.paragraph else self.act


@lru_cache(maxsize=4096)
def parse(address: str) -> Address:
    """Take an address apart.

    Raises:
        ValueError: it is not of Lovdata's form.
    """
    found = _ADDRESS.match(address)
    if not found:
        raise ValueError(f"not an address: {address}")
    return Address(
        found["act"], found["paragraph"], tuple((kind, value) for kind, value in _PART.findall(found["rest"]))
    )


def section(paragraph: str) -> str:
    """``2-1e`` as it is printed: ``§ 2-1 e``."""
    return "§ " + re.sub(r"(?<=\d)(?=[a-zæøå]$)", " ", paragraph)


@lru_cache(maxsize=4096)
def below(address: str, lang: str) -> str:
    """The section and what is below it, without the act: ``§ 3-4 andre ledd første punktum``."""
    parsed = parse(address)
    words = [section(parsed.paragraph)] if parsed.paragraph else []
    for kind, value in parsed.parts:
        ordinals = _ORDINALS[lang]
        number = int(value) if value.isdigit() else 0
        shown = ordinals[number - 1] if kind in ("ledd", "setning") and 0 < number <= len(ordinals) else value
        words.append(_WORDS[lang][kind].format(shown))
    return " ".join(words)
