"""What is wrong with a case, said in the reader's language: what, where, why and what to do. Never what was written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samordning.answer.wording import Wording, capital, date_text
from samordning.interfaces.web.text import catalogue, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samordning.engine.law import Law
    from samordning.errors import SamordningError


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. ``field`` is where it is shown, and empty where it belongs to no field."""

    field: str
    code: str
    values: Mapping[str, object]
    line: str = ""
    about: str = ""
    """what it is about, where that is something else: a fact in a file"""

    @classmethod
    def of(cls, error: SamordningError) -> Fault:
        """An error as a fault."""
        path = error.pointer.strip("/").split("/")
        line = error.where.rpartition(":")[2]
        field = path[0] if path[0] == "services" else path[-1]
        return cls(field, error.code, error.values, line if line.isdigit() else "")

    def said(self, law: Law, lang: str) -> str:
        """The fault in words."""
        words = Wording(law, lang)
        values = {key: _value(value, words, lang) for key, value in self.values.items()}
        key = f"ask.wrong-{self.code}"
        text = say(lang, key if key in catalogue(lang) else "ask.wrong-other", field=self.label(law, lang), **values)
        return say(lang, "ask.in-line", line=self.line, text=text) if self.line else capital(text)

    def label(self, law: Law, lang: str) -> str:
        """What the field is called."""
        name = self.about or self.field
        if name in law.facts:
            return law.facts[name].label(lang)
        key = f"ask.{name}"
        return say(lang, key) if key in catalogue(lang) else say(lang, "ask.a-field")


def _value(value: object, words: Wording, lang: str) -> str:
    if isinstance(value, tuple):
        return words.join([_value(one, words, lang) for one in value])
    if isinstance(value, dt.date):
        return date_text(value, lang)
    key = f"ask.choice-{value}"
    if key in catalogue(lang):
        return say(lang, key)
    return words.service(str(value)) if str(value) in words.law.services else str(value)
