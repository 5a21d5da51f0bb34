"""A page of plain text: headings, paragraphs and items, wrapped to the width of a sheet."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samordning.answer.model import Reason

WIDTH: Final = 100


@dataclass(frozen=True)
class Ground:
    """What a line rests on. Plain text has no place for it; a page that can be opened up has."""

    lead: str = ""
    """the line in short, without its basis"""
    status: str | None = None
    reasons: Sequence[Reason] = ()
    because: Sequence[str] = ()
    """the reasons in words, one for each"""
    basis: Sequence[str] = ()
    norms: Sequence[str] = ()
    """IRIs of norms and steps"""
    reading: str | None = None


class Page:
    """Gathers lines. No line ends in a lone paragraph sign."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"

    def heading(self, text: str, rule: str = "-", name: str = "") -> None:
        """A heading with a line under it, and an empty line before it unless it is the first; ``name`` is its key."""
        del name
        self.gap()
        self._lines += [text, rule * len(text)]

    def paragraph(self, text: str, indent: str = "", ground: Ground | None = None) -> None:
        """A paragraph, with every line indented."""
        del ground
        self._wrap(text, indent, indent)

    def item(self, text: str, mark: str = "- ", ground: Ground | None = None) -> None:
        """An item of a list; the lines after the first stand under the text, not under the mark."""
        del ground
        self._wrap(text, mark, " " * len(mark))

    def summed(self, text: str, indent: str = "") -> None:
        """Reasons summed up under the line they belong to."""
        self.paragraph(text, indent)

    def noted(self, text: str) -> None:
        """A note to the line above."""
        self.paragraph(text, "  ")

    def gap(self) -> None:
        """An empty line, unless nothing stands above."""
        self._lines += [""] if self._lines else []

    def _wrap(self, text: str, first: str, rest: str) -> None:
        held = text.replace("§ ", "§\u00a0")
        lines = textwrap.wrap(held, WIDTH, initial_indent=first, subsequent_indent=rest)
        self._lines += [line.replace("\u00a0", " ") for line in lines]
