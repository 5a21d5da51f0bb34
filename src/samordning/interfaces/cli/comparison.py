"""A comparison of two answers as text to read, or as rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samordning.answer.messages import message
from samordning.answer.page import Page
from samordning.answer.wording import Wording, capital, date_text

if TYPE_CHECKING:
    from samordning.answer.compare import Comparison, Difference, Side
    from samordning.engine.law import Law


def comparison_text(found: Comparison, law: Law, lang: str) -> str:
    """What differs, part by part, and which facts are asked for in only one of the answers."""
    page, words = Page(), Wording(law, lang)
    before, after = date_text(found.before, lang), date_text(found.after, lang)
    if found.before == found.after:
        page.heading(message("comparison-title-fact", lang, date=after), "=")
    else:
        page.heading(message("comparison-title", lang, before=before, after=after), "=")
    if not found.differences:
        page.paragraph(message("comparison-none", lang))
    for difference in found.differences:
        page.item(_line(difference, words, lang))
    for key, facts in (("comparison-found-out", found.no_longer_missing), ("comparison-missing", found.newly_missing)):
        if facts:
            page.gap()
            named = words.join(law.facts[fact].label(lang) for fact in facts)
            page.paragraph(message(key, lang, facts=named))
    return str(page)


def _line(difference: Difference, words: Wording, lang: str) -> str:
    about = _about(difference, words, lang)
    if difference.kind == "moved" and difference.before and difference.after:
        was, now = words.cite(difference.before.basis), words.cite(difference.after.basis)
        value = _value(difference.after, words, lang)
        return message("comparison-moved", lang, about=about, value=value, before=was, after=now)
    none = message("comparison-silent", lang)
    was = _value(difference.before, words, lang) if difference.before else none
    now = _value(difference.after, words, lang) if difference.after else none
    basis = words.basis(difference.after.basis) if difference.after else ""
    return message("comparison-changed", lang, about=about, before=was, after=now, basis=basis)


def _about(difference: Difference, words: Wording, lang: str) -> str:
    if difference.about == "coordinator":
        return capital(message("subject-coordinator", lang))
    label = capital(words.concept(f"duty-type/{difference.about}"))
    if difference.about == "complaint":
        return f"{label}, {message(f'about-{difference.service}', lang)}"
    return f"{label}, {words.service(difference.service)}" if difference.service else label


def _value(side: Side, words: Wording, lang: str) -> str:
    said = message(f"value-{side.value}", lang)
    return f"{said} ({words.service(side.service)})" if side.service else said


def comparison_rows(found: Comparison) -> list[dict[str, str]]:
    """One row per difference, with both sides."""
    return [
        {
            "about": difference.about,
            "service": difference.service or "",
            "kind": difference.kind,
            "before": difference.before.value if difference.before else "",
            "before_basis": " ".join(difference.before.basis) if difference.before else "",
            "after": difference.after.value if difference.after else "",
            "after_basis": " ".join(difference.after.basis) if difference.after else "",
        }
        for difference in found.differences
    ]
