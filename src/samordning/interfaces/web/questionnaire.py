"""The form of a record, made from the vocabulary: parts, fields and rows, with what is filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from samordning.answer.wording import capital
from samordning.check.vocabulary import NONE
from samordning.interfaces.web.record import PREFIX, ROOT, Values, numbers
from samordning.interfaces.web.text import say
from samordning.namespaces import term

if TYPE_CHECKING:
    from samordning.check.checker import Checker
    from samordning.check.vocabulary import Term
    from samordning.engine.law import Thing

#: What tells which service a row is about: it is never none.
_ABOUT: Final = (term("recordOf"), term("between"))
_NAMED: Final = ("name", "number", "county")
#: What stands for the number of a row that is not there yet.
NEXT: Final = "NEXT"


@dataclass
class Field:
    """One question. ``shape`` is choice, choices, date or text; an option is a value and its label."""

    name: str
    label: str
    shape: str
    options: list[tuple[str, str]] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    groups: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    hint: str = ""

    @property
    def value(self) -> str:
        """What is chosen or typed, where one thing is."""
        return self.values[0] if self.values else ""


@dataclass
class Row:
    """One of several things of a kind."""

    name: str
    title: str
    fields: list[Field]


@dataclass
class Part:
    """A heading and what stands below it: fields, or rows of which there may be more."""

    name: str
    title: str
    about: str
    fields: list[Field]
    rows: list[Row] = field(default_factory=list)
    empty: Row | None = None
    """a row to copy, where this part has rows"""

    @property
    def every(self) -> list[Field]:
        """Its fields and those of its rows."""
        return [*self.fields, *(one for row in self.rows for one in row.fields)]

    @property
    def filled(self) -> bool:
        """Whether anything in it is filled in."""
        return bool(self.rows) or any(one.values for one in self.fields)

    def holds(self, name: str) -> bool:
        """Whether a field, a row or the list itself is called that."""
        return name in (self.name, *(row.name for row in self.rows), *(one.name for one in self.every))


class Questionnaire:
    """Makes the parts of a form in one language."""

    def __init__(self, checker: Checker, scope: str, lang: str, filled: Values) -> None:
        self.checker, self.law, self.scope, self.lang, self.filled = checker, checker.kg.law, scope, lang, filled
        self.truths = [("", self._say("unrecorded")), ("true", self._say("yes")), ("false", self._say("no"))]
        named = sorted(((one.id, capital(one.label(lang))) for one in self.law.selectable), key=lambda pair: pair[1])
        self.services = named

    def head(self) -> list[Field]:
        """Who or what it is about."""
        date = Field("date", self._say("date"), "date", values=self._given("date"), hint=self._say("date-hint"))
        if self.scope == "case":
            municipality = self._text("municipality", "municipality", self._say("municipality-hint"))
            return [date, municipality, *self._facts("person")]
        kind = self._choice("setup.kind", self._say("setup-kind"), "organisation", many=False, none=False)
        named = [self._text(f"setup.{key}", f"setup-{key}", self._say(f"setup-{key}-hint")) for key in _NAMED]
        return [kind, *named, date]

    def which(self) -> Field:
        """The services of the case or the organisation, by sector."""
        name = "services" if self.scope == "case" else "setup.services"
        groups: dict[str, list[tuple[str, str]]] = {}
        by_id = dict(self.services)
        for service in sorted(self.law.selectable, key=self._sector):
            groups.setdefault(self._sector(service), []).append((service.id, by_id[service.id]))
        ordered = [(title or self._say("other-services"), sorted(found, key=lambda pair: pair[1])) for title, found in groups.items()]  # fmt: skip
        ordered.sort(key=lambda group: group[0] == self._say("other-services"))
        asked = (
            self.law.facts["services"].texts("question")(self.lang)
            if self.scope == "case"
            else self._say("setup-services")
        )
        return Field(name, asked, "choices", values=self._given(name), groups=ordered)

    def facts(self) -> Part | None:
        """What is known of the person, where there is one."""
        if self.scope != "case":
            return None
        return Part("facts", self._say("facts"), self._say("facts-about"), self._facts("facts"))

    def parts(self) -> list[Part]:
        """What was done, or how things are arranged."""
        made: dict[str, Part] = {}
        for one in self.checker.vocabulary.terms[ROOT[self.scope]].values():
            name = PREFIX[self.scope] + ".".join(one.key)
            if term(one.takes) in self.checker.vocabulary.terms:
                made[name] = self._many(one, name)
            elif one.part:
                thing = self.law.concepts[one.part]
                about = thing.texts("definition")(self.lang)
                part = made.setdefault(one.part, Part(one.key[0], capital(thing.label(self.lang)), about, []))
                part.fields.append(self._field(one, name))
        return list(made.values())

    def _many(self, one: Term, name: str) -> Part:
        title = capital(one.label(self.lang))
        about = self._say(f"rows-{one.key[-1]}")
        part = Part(name, title, about, [], empty=self._row(one, name, NEXT))
        part.rows = [self._row(one, name, str(number)) for number in numbers(self.filled, name)]
        if one.tells or NONE in self.filled.get(name, []):
            said = self._say("rows-none")
            part.fields = [
                Field(name, said, "choice", [("", self._say("unrecorded")), (NONE, said)], self._given(name))
            ]
        return part

    def _row(self, one: Term, name: str, number: str) -> Row:
        fields = [
            self._field(inner, f"{name}.{number}.{'.'.join(inner.key)}")
            for inner in self.checker.vocabulary.terms[term(one.takes)].values()
        ]
        shown = int(number) + 1 if number.isdigit() else number
        return Row(f"{name}.{number}", self._say(f"row-{one.key[-1]}", number=shown), fields)

    def _field(self, one: Term, name: str) -> Field:
        label = capital(one.label(self.lang))
        if one.takes == "boolean":
            return Field(name, label, "choice", self.truths, self._given(name))
        if one.takes == "date":
            return Field(name, label, "date", values=self._given(name))
        return self._choice(name, label, one.takes, many=one.many, none=one.iri not in _ABOUT)

    def _choice(self, name: str, label: str, takes: str, *, many: bool, none: bool) -> Field:
        if takes == "service":
            options = list(self.services)
        else:
            concepts = self.law.concepts
            names = self.checker.vocabulary.concepts[takes]
            options = [(key, capital(concepts[f"{takes}/{key}"].label(self.lang))) for key in names]
        if none or NONE in self._given(name):
            options.append((NONE, self._say("none-of-these" if many else "none")))
        if not many:
            options.insert(0, ("", self._say("unrecorded")))
        hint = self._say("choices-hint") if many and takes != "service" else ""
        return Field(name, label, "choices" if many else "choice", options, self._given(name), hint=hint)

    def _facts(self, section: str) -> list[Field]:
        told = {one.tells for terms in self.checker.vocabulary.terms.values() for one in terms.values() if one.tells}
        return [
            self._fact(fact)
            for key, fact in self.law.facts.items()
            if fact.one("section") == section and (key not in told or self._given(key))
        ]

    def _fact(self, fact: Thing) -> Field:
        question, given, kind = fact.texts("question")(self.lang), self._given(fact.id), str(fact.one("valueKind"))
        if kind == "integer":
            return Field(fact.id, question, "number", values=given)
        options = list(self.truths)
        if kind == "service":
            options = [self.truths[0], *self.services, (NONE, self._say("none"))]
        elif kind == "choice":
            options = [self.truths[0], *((one, self._say(f"choice-{one}")) for one in fact.strings("choice"))]
        if fact.one("assesses") or "open" in given:
            options.append(("open", self._say("open")))
        return Field(fact.id, question, "choice", options, given)

    def _text(self, name: str, label: str, hint: str) -> Field:
        return Field(name, self._say(label), "text", values=self._given(name), hint=hint)

    def _sector(self, service: Thing) -> str:
        key = str(service.one("sector") or "").rsplit("/id/", 1)[-1]
        return capital(self.law.concepts[key].label(self.lang)) if key else ""

    def _given(self, name: str) -> list[str]:
        return [value for value in self.filled.get(name, []) if value != "unknown"]

    def _say(self, key: str, **values: object) -> str:
        return say(self.lang, f"check.{key}", **values)


def labels(sheet: Questionnaire) -> dict[str, str]:
    """What the keys and ids in an error are called in the form."""
    found = {one.id: capital(one.label(sheet.lang)) for one in sheet.law.facts.values()}
    for terms in sheet.checker.vocabulary.terms.values():
        found |= {key[-1]: capital(one.label(sheet.lang)) for key, one in terms.items()}
    found |= {key: say(sheet.lang, f"check.setup-{key}") for key in ("number", "county")}
    return found | dict(sheet.services)
