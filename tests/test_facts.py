"""The table of facts about the law, row by row: what stands in the data for each, or why nothing does."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from samordning.namespaces import local
from tests.conftest import shared

if TYPE_CHECKING:
    from samordning.knowledge import Knowledge

COVERAGE = Path(__file__).resolve().parent / "facts" / "coverage.yaml"
ROWS = {3: 27, 4: 24, 5: 30, 6: 34, 7: 20, 8: 14, 9: 15, 10: 14, 11: 15, 12: 7, 13: 32}
KINDS = {"norms", "versions", "gaps", "rules", "concepts"}
#: A row is known by its first words, so that the file repeats no more of the table than that.
LONGEST = 60
DASH = "\N{EN DASH}"
RULE = re.compile(r"\|[-:| ]+\|?")
PLACE = re.compile(r"§ (?P<section>\d+(?:-\d+)?(?: ?[a-z](?![a-z\d]))?)(?:\((?P<ledd>\d)\))?(?:p(?P<sentence>\d))?")


class Row(NamedTuple):
    section: int
    cells: list[str]


def _rows(text: str) -> list[Row]:
    """Every row under a heading with a number from 3 to 13, without the heads of the tables."""
    found, section = [], 0
    lines = [*text.splitlines(), ""]
    for line, following in pairwise(lines):
        heading = re.match(r"## (\d+)\. ", line)
        section = int(heading[1]) if heading else section
        if section in ROWS and line.startswith("|") and not RULE.fullmatch(line) and not RULE.fullmatch(following):
            found.append(Row(section, [cell.strip() for cell in line.strip().strip("|").split("|")]))
    return found


def _short(text: str) -> str:
    text = text.strip(f" {DASH}")
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0]


def _keys(rows: list[Row]) -> list[str]:
    """The section and the first cell of each row; with the second cell where the first is not enough."""
    alike = Counter((row.section, row.cells[0]) for row in rows)

    def key(row: Row) -> str:
        alone = alike[row.section, row.cells[0]] == 1 and row.cells[0] != DASH
        return f"{row.section}/{_short(row.cells[0] if alone else f' {DASH} '.join(row.cells[:2]))}"

    return [key(row) for row in rows]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return _rows(shared("law", "facts.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def coverage() -> dict[str, dict[str, Any]]:
    found = YAML(typ="safe").load(COVERAGE)  # a key that comes twice is an error
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def things(kg: Knowledge) -> set[str]:
    """Everything the dataset says something of, law and proposals alike."""
    query = "SELECT DISTINCT ?thing WHERE { { ?thing ?is ?so } UNION { GRAPH ?graph { ?thing ?is ?so } } }"
    return {local(str(row["thing"])) for row in kg.store.select(query, {}).rows if "thing" in row}


def test_every_row_is_counted(rows: list[Row]) -> None:
    counted = Counter(row.section for row in rows)
    print(f"rows by section: {dict(counted)}, {len(rows)} in all")
    assert counted == ROWS


def test_every_row_is_accounted_for_and_no_more(rows: list[Row], coverage: dict[str, dict[str, Any]]) -> None:
    keys = _keys(rows)
    assert len(set(keys)) == len(keys), [key for key, count in Counter(keys).items() if count > 1]
    missing, stale = [key for key in keys if key not in coverage], sorted(set(coverage) - set(keys))
    assert not missing, f"rows that coverage.yaml says nothing of: {missing}"
    assert not stale, f"keys that are no row of the table: {stale}"


def test_what_is_named_exists(kg: Knowledge, things: set[str], coverage: dict[str, dict[str, Any]]) -> None:
    query = "SELECT ?version WHERE { ?version a <https://w3id.org/samordning/ns#ProvisionVersion> }"
    versions = {local(str(row["version"])) for row in kg.store.select(query, {}).rows}
    known = {
        "norms": {norm.key for norm in kg.law.norms.values()},
        "gaps": {local(gap.iri).removeprefix("gap/") for gap in kg.law.gaps},
        "versions": versions,
        "rules": {name.removeprefix("territorial-rule/") for name in things if name.startswith("territorial-rule/")},
        "concepts": things,
    }
    assert known.keys() == KINDS
    for key, said in coverage.items():
        assert said, f"{key} says nothing"
        for kind, names in said.items():
            if kind != "omitted":
                assert names, f"{key}: {kind} is empty"
                assert len(set(names)) == len(names), f"{key}: a name comes twice"
                unknown = [name for name in names if name not in known[kind]]
                assert not unknown, f"{key}: there are no {kind} {unknown}"


def test_a_row_is_left_out_only_with_a_reason(coverage: dict[str, dict[str, Any]]) -> None:
    left_out = {key: said["omitted"] for key, said in coverage.items() if "omitted" in said}
    print(f"{len(left_out)} rows left out: {', '.join(left_out)}")
    for key, reason in left_out.items():
        assert set(coverage[key]) == {"omitted"}, f"{key} is both left out and accounted for"
        assert len(reason.split()) > 4, f"{key}: say why"
    assert len(left_out) < 10


def _address(place: re.Match[str]) -> str:
    address = "§" + place["section"].replace(" ", "")
    if place["ledd"] or place["sentence"]:
        address += f"/ledd/{place['ledd'] or 1}"
    return address + (f"/setning/{place['sentence']}" if place["sentence"] else "")


def test_the_norms_stand_where_the_matrix_says(
    kg: Knowledge, rows: list[Row], coverage: dict[str, dict[str, Any]]
) -> None:
    # Section 3 gives the place of each duty; a ledd of one sentence has no sentence in its address.
    by_key = {norm.key: (norm.address, *map(local, norm.also)) for norm in kg.law.norms.values()}
    checked = 0
    for row, key in zip(rows, _keys(rows), strict=True):
        if row.section == 3:
            stands = {f"§{place.partition('/§')[2]}/" for name in coverage[key]["norms"] for place in by_key[name]}
            for cell in row.cells[1:-1] if len(row.cells) > 4 else row.cells[1:2]:
                for place in PLACE.finditer(cell):
                    wanted = f"{_address(place)}/"
                    assert any(address.startswith(wanted) for address in stands), f"{key}: no norm in {wanted}"
                    checked += 1
    assert checked > 80


def test_the_bearers_are_named_as_the_table_says(
    kg: Knowledge, rows: list[Row], coverage: dict[str, dict[str, Any]]
) -> None:
    # Section 4 gives the law's own word for who is bound; the definitions in it have shorter rows.
    by_key = {norm.key: norm for norm in kg.law.norms.values()}
    checked = 0
    for row, key in zip(rows, _keys(rows), strict=True):
        if row.section == 4 and len(row.cells) == 6 and not row.cells[1].startswith("same"):
            for name in coverage[key]["norms"]:
                named = str(by_key[name].bearer_as_named)
                assert named.casefold() in row.cells[1].casefold(), f"{key}: {name} names {named}"
                checked += 1
    assert checked > 40
