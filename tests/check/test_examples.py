"""Every rule passes its good examples and finds its bad ones, with pySHACL, with rudof and as sets: the same findings.

An example is a file in tests/check/<case or setup>/<rule>/good or .../bad. Comments at its top are read by the test:

    # base: child                            what it changes: tests/check/bases/child.yaml, of which nothing is found
    # alone: true                            nothing of the base's record is kept, only its person, services and facts
    # expect: rule=took-part duty=individual-cooperation service=ppt
    # passes: rule=took-part duty=individual-cooperation service=ppt

A bad example has one fault and says all that must be found: nothing more, nothing less. A good one says what must not be.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from samordning.check import graph
from samordning.check.checker import Checker
from samordning.check.rule import load
from samordning.check.shacl import Engine, validator
from samordning.namespaces import PREFIXES

HERE = Path(__file__).parent
FILES = sorted(path for scope in ("case", "setup") for path in (HERE / scope).rglob("*.yaml"))
BASES = sorted((HERE / "bases").glob("*.yaml"))
BAD = [path for path in FILES if path.parent.name == "bad"]
GOOD = [path for path in FILES if path.parent.name == "good"]
#: What must hold of a finding for it to be the one that is meant.
KEYS = ("rule", "duty", "service", "towards")


def name(path):
    return path.relative_to(HERE).with_suffix("").as_posix()


def plain(path):
    data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return undate(data)


def undate(data):
    if isinstance(data, dict):
        return {key: undate(value) for key, value in data.items()}
    if isinstance(data, list):
        return [undate(value) for value in data]
    return data.isoformat() if hasattr(data, "isoformat") else data


def header(path):
    found = {"base": None, "alone": False, "expect": set(), "passes": set()}
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, rest = line.removeprefix("# ").partition(": ")
        if line.startswith("# ") and key in ("expect", "passes"):
            said = dict(part.split("=", 1) for part in rest.split())
            assert set(said) <= set(KEYS), path
            found[key].add(tuple(said.get(one) for one in KEYS))
        elif line.startswith("# ") and key in ("base", "alone"):
            found[key] = rest if key == "base" else rest == "true"
    return found


def merged(base, change):
    """The base with a change: mappings key by key, entries of services by service, other lists place by place; null takes away."""
    if isinstance(base, dict) and isinstance(change, dict):
        made = dict(base)
        for key, value in change.items():
            if value is None:
                made.pop(key, None)
            else:
                made[key] = merged(base.get(key), value)
        return made
    if isinstance(change, list) and change and all(isinstance(one, dict) for one in change) and isinstance(base, list):
        if "service" in change[0]:
            by_service = {one["service"]: one for one in change}
            return [merged(one, by_service.pop(one["service"], {})) for one in base] + list(by_service.values())
        if "between" in change[0]:
            return [*base, *change]
        return [merged(old, new) for old, new in zip(base, change, strict=False)] + change[len(base) :]
    return change


def whole(path):
    """The record that an example describes."""
    said = header(path)
    base = plain(HERE / "bases" / f"{said['base']}.yaml")
    change = plain(path)
    if said["alone"]:
        kept = ("date", "person", "services", "facts", "setup")
        base = {key: value for key, value in base.items() if key in kept}
    return merged(base, change)


def scope_of(path):
    if path.parent.name == "bases":
        return "case" if "record:" in path.read_text(encoding="utf-8") else "setup"
    return path.relative_to(HERE).parts[0]


@pytest.fixture(scope="module")
def checker(kg):
    return Checker(kg)


BATCH = 40


@pytest.fixture(scope="module")
def results(checker):
    """What each engine finds in each example and base. Some records go to an engine together: they share nothing."""
    found = {}
    for scope in ("case", "setup"):
        paths = [path for path in [*FILES, *BASES] if scope_of(path) == scope]
        for start in range(0, len(paths), BATCH):
            found |= batch(checker, scope, paths[start : start + BATCH])
    return found


def batch(checker, scope, paths):
    planned, lines = [], list(graph.levels(checker.kg.law))
    for number, path in enumerate(paths):
        data = plain(path) if path in BASES else whole(path)
        record = checker.record(document(name(path), data), scope)
        duties = checker.duties(record)
        planned.append((record, duties))
        lines += [*graph.statements(record, number), *graph.duties(record, duties, number)]
    engines = {engine: validator(engine, scope).hits(lines) for engine in Engine}
    engines["sets"] = set().union(*checker.sets(scope).hits(planned))
    found = {}
    for number, (path, (_, duties)) in enumerate(zip(paths, planned, strict=True)):
        named = {graph.duty_name(number, duty): duty for duty in duties}
        found[path] = (
            duties,
            {
                engine: {key(named[focus], rule) for focus, rule in hits if focus in named}
                for engine, hits in engines.items()
            },
        )
    return found


def document(label, data):
    from samordning.answer.document import Document

    return Document(label, data)


def key(duty, rule):
    return (rule.removeprefix(PREFIXES["shape"]), duty.type, duty.service, duty.towards)


@pytest.mark.parametrize("path", BASES, ids=name)
def test_nothing_is_found_in_a_base(results, path):
    duties, found = results[path]
    assert len(duties) > 3
    for hits in found.values():
        assert hits == set()


@pytest.mark.parametrize("path", BAD, ids=name)
def test_bad_example_is_found_for_its_fault_only(results, path):
    _, found = results[path]
    expected = header(path)["expect"]
    assert expected
    for engine, hits in found.items():
        assert hits == expected, engine


@pytest.mark.parametrize("path", GOOD, ids=name)
def test_good_example_passes_its_rule(results, path):
    duties, found = results[path]
    passes = header(path)["passes"]
    assert passes
    rules = load(scope_of(path)).rules
    for rule, type_, service, towards in passes:
        looked_at = [duty for duty in duties if (duty.type, duty.service, duty.towards) == (type_, service, towards)]
        shape = rules[PREFIXES["shape"] + rule]
        assert any(duty.classes & shape.targets for duty in looked_at), "the rule looks at nothing here"
        for hits in found.values():
            assert (rule, type_, service, towards) not in hits
            assert (f"{rule}-unsaid", type_, service, towards) not in hits


@pytest.mark.parametrize("path", [*FILES, *BASES], ids=name)
def test_all_engines_find_the_same(results, path):
    _, found = results[path]
    assert len({frozenset(hits) for hits in found.values()}) == 1


def test_the_collection():
    there = {path for folder in ("case", "setup") for path in (HERE / folder).rglob("*") if path.is_file()}
    assert there == set(FILES) == {*GOOD, *BAD}
    assert len(FILES) >= 300
    for scope in ("case", "setup"):
        rules = {rule.name for rule in load(scope).rules.values()} - {"unsettled"}
        folders = {path.name for path in (HERE / scope).iterdir()}
        silences = {rule for rule in rules if rule.endswith("-unsaid")}
        assert folders == rules - silences, "a rule without examples, or examples without a rule"
        assert all((HERE / scope / folder / kind).is_dir() for folder in folders for kind in ("good", "bad"))
        expected = {found[0] for path in BAD if scope_of(path) == scope for found in header(path)["expect"]}
        assert expected == rules, "a rule that no bad example breaks"
        print(f"{scope}: {len(rules)} shapes, {len([p for p in FILES if scope_of(p) == scope])} examples")


def test_no_two_bad_examples_are_alike():
    contents = Counter(re.sub(r"^# [A-Z].*\n", "", path.read_text(encoding="utf-8")) for path in BAD)
    assert [text for text, times in contents.items() if times > 1] == []
