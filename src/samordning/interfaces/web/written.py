"""A report as a file: for reading, for programs, for pipelines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from samordning.check.report import text
from samordning.check.sarif import sarif

if TYPE_CHECKING:
    from samordning.check.checker import Checker
    from samordning.check.model import Report


@dataclass(frozen=True)
class Form:
    """What a file is, and how its name ends."""

    media: str
    suffix: str


FORMS: Final = {
    "text": Form("text/plain", ".txt"),
    "json": Form("application/json", ".json"),
    "sarif": Form("application/sarif+json", ".sarif"),
    "turtle": Form("text/turtle", ".ttl"),
}


def content(checker: Checker, report: Report, form: str, lang: str) -> str:
    """The report in one of ``FORMS``."""
    if form == "json":
        return report.model_dump_json(indent=2) + "\n"
    if form == "sarif":
        return json.dumps(sarif(checker, [report], lang), ensure_ascii=False, indent=2) + "\n"
    if form == "turtle":
        from samordning.check.turtle import turtle  # noqa: PLC0415  # rdflib is slow to load

        return turtle(checker, report)
    return text(checker, report, lang)
