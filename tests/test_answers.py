"""Whole answers, written from the law to the sentence, on the dates when the law changed and today."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from samordning.answer.model import Answer
    from samordning.knowledge import Knowledge

FILES = sorted(Path(__file__).parent.joinpath("answers").glob("*.yaml"))


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).date()


def _expectations() -> list[tuple[str, dict[str, Any], dt.date, dict[str, Any]]]:
    found = []
    for path in FILES:
        document = YAML(typ="safe").load(path)
        for expected in document["expect"]:
            found += [
                (path.stem, document["case"], _today() if date == "today" else date, expected)
                for date in expected["dates"]
            ]
    return found


@pytest.mark.parametrize(
    ("name", "case", "date", "expected"),
    _expectations(),
    ids=lambda value: str(value) if isinstance(value, str | dt.date) else "",
)
def test_answer(kg: Knowledge, name: str, case: dict[str, Any], date: dt.date, expected: dict[str, Any]) -> None:
    assert name
    answer = kg.answer(kg.case(case, date=date))
    _cooperation(answer, expected)
    if "coordination" in expected:
        assert answer.coordination.basis == expected["coordination"]
        assert answer.coordination.bearer == ("municipality" if expected["coordination"] else None)
        who = answer.coordination.coordinator
        assert {"kind": who.kind, "basis": who.basis} == expected["coordinator"]
    for part in ("child_coordinator", "coordinator_right"):
        for key, value in expected.get(part, {}).items():
            assert getattr(getattr(answer, part), key) == value, part
    plan = expected.get("plan", {})
    found = {"status": answer.individual_plan.status, "starts": answer.individual_plan.starts,
             "participates": answer.individual_plan.participates, "main": answer.individual_plan.main_responsibility.kind}  # fmt: skip
    assert {key: found[key] for key in plan} == plan
    if "missing" in expected:
        assert {missing.fact for missing in answer.missing_facts} == set(expected["missing"])


def _cooperation(answer: Answer, expected: dict[str, Any]) -> None:
    if "cooperation" in expected:
        assert answer.cooperation.status == expected["cooperation"]
    for status, key in (("applies", "duties"), ("depends", "depends")):
        if status == "depends" and key not in expected:
            continue
        found: dict[str, list[str]] = {}
        for duty in answer.cooperation.duties:
            if duty.status == status:
                found.setdefault(duty.service, []).extend(duty.basis)
        wanted = expected.get(key, {})
        if "cooperation" not in expected:
            found = {service: basis for service, basis in found.items() if service in wanted}
        assert found == wanted
    for duty in answer.cooperation.duties:
        assert duty.because
        assert duty.in_force
        assert duty.in_force <= answer.date


def test_the_files_are_all_there() -> None:
    assert {path.stem for path in FILES} >= {
        "school-child",
        "kindergarten-child",
        "adult-nav-hospital",
        "expected-child",
    }
    assert len(_expectations()) >= 17


def test_the_unbound_are_named_with_a_reason_in_three_languages(kg: Knowledge) -> None:
    for lang in ("nb", "nn", "en"):
        answer = kg.answer(
            {"services": ["police", "voluntary", "follow-up-service", "bup"], "facts": {"cooperation_necessary": True}},
            lang,
        )
        assert [other.service for other in answer.cooperation.not_bound] == ["police", "voluntary", "follow-up-service"]
        assert all(other.reason for other in answer.cooperation.not_bound)


def test_what_is_uncertain_is_not_called_a_counterpart(kg: Knowledge) -> None:
    answer = kg.answer({"services": ["primary-school", "police"], "facts": {"cooperation_necessary": True}})
    (duty,) = answer.cooperation.duties
    assert duty.counterparts == []
    assert duty.uncertain_counterparts == ["police"]
    nav = kg.answer({"services": ["nav-state", "police"], "facts": {"cooperation_necessary": True}}).cooperation.duties[
        0
    ]
    assert nav.counterparts == ["police"], "Nav shall cooperate with other public bodies too"


def test_a_child_coordinator_takes_over_until_eighteen(kg: Knowledge) -> None:
    facts = {
        "cooperation_necessary": True,
        "child_coordinator_appointed": True,
        "coordinator_agreed": None,
        "plan_exists": False,
    }
    for age, kind in ((17, "child-coordinator"), (18, "municipality-decides")):
        answer = kg.answer({"person": {"age": age}, "services": ["municipal-health"], "facts": facts})
        assert answer.coordination.coordinator.kind == kind
        assert answer.coordination.coordinator.status == "applies"


def test_the_order_of_who_coordinates(kg: Knowledge) -> None:
    case: dict[str, Any] = {"person": {"age": 30}, "services": ["social-services", "gp", "specialist-health"]}
    base = {"cooperation_necessary": True, "helps_solve_own_tasks": True, "child_coordinator_appointed": False}
    for facts, kind, service in (
        ({"plan_exists": True, "plan_holder": "gp", "coordinator_agreed": "social-services"}, "plan-holder", "gp"),
        ({"plan_holder": "gp"}, "plan-holder", "gp"),
        ({"plan_exists": False, "coordinator_agreed": "specialist-health"}, "agreed-service", "specialist-health"),
        ({"plan_exists": False, "coordinator_agreed": None, "services_disagree": True}, "municipality-decides", None),
    ):
        who = kg.answer({**case, "facts": {**base, **facts}}).coordination.coordinator
        assert (who.kind, who.service, who.status) == (kind, service, "applies")
    who = kg.answer({**case, "facts": base}).coordination.coordinator
    assert who.kind == "municipality-decides"
    assert who.status == "depends"
    assert {other.kind for other in who.could_also_be} == {"plan-holder", "agreed-service"}
    assert who.candidates == ["social-services", "gp"], "the municipality can't point out the hospital"


def test_a_plan_without_consent_is_no_duty_but_still_a_right(kg: Knowledge) -> None:
    facts = {"long_term_needs": True, "coordinated_needs": True, "plan_consent": False}
    plan = kg.answer({"person": {"age": 50}, "services": ["municipal-health"], "facts": facts}).individual_plan
    assert plan.status == "does_not_apply"
    assert plan.right == "applies"
    assert plan.starts == []
    assert plan.main_responsibility.kind == "none"


def test_the_matrix_is_the_table_of_the_fourteen_acts(kg: Knowledge) -> None:
    rows = {row.abbreviation: row for row in kg.matrix(dt.date(2024, 8, 1))}
    # act: individual, system, coordination, plan of its own, taking part
    table = {
        "hol": ("§3-4/ledd/1", "§3-4/ledd/3", "§3-4/ledd/2/setning/1", ["§7-1/ledd/1/setning/1"], ["§7-1/ledd/1/setning/2"]),
        "bvl": ("§15-8/ledd/1", "§15-8/ledd/3", "§15-8/ledd/2/setning/1", ["§15-9/ledd/1/setning/1"], ["§15-9/ledd/1/setning/2"]),
        "oppl": ("§24-1/ledd/1/setning/1", "§24-1/ledd/3", "§24-1/ledd/2/setning/1", [], ["§24-1/ledd/1/setning/2"]),
        "bhl": ("§2b/ledd/1/setning/1", "§2b/ledd/3", "§2b/ledd/2/setning/1", [], ["§2b/ledd/1/setning/2"]),
        "nav": ("§15a/ledd/1", "§15a/ledd/2", None, ["§15/ledd/3/setning/1"], ["§15/ledd/3/setning/3"]),
        "stl": ("§13/ledd/2/setning/1", "§13/ledd/4/setning/1", "§13/ledd/3/setning/1", ["§28/ledd/1/setning/1", "§33/ledd/1/setning/1"], ["§28/ledd/2", "§33/ledd/1/setning/3"]),
        "integr": ("§50/ledd/1/setning/1", "§50/ledd/3", "§50/ledd/2/setning/1", [], ["§50/ledd/1/setning/2"]),
        "krise": ("§4/ledd/1/setning/1", "§4/ledd/3", "§4/ledd/2/setning/1", [], ["§4/ledd/1/setning/2"]),
        "famvern": ("§1a/ledd/1", "§1a/ledd/3", "§1a/ledd/2/setning/1", [], []),
        "privsk": ("§3-6a/ledd/1/setning/1", "§3-6a/ledd/3", "§3-6a/ledd/2/setning/1", [], ["§3-6a/ledd/1/setning/2"]),
        "sphl": ("§2-1e/ledd/1", "§2-1e/ledd/2", None, ["§2-5/ledd/1/setning/1"], ["§2-5/ledd/1/setning/2", "§2-5/ledd/2/setning/2"]),
        "thl": ("§1-4a/ledd/1", "§1-4a/ledd/2", None, [], []),
        "phvl": (None, None, None, ["§4-1/ledd/1/setning/1"], ["§4-1/ledd/1/setning/2", "§4-1/ledd/2/setning/2"]),
        "pbrl": (None, None, None, ["§2-5/ledd/1"], []),
    }  # fmt: skip
    assert rows.keys() == table.keys()
    for name, (individual, system, coordination, plan, participation) in table.items():
        row = rows[name]
        prefix = f"{row.act}/"
        assert row.individual == ([prefix + individual] if individual else []), name
        assert row.system == ([prefix + system] if system else []), name
        assert row.coordination == ([prefix + coordination] if coordination else []), name
        assert row.plan == [prefix + cell for cell in plan], name
        assert row.plan_participation == [prefix + cell for cell in participation], name
        assert bool(row.coordination) == bool(row.coordination_decision) == bool(row.coordination_child_coordinator)
    assert sum(bool(row.coordination) for row in rows.values()) == 9
    assert sum(bool(row.individual) for row in rows.values()) == 12


def test_the_matrix_follows_the_dates(kg: Knowledge) -> None:
    acts = {
        date: {row.abbreviation for row in kg.matrix(dt.date.fromisoformat(date))}
        for date in ("2022-08-01", "2022-12-31", "2023-01-01", "2024-07-31", "2024-08-01")
    }
    assert acts["2022-08-01"] == acts["2022-12-31"]
    assert acts["2022-12-31"] - acts["2023-01-01"] == {"bvl92"}
    assert acts["2023-01-01"] - acts["2022-12-31"] == {"bvl"}
    assert acts["2024-07-31"] - acts["2024-08-01"] == {"oppl98"}
    assert acts["2024-08-01"] - acts["2024-07-31"] == {"oppl"}


def test_one_may_complain_about_rights_but_not_about_cooperation(kg: Knowledge) -> None:
    facts = {"cooperation_necessary": True, "long_term_needs": True, "coordinated_needs": True, "plan_consent": True}
    answer = kg.answer({"date": "2026-03-01", "person": {"age": 40}, "services": ["municipal-health"], "facts": facts})
    found = {entry.about: entry for entry in answer.complaint}
    assert found["cooperation"].possible is False
    assert found["coordination"].possible is False
    plan = found["individual-plan"]
    assert plan.possible is True
    assert plan.to == "county-governor"
    assert plan.basis == ["lov/1999-07-02-63/§7-2/ledd/1/setning/1"]


def test_supervision_is_told_with_its_gaps(kg: Knowledge) -> None:
    facts = {"cooperation_necessary": True, "helps_solve_own_tasks": True, "coordinator_agreed": None}
    case = {
        "date": "2026-03-01",
        "person": {"age": 4},
        "services": ["municipal-health", "kindergarten", "nav-state"],
        "facts": facts,
    }
    found = {entry.of[0]: entry for entry in kg.answer(case).supervision}
    health = found["lov/2011-06-24-30/§3-4/ledd/1"]
    assert (health.status, health.supervisor) == ("covered", "county-governor")
    assert "lov/2011-06-24-30/§12-3/ledd/1/setning/1" in health.basis
    assert found["lov/2005-06-17-64/§2b/ledd/1/setning/1"].supervisor == "municipality"
    assert found["lov/2005-06-17-64/§2b/ledd/2/setning/1"].status == "gap"
    assert found["lov/2006-06-16-20/§15a/ledd/1"].status == "gap"


def test_information_and_confidentiality_belong_to_the_service_they_are_said_of(kg: Knowledge) -> None:
    answer = kg.answer({"date": "2026-03-01", "person": {"age": 4}, "services": ["kindergarten", "bup"], "facts": {}})
    attentive = {(duty.service, basis) for duty in answer.information_duties for basis in duty.basis}
    assert ("kindergarten", "lov/2005-06-17-64/§45/ledd/1/setning/1") in attentive
    assert not any(service == "bup" and basis.startswith("lov/2005-06-17-64/") for service, basis in attentive)
    secret = {(duty.service, basis) for duty in answer.confidentiality for basis in duty.basis}
    assert any(service == "bup" and basis.startswith("lov/1999-07-02-61/§6-1") for service, basis in secret)
    assert not any(service == "kindergarten" and basis.startswith("lov/1999-07-02-61/") for service, basis in secret)


def test_the_parts_of_one_office_are_no_others_to_each_other(kg: Knowledge) -> None:
    answer = kg.answer(
        {
            "date": "2026-03-01",
            "person": {"age": 34},
            "services": ["nav-state", "social-services", "municipal-health"],
            "facts": {"cooperation_necessary": True, "helps_solve_own_tasks": True},
        }
    )
    towards = {(duty.service, duty.basis[0].split("/ledd")[0]): duty.counterparts for duty in answer.cooperation.duties}
    assert towards["nav-state", "lov/2006-06-16-20/§15a"] == ["municipal-health"]
    assert towards["social-services", "lov/2009-12-18-131/§13"] == ["nav-state", "municipal-health"]
