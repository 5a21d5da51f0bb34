"""A record between a form and a file. Every field is named as its place in the file: ``record.plans.0.holder``.

What is not filled in is not said. The word ``none`` says that there is none, as in a file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from samordning.answer.case import resolve
from samordning.answer.document import Document, refuse_identity
from samordning.check.vocabulary import CASE, NONE, SETUP
from samordning.errors import InputError
from samordning.interfaces.web import form as forms
from samordning.namespaces import term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from starlette.datastructures import FormData

    from samordning.check.checker import Checker
    from samordning.check.vocabulary import Term

#: What every field of a form holds, by name.
Values: TypeAlias = "dict[str, list[str]]"
#: What the head of a set-up may say, and what its fields take.
HEAD: Final = {"kind": "organisation", "name": "text", "number": "text", "county": "text", "services": "service"}
ROOT: Final = {"case": CASE, "setup": SETUP}
PREFIX: Final = {"case": "record.", "setup": ""}
_TRUTHS: Final = {"true": True, "false": False}


def values(form: FormData) -> Values:
    """What stands in a form, as it was typed."""
    found: Values = {}
    for name, value in form.multi_items():
        if isinstance(value, str) and value.strip():
            found.setdefault(name, []).append(value.strip())
    return found


def tidy(typed: Values, checker: Checker, scope: str) -> Values:
    """The fields with rows numbered from 0 and without those that say nothing, as the list in a file would have them."""
    terms = checker.vocabulary.terms
    for one in terms[ROOT[scope]].values():
        name = PREFIX[scope] + ".".join(one.key)
        if term(one.takes) in terms:
            # A row that says nothing is no row, unless it says by being there that there is such a thing.
            rows = [f"{name}.{number}" for number in numbers(typed, name)]
            kept = [row for row in rows if one.tells or any(key.startswith(f"{row}.") for key in typed)]
            moved = {row: f"{name}.{number}" for number, row in enumerate(kept)}
            typed = {
                ".".join((moved[row], *key[len(row) + 1 :].split("."))).rstrip(".") if row else key: value
                for key, value in typed.items()
                for row in [next((row for row in rows if key == row or key.startswith(f"{row}.")), "")]
                if not row or row in moved
            }
    return typed


def read(form: FormData, checker: Checker, scope: str) -> Document:
    """What a form says, as a file would say it.

    Raises:
        InputError: it holds something like an identity number, or says that there is none of something and names one.
    """
    typed = values(form)
    refuse_identity("\n".join(text for texts in typed.values() for text in texts), "form")
    reader = _Reader(tidy(typed, checker, scope), checker)
    if scope == "case":
        data = forms.case_data(form, checker.kg.law)
        return Document("form", {**data, "record": reader.level(CASE, PREFIX[scope])})
    head: dict[str, Any] = {
        key: typed[f"setup.{key}"][0] for key in HEAD if key != "services" and typed.get(f"setup.{key}")
    }
    head["services"] = list(dict.fromkeys(typed.get("setup.services", [])))
    date = {"date": typed["date"][0]} if typed.get("date") else {}
    return Document("form", {**date, "setup": head, **reader.level(SETUP, PREFIX[scope])})


class _Reader:
    def __init__(self, typed: Values, checker: Checker) -> None:
        self.typed, self.terms = typed, checker.vocabulary.terms

    def level(self, kind: str, prefix: str) -> dict[str, Any]:
        """What the fields below a name say of a thing of a class."""
        made: dict[str, Any] = {}
        for one in self.terms[kind].values():
            value = self._value(one, prefix + ".".join(one.key))
            if value is not None:
                place = made
                for key in one.key[:-1]:
                    place = place.setdefault(key, {})
                place[one.key[-1]] = value
        return made

    def _value(self, one: Term, name: str) -> object:
        given = [text for text in self.typed.get(name, []) if text != "unknown"]
        if not one.many:
            return _TRUTHS.get(given[0], given[0]) if given else None
        rows: list[Any] = list(dict.fromkeys(text for text in given if text != NONE))
        if term(one.takes) in self.terms:
            rows = [self.level(term(one.takes), f"{name}.{number}.") for number in numbers(self.typed, name)]
        if NONE in given and rows:
            raise InputError(f"{one.key[-1]} is none and something else", pointer="/" + name.replace(".", "/"))
        return NONE if NONE in given else rows or None


def numbers(typed: Mapping[str, Sequence[str]], name: str) -> list[int]:
    """The numbers of the rows that a form has below a name; a row is there where its own field is, filled in or not."""
    pattern = re.compile(re.escape(name) + r"\.(\d{1,3})(?:\.|$)")
    return sorted({int(found[1]) for key in typed if (found := pattern.match(key))})


def flat(data: Mapping[str, Any], checker: Checker, scope: str) -> Values:
    """What a file says, as the fields of a form. The file has been checked."""
    return dict(_Writer(checker, scope).fields(data))


class _Writer:
    def __init__(self, checker: Checker, scope: str) -> None:
        self.checker, self.scope = checker, scope

    def fields(self, data: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
        law = self.checker.kg.law
        if data.get("date") is not None:
            yield "date", [str(data["date"])]
        if self.scope == "setup":
            for key, value in data["setup"].items():
                yield from self._plain(f"setup.{key}", value, HEAD[key])
            rest = {key: value for key, value in data.items() if key not in ("date", "setup")}
            yield from self._level(SETUP, (), rest, "")
            return
        yield from self._plain("municipality", data.get("municipality"), "text")
        yield from self._plain("services", data.get("services"), "service")
        for section in ("person", "facts"):
            for key, value in (data.get(section) or {}).items():
                kind = str(law.facts[key].one("valueKind"))
                if value is None and kind == "service":
                    yield key, [NONE]
                else:
                    yield from self._plain(key, value, kind)
        yield from self._level(CASE, (), data.get("record") or {}, PREFIX["case"])

    def _level(
        self, kind: str, above: tuple[str, ...], data: Mapping[str, Any], prefix: str
    ) -> Iterator[tuple[str, list[str]]]:
        terms = self.checker.vocabulary.terms[kind]
        for key, value in data.items():
            whole = (*above, key)
            if whole not in terms:
                yield from self._level(kind, whole, value or {}, prefix)
                continue
            one, name = terms[whole], prefix + ".".join(whole)
            if isinstance(value, list) and term(one.takes) in self.checker.vocabulary.terms:
                for number, row in enumerate(value):
                    yield f"{name}.{number}", ["row"]
                    yield from self._level(term(one.takes), (), row or {}, f"{name}.{number}.")
            else:
                yield from self._plain(name, NONE if one.many and value == [] else value, one.takes)

    def _plain(self, name: str, value: object, takes: str) -> Iterator[tuple[str, list[str]]]:
        if value is None or value == "unknown":
            return
        yield name, [self._text(item, takes) for item in (value if isinstance(value, list) else [value])]

    def _text(self, value: object, takes: str) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if takes == "service" and value not in (NONE, "open"):
            return resolve(value, self.checker.kg.law, "")
        return str(value)
