"""The engine against the plain reference evaluator and the status query: on the invented act, and on the whole real law."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, Dataset, URIRef

from samordning.engine.law import Law, Norm, Texts, Thing, Version
from samordning.engine.query import library
from samordning.engine.reader import load
from samordning.engine.status import Evaluation, Outcome, Special, Status, encode, evaluate, results
from samordning.engine.store import OxigraphStore, Store
from samordning.engine.table import Tables
from samordning.engine.table import load as load_tables
from samordning.graph.check import union
from samordning.graph.read import prepare, read
from samordning.knowledge import Knowledge
from samordning.namespaces import GRAPHS, THINGS, local, term
from tests.mini.reference import Reference

MINI = Path(__file__).parents[1] / "mini" / "mini.ttl"
RANK = {Status.DOES_NOT_APPLY: 0.0, Status.DEPENDS: 0.5, Status.APPLIES: 1.0}


def _mini() -> tuple[OxigraphStore, Law, Reference]:
    dataset = Dataset()
    dataset.graph(URIRef(GRAPHS + "facts")).parse(MINI, format="turtle", publicID=THINGS)
    prepare(dataset)
    graph = union(dataset)
    reference = Reference(graph)
    quads = "".join(f"{s.n3()} {p.n3()} {o.n3()} .\n" for s, p, o in graph)

    def thing(kind: str, name: str, **properties: tuple[str, ...]) -> Thing:
        return Thing(f"{THINGS}{kind}/{name}", name, Texts(), properties)

    def kinds(name: str) -> tuple[str, ...]:
        return tuple(local(str(kind)).removeprefix("service/") for kind in reference.kinds(_iri("service", name)))

    def norm(key: str) -> Norm:
        iri = _iri("norm", key)
        versions = []
        for version in graph.objects(iri, URIRef(term("statedIn"))):
            dates = [
                graph.value(version, URIRef(term(name)))
                for name in ("applicableFrom", "inForce", "firstDayWithoutEffect")
            ]
            applicable, entered, until = (date.toPython() if date is not None else None for date in dates)
            versions.append(Version(str(version), applicable or entered, until))
        none = Texts()
        return Norm(
            str(iri),
            key,
            "Duty",
            "",
            "",
            frozenset(),
            "shall",
            None,
            None,
            frozenset(),
            (),
            (),
            (),
            (),
            (),
            "statute",
            str(graph.value(iri, URIRef(term("condition")))),
            frozenset(),
            frozenset(),
            None,
            None,
            none,
            none,
            tuple(versions),
        )

    value_kinds = {"services": "services", "age": "integer", "pilot": "service", "colour": "choice"}
    names = ("services", "age", "fog", "storm", "colour", "pilot", "night")

    def table(kind: str, name: str) -> tuple[str]:
        return (str(graph.value(_iri(kind, name), URIRef(term("condition")))),)

    rules = [
        thing(
            "derivation",
            f"night-{value}",
            concludes=("night",),
            concludedValue=(value,),
            condition=table("derivation", f"night-{value}"),
        )
        for value in ("true", "false")
    ]
    law = Law(
        norms={key: norm(key) for key in ("one", "two", "three", "four", "five", "coming")},
        services={
            name: thing("service", name, subClassOf=kinds(name)) for name in ("sea", "ferry", "car-ferry", "lighthouse")
        },
        facts={name: thing("fact", name, valueKind=(value_kinds.get(name, "boolean"),)) for name in names},
        bodies={},
        groups={},
        acts={},
        concepts={},
        derivations={rule.iri: rule for rule in rules},
        steps=(thing("step", "only", condition=table("step", "only")),),
        remarks=(),
        gaps=(),
        coverage=thing("source", "coverage"),
    )
    return OxigraphStore(quads.encode()), law, reference


def _iri(kind: str, name: str) -> Any:
    return URIRef(THINGS + f"{kind}/{name}")


STORE, LAW, REFERENCE = _mini()
TABLES = load_tables(STORE)

booleans = st.sampled_from([True, False, Special.OPEN])
mini_facts = st.fixed_dictionaries(
    {"services": st.lists(st.sampled_from(["sea", "ferry", "car-ferry", "lighthouse"]), unique=True).map(tuple)},
    optional={
        "age": st.one_of(st.sampled_from([17, 18, 66, 67, Special.NONE]), st.integers(0, 130)),
        "fog": booleans,
        "storm": booleans,
        "night": booleans,
        "colour": st.sampled_from(["red", "green", "white", Special.OPEN]),
        "pilot": st.sampled_from(["sea", "ferry", "car-ferry", "lighthouse", Special.NONE, Special.OPEN]),
    },
)
dates = st.one_of(
    st.sampled_from(
        [
            dt.date(y, m, d)
            for y, m, d in [
                (2019, 12, 31),
                (2020, 1, 1),
                (2022, 12, 31),
                (2023, 1, 1),
                (2023, 6, 30),
                (2023, 7, 1),
                (2024, 1, 1),
            ]
        ]
    ),
    st.dates(dt.date(2019, 1, 1), dt.date(2026, 1, 1)),
)


@settings(max_examples=400, deadline=None)
@given(mini_facts, dates)
def test_status_equals_the_reference_on_the_invented_act(facts: dict[str, Any], date: dt.date) -> None:
    found = evaluate(STORE, LAW, TABLES, facts, date)
    assert {key: RANK[outcome.status] for key, outcome in found.norms.items()} == REFERENCE.evaluate(facts, date)
    assert found.derived == REFERENCE.derived(facts)
    assert RANK[found.of(LAW.steps[0]).status] == REFERENCE.status(_iri("step", "only"), {**facts, **found.derived})
    _the_query_says_the_same(STORE, TABLES, found)


def _the_query_says_the_same(store: Store, tables: Tables, found: Evaluation) -> None:
    """``status.rq`` is the same decision tables in SPARQL, for whoever has only the dataset."""
    names = (
        " ".join(
            ["", *(local(iri).removeprefix("test/") for iri, test in tables.tests.items() if test.mask & mask), ""]
        )
        for mask in (found.holding, found.unsettled)
    )
    rows = store.select(library()["status"].text, dict(zip(("holding", "unsettled"), names, strict=True))).rows
    row = rows[0] if rows else {"applies": "", "depends": ""}
    said = {name: Outcome(Status.APPLIES) for name in str(row["applies"]).split()}
    for part in str(row["depends"]).split():
        name, *facts = part.split("|")
        said[name] = Outcome(Status.DEPENDS, frozenset(filter(None, facts)))
    assert found.conditions
    assert said == {
        local(iri).removeprefix("condition/"): outcome
        for iri, outcome in found.conditions.items()
        if outcome.status is not Status.DOES_NOT_APPLY
    }


@settings(max_examples=200, deadline=None)
@given(mini_facts)
def test_each_test_comes_to_what_the_reference_says(facts: dict[str, Any]) -> None:
    found = results(STORE, encode(facts, LAW))
    tests = list(REFERENCE.graph.subjects(RDF.type, URIRef(term("Test"))))
    assert len(tests) == 11
    assert found == {str(test): value for test in tests if (value := REFERENCE.test(test, facts)) > 0.0}


@settings(max_examples=200, deadline=None)
@given(mini_facts, st.data())
def test_learning_a_fact_never_turns_an_answer_round(facts: dict[str, Any], data: st.DataObject) -> None:
    # Derived facts are what the case would say, so they are made part of it before one more fact is learnt.
    date = dt.date(2025, 1, 1)
    known = {**facts, **evaluate(STORE, LAW, TABLES, facts, date).derived}
    unknown = [key for key in ("fog", "storm", "night") if known.get(key) in (None, Special.OPEN)]
    if not unknown:
        return
    key = data.draw(st.sampled_from(unknown))
    before = evaluate(STORE, LAW, TABLES, known, date).norms
    after = evaluate(
        STORE, LAW, TABLES, {**known, "night": known.get("night", Special.OPEN), key: data.draw(st.booleans())}, date
    ).norms
    for norm, outcome in before.items():
        if outcome.status is not Status.DEPENDS:
            assert after[norm].status is outcome.status


def test_what_depends_names_the_facts_it_hangs_on() -> None:
    found = evaluate(STORE, LAW, TABLES, {"services": ("car-ferry",)}, dt.date(2025, 1, 1)).norms
    assert found["one"].status is Status.DEPENDS
    assert found["one"].unknown == {"fog"}
    assert found["two"].unknown == {"age", "storm", "fog"}
    assert found["three"].unknown == {"colour"}, "the row that needs a lighthouse has already failed"
    assert found["four"].unknown == frozenset()
    assert "coming" not in found, "a wording whose date is unknown is not in force"


@pytest.fixture(scope="module")
def real() -> Reference:
    graph = union(read())
    return Reference(graph)


SERVICES = [
    "municipal-health gp health-station school-health child-welfare kindergarten private-kindergarten-funded primary-school",
    "upper-secondary-school private-school-funded adult-education sfo ppt social-services nav-state crisis-centre",
    "intro-programme follow-up-service dental specialist-health bup habilitation mental-health-institution",
    "family-counselling state-child-welfare police correctional private-on-behalf private-other voluntary",
]
ALL_SERVICES = " ".join(SERVICES).split()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_status_equals_the_reference_on_the_real_law(kg: Knowledge, real: Reference, data: st.DataObject) -> None:
    services = tuple(data.draw(st.lists(st.sampled_from(ALL_SERVICES), unique=True, max_size=8)))
    facts: dict[str, Any] = {"services": services}
    age = data.draw(st.one_of(st.none(), st.integers(0, 90), st.sampled_from([4, 5, 7, 8, 17, 18, 24, 25])))
    if age is not None:
        facts |= {"age": age, "unborn": False}
    for key, fact in sorted(kg.law.facts.items()):
        if fact.one("valueKind") == "boolean" and fact.one("section") == "facts":
            value = data.draw(st.sampled_from([None, True, False, Special.OPEN]))
            if value is not None:
                facts[key] = value
    date = data.draw(
        st.one_of(
            st.sampled_from(
                [
                    dt.date(2022, 7, 31),
                    dt.date(2022, 8, 1),
                    dt.date(2022, 12, 31),
                    dt.date(2023, 1, 1),
                    dt.date(2024, 7, 31),
                    dt.date(2024, 8, 1),
                ]
            ),
            st.dates(dt.date(2022, 8, 1), dt.date(2027, 12, 31)),
        )
    )
    found = evaluate(kg.store, kg.law, kg.tables, facts, date)
    assert found.derived == real.derived(facts)
    assert {key: RANK[outcome.status] for key, outcome in found.norms.items()} == real.evaluate(facts, date)
    _the_query_says_the_same(kg.store, kg.tables, found)


def test_all_services_of_the_contract_are_there(kg: Knowledge) -> None:
    assert {key for key, thing in kg.law.services.items() if thing.one("selectable") is True} == set(ALL_SERVICES)
    assert load(kg.store).norms.keys() == kg.law.norms.keys()
