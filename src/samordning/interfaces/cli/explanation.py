"""An explanation as text to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samordning.answer.explain import weight
from samordning.answer.messages import message
from samordning.answer.page import Page
from samordning.answer.wording import Wording, date_text, span_text

if TYPE_CHECKING:
    from samordning.answer.explain import Explanation, RowPart
    from samordning.engine.law import Law


def explanation_text(found: Explanation, law: Law, lang: str) -> str:
    """The whole explanation: where the norm stands, since when, what it hangs on and how each part came out."""
    page, words = Page(), Wording(law, lang)
    page.paragraph(found.label)
    page.gap()
    _source(page, found, words)
    page.gap()
    _outcome(page, found, words)
    page.paragraph(message("explain-rows", lang))
    for number, row in enumerate(sorted(found.rows, key=lambda row: weight(row.status)), start=1):
        page.gap()
        _row(page, row, number, lang)
    if found.open_words:
        page.heading(message("open-words", lang))
    for word in found.open_words:
        page.item(message("open-word", lang, label=word.label, definition=word.definition))
        for weighs in word.weighs_in:
            page.paragraph(message("weighs-in", lang, weighs=weighs), "  ")
    page.gap()
    when = date_text(found.receipt.date, lang)
    page.paragraph(message("explain-receipt", lang, date=when, dataset=found.receipt.dataset[:19]))
    return str(page)


def _source(page: Page, found: Explanation, words: Wording) -> None:
    def say(key: str, **values: object) -> str:
        return message(key, words.lang, **values)

    citation = found.provision.citation
    if found.bearer:
        bearer = words.body(found.bearer)
        page.paragraph(say("explain-stands", citation=citation, bearer=bearer, named=found.bearer_as_named))
    else:
        page.paragraph(say("explain-stands-nobody", citation=citation))
    for version in found.versions:
        page.item(span_text(version.in_force, version.last_day, words.lang))
    page.paragraph(say("explain-reading", reading=words.concept(f"reading/{found.reading}")))
    if found.replaces:
        before = (words.law.norms[iri.rsplit("/", 1)[-1]].address for iri in found.replaces)
        page.paragraph(say("explain-replaces", norms=words.cite(before)))
    if found.note:
        page.paragraph(say("note-line", note=found.note))


def _outcome(page: Page, found: Explanation, words: Wording) -> None:
    if not found.in_force:
        page.paragraph(message("explain-not-in-force", words.lang))
    elif found.status:
        status = message(f"status-{found.status}", words.lang)
        page.paragraph(message("explain-status", words.lang, status=status))
        page.paragraph(message("explain-because", words.lang, reasons="; ".join(found.because)))
    if found.missing:
        facts = words.join(words.law.facts[fact].label(words.lang) for fact in found.missing)
        page.paragraph(message("explain-missing", words.lang, facts=facts))


def _row(page: Page, row: RowPart, number: int, lang: str) -> None:
    if row.status:
        page.paragraph(message("explain-row-status", lang, number=number, status=message(f"status-{row.status}", lang)))
    else:
        page.paragraph(message("explain-row", lang, number=number))
    for test in row.tests:
        state = message(f"state-{test.state}", lang)
        derived = f" ({message('explain-derived', lang)}: {test.rule})" if test.rule else ""
        page.item(f"{test.label}: {state}{derived}" if state else test.label)
    if row.note:
        page.paragraph(message("note-line", lang, note=row.note), "  ")
