"""A record goes through a form, and through a file, without losing or adding anything."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html
from starlette.datastructures import FormData

from samordning.answer.document import Document
from samordning.answer.document import read as read_file
from samordning.check.checker import Checker
from samordning.check.record import Record
from samordning.check.vocabulary import Term
from samordning.errors import InputError
from samordning.interfaces.web import document, example, record
from samordning.interfaces.web.check import Desk, _rows
from samordning.interfaces.web.questionnaire import Questionnaire
from samordning.namespaces import term
from tests.check.make import Maker

SCOPES = ("case", "setup")
RANDOM = [(scope, seed) for scope in SCOPES for seed in range(25)]
EXAMPLES = [(scope, name) for scope in SCOPES for name in example.names(scope)]


def _submitted(page: bytes) -> FormData:
    """What a browser would send of the form, as the page stands."""
    (form,) = html.fromstring(page).xpath("//form[@id='record']")
    for template in form.xpath(".//template"):
        template.getparent().remove(template)
    return FormData(form.form_values())


def _same(one: Record, other: Record) -> None:
    """The same record; services and rows may stand in another order."""
    assert one.case.date == other.case.date
    assert sorted(one.case.services) == sorted(other.case.services)
    assert {**one.case.facts, "services": None} == {**other.case.facts, "services": None}
    assert one.case.municipality == other.case.municipality
    assert _plain(one.root) == _plain(other.root)
    assert (one.organisation, one.title, one.number, one.county) == (
        other.organisation, other.title, other.number, other.county,
    )  # fmt: skip


def _plain(node: Any) -> Any:
    if not hasattr(node, "statements"):
        return str(node)
    said = sorted((predicate, _plain(value)) for predicate, value in node.statements)
    return f"{said} {sorted(node.none)}"


def _data(checker: Checker, scope: str, seed: int) -> dict[str, Any]:
    maker = Maker(checker, seed)
    return maker.case() if scope == "case" else maker.setup(seed)


@pytest.mark.parametrize(("scope", "seed"), RANDOM)
def test_a_record_survives_the_form_as_a_browser_sends_it(desk: Desk, checker: Checker, scope: str, seed: int) -> None:
    data = _data(checker, scope, seed)
    page = desk.form("nn", scope, record.flat(data, checker, scope))
    sent = record.read(_submitted(page.body), checker, scope)
    _same(checker.record(sent, scope), checker.record(Document("x", data), scope))


@pytest.mark.parametrize(("scope", "seed"), RANDOM)
def test_a_record_survives_the_file_it_is_saved_as(checker: Checker, scope: str, seed: int) -> None:
    data = _data(checker, scope, seed)
    text = document.write(data, checker, scope, "nb")
    _same(checker.record(read_file(text.encode(), "x"), scope), checker.record(Document("x", data), scope))


@pytest.mark.parametrize(("scope", "name"), EXAMPLES)
def test_an_example_fills_the_form(desk: Desk, checker: Checker, scope: str, name: str) -> None:
    data = read_file(example.content(scope, name), "x").data
    sent = record.read(_submitted(desk.form("en", scope, record.flat(data, checker, scope)).body), checker, scope)
    _same(checker.record(sent, scope), checker.record(Document("x", data), scope))


EDGES: dict[str, tuple[str, dict[str, Any]]] = {
    "a plan of which nothing is known": ("case", {"services": ["ppt"], "record": {"plans": [{}]}}),
    "no plan": ("case", {"services": ["ppt"], "record": {"plans": "none", "services": None}}),
    "not assessed, and none": (
        "case",
        {
            "services": ["PPT", "bup"],
            "person": {"unborn": True, "household_role": "child"},
            "facts": {"cooperation_necessary": "open", "services_disagree": "open", "coordinator_agreed": None},
            "record": {"coordination": {"coordinator": "none", "settled": "none"}, "child_coordinator": {"tasks": []}},
        },
    ),
    "a fact that the record tells too": (
        "case",
        {"services": ["ppt"], "facts": {"plan_exists": True, "plan_holder": "ppt"}, "record": {"plans": [{"holder": "ppt"}]}},
    ),
    "a name with quotes": (
        "setup",
        {
            "setup": {"kind": "municipality", "name": 'Ås "nye": kommune #1 \\', "number": "0301", "county": "03", "services": ["ppt"]},
            "cooperation": [{"between": ["ppt", "bup"], "agreement": False}, {"between": ["bup", "gp"]}],
            "agreement": {"points": "none"},
            "coordination_decision": None,
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_the_edges_of_a_record_survive_too(desk: Desk, checker: Checker, name: str) -> None:
    scope, data = EDGES[name]
    data = {"date": "2026-03-01", **data}
    original = checker.record(Document("x", data), scope)
    page = desk.form("nb", scope, record.flat(data, checker, scope))
    assert not html.fromstring(page.body).xpath("//option[text()='?']"), "every value has its label"
    _same(checker.record(record.read(_submitted(page.body), checker, scope), scope), original)
    text = document.write(data, checker, scope, "nn")
    _same(checker.record(read_file(text.encode(), "x"), scope), original)


def test_there_are_examples_of_both() -> None:
    assert len(example.names("case")) >= 1
    assert len(example.names("setup")) >= 7


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_an_empty_file_has_every_key_and_says_nothing(checker: Checker, scope: str, lang: str) -> None:
    text = document.blank(checker, scope, lang)
    with pytest.raises(InputError, match="no service"):
        checker.read(text.encode(), "x", scope)
    text = text.replace("services: []", "services: [ppt, primary-school]")
    if scope == "setup":
        text = text.replace("  kind:", "  kind: municipality")
    report = checker.check(checker.read(text.encode(), "x", scope))
    assert report.summary.duties > 20
    assert report.summary.breach == report.summary.to_be_assessed == report.summary.met == 0
    keys = {one.key[-1] for one in _reachable(checker, scope)}
    assert len(keys) > 25
    assert {key for key in keys if f"{key}:" not in text} == set()


def _reachable(checker: Checker, scope: str) -> list[Term]:
    found: list[Term] = []
    waiting = [record.ROOT[scope]]
    while waiting:
        for one in checker.vocabulary.terms[waiting.pop()].values():
            found.append(one)
            below = term(one.takes)
            if below in checker.vocabulary.terms:
                waiting.append(below)
    return found


def test_a_row_of_the_empty_file_is_taken_when_its_comment_signs_go(checker: Checker) -> None:
    lines = document.blank(checker, "case", "nb").splitlines()
    start = next(number for number, line in enumerate(lines) if line == "  plans:")
    rows = 0
    for number in range(start + 1, len(lines)):
        if not lines[number].startswith("  #  "):
            break
        lines[number] = "   " + lines[number][3:]
        rows += 1
    assert rows > 10
    text = "\n".join(lines).replace("services: []", "services: [ppt]")
    made = checker.read(text.encode(), "x", "case")
    assert len(made.root.values("plan")) == 1
    assert made.case.facts["plan_exists"] is True


def test_what_is_not_filled_in_is_not_said(checker: Checker) -> None:
    sent = record.read(_form({"record.coordination.coordinator": "", "services": ["ppt"], "date": ""}), checker, "case")
    assert sent.data == {"services": ["ppt"], "record": {}}


def _form(fields: dict[str, Any]) -> FormData:
    return FormData(
        [(key, one) for key, value in fields.items() for one in (value if isinstance(value, list) else [value])]
    )


def test_an_empty_plan_is_a_plan_and_an_empty_service_is_nothing(checker: Checker) -> None:
    sent = record.read(_form({"record.plans.0": "row", "record.services.3": "row"}), checker, "case")
    assert sent.data["record"] == {"plans": [{}]}


def test_none_and_something_is_refused(checker: Checker) -> None:
    for fields in (
        {"record.plans": "none", "record.plans.0.holder": "ppt"},
        {"record.child_coordinator.tasks": ["overview", "none"]},
    ):
        with pytest.raises(InputError, match="none and something else"):
            record.read(_form(fields), checker, "case")


def test_rows_come_and_go() -> None:
    typed = {"record.plans.0.holder": ["ppt"], "record.plans.2": ["row"], "add": ["record.plans"]}
    assert record.numbers(_rows(typed), "record.plans") == [0, 2, 3]
    typed = {"record.plans.1.holder": ["ppt"], "record.plans.10.holder": ["bup"], "remove": ["record.plans.1"]}
    assert _rows(typed) == {"record.plans.10.holder": ["bup"]}


@pytest.mark.parametrize("scope", SCOPES)
def test_every_property_of_the_vocabulary_has_a_field(checker: Checker, scope: str) -> None:
    sheet = Questionnaire(checker, scope, "nb", {})
    names = {one.name for part in sheet.parts() for one in part.fields}
    names |= {one.name for part in sheet.parts() if part.empty for one in part.empty.fields}
    keys = {name.rsplit(".", 1)[-1] for name in names}
    several = {part.name.rsplit(".", 1)[-1] for part in sheet.parts() if part.empty}
    assert {one.key[-1] for one in _reachable(checker, scope)} <= keys | several
    assert all(part.title and part.about for part in sheet.parts())
