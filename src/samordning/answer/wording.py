"""How services, provisions, dates and lists are said in a sentence, in nb, nn or en."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from samordning.answer.messages import message
from samordning.engine import citation
from samordning.namespaces import local

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from samordning.engine.law import Law, Norm

_MONTHS: Final = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "nn": "januar februar mars april mai juni juli august september oktober november desember",
    "en": "January February March April May June July August September October November December",
}


def date_text(date: dt.date, lang: str) -> str:
    """A date written out: ``1. august 2022``, ``1 August 2022``."""
    month = _MONTHS[lang].split()[date.month - 1]
    return f"{date.day} {month} {date.year}" if lang == "en" else f"{date.day}. {month} {date.year}"


def span_text(entered: dt.date | None, last: dt.date | None, lang: str) -> str:
    """From when to when a wording holds: ``from 1 August 2022 to 31 July 2024``."""
    if entered is None:
        return message("date-unknown", lang)
    if last is None:
        return message("provision-since", lang, entered=date_text(entered, lang))
    return message("provision-span", lang, entered=date_text(entered, lang), until=date_text(last, lang))


def capital(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def full_citation(address: str, law: Law, lang: str) -> str:
    """One address as a lawyer writes it, with the name of the act."""
    act = citation.parse(address).act
    thing = law.acts.get(act)
    return f"{thing.label(lang) if thing else act} {citation.below(address, lang)}".rstrip()


@dataclass(frozen=True)
class Wording:
    """Says things of the law in one language."""

    law: Law
    lang: str

    def service(self, key: str) -> str:
        """The name of a service, as it stands in a sentence."""
        return self.law.services[key].texts("definiteLabel")(self.lang)

    def services(self, keys: Iterable[str]) -> str:
        """Names of services as a list in a sentence."""
        return self.join([self.service(key) for key in keys])

    def body(self, key: str) -> str:
        """The name of a body."""
        return self.law.bodies[key].label(self.lang)

    def concept(self, key: str) -> str:
        """The label of a concept, such as ``level/state``."""
        return self.law.concepts[key].label(self.lang)

    def join(self, words: Iterable[str], last: str = "and") -> str:
        """Words as a list in a sentence: ``a, b and c``; ``last`` is the key of the word before the last one."""
        found = list(words)
        if len(found) < 2:  # noqa: PLR2004  # one word needs no "and"
            return "".join(found)
        return f"{', '.join(found[:-1])} {message(last, self.lang)} {found[-1]}"

    def act(self, address: str) -> str:
        """The name of the act an address belongs to."""
        act = citation.parse(address).act
        thing = self.law.acts.get(act)
        return thing.label(self.lang) if thing else act

    def norm(self, iri: str) -> Norm:
        """The norm with this IRI."""
        return self.law.norms[local(iri).removeprefix("norm/")]

    def cite(self, addresses: Iterable[str]) -> str:
        """Addresses in words, those of one act together."""
        by_act: dict[str, list[str]] = {}
        for address in dict.fromkeys(addresses):
            by_act.setdefault(citation.parse(address).act, []).append(citation.below(address, self.lang))
        parts = []
        for act, places in by_act.items():
            thing = self.law.acts.get(act)
            parts.append(f"{thing.label(self.lang) if thing else act} {self.join(places)}")
        return "; ".join(parts)

    def basis(self, addresses: Iterable[str]) -> str:
        """Addresses in words between brackets, after a space; nothing where there are none."""
        said = self.cite(addresses)
        return message("basis-in", self.lang, basis=said) if said else ""

    def subject(self, iri: str) -> str:
        """What a norm or a step is about: its duty type, or who coordinates or leads the plan."""
        for step in self.law.steps:
            if step.iri == iri:
                return message(f"subject-{step.one('answers')}", self.lang)
        norm = self.norm(iri)
        return self.concept(f"duty-type/{min(norm.types)}")
