"""Competency questions: a question in plain Norwegian, the query that answers it, and the rows the law gives."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rdflib import RDF, Graph
from ruamel.yaml import YAML

from samordning.engine.query import library, named
from samordning.files import QUERIES
from samordning.namespaces import TERMS, local

if TYPE_CHECKING:
    from samordning.engine.store import Value
    from samordning.knowledge import Knowledge

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "tests" / "questions").glob("*.yaml"))
CASE_KEYS = {"parameters", "rows", "empty", "reason"}
#: Names in our namespace that a query makes for its own rows and that stand in no data.
COINED: set[str] = set()


def _read(path: Path) -> dict[str, Any]:
    found = YAML(typ="safe").load(path)
    assert isinstance(found, dict), f"{path.name} is no question"
    return found


def _cases(question: dict[str, Any]) -> list[dict[str, Any]]:
    """The cases of a question; a question with one case may write it without a list."""
    if "cases" in question:
        return list(question["cases"])
    return [{key: value for key, value in question.items() if key in CASE_KEYS}]


QUESTIONS = {path.stem: _read(path) for path in FILES}
CASES = [(name, number, case) for name, question in QUESTIONS.items() for number, case in enumerate(_cases(question))]


def _name(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) else None


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    return local(str(value))


@pytest.mark.parametrize(("name", "number", "case"), CASES, ids=_name)
def test_the_query_gives_the_rows_of_the_law(kg: Knowledge, name: str, number: int, case: dict[str, Any]) -> None:
    query = named(QUESTIONS[name]["query"])
    table = kg.store.select(query.text, query.bind(case.get("parameters", {}), {}))
    found = [{column: _text(value) for column, value in row.items()} for row in table.rows]
    expected = [dict(row) for row in case["rows"]]
    assert {column for row in expected for column in row} <= set(table.columns), f"{name}: an unknown column"
    missing = [row for row in expected if row not in found]
    extra = [row for row in found if row not in expected]
    assert not missing, f"{name}, case {number}: not found {missing}, found instead {extra}"
    assert not extra, f"{name}, case {number}: not expected {extra}"
    assert len(found) == len(expected), f"{name}, case {number}: a row comes twice"
    if "ORDER BY" in query.text:
        assert found == expected, f"{name}, case {number}: the rows come in another order"


def test_questions_are_whole() -> None:
    assert len(FILES) >= 62
    for name, question in QUESTIONS.items():
        assert set(question) <= {"question", "query", "cases", *CASE_KEYS}, f"unknown keys in {name}"
        assert question["question"].endswith("?"), f"{name} asks nothing"
        assert not ("cases" in question and "rows" in question), f"{name} has both rows and cases"
        for case in _cases(question):
            assert set(case) <= CASE_KEYS, f"unknown keys in {name}"
            assert bool(case["rows"]) != bool(case.get("empty")), f"{name}: rows, or `empty: true` with a reason"
            assert not case.get("empty") or case["reason"], f"{name}: say why nothing is found"
            texts = [*case.get("parameters", {}).values(), *(cell for row in case["rows"] for cell in row.values())]
            assert all(isinstance(text, str) for text in texts), f"{name}: write every value as text, dates in quotes"
        assert any(case["rows"] for case in _cases(question)), f"{name} never finds anything"
    asked = [question["question"] for question in QUESTIONS.values()]
    assert len(asked) == len(set(asked)), "two files ask the same"


def test_every_query_answers_a_question() -> None:
    offered = {query.name for query in library().values() if not query.internal}
    asked = {question["query"] for question in QUESTIONS.values()}
    assert not offered - asked, "queries without a question"
    assert not asked - offered, "questions without a query"


def test_every_parameter_is_given_and_used() -> None:
    for query in library().values():
        code = re.sub(r"^#.*$", "", query.text, flags=re.MULTILINE)
        for parameter in query.parameters:
            assert re.search(rf"\?{parameter.name}\b", code), f"{query.name} does not use {parameter.name}"
    for name, question in QUESTIONS.items():
        wanted = {parameter.name for parameter in named(question["query"]).parameters}
        for case in _cases(question):
            assert set(case.get("parameters", {})) == wanted, f"{name} takes {sorted(wanted)}"


def test_every_question_with_a_name_is_asked_in_three_languages() -> None:
    offered = [query for query in library().values() if not query.internal]
    assert len(offered) >= 67
    for query in offered:
        assert set(query.titles) == set(query.questions) == {"nb", "nn", "en"}, query.name
        assert all(text.endswith("?") for text in query.questions.values()), query.name
        assert not any(text.endswith((".", "?")) for text in query.titles.values()), query.name
    for lang in ("nb", "nn", "en"):
        assert len({query.titles[lang] for query in offered}) == len(offered), f"two have the same title in {lang}"
    sizes = Counter(query.group for query in offered)
    assert "" not in sizes
    assert min(sizes.values()) > 2, "a group that is hardly one"


def test_a_parameter_names_its_values_or_gives_an_example() -> None:
    question = named("steps").parameters[0]
    assert question.choices == ("coordinator", "main-responsibility")
    assert named("gaps").parameters[0].choices == ("gap-kind:supervision", "gap-kind:complaint")
    assert named("supervisors").parameters[0].choices == ()
    for query in library().values():
        for parameter in query.parameters:
            if not query.internal and parameter.kind != "xsd:date":
                assert parameter.example, f"{query.name}: {parameter.name}"


def test_every_term_is_used_by_a_query_or_a_rule() -> None:
    ontology = Graph().parse(ROOT / "ontology" / "samordning.ttl")
    declared = {str(term).removeprefix(TERMS) for term in ontology.subjects(RDF.type) if str(term).startswith(TERMS)}
    used: set[str] = set()
    for path in [*QUERIES.glob("*.rq"), *(ROOT / "tests" / "hygiene").glob("*.rq")]:
        code = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        used |= set(re.findall(r"\bsam:(\w+)", code))
    assert len(declared) > 80
    assert not declared - used, f"terms that no query and no rule uses: {sorted(declared - used)}"
    # The terms of records are used by the rules in shapes/case and shapes/setup; a test of theirs says so.
    records = Graph().parse(ROOT / "ontology" / "record.ttl")
    declared |= {str(term).removeprefix(TERMS) for term in records.subjects(RDF.type) if str(term).startswith(TERMS)}
    assert not used - declared - COINED, f"terms that the ontology lacks: {sorted(used - declared - COINED)}"
