"""A page of plain text: headings, paragraphs and items, wrapped to the width of a sheet."""

from __future__ import annotations

import textwrap
from typing import Final

WIDTH: Final = 100


class Page:
    """Gathers lines. No line ends in a lone paragraph sign."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"

    def heading(self, text: str, rule: str = "-") -> None:
        """A heading with a line under it, and an empty line before it unless it is the first."""
        self.gap()
        self._lines += [text, rule * len(text)]

    def paragraph(self, text: str, indent: str = "") -> None:
        """A paragraph, with every line indented."""
        self._wrap(text, indent, indent)

    def item(self, text: str, mark: str = "- ") -> None:
        """An item of a list; the lines after the first stand under the text, not under the mark."""
        self._wrap(text, mark, " " * len(mark))

    def gap(self) -> None:
        """An empty line, unless nothing stands above."""
        self._lines += [""] if self._lines else []

    def _wrap(self, text: str, first: str, rest: str) -> None:
        held = text.replace("§ ", "§\u00a0")
        lines = textwrap.wrap(held, WIDTH, initial_indent=first, subsequent_indent=rest)
        self._lines += [line.replace("\u00a0", " ") for line in lines]
