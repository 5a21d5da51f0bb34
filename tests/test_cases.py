"""Varied cases, written from the law before they were run: what follows, in every language, and as a memo to read.

``matters`` names the facts that a duty's explanation must hold, all of them and no other. The memos in ``golden/`` were
read as prose; ``python tests/test_cases.py`` writes them anew after a change, to be read again.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from samordning.answer.report import report

if TYPE_CHECKING:
    from samordning.answer.model import Answer
    from samordning.knowledge import Knowledge

HERE = Path(__file__).parent
FILES = sorted(HERE.joinpath("cases").glob("*.yaml"))
GOLDEN = HERE / "golden"
#: The first thirty cases have their memo kept in each language.
KEPT = FILES[:30]
LANGUAGES = ("nb", "nn", "en")
KEYS = {
    "cooperation", "duties", "with_child_coordinator", "no_duty", "instead", "one_sided", "coordination", "coordinator",
    "child_coordinator", "coordinator_right", "plan", "complaint", "missing", "missing_includes", "missing_excludes",
}  # fmt: skip


@cache
def document(path: Path) -> Any:
    return YAML(typ="safe").load(path)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_case(kg: Knowledge, path: Path, lang: str) -> None:
    expected = document(path)["expect"]
    assert set(expected) <= KEYS
    answer = kg.answer(kg.case(document(path)["case"]), lang)
    _cooperation(answer, expected)
    _coordination(answer, expected)
    for part in ("child_coordinator", "coordinator_right"):
        if part in expected:
            assert getattr(answer, part).status == expected[part], part
    plan = answer.individual_plan
    for key, value in expected.get("plan", {}).items():
        found = plan.main_responsibility.kind if key == "main" else getattr(plan, key)
        assert (sorted(found) if isinstance(found, list) else found) == (
            sorted(value) if isinstance(value, list) else value
        ), f"plan {key}"
    for about, possible in expected.get("complaint", {}).items():
        assert {each.possible for each in answer.complaint if each.about == about} == {possible}, about
    missing = {each.fact for each in answer.missing_facts}
    if "missing" in expected:
        assert missing == set(expected["missing"])
    assert missing >= set(expected.get("missing_includes", []))
    assert not missing & set(expected.get("missing_excludes", []))


def _cooperation(answer: Answer, expected: dict[str, Any]) -> None:
    part = answer.cooperation
    assert part.status == expected["cooperation"]
    wanted: dict[tuple[str, str], list[str]] = {}
    for service, duty in expected.get("duties", {}).items():
        wanted.setdefault((service, duty["status"]), []).extend(duty["basis"])
        for address, status in duty.get("also", {}).items():
            wanted.setdefault((service, status), []).append(address)
    found: dict[tuple[str, str], list[str]] = {}
    for each in part.duties:
        if each.service in expected.get("duties", {}):
            found.setdefault((each.service, each.status), []).extend(each.basis)
    assert found == {key: found.get(key) for key in wanted}
    for key, addresses in wanted.items():
        assert set(found[key]) == set(addresses), key
    free = {other.service for other in part.not_bound}
    free |= {duty.service for duty in part.duties} - {
        duty.service for duty in part.duties if duty.status != "does_not_apply"
    }
    assert free == set(expected["no_duty"])
    beside = {duty.service: duty.status for duty in part.with_child_coordinator if duty.basis[0].count("/ledd/1")}
    assert expected.get("with_child_coordinator", beside) == beside
    for service, addresses in expected.get("instead", {}).items():
        instead = next(other.instead for other in part.not_bound if other.service == service)
        assert {address for duty in instead for address in duty.basis} >= set(addresses)
    assert {tuple(pair) for pair in expected.get("one_sided", [])} <= {
        (each.service, each.towards) for each in part.one_sided
    }
    for service, duty in expected.get("duties", {}).items():
        own = [each for each in part.duties if each.service == service and each.status == duty["status"]]
        if "matters" in duty:
            assert {reason.fact for each in own for reason in each.reasons} == set(duty["matters"]), service


def _coordination(answer: Answer, expected: dict[str, Any]) -> None:
    part = answer.coordination
    wanted = expected.get("coordination", {})
    assert part.status == wanted.get("status", part.status)
    assert sorted(part.basis) == sorted(wanted.get("basis", part.basis))
    for key, value in expected.get("coordinator", {}).items():
        assert getattr(part.coordinator, key) == value, key
    taken = [step for step in part.steps if step.taken]
    assert [step.kind for step in taken] == ([] if part.status == "does_not_apply" else [part.coordinator.kind])
    for step in part.steps:
        assert step.because


def memo(kg: Knowledge, path: Path, lang: str) -> str:
    """The memo, without the hash of the dataset, which changes with every word of the data."""
    answer = kg.answer(kg.case(document(path)["case"]), lang)
    return report(answer, kg.law).replace(answer.receipt.dataset[:19], "sha256:0")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_memo(kg: Knowledge, path: Path, lang: str) -> None:
    kept = GOLDEN / f"{path.stem}.{lang}.txt"
    assert memo(kg, path, lang) == kept.read_text(encoding="utf-8"), "python tests/test_cases.py writes it anew"


def test_all_cases_and_memos_are_there() -> None:
    assert len(FILES) >= 40
    assert {path.name for path in GOLDEN.glob("*")} == {
        f"{path.stem}.{lang}.txt" for path in KEPT for lang in LANGUAGES
    }
    assert len(KEPT) * len(LANGUAGES) == 90


if __name__ == "__main__":
    import samordning

    opened = samordning.load()
    for kept_path in KEPT:
        for language in LANGUAGES:
            GOLDEN.joinpath(f"{kept_path.stem}.{language}.txt").write_text(
                memo(opened, kept_path, language), encoding="utf-8"
            )
