"""Three engines, the two ways to find which norms apply, and two forms of a record: the same findings on random records."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samordning.answer.document import Document
from samordning.check import graph
from samordning.check.checker import Checker
from samordning.check.shacl import Engine
from tests.check.make import Maker

HOW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@pytest.fixture(scope="module")
def checker(kg):
    return Checker(kg)


def ended(hits):
    return {(focus.split("#", 1)[1], rule) for focus, rule in hits}


@pytest.mark.parametrize("scope", ["case", "setup"])
@HOW
@given(seed=st.integers(0, 10**9))
def test_every_engine_finds_the_same(checker, scope, seed):
    maker = Maker(checker, seed)
    record = checker.record(Document("random", maker.case() if scope == "case" else maker.setup()), scope)
    duties = checker.duties(record)
    found = [ended(checker.hits(record, duties, engine)) for engine in Engine]
    found.append(ended(checker.sets(scope).hits([(record, duties)])[0]))
    assert found[0] == found[1] == found[2]
    assert found[0]


@pytest.mark.parametrize("scope", ["case", "setup"])
def test_fast_engines_find_the_same_in_many(checker, scope):
    maker = Maker(checker, 20260301)
    records = [
        checker.record(Document("random", maker.case() if scope == "case" else maker.setup()), scope)
        for _ in range(200)
    ]
    planned = [(record, checker.duties(record)) for record in records]
    fired = 0
    for (record, duties), hits in zip(planned, checker.sets(scope).hits(planned), strict=True):
        assert ended(hits) == ended(checker.hits(record, duties))
        fired += len(hits)
    assert fired > 5000


@HOW
@given(seed=st.integers(0, 10**9))
def test_the_report_accounts_for_every_duty(checker, seed):
    report = checker.check(checker.record(Document("random", Maker(checker, seed).case()), "case"))
    counts = report.summary.model_dump()
    assert sum(number for kind, number in counts.items() if kind != "duties") == counts["duties"]
    for group in report.groups:
        with_finding = {norm for finding in group.findings for norm in finding.norms}
        for norm in group.norms:
            assert (norm.outcome == "met") == (norm.norm not in with_finding)
    assert report.conforms == (not any(group.findings for group in report.groups))


@HOW
@given(seed=st.integers(0, 10**9))
def test_nothing_is_a_breach_in_a_silent_record(checker, seed):
    data = {**Maker(checker, seed).case(), "record": {}}
    report = checker.check(checker.record(Document("silent", data), "case"))
    assert report.summary.breach == report.summary.to_be_assessed == report.summary.recommended == 0
    assert report.summary.not_assessable > 0
    assert report.conforms is False


def test_a_record_in_rdf_says_the_same(checker):
    from samordning.check import rdf

    maker = Maker(checker, 7)
    for number in range(30):
        data = maker.case()
        record = checker.record(Document("plain", data), "case")
        lines = [line for line in graph.statements(record) if line.strip()]
        root = graph.name(1, "record")
        lines.append(f'<{root}> <https://w3id.org/samordning/ns#forDate> "{data["date"]}" .')
        lines.append(f'<{root}> <https://w3id.org/samordning/ns#municipalityNumber> "{data["municipality"]}" .')
        lines += [
            f"<{root}> <https://w3id.org/samordning/ns#withServiceInCase> <https://w3id.org/samordning/id/service/{service}> ."
            for service in record.case.services
        ]
        for place, (fact, value) in enumerate({**data["person"], **data["facts"]}.items()):
            if value is not None:
                lines += [
                    f"<{root}> <https://w3id.org/samordning/ns#given> _:g{place} .",
                    f"_:g{place} <https://w3id.org/samordning/ns#fact> <https://w3id.org/samordning/id/fact/{fact}> .",
                    f"_:g{place} <https://w3id.org/samordning/ns#value> {json.dumps(str(value).lower())} ."
                    if not isinstance(value, int) or isinstance(value, bool)
                    else f'_:g{place} <https://w3id.org/samordning/ns#value> "{value}"^^<http://www.w3.org/2001/XMLSchema#integer> .',
                ]
        # A service of which nothing is said has a node all the same, and says whose it is.
        silent = [line for line in lines if line.endswith("ns#ServiceRecord> .")]
        for line in silent:
            subject = line.split(" ", 1)[0]
            if not any(other.startswith(f"{subject} <https://w3id.org/samordning/ns#recordOf>") for other in lines):
                service = subject.rsplit("/", 1)[1].rstrip(">")
                lines.append(
                    f"{subject} <https://w3id.org/samordning/ns#recordOf> <https://w3id.org/samordning/id/service/{service}> ."
                )
        document = rdf.document("\n".join(lines).encode(), "rdf", checker.vocabulary, checker.kg.law, "case")
        again = checker.record(document, "case")
        assert again.case == record.case, number
        assert ended(checker.hits(again, checker.duties(again))) == ended(checker.hits(record, checker.duties(record)))


def test_nothing_of_a_record_is_left_in_an_engine(checker):
    from samordning.check.shacl import validator

    record = checker.record(Document("random", Maker(checker, 3).case()), "case")
    duties = checker.duties(record)
    session = validator(Engine.RUDOF, "case")
    before = session.hits(checker.lines(record, duties))
    assert sum(1 for _ in session._session.triples()) == 1
    silent = checker.record(Document("silent", {"date": "2026-03-01", "services": ["police"], "record": {}}), "case")
    assert session.hits(checker.lines(silent, checker.duties(silent))) != before
    assert session.hits(checker.lines(record, duties)) == before
