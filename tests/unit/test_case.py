"""Case files: what is accepted, and the one clear message for what is not. The messages are part of the contract."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samordning.answer.case import check
from samordning.answer.document import MAX_BYTES, read
from samordning.engine.status import Special
from samordning.errors import InputError, OutsideData, TooLarge

if TYPE_CHECKING:
    from samordning.answer.case import Case
    from samordning.knowledge import Knowledge


def _case(kg: Knowledge, text: str) -> Case:
    return check(read(text.encode(), "case.yaml"), kg.law)


def _refused(kg: Knowledge, text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        _case(kg, text)
    return caught.value


def test_a_whole_case(kg: Knowledge) -> None:
    case = _case(
        kg,
        """
date: 2026-03-01
municipality: "4601"
person: {age: 9, household_role: child}
services: [municipal-health, primary-school, ppt, bup]
facts:
  cooperation_necessary: true
  helps_solve_own_tasks: unknown
  long_term_needs: open
  plan_exists: false
  plan_holder: null
""",
    )
    assert case.date == dt.date(2026, 3, 1)
    assert case.municipality == "4601"
    assert case.facts == {
        "services": ("municipal-health", "primary-school", "ppt", "bup"),
        "age": 9,
        "unborn": False,
        "household_role": "child",
        "cooperation_necessary": True,
        "long_term_needs": Special.OPEN,
        "plan_exists": False,
        "plan_holder": Special.NONE,
    }


def test_json_and_yaml_say_the_same(kg: Knowledge) -> None:
    yaml = _case(kg, "date: 2026-03-01\nservices: [bup]\nfacts: {cooperation_necessary: true}\n")
    json = _case(kg, '{"date": "2026-03-01", "services": ["bup"], "facts": {"cooperation_necessary": true}}')
    assert yaml == json
    assert yaml.fingerprint(kg.law) == json.fingerprint(kg.law)


def test_norwegian_names_are_aliases(kg: Knowledge) -> None:
    case = _case(kg, "services: [Barnevern, skole, PPT, fastlege, NAV, Sykehus, barnehage]")
    assert case.services == (
        "child-welfare",
        "primary-school",
        "ppt",
        "gp",
        "nav-state",
        "specialist-health",
        "kindergarten",
    )


def test_an_unborn_child_has_no_age(kg: Knowledge) -> None:
    assert _case(kg, "{person: {unborn: true}, services: [bup]}").facts["age"] is Special.NONE
    assert "both" in str(_refused(kg, "person: {unborn: true, age: 1}\nservices: [bup]\n"))


REFUSED = [
    ("services: [bup]\nperson: {age: -1}\n", "case.yaml:2: age is a whole number from 0 to 130."),
    ("services: [bup]\nperson: {age: 9.5}\n", "case.yaml:2: age is a whole number from 0 to 130."),
    ("services: [bup]\nperson: {age: true}\n", "case.yaml:2: age is a whole number from 0 to 130."),
    ("services: [buup]\n", 'case.yaml:1: Unknown service "buup". Did you mean bup?'),
    ("services: [bup, bup]\n", "case.yaml:1: The service bup is listed twice."),
    ("services: bup\n", "case.yaml:1: services is a list of service ids."),
    ("services: []\n", "case.yaml:1: The case names no service. A duty to cooperate is always some service's duty. List the services the person receives or needs."),
    ("servces: [bup]\n", 'case.yaml:1: Unknown key "servces". Did you mean services?'),
    ("services: [bup]\nfacts:\n  cooperation_neccessary: true\n", 'case.yaml:3: Unknown key "cooperation_neccessary". Did you mean cooperation_necessary?'),
    ("services: [bup]\nfacts:\n  plan_exists: yes\n", "case.yaml:3: plan_exists is true, false, unknown or open."),
    ("services: [bup]\nfacts:\n  plan_exists: 1\n", "case.yaml:3: plan_exists is true, false, unknown or open."),
    ("services: [bup]\nfacts: {plan_holder: ppt}\n", "case.yaml:2: plan_holder is ppt, which is not among the services. Add it to services, or name one that is there."),
    ("services: [bup]\nfacts: {plan_holder: bup, plan_exists: false}\n", "case.yaml:2: plan_holder is given, but plan_exists is false. Set plan_exists to true, or take plan_holder out."),
    ("date: 2022-07-31\nservices: [bup]\n", "case.yaml:1: The date 2022-07-31 is outside what the data covers, 2022-08-01 to 2027-12-31. The duties have been read for that period only, and nothing is guessed. Ask for a date within it."),
    ("date: 2028-01-01\nservices: [bup]\n", "case.yaml:1: The date 2028-01-01 is outside what the data covers, 2022-08-01 to 2027-12-31. The duties have been read for that period only, and nothing is guessed. Ask for a date within it."),
    ("date: 2026-02-30\nservices: [bup]\n", "case.yaml:1: date is not a day such as 2026-03-01."),
    ("municipality: 4601\nservices: [bup]\n", 'case.yaml:1: municipality is a number of four digits in quotes, such as "4601".'),
    ("person: {household_role: aunt}\nservices: [bup]\n", "case.yaml:1: household_role is one of: adult, child, parent."),
    ("services: [bup\n", "case.yaml:2: This is not valid YAML. Look at the indentation and colons of that line."),
    ("services: [bup]\n---\nservices: [ppt]\n", "case.yaml:2: There are several documents in the file. Put each case in a file of its own, without ---."),
    ("services: [bup]\nservices: [ppt]\n", "case.yaml:2: A key stands twice. Keep one of them."),
    ("- bup\n", "case.yaml: A case is a mapping with keys such as services and facts. See the README for an example."),
    ("", "case.yaml: The file is empty. Write at least the services, see the README for an example."),
    ("  \n", "case.yaml: The file is empty. Write at least the services, see the README for an example."),
    ('{"services": ["bup"], "facts": {"plan_exists": NaN}}', "case.yaml: NaN is not a value in JSON. Leave out what is unknown."),
    ('{"services": ["bup"], "services": ["ppt"]}', "case.yaml: A key stands twice in the same object. Keep one of them."),
    ("services: [bup]\nfacts: {" + "a: {" * 40 + "}" * 41, "case.yaml: The file is nested more than 32 levels deep. A case has three levels."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_refused_and_how(kg: Knowledge, text: str, message: str) -> None:
    assert str(_refused(kg, text)) == message


def test_a_number_that_identifies_someone_is_refused_and_not_repeated(kg: Knowledge) -> None:
    for number in ("01019012345", "010190 12345", "010190-12345"):
        message = str(_refused(kg, f'services: [bup]\nmunicipality: "{number}"\n'))
        assert "national identity number" in message
        assert number not in message
    assert _case(kg, 'services: [bup]\nmunicipality: "4601"\n').municipality == "4601"


def test_what_the_user_wrote_is_not_repeated(kg: Knowledge) -> None:
    for text in (
        "services: [Ola Nordmann bor her]\n",
        '"Ola Nordmann er syk": 1\nservices: [bup]\n',
        "services: [bup]\nperson: {household_role: Ola Nordmann}\n",
        "date: Ola Nordmann\nservices: [bup]\n",
    ):
        assert "Nordmann" not in str(_refused(kg, text))


def test_size_is_checked_before_anything_is_parsed() -> None:
    start = b"services: [bup] #"
    assert read(start.ljust(MAX_BYTES, b"x"), "c").data == {"services": ["bup"]}
    for size in (MAX_BYTES + 1, 10_000_000):
        with pytest.raises(TooLarge):
            read(b"[" * size, "c")


def test_depth_at_the_limit() -> None:
    assert read(("[" * 32 + "]" * 32).encode(), "c").data
    with pytest.raises(InputError):
        read(("[" * 33 + "]" * 33).encode(), "c")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_data_or_one_clear_error(raw: bytes) -> None:
    try:
        read(raw, "c")
    except InputError as error:
        assert str(error).startswith("c")


values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["date", "person", "services", "facts", "municipality", "other"]), values))
def test_any_data_gives_a_case_or_one_clear_error(kg: Knowledge, data: dict[str, Any]) -> None:
    try:
        kg.case(data)
    except InputError as error:
        assert str(error)


def test_the_edges_of_the_period(kg: Knowledge) -> None:
    for date in ("2022-08-01", "2027-12-31"):
        assert _case(kg, f"date: {date}\nservices: [bup]\n").date.isoformat() == date
    with pytest.raises(OutsideData):
        kg.matrix(dt.date(2022, 7, 31))
