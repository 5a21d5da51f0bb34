"""Rules about the whole dataset: each is a query that must find nothing, and each is shown to find a small fault."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from samordning.engine.store import OxigraphStore
from samordning.namespaces import GRAPHS, THINGS

if TYPE_CHECKING:
    from samordning.engine.store import Store
    from samordning.knowledge import Knowledge

FOLDER = Path(__file__).resolve().parent / "hygiene"
RULES = sorted(FOLDER.glob("*.rq"))
BROKEN = {path.stem: path for path in (FOLDER / "broken").glob("*.ttl")}
EXPECTED = re.compile(r"^# error: (.+)$", re.MULTILINE)


def _errors(store: Store, rule: Path) -> list[str]:
    table = store.select(rule.read_text(encoding="utf-8"), {})
    assert table.columns == ("error",), f"{rule.name} selects ?error and nothing else"
    assert all("error" in row for row in table.rows), f"{rule.name} finds something but has no words for it"
    return sorted(str(row["error"]) for row in table.rows)


def _store(turtle: Path) -> OxigraphStore:
    """A store with one file as law, in the whole and as a proposal, since a rule may look in either place."""
    triples = list(ox.parse(turtle.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=THINGS))
    graphs = [ox.DefaultGraph(), *(ox.NamedNode(GRAPHS + name) for name in ("law", "proposals"))]
    quads = [ox.Quad(triple.subject, triple.predicate, triple.object, graph) for graph in graphs for triple in triples]
    return OxigraphStore(ox.serialize(quads, format=ox.RdfFormat.N_QUADS))


@pytest.mark.parametrize("rule", RULES, ids=lambda path: path.stem)
def test_the_dataset_keeps_the_rule(kg: Knowledge, rule: Path) -> None:
    errors = _errors(kg.store, rule)
    assert not errors, "\n".join(errors)


@pytest.mark.parametrize("rule", RULES, ids=lambda path: path.stem)
def test_the_rule_finds_a_fault(rule: Path) -> None:
    broken = BROKEN[rule.stem]
    expected = EXPECTED.findall(broken.read_text(encoding="utf-8"))
    assert expected, f"{broken.name} says which error is expected: # error: ..."
    assert _errors(_store(broken), rule) == sorted(expected)


def test_rules_and_examples_belong_together() -> None:
    assert len(RULES) >= 30
    assert {path.stem for path in RULES} == set(BROKEN)
    for rule in RULES:
        first = rule.read_text(encoding="utf-8").splitlines()[0]
        assert re.match(r"# [A-Z].*", first), f"{rule.name} begins with a comment that says the rule"
