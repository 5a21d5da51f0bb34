"""Tables as text to read, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
import shutil
import textwrap
from typing import TYPE_CHECKING, Any

from samordning.answer.messages import message
from samordning.answer.wording import date_text, full_citation
from samordning.engine import citation
from samordning.namespaces import THINGS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from samordning.answer.diff import Change
    from samordning.answer.matrix import MatrixRow
    from samordning.engine.law import Law
    from samordning.engine.query import Query

#: Stands where an act has no such rule.
_NONE = "\u2013"

#: A cell that begins so would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], form: str) -> str:
    """Rows in the given form: text, csv or json."""
    if form == "json":
        return json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=2, default=str) + "\n"
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([[_safe(row.get(column)) for column in columns] for row in rows])
        return out.getvalue()
    return _text(columns, [[_short(row.get(column)) for column in columns] for row in rows])


def _safe(value: object) -> str:
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(_FORMULA) else text


def _short(value: object) -> str:
    return "" if value is None else str(value).removeprefix(THINGS)


def _text(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    width = max(60, shutil.get_terminal_size((120, 24)).columns)
    widths = [
        max(len(line) for line in [column, *(row[number] for row in rows)]) for number, column in enumerate(columns)
    ]
    spare = width - 2 * (len(columns) - 1)
    while sum(widths) > spare and max(widths) > 12:  # noqa: PLR2004  # narrower than a word is not readable
        widths[widths.index(max(widths))] -= 1
    lines = ["  ".join(column.ljust(size) for column, size in zip(columns, widths, strict=True)).rstrip()]
    lines.append("  ".join("-" * size for size in widths))
    for row in rows:
        cells = [textwrap.wrap(cell, size) or [""] for cell, size in zip(row, widths, strict=True)]
        for number in range(max(len(cell) for cell in cells)):
            parts = [
                (cell[number] if number < len(cell) else "").ljust(size)
                for cell, size in zip(cells, widths, strict=True)
            ]
            lines.append("  ".join(parts).rstrip())
    return "\n".join(lines) + "\n"


def matrix_text(rows: Sequence[MatrixRow], date: dt.date, lang: str) -> str:
    """The matrix to read: one line per act, sections as a lawyer writes them."""
    shown = ("individual", "system", "coordination", "plan", "plan_participation")
    heads = [message("column-act", lang), *(message(f"column-{column}", lang) for column in shown)]
    body = [
        [
            f"{row.title[lang]}",
            *(", ".join(_compact(address) for address in getattr(row, column)) or _NONE for column in shown),
        ]
        for row in rows
    ]
    return message("matrix-title", lang, date=date_text(date, lang)) + "\n\n" + _text(heads, body)


def _compact(address: str) -> str:
    parsed = citation.parse(address)
    steps = {"ledd": "({})", "setning": " p{}", "bokstav": " {}", "nummer": " nr. {}"}
    return citation.section(parsed.paragraph or "") + "".join(steps[kind].format(value) for kind, value in parsed.parts)


def diff_text(changes: Sequence[Change], law: Law, start: dt.date, end: dt.date, lang: str) -> str:
    """Changes to read: by the day they took effect, each with where it stands and what it says."""
    title = message("diff-title", lang, start=date_text(start, lang), end=date_text(end, lang))
    lines = [title, "=" * len(title)]
    if not changes:
        return "\n".join([*lines, "", message("diff-none", lang)]) + "\n"
    day: dt.date | None = None
    for change in changes:
        if change.since and change.since != day:
            day = change.since
            lines += ["", date_text(day, lang)]
        before = ", ".join(full_citation(address, law, lang) for address in change.before)
        kind = (
            message(f"diff-{change.kind}", lang, before=before)
            if change.kind == "moved"
            else message(f"diff-{change.kind}", lang)
        )
        where = full_citation(change.after or change.before[0], law, lang)
        lines += textwrap.wrap(f"{kind}: {where}: {change.label}", 100, initial_indent="- ", subsequent_indent="  ")
    return "\n".join(lines) + "\n"


def query_list(queries: Mapping[str, Query]) -> str:
    """The queries a user may ask by name, with their parameters."""
    lines = []
    for query in queries.values():
        if not query.internal:
            parameters = " ".join(
                f"-p {parameter.name}=..." for parameter in query.parameters if parameter.name not in ("date", "lang")
            )
            lines += [f"{query.name} {parameters}".rstrip(), f"    {query.question}"]
    return "\n".join(lines) + "\n"
