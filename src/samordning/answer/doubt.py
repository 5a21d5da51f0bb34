"""The parts of the memo on what is not settled: facts to find out, and words in the law that only an assessment can fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samordning.answer.messages import message
from samordning.answer.page import Ground

if TYPE_CHECKING:
    from samordning.answer.model import Answer
    from samordning.answer.page import Page
    from samordning.answer.wording import Wording


def find_out(page: Page, answer: Answer, words: Wording) -> None:
    """The facts that would change the answer, and what they matter for."""
    page.heading(message("find-out", words.lang), name="find-out")
    if not answer.missing_facts:
        page.paragraph(message("nothing-missing", words.lang))
    for missing in answer.missing_facts:
        line = message("find-out-line", words.lang, question=missing.question, why=missing.why)
        page.item(line, ground=Ground(missing.question, norms=missing.changes))
        page.paragraph(message("find-out-changes", words.lang, changes=matters(missing.changes, words)), "  ")


def matters(changes: list[str], words: Wording) -> str:
    """What norms and steps are about, each thing once."""
    return words.join(dict.fromkeys(words.subject(iri) for iri in changes))


def open_words(page: Page, answer: Answer, words: Wording) -> None:
    """The open words of the norms that apply or may apply."""
    if answer.open_norms:
        page.heading(message("open-words", words.lang), name="open-words")
    for word in answer.open_norms:
        line = message("open-word", words.lang, label=word.label, definition=word.definition)
        page.item(line, ground=Ground(norms=word.norms))
        for weighs in word.weighs_in:
            page.paragraph(message("weighs-in", words.lang, weighs=weighs), "  ")
