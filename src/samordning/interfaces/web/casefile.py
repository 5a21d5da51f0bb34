"""A case as a file to keep: the case file that the command line and this page read, each fact with its name beside it."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from samordning.answer.wording import date_text
from samordning.engine.status import Special
from samordning.interfaces.web.text import say

if TYPE_CHECKING:
    from samordning.answer.case import Case
    from samordning.engine.law import Law

#: Where the names begin, so that they stand below one another.
_COLUMN = 46


def written(case: Case, law: Law, lang: str) -> str:
    """The case as YAML."""
    root = CommentedMap()
    root.yaml_set_start_comment(say(lang, "ask.file-begins", date=date_text(case.date, lang)))
    root["date"] = case.date
    if case.municipality:
        root["municipality"] = case.municipality
    person, facts = _section(case, law, lang, "person"), _section(case, law, lang, "facts")
    if person:
        root["person"] = person
    services = CommentedSeq(case.services)
    for number, key in enumerate(case.services):
        services.yaml_add_eol_comment(law.services[key].label(lang), number, column=_COLUMN)
    root["services"] = services
    if facts:
        root["facts"] = facts
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(root, out)
    return out.getvalue()


def _section(case: Case, law: Law, lang: str, section: str) -> CommentedMap:
    found = CommentedMap()
    for key, value in case.facts.items():
        if law.facts[key].one("section") != section or case.follows(key):
            continue
        found[key] = _plain(value)
        found.yaml_add_eol_comment(law.facts[key].label(lang), key, column=_COLUMN)
    return found


def _plain(value: object) -> Any:  # noqa: ANN401  # what YAML has
    if value is Special.NONE:
        return None
    return "open" if value is Special.OPEN else value
