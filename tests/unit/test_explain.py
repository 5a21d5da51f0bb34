"""Explanations: which rows and tests decided, and on what the reading rests."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from rdflib import PROV, RDF, RDFS, Graph, URIRef

import samordning
from samordning.answer.prov import prov
from samordning.errors import InputError, NotFound
from samordning.interfaces.cli.explanation import explanation_text
from samordning.namespaces import THINGS, term

if TYPE_CHECKING:
    from samordning.knowledge import Knowledge

DATE = dt.date(2026, 3, 1)


def test_a_norm_without_a_case(kg: Knowledge) -> None:
    found = kg.explain("hol-7-2a-1", DATE)
    assert found.in_force
    assert found.status is None
    assert len(found.rows) == 4, "under 18 or expected, complex or coordinated"
    assert found.versions[0].in_force == dt.date(2022, 8, 1)
    assert {test.state for row in found.rows for test in row.tests} == {"not_asked"}


def test_why_it_applies_and_what_was_derived(kg: Knowledge) -> None:
    case = kg.case(
        {"date": "2026-03-01", "services": ["ppt", "primary-school"], "facts": {"cooperation_necessary": True}}
    )
    found = kg.explain("oppl-24-1-1-1-ppt", case.date, "nb", case)
    assert found.status == "applies"
    deciding = [row for row in found.rows if row.status == "applies"]
    assert [{(test.fact, test.state, test.derived) for test in row.tests} for row in deciding] == [
        {("services", "holds", False), ("pupil", "holds", True), ("cooperation_necessary", "holds", False)}
    ]


def test_why_not_is_told_as_well_as_why(kg: Knowledge) -> None:
    case = kg.case(
        {
            "date": "2026-03-01",
            "person": {"age": 18},
            "services": ["municipal-health"],
            "facts": {"serious_condition": True},
        }
    )
    found = kg.explain("hol-7-2a-1", case.date, "en", case)
    assert found.status == "does_not_apply"
    assert all({"age", "unborn"} & {test.fact for test in row.tests if test.state == "fails"} for row in found.rows)


def test_a_norm_that_has_ended_says_when(kg: Knowledge) -> None:
    found = kg.explain("https://w3id.org/samordning/id/norm/oppl98-15-8-1-1-school", DATE)
    assert not found.in_force
    assert found.versions[0].last_day == dt.date(2024, 7, 31)
    for lang, text in (("nb", "til 31. juli 2024"), ("nn", "til 31. juli 2024"), ("en", "to 31 July 2024")):
        assert text in explanation_text(kg.explain(found.norm, DATE, lang), kg.law, lang)


def test_every_norm_can_be_explained_in_every_language(kg: Knowledge) -> None:
    for lang in ("nb", "nn", "en"):
        for key in kg.law.norms:
            assert explanation_text(kg.explain(key, DATE, lang), kg.law, lang)


def test_a_name_that_is_nearly_right_is_suggested(kg: Knowledge) -> None:
    with pytest.raises(NotFound, match="Did you mean hol-3-4-1"):
        kg.explain("hol-34-1", DATE)


CASE = {
    "date": "2026-03-01",
    "person": {"age": 9},
    "services": ["ppt", "primary-school"],
    "facts": {"cooperation_necessary": True},
}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # of the library that reads JSON-LD
@pytest.mark.parametrize("form", ["turtle", "json-ld"])
def test_an_explanation_in_prov_o(kg: Knowledge, form: Literal["turtle", "json-ld"]) -> None:
    case = kg.case(CASE)
    found = kg.explain("oppl-24-1-1-1-ppt", case.date, "nn", case)
    graph = Graph().parse(data=prov(found, form), format=form)
    (finding,) = graph.subjects(RDF.type, URIRef(term("Finding")))
    norm = URIRef(found.norm)
    assert set(graph.objects(finding, PROV.wasDerivedFrom)) > {norm}
    assert str(graph.value(finding, URIRef(term("status")))) == "applies"
    (wording,) = graph.objects(norm, PROV.wasDerivedFrom)
    assert str(wording).endswith("/versjon/2024-08-01")
    activity = graph.value(finding, PROV.wasGeneratedBy)
    used = {str(graph.value(entity, URIRef(term(f"{kind}Hash")))) for kind in ("dataset", "case")
            for entity in graph.objects(activity, PROV.used)}  # fmt: skip
    assert used == {kg.manifest["dataset"], case.fingerprint(kg.law), "None"}
    tested = {str(node) for node in graph.objects(None, PROV.specializationOf) if "/test/" in str(node)}
    assert tested == {test.test for row in found.rows for test in row.tests}
    rules = {str(rule) for rule in graph.objects(None, PROV.wasInfluencedBy)}
    assert rules == {THINGS + "derivation/pupil-true"}, "what was inferred is told apart from what was stated"
    assert {label.language for label in graph.objects(None, RDFS.label) if label.language} == {"nn"}


def test_what_would_settle_it_is_named(kg: Knowledge) -> None:
    case = kg.case({**CASE, "facts": {}})
    found = kg.explain("oppl-24-1-1-1-ppt", case.date, "en", case)
    assert found.status == "depends"
    assert found.missing == ["cooperation_necessary"]
    assert [reason.state for reason in found.reasons].count("unknown") == 1
    assert "It would be settled by knowing: cooperation is necessary." in explanation_text(found, kg.law, "en")


def test_the_same_case_gives_the_same_receipt(kg: Knowledge) -> None:
    first, second = (kg.answer(CASE, lang).receipt for lang in ("nb", "en"))
    assert first.model_dump(exclude={"generated"}) == second.model_dump(exclude={"generated"})
    assert first.date == dt.date(2026, 3, 1)
    other = kg.answer({**CASE, "facts": {"cooperation_necessary": False}}).receipt
    assert other.case != first.case
    assert other.dataset == first.dataset == kg.manifest["dataset"]


def test_many_threads_get_the_answers_of_one(kg: Knowledge) -> None:
    cases = [{**CASE, "person": {"age": age}, "facts": {"cooperation_necessary": age % 2 == 0}} for age in range(1, 17)]
    alone = [kg.answer(case).model_dump(exclude={"receipt"}) for case in cases]
    with ThreadPoolExecutor(16) as pool:
        together = list(
            pool.map(lambda case: [kg.answer(case).model_dump(exclude={"receipt"}) for _ in range(5)], cases)
        )
    assert together == [[answer] * 5 for answer in alone]


def test_several_processes_give_the_answers_of_one(kg: Knowledge, dataset: Path) -> None:
    cases = [
        {
            **CASE,
            "person": {"age": age},
            "facts": {"cooperation_necessary": "open" if age % 2 else True, "plan_holder": None},
        }
        for age in range(1, 9)
    ]
    unborn = {**CASE, "person": {"unborn": True}, "services": ["health-station", "specialist-health"]}
    alone = [kg.answer(case, "nn").model_dump(exclude={"receipt"}) for case in (*cases, unborn)]
    with samordning.load(dataset, processes=2) as crowd, ThreadPoolExecutor(8) as pool:
        together = list(
            pool.map(lambda case: crowd.answer(case, "nn").model_dump(exclude={"receipt"}), (*cases, unborn))
        )
        written = [json.loads(text) for text in pool.map(lambda case: crowd.answer_json(case, "nn"), (*cases, unborn))]
        with pytest.raises(KeyError):
            crowd.answer(cases[0], "de")
        with pytest.raises(InputError):
            crowd.answer_json({"services": ["no-such"]})
    assert together == alone
    for text, case in zip(written, (*cases, unborn), strict=True):
        ours = json.loads(kg.answer_json(case, "nn"))
        assert text.pop("receipt")["case"] == ours.pop("receipt")["case"]
        assert text == ours
