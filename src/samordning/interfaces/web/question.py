"""Questions that a form asks: those that were answered, then those that can still change the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from samordning.answer import doubt
from samordning.answer.wording import Wording, capital
from samordning.interfaces.web.sheet import links
from samordning.interfaces.web.text import catalogue, say

if TYPE_CHECKING:
    from samordning.answer.model import Answer
    from samordning.engine.law import Law, Thing
    from samordning.interfaces.web.draft import Draft
    from samordning.interfaces.web.sheet import Link


@dataclass(frozen=True)
class Question:
    """One question about a fact, with the answers to choose between; a number has none."""

    key: str
    section: str
    kind: str
    text: str
    why: str
    value: str
    options: tuple[tuple[str, str], ...]
    answered: bool
    matters: str
    norms: tuple[Link, ...]


def asked(draft: Draft, answer: Answer | None, law: Law, lang: str) -> list[Question]:
    """The questions to show. What was answered stays where it is, so that it can be changed or taken back."""
    changes = {missing.fact: missing.changes for missing in answer.missing_facts} if answer else {}
    done = draft.answered(law)
    wanted = [*done, *(fact for fact in changes if fact not in done)]
    return [question(law.facts[key], draft, changes.get(key, []), law, lang) for key in wanted]


def person(draft: Draft, law: Law, lang: str) -> list[Question]:
    """What is asked about who the person is: numbers first, then what is ticked, then what is chosen."""
    order = ("integer", "boolean", "choice")
    facts = [fact for fact in law.facts.values() if fact.one("section") == "person"]
    facts.sort(key=lambda fact: order.index(str(fact.one("valueKind"))))
    return [question(fact, draft, [], law, lang) for fact in facts]


def given(draft: Draft, law: Law, lang: str) -> list[tuple[str, str]]:
    """What was said about the person and the case, each with its name, as someone would read it aloud."""
    found = []
    for key in (*(fact.key for fact in person(draft, law, lang)), *draft.answered(law)):
        one = question(law.facts[key], draft, [], law, lang)
        if one.answered:
            found.append((capital(law.facts[key].label(lang)), dict(one.options).get(one.value, one.value)))
    return found


def question(fact: Thing, draft: Draft, changes: list[str], law: Law, lang: str) -> Question:
    """One fact as a question."""
    words = Wording(law, lang)
    value = draft.text(fact.id)
    return Question(
        key=fact.id,
        section=str(fact.one("section")),
        kind=str(fact.one("valueKind")),
        text=fact.texts("question")(lang),
        why=fact.texts("why")(lang),
        value=value,
        options=tuple(_options(fact, value, draft, words)),
        answered=value != "",
        matters=doubt.matters(changes, words) if changes else "",
        norms=tuple(links(changes, words)),
    )


def _options(fact: Thing, value: str, draft: Draft, words: Wording) -> list[tuple[str, str]]:
    lang = words.lang
    kind = str(fact.one("valueKind"))
    if kind == "boolean":
        # Not yet assessed is an answer where the fact is an assessment, and wherever someone has given it.
        states = ["true", "false", "unknown", *(["open"] if fact.strings("assesses") or value == "open" else [])]
        return [(state, say(lang, f"ask.answer-{state}")) for state in states]
    unknown = ("unknown", say(lang, "ask.answer-unknown"))
    if kind == "choice":
        return [*_choices(fact, lang), unknown]
    if kind == "service":
        open_ = [("open", say(lang, "ask.answer-open"))] if value == "open" else []
        named = [(key, capital(words.service(key))) for key in draft.services]
        return [*named, ("none", say(lang, "ask.answer-none")), unknown, *open_]
    return []


def _choices(fact: Thing, lang: str) -> list[tuple[str, str]]:
    # In the order in which the texts name them, the youngest first.
    texts = catalogue(lang)
    known = [key.removeprefix("ask.choice-") for key in texts if key.startswith("ask.choice-")]
    found = fact.strings("choice")
    ordered = [*(one for one in known if one in found), *(one for one in found if one not in known)]
    return [(one, texts.get(f"ask.choice-{one}", one)) for one in ordered]
