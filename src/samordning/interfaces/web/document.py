"""A record as a YAML file with comments: one that is filled in, or an empty one with every key to fill in."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from samordning.check.vocabulary import CASE, NONE, SETUP
from samordning.interfaces.web.record import HEAD
from samordning.interfaces.web.text import say
from samordning.namespaces import term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from samordning.check.checker import Checker
    from samordning.check.vocabulary import Term

_ID: Final = re.compile(r"[a-z][a-z0-9-]*|\d{4}-\d{2}-\d{2}")
_WORDS: Final = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
_TRUTH: Final = "true, false"


def write(data: Mapping[str, Any], checker: Checker, scope: str, lang: str) -> str:
    """What a record says, with a comment on each line of it. The record has been checked."""
    return _Writer(checker, lang, data, whole=False).text(scope)


def blank(checker: Checker, scope: str, lang: str) -> str:
    """Every key that a record may have, without a value, with what it is about and what it takes."""
    return _Writer(checker, lang, {}, whole=True).text(scope)


class _Writer:
    def __init__(self, checker: Checker, lang: str, data: Mapping[str, Any], *, whole: bool) -> None:
        self.checker, self.law, self.lang, self.data, self.whole = checker, checker.kg.law, lang, data, whole

    def text(self, scope: str) -> str:
        """The whole file."""
        lines = self._case() if scope == "case" else self._setup()
        head = [f"# {self._say(f'file-{scope}')}", f"# {self._say('file-how')}"]
        services = [f"#   {one.id}: {one.label(self.lang)}" for one in self.law.selectable] if self.whole else []
        ids = [f"# {self._say('file-services')}", *services] if self.whole else []
        return "\n".join([*head, *ids, *lines]) + "\n"

    def _case(self) -> Iterator[str]:
        yield from self._field("", "date", self._say("date"), "2026-03-01", self.data.get("date"))
        yield from self._field("", "municipality", self._say("municipality"), '"4601"', self.data.get("municipality"))
        yield from self._section("person")
        yield from self._services("", self.data.get("services"))
        yield from self._section("facts")
        yield "record:"
        yield from self._level(CASE, self.data.get("record") or {}, "  ")

    def _setup(self) -> Iterator[str]:
        yield from self._field("", "date", self._say("date"), "2026-03-01", self.data.get("date"))
        yield "setup:"
        head = self.data.get("setup") or {}
        for key, takes in HEAD.items():
            if key == "services":
                yield from self._services("  ", head.get(key))
            else:
                options = self._options(takes) if takes != "text" else self._say("takes-text")
                yield from self._field("  ", key, self._say(f"setup-{key}"), options, head.get(key))
        yield from self._level(SETUP, self.data, "")

    def _services(self, indent: str, value: object) -> Iterator[str]:
        yield f"{indent}# {self._say('services')}"
        yield f"{indent}services: {self._scalar(value or [])}"

    def _section(self, section: str) -> Iterator[str]:
        given = self.data.get(section) or {}
        facts = [fact for key, fact in self.law.facts.items() if fact.one("section") == section]
        if not self.whole and not given:
            return
        yield f"{section}:"
        for fact in facts:
            kind = str(fact.one("valueKind"))
            takes = {"boolean": f"{_TRUTH}, unknown, open", "service": self._say("takes-service")}.get(kind)
            takes = takes or ", ".join(fact.strings("choice")) or self._say("takes-number")
            if fact.id in given and given[fact.id] is None and kind == "service":
                yield from (f"  # {fact.texts('question')(self.lang)} ({takes})", f"  {fact.id}: null")
            else:
                yield from self._field("  ", fact.id, fact.texts("question")(self.lang), takes, given.get(fact.id))

    def _level(self, kind: str, data: Mapping[str, Any], indent: str) -> Iterator[str]:
        part = ""
        for one in self.checker.vocabulary.terms[kind].values():
            value: Any = data
            for key in one.key:
                value = value.get(key) if isinstance(value, dict) else None
            if value is None and not self.whole:
                continue
            deeper = indent + "  " * (len(one.key) - 1)
            if len(one.key) > 1 and one.key[0] != part:
                if one.part:
                    yield f"{indent}# {self.law.concepts[one.part].label(self.lang)}"
                yield f"{indent}{one.key[0]}:"
            part = one.key[0]
            if term(one.takes) in self.checker.vocabulary.terms:
                yield from self._rows(one, value, deeper)
            else:
                label = one.label(self.lang)
                yield from self._field(deeper, one.key[-1], label[:1].upper() + label[1:], self._takes(one), value)

    def _rows(self, one: Term, value: object, indent: str) -> Iterator[str]:
        label = one.label(self.lang)
        yield f"{indent}# {label[:1].upper() + label[1:]} ({self._say('takes-rows')})"
        if isinstance(value, list):
            yield f"{indent}{one.key[-1]}:" + ("" if value else " []")
            for row in value:
                lines = list(self._level(term(one.takes), row or {}, ""))
                yield from self._item(lines, indent + "  ") if lines else [f"{indent}  - {{}}"]
        elif value == NONE:
            yield f"{indent}{one.key[-1]}: {NONE}"
        else:
            yield f"{indent}{one.key[-1]}:"
            for line in self._item(list(self._level(term(one.takes), {}, "")), ""):
                yield f"{indent}#  {line}"

    def _item(self, lines: list[str], indent: str) -> Iterator[str]:
        first = True
        for line in lines:
            yield f"{indent}{'- ' if first and not line.startswith('#') else '  '}{line}"
            first = first and line.startswith("#")

    def _field(self, indent: str, key: str, label: str, takes: str, value: object) -> Iterator[str]:
        if value is not None or self.whole:
            yield f"{indent}# {label} ({takes})" if self.whole else f"{indent}# {label}"
            yield f"{indent}{key}:" + ("" if value is None else f" {self._scalar(value)}")

    def _takes(self, one: Term) -> str:
        if one.takes == "boolean":
            return f"{_TRUTH}, unknown"
        if one.takes == "service" and one.many:
            return self._say("takes-services")
        options = {"date": "2026-03-01", "service": self._say("takes-service")}.get(one.takes)
        options = options or self._options(one.takes)
        return self._say("takes-many", options=options) if one.many else options

    def _options(self, scheme: str) -> str:
        names = self.checker.vocabulary.concepts[scheme]
        return ", ".join(f"{name} = {self.law.concepts[f'{scheme}/{name}'].label(self.lang)}" for name in names)

    def _scalar(self, value: object) -> str:
        if isinstance(value, list):
            return f"[{', '.join(self._scalar(item) for item in value)}]"
        if isinstance(value, bool):
            return "true" if value else "false"
        text = str(value)
        plain = isinstance(value, int) or (_ID.fullmatch(text) and text not in _WORDS)
        return text if plain else json.dumps(text, ensure_ascii=False)

    def _say(self, key: str, **values: object) -> str:
        return say(self.lang, f"check.{key}", **values)
