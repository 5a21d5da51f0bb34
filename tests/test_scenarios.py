"""Every scenario that stands beside a paragraph: the case, and what each norm comes to."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from samordning.answer.case import check
from samordning.answer.document import Document
from samordning.engine.status import Status, evaluate

if TYPE_CHECKING:
    from samordning.knowledge import Knowledge

LAWS = Path(__file__).resolve().parents[1] / "data" / "laws"
FILES = sorted(LAWS.glob("*/par-*.scenarios.yaml"))
KEYS = {"id", "title", "case", "expect", "missing", "why"}


def _read(path: Path) -> list[dict[str, Any]]:
    found = YAML(typ="safe").load(path)
    assert isinstance(found, list), f"{path.name} holds no list of scenarios"
    assert found, f"{path.name} holds no scenario"
    return found


SCENARIOS = [(path, scenario) for path in FILES for scenario in _read(path)]


def _name(pair: tuple[Path, dict[str, Any]]) -> str:
    return f"{pair[0].parent.name}/{pair[1].get('id')}"


@pytest.mark.parametrize("pair", SCENARIOS, ids=_name)
def test_scenario(kg: Knowledge, pair: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    path, scenario = pair
    assert not scenario.keys() - KEYS, f"unknown keys in {path.name}"
    assert scenario["title"]
    assert scenario["expect"]
    # A scenario may lie outside the period the data answers for: the day before a norm existed.
    monkeypatch.setattr("samordning.answer.case.refuse_outside", lambda *_args: None)
    data = dict(scenario["case"])
    date = data.pop("date")
    case = check(
        Document(path.name, data), kg.law, date=date if isinstance(date, dt.date) else dt.date.fromisoformat(date)
    )
    found = evaluate(kg.store, kg.law, kg.tables, case.facts, case.date)
    for key, expected in scenario["expect"].items():
        assert key in kg.law.norms, f"{key} is no norm"
        outcome = found.norms.get(key)
        assert (outcome.status.value if outcome else "not_in_force") == expected, f"{key}: {scenario['title']}"
    if "missing" in scenario:
        wanted = set(scenario["missing"])
        unknown = {fact for key in scenario["expect"] if key in found.norms for fact in found.norms[key].unknown}
        assert unknown == wanted


def test_every_paragraph_has_scenarios() -> None:
    paragraphs = {path.with_suffix("").name for path in LAWS.glob("*/par-*.ttl")}
    without = {
        f"{path.parent.name}/{path.stem}"
        for path in LAWS.glob("*/par-*.ttl")
        if not path.with_name(path.stem + ".scenarios.yaml").exists()
    }
    assert paragraphs
    assert not without
    ids = [f"{path.parent.name}/{scenario['id']}" for path, scenario in SCENARIOS]
    assert len(ids) == len(set(ids)), "two scenarios of an act share an id"
    assert len(SCENARIOS) >= 400


def test_every_norm_has_a_scenario_where_it_applies_or_is_known_not_to(kg: Knowledge) -> None:
    seen = {key for _, scenario in SCENARIOS for key in scenario["expect"]}
    assert not set(kg.law.norms) - seen, "norms that no scenario looks at"


def test_every_norm_that_can_apply_does_so_in_some_scenario(kg: Knowledge) -> None:
    today = dt.date(2026, 7, 2)
    applying = {
        key for _, scenario in SCENARIOS for key, status in scenario["expect"].items() if status == Status.APPLIES
    }
    current = {key for key, norm in kg.law.norms.items() if norm.version(today)}
    assert not current - applying, "norms in force that no scenario sees applying"
