"""One provision to read: its wordings, the norms read out of it, and Lovdata's words where they have been imported."""

from __future__ import annotations

import datetime as dt
import textwrap
from typing import TYPE_CHECKING

from samordning.answer.messages import message
from samordning.answer.page import WIDTH
from samordning.answer.wording import date_text, full_citation, span_text
from samordning.engine import citation
from samordning.errors import DatasetError, NotFound
from samordning.lovdata.store import open_store
from samordning.lovdata.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from samordning.engine.law import Law, Norm, Version
    from samordning.lovdata.store import OfficialText


def official(law: Law, addresses: Iterable[str], date: dt.date, store: Path | None) -> dict[str, OfficialText]:
    """Lovdata's words for the addresses; none where nothing was imported and no store was named.

    Raises:
        DatasetError: the named store can't be opened.
    """
    try:
        opened = open_store(store)
    except DatasetError:
        if store is not None:
            raise
        return {}
    with opened:
        return words(opened, law, addresses, date)


def words_text(law: Law, found: dict[str, OfficialText], lang: str) -> str:
    """Official words as a section of a report, each with its citation, and whose they are."""
    if not found:
        return message("words-missing", lang) + "\n"
    heading = message("words", lang)
    lines = [heading, "-" * len(heading)]
    for address, text in found.items():
        lines.append(f"{full_citation(address, law, lang)}:")
        for paragraph in text.text.splitlines():
            lines += textwrap.wrap(paragraph, WIDTH, initial_indent="    ", subsequent_indent="    ")
    days = sorted({text.snapshot for text in found.values()})
    lines.append(message("words-source", lang, date=", ".join(date_text(day, lang) for day in days)))
    return "\n".join(lines) + "\n"


def provision_text(law: Law, address: str, date: dt.date, lang: str, store: Path | None) -> str:
    """Everything about one provision on a date.

    Raises:
        NotFound: it is no address, or no norm in the data stands there.
    """
    try:
        parsed = citation.parse(address)
    except ValueError:
        raise NotFound(
            "This is not an address", todo="Write it as Lovdata does: act, section, ledd, sentence"
        ) from None
    norms = [norm for norm in law.by_section.get(parsed.section, ()) if f"{norm.address}/".startswith(f"{address}/")]
    if not norms:
        raise NotFound("No norm in the data stands there", todo="samordning matrix shows where the duties stand")
    title = message("provision-title", lang, citation=full_citation(address, law, lang))
    lines = [title, "=" * len(title), "", message("provision-versions", lang)]
    lines += [f"- {span_text(version.entered, version.last_day, lang)}" for version in _versions(norms)]
    lines += ["", message("provision-norms", lang)]
    for norm in sorted(norms, key=lambda norm: (norm.address, norm.key)):
        if norm.version(date):
            text = f"{citation.below(norm.address, lang)}: {norm.label(lang)}"
            lines += textwrap.wrap(text, WIDTH, initial_indent="- ", subsequent_indent="  ")
    found = official(law, [address], date, store)
    return "\n".join([*lines, "", words_text(law, found, lang)])


def _versions(norms: Iterable[Norm]) -> list[Version]:
    found = {version.iri: version for norm in norms for version in norm.versions}
    return sorted(found.values(), key=lambda version: version.entered or dt.date.max)
