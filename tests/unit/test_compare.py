"""Two answers side by side: what a date or a fact changes for one case."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samordning.interfaces.cli.comparison import comparison_text

if TYPE_CHECKING:
    from samordning.knowledge import Knowledge

EXAMPLE = Path(__file__).parents[2] / "examples" / "nine-year-old.yaml"


def test_the_school_act_of_2024_moves_the_basis_and_changes_no_outcome(kg: Knowledge) -> None:
    before, after = (kg.case_file(EXAMPLE, date=date) for date in (dt.date(2024, 7, 31), dt.date(2024, 8, 1)))
    found = kg.compare(before, after)
    assert {difference.kind for difference in found.differences} == {"moved"}
    moved = {(each.about, each.service): (each.before, each.after) for each in found.differences}
    was, now = moved["individual-cooperation", "primary-school"]
    assert was is not None
    assert now is not None
    assert (was.basis, now.basis) == (
        ["lov/1998-07-17-61/§15-8/ledd/1/setning/1"],
        ["lov/2023-06-09-30/§24-1/ledd/1/setning/1"],
    )
    assert not found.newly_missing
    assert not found.no_longer_missing


def test_what_if_a_child_coordinator_is_appointed(kg: Knowledge) -> None:
    before = kg.case_file(EXAMPLE)
    after = kg.case_file(EXAMPLE, learnt={"child_coordinator_appointed": True})
    found = kg.compare(before, after)
    changed = {(each.about, each.service): each for each in found.differences}
    assert set(changed) == {("coordinator", None), ("child-coordinator-cooperation", "bup")}
    who = changed["coordinator", None]
    assert (who.before and who.before.value, who.after and who.after.value) == (
        "municipality-decides",
        "child-coordinator",
    )
    assert found.no_longer_missing == ["coordinator_agreed"]
    for lang, text in (
        ("nb", "nå barnekoordinatoren"),
        ("nn", "no barnekoordinatoren"),
        ("en", "now the child coordinator"),
    ):
        assert text in " ".join(comparison_text(found, kg.law, lang).split())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_answer_does_not_differ_from_itself_and_differences_turn_round(kg: Knowledge, data: st.DataObject) -> None:
    days = st.sampled_from([dt.date(2022, 8, 1), dt.date(2023, 1, 1), dt.date(2024, 7, 31), dt.date(2024, 8, 1)])
    first, second = (kg.case_file(EXAMPLE, date=data.draw(days)) for _ in range(2))
    assert not kg.compare(first, first).differences
    there, back = kg.compare(first, second), kg.compare(second, first)
    assert {(each.about, each.service) for each in there.differences} == {
        (each.about, each.service) for each in back.differences
    }
    turned = {(each.about, each.service): (each.after, each.before) for each in back.differences}
    assert all(turned[each.about, each.service] == (each.before, each.after) for each in there.differences)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "2024-07-31", "--to", "2024-08-01"], "opplæringsloven § 24-1"),
        (["-f", "cooperation_necessary=false"], "før ja, nå nei"),
        (["-f", "age=18"], "Plikt til å oppnevne barnekoordinator: før ja, nå nei"),
    ],
)
def test_the_command(run, arguments: list[str], said: str) -> None:
    result = run("diff", str(EXAMPLE), *arguments)
    assert said in " ".join(result.stdout.split())


def test_the_command_writes_json_and_csv(run) -> None:
    found = json.loads(run("diff", str(EXAMPLE), "-f", "plan_consent=true", "--format", "json").stdout)
    assert {each["about"] for each in found["differences"]} >= {"plan-duty"}
    lines = run("diff", str(EXAMPLE), "-f", "plan_consent=true", "--format", "csv").stdout.splitlines()
    assert lines[0] == "about,service,kind,before,before_basis,after,after_basis"
    assert len(lines) == len(found["differences"]) + 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-f", "plan_consent=true"], "--fact is about a case"),
        ([], "There is no earlier date"),
        ([str(EXAMPLE), "-s", "bup"], "not both"),
        ([str(EXAMPLE), "-f", "plan_consen=true"], "Did you mean plan_consent?"),
        ([str(EXAMPLE), "-f", "services=bup"], "cannot be set here"),
        ([str(EXAMPLE), "--from", "2024-13-01"], "--from"),
    ],
)
def test_what_is_refused(run, arguments: list[str], message: str) -> None:
    result = run("diff", *arguments, code=2)
    assert message in result.stderr
