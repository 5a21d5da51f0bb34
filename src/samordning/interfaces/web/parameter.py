"""The parameters of a question with a name as fields of a form: dates, choices from what the data holds, or text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from samordning.engine import citation
from samordning.interfaces.web.text import catalogue
from samordning.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from samordning.engine.law import Law, Thing
    from samordning.engine.query import Parameter, Query
    from samordning.interfaces.web.label import Labels

#: The first part of the names of concepts that a parameter takes, by its name.
_SCHEMES = {"type": "duty-type", "open": "open-norm", "place": "territory", "extent": "extent"}
_LONGEST = 110


@dataclass(frozen=True)
class Choice:
    """One thing to choose."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One field: ``groups`` of choices by heading (empty where there is but one), or none for text and dates."""

    name: str
    label: str
    kind: str
    value: str
    hint: str = ""
    groups: Mapping[str, Sequence[Choice]] | None = None


class Fields:
    """Makes the fields of any question."""

    def __init__(self, law: Law, labels: Labels) -> None:
        self._law, self._labels = law, labels
        # Lists of what the data holds never change, and the longest takes 10 ms to make.
        self._held = cache(self._made)

    def of(self, query: Query, given: Mapping[str, str], today: str, lang: str) -> list[Field]:
        """The fields, with what was given or an example in them. The language is that of the page."""
        return [self._field(query, one, given, today, lang) for one in query.parameters if one.name != "lang"]

    def _field(self, query: Query, one: Parameter, given: Mapping[str, str], today: str, lang: str) -> Field:
        texts = catalogue(lang)
        label = texts.get(f"query.parameter-{query.name}-{one.name}") or texts[f"query.parameter-{one.name}"]
        if one.kind == "xsd:date":
            return Field(one.name, label, "date", given.get(one.name, one.example or today))
        value = given.get(one.name, one.example)
        groups = (
            {"": [Choice(value, self._named(value, lang)) for value in one.choices]}
            if one.choices
            else self._held(one.name, lang)
        )
        if not groups:
            return Field(one.name, label, "text", value, one.example)
        known = {choice.value for choices in groups.values() for choice in choices}
        if value not in known:
            # What the address names stays, so that the form never asks something else than was asked.
            groups = {**groups, "": [Choice(value, value), *groups.get("", ())]}
        return Field(one.name, label, "choice", value, groups=groups)

    def _made(self, name: str, lang: str) -> dict[str, list[Choice]]:
        if name in _SCHEMES:
            start = _SCHEMES[name]
            named = (thing for key, thing in self._law.concepts.items() if key.startswith(start + "/"))
            return {"": _sorted(_things(named, start, lang))}
        things: dict[str, Iterable[Thing]] = {
            "service": self._law.selectable,
            "fact": self._law.facts.values(),
            "step": self._law.steps,
        }
        if name in things:
            return {"": _sorted(_things(things[name], name, lang))}
        if name == "act":
            return {"": _sorted(Choice(key, act.label(lang)) for key, act in self._law.acts.items())}
        if name == "norm":
            return self._norms(lang)
        return self._sections(lang) if name == "section" else {}

    def _named(self, value: str, lang: str) -> str:
        prefix, colon, rest = value.partition(":")
        if colon and prefix in PREFIXES:
            return self._labels.iri(PREFIXES[prefix] + rest, lang).text
        return catalogue(lang).get(f"query.value-{value}", value)

    def _norms(self, lang: str) -> dict[str, list[Choice]]:
        groups: dict[str, list[Choice]] = {}
        for norm in sorted(self._law.norms.values(), key=lambda norm: (_order(norm.address), norm.key)):
            text = f"{citation.below(norm.address, lang)}: {norm.label(lang)}"
            short = text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
            groups.setdefault(self._act(norm.act, lang), []).append(Choice(f"norm:{norm.key}", short))
        return dict(sorted(groups.items()))

    def _sections(self, lang: str) -> dict[str, list[Choice]]:
        groups: dict[str, list[Choice]] = {}
        for address in sorted(self._law.by_section, key=_order):
            act = citation.parse(address).act
            groups.setdefault(self._act(act, lang), []).append(Choice(address, citation.below(address, lang)))
        return dict(sorted(groups.items()))

    def _act(self, act: str, lang: str) -> str:
        found = self._law.acts.get(act)
        return found.label(lang) if found else act


def _things(things: Iterable[Thing], prefix: str, lang: str) -> Iterable[Choice]:
    return (Choice(f"{prefix}:{thing.id.removeprefix(prefix + '/')}", thing.label(lang)) for thing in things)


def _sorted(choices: Iterable[Choice]) -> list[Choice]:
    return sorted(choices, key=lambda choice: (choice.label.casefold(), choice.value))


def _order(address: str) -> tuple[tuple[int, str], ...]:
    # Numbers in order of size: § 3-4 before § 12-1.
    parts = address.replace("§", "").replace("/", "-").split("-")
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in parts)
