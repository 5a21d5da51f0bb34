"""An explanation as text to read."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from samordning.answer.explain import weight
from samordning.answer.messages import message
from samordning.answer.page import WIDTH
from samordning.answer.wording import span_text

if TYPE_CHECKING:
    from samordning.answer.explain import Explanation, RowPart
    from samordning.engine.law import Law


def explanation_text(found: Explanation, law: Law, lang: str) -> str:
    """The whole explanation: where the norm stands, since when, what it hangs on and how each part came out."""

    def say(key: str, **values: object) -> str:
        return message(key, lang, **values)

    lines = [*textwrap.wrap(found.label, WIDTH), ""]
    if found.bearer:
        bearer = law.bodies[found.bearer].label(lang)
        stands = say("explain-stands", citation=found.provision.citation, bearer=bearer, named=found.bearer_as_named)
    else:
        stands = say("explain-stands-nobody", citation=found.provision.citation)
    lines += textwrap.wrap(stands, WIDTH)
    lines += [f"- {span_text(version.in_force, version.last_day, lang)}" for version in found.versions]
    lines.append(say("explain-reading", reading=law.concepts[f"reading/{found.reading}"].label(lang)))
    if found.replaces:
        labels = [law.norms[iri.rsplit("/", 1)[-1]].address for iri in found.replaces]
        lines += textwrap.wrap(say("explain-replaces", norms=", ".join(labels)), WIDTH)
    if found.note:
        lines += textwrap.wrap(say("note-line", note=found.note), WIDTH)
    lines.append("")
    if not found.in_force:
        lines.append(say("explain-not-in-force"))
    elif found.status:
        lines.append(say("explain-status", status=say(f"status-{found.status}")))
    lines += textwrap.wrap(say("explain-rows"), WIDTH)
    for number, row in enumerate(sorted(found.rows, key=lambda row: weight(row.status)), start=1):
        lines += ["", *_row(row, number, lang)]
    return "\n".join(lines) + "\n"


def _row(row: RowPart, number: int, lang: str) -> list[str]:
    if row.status:
        lines = [message("explain-row-status", lang, number=number, status=message(f"status-{row.status}", lang))]
    else:
        lines = [message("explain-row", lang, number=number)]
    for test in row.tests:
        state = message(f"state-{test.state}", lang)
        derived = f" ({message('explain-derived', lang)})" if test.derived else ""
        lines.append(f"- {test.label}: {state}{derived}" if state else f"- {test.label}")
    if row.note:
        lines += textwrap.wrap(
            message("note-line", lang, note=row.note), WIDTH, initial_indent="  ", subsequent_indent="  "
        )
    return lines
