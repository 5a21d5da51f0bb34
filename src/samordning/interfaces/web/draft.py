"""What stands in the form about a person, as it was written, right or wrong: nothing typed is lost."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from samordning.answer.case import check
from samordning.answer.document import Document, refuse_identity
from samordning.engine.status import Special
from samordning.errors import InputError
from samordning.interfaces.web import form as forms
from samordning.interfaces.web.mistake import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import FormData

    from samordning.answer.case import Case
    from samordning.engine.law import Law

#: As many faults as are looked for; more can't be read at once.
_MOST: Final = 20
_LONGEST: Final = 40
_WORDS: Final = {True: "true", False: "false", Special.OPEN: "open", Special.NONE: "none"}


@dataclass(frozen=True)
class Draft:
    """Texts by field, in the order in which they were given, and the services that are chosen."""

    texts: Mapping[str, str]
    services: tuple[str, ...] = ()

    def text(self, field: str) -> str:
        """What stands in a field; empty where nothing does."""
        return self.texts.get(field, "")

    def answered(self, law: Law) -> list[str]:
        """The facts of the case that were answered, in the order they came."""
        known = law.facts
        return [key for key in self.texts if key in known and known[key].one("section") == "facts"]


def sent(form: FormData, law: Law) -> tuple[Draft, Case | None, list[Fault]]:
    """What a form holds: as a draft, as a case where nothing is wrong with it, and what is wrong."""
    data = forms.case_data(form, law)
    faults = _identities(form, data, law)
    hidden = {fault.field for fault in faults}
    texts = {
        key: forms.text(form, key)[:_LONGEST]
        for key in dict.fromkeys(form)
        if (key in law.facts or key in ("date", "municipality")) and key not in hidden
    }
    given = {key: text for key, text in texts.items() if text not in ("", "unknown") and key != "services"}
    known = tuple(key for key in data["services"] if key in law.services)
    case, more = settle(data, law)
    faults += more
    return Draft(given, known), None if faults else case, faults


def of(case: Case, law: Law) -> Draft:
    """A case as it stands in the form."""
    texts = {"date": case.date.isoformat(), "municipality": case.municipality or ""}
    for key, value in case.facts.items():
        if law.facts[key].one("section") == "case" or case.follows(key):
            continue
        texts[key] = _WORDS[value] if isinstance(value, bool | Special) else str(value)
    return Draft({key: text for key, text in texts.items() if text}, case.services)


def settle(data: Mapping[str, Any], law: Law) -> tuple[Case | None, list[Fault]]:
    """The case, or everything that is wrong with it: what is wrong is left out, and the rest is checked again."""
    left = copy.deepcopy(dict(data))
    faults: list[Fault] = []
    while len(faults) < _MOST:
        try:
            case = check(Document("form", left), law)
        except InputError as error:
            faults.append(Fault.of(error))
            if not _without(left, error.pointer.strip("/").split("/"), law):
                break
        else:
            return (None if faults else case), faults
    return None, faults


def _without(data: dict[str, Any], path: list[str], law: Law) -> bool:
    """Take out what a pointer points at; whether there is something left to check."""
    if path == ["services"]:
        # With any one service in its place the rest can be looked at; what names a service has none to name.
        data["services"] = [law.selectable[0].id]
        for key, fact in law.facts.items():
            if fact.one("valueKind") == "service":
                data.get("facts", {}).pop(key, None)
        return True
    inner: Any = data
    for step in path[:-1]:
        inner = inner.get(step)
    if isinstance(inner, list):
        del inner[int(path[-1])]
        return True
    return inner.pop(path[-1], None) is not None


def _identities(form: FormData, data: dict[str, Any], law: Law) -> list[Fault]:
    """Fields with something like a national identity number; such a value is not shown again either."""
    faults = []
    for key, value in form.multi_items():
        try:
            refuse_identity(value if isinstance(value, str) else "", "form")
        except InputError as error:
            shown = key if key in law.facts or key in ("date", "municipality") else ""
            faults.append(Fault(shown, error.code, error.values))
            data.pop(key, None)
            for section in ("person", "facts"):
                data.get(section, {}).pop(key, None)
            if key == "services":
                data["services"] = [one for one in form.getlist(key) if one in law.services]
    return faults
