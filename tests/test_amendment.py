"""A made-up amendment, added the way data/README.md says: one file, one command, no Python."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from samordning.errors import DataError
from samordning.graph.build import build, verify
from samordning.knowledge import Knowledge

ROOT = Path(__file__).resolve().parents[1]
CASE = {
    "person": {"age": 30},
    "services": ["nav-state"],
    "facts": {"cooperation_necessary": True, "coordinator_agreed": None},
}

#: From 2027 the municipality is to coordinate under the act on labour and welfare too.
AMENDMENT = """
<lov/2006-06-16-20/§15a/versjon/2027-01-01> a sam:ProvisionVersion ;
    sam:versionOf <lov/2006-06-16-20/§15a> ;
    sam:inForce "2027-01-01"^^xsd:date ; sam:enactedBy <lov/2026-12-18-999> ; sam:leddCount 4 ;
    sam:readFrom source:consolidated-2026-07-02 .

norm:nav-15a-4 a sam:Duty ;
    sam:provision <lov/2006-06-16-20/§15a/ledd/4> ; sam:statedIn <lov/2006-06-16-20/§15a/versjon/2027-01-01> ;
    sam:dutyType duty-type:coordination ; sam:modality modality:shall ;
    sam:bearer body:municipality ; sam:bearerAsNamed "Kommunen"@nb ;
    sam:beneficiary group:user ; sam:condition condition:nav-15a-1 ;
    sam:openNorm open-norm:necessary ; sam:reading reading:statute ;
    skos:prefLabel "Kommunen samordner tilbudet"@nb , "Kommunen samordnar tilbodet"@nn , "The municipality coordinates"@en .
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("ontology", "shapes", "data"):
        shutil.copytree(ROOT / name, tmp_path / "tree" / name)
    return tmp_path / "tree"


def _amend(tree: Path, text: str) -> Path:
    path = tree / "data" / "laws" / "nav" / "par-15a.ttl"
    before = path.read_text(encoding="utf-8")
    first = "<lov/2006-06-16-20/§15a/versjon/2022-08-01> a sam:ProvisionVersion ;\n"
    assert first in before
    ended = '    sam:lastDayWithEffect "2026-12-31"^^xsd:date ; sam:firstDayWithoutEffect "2027-01-01"^^xsd:date ;\n'
    # What stays as it was is stated in the new wording too.
    kept = before.replace(
        "sam:statedIn <lov/2006-06-16-20/§15a/versjon/2022-08-01> ;",
        "sam:statedIn <lov/2006-06-16-20/§15a/versjon/2022-08-01> , <lov/2006-06-16-20/§15a/versjon/2027-01-01> ;",
    )
    path.write_text(kept.replace(first, first + ended) + text, encoding="utf-8")
    return path


def test_one_file_changes_the_answer_from_its_day_on(tree: Path, tmp_path: Path) -> None:
    _amend(tree, AMENDMENT)
    kg = Knowledge.open(build(tmp_path / "built", tree).folder)
    before, after = (kg.answer(kg.case(CASE, date=dt.date.fromisoformat(day))) for day in ("2026-12-31", "2027-01-01"))
    assert before.cooperation.duties[0].basis == after.cooperation.duties[0].basis == ["lov/2006-06-16-20/§15a/ledd/1"]
    assert before.coordination.status == "does_not_apply"
    assert after.coordination.status == "applies"
    assert after.coordination.basis == ["lov/2006-06-16-20/§15a/ledd/4"]
    assert after.cooperation.duties[0].in_force == dt.date(2027, 1, 1)
    rows = {row.abbreviation: row for row in kg.matrix(dt.date(2027, 1, 1))}
    assert sum(bool(row.coordination) for row in rows.values()) == 10


def test_a_slip_in_the_file_is_told_with_its_line(tree: Path) -> None:
    path = _amend(tree, AMENDMENT.replace("sam:bearer body:municipality", "sam:bearer body:municpality"))
    line = path.read_text(encoding="utf-8").splitlines().index("norm:nav-15a-4 a sam:Duty ;") + 1
    with pytest.raises(DataError) as caught:
        verify(tree)
    assert caught.value.where == f"data/laws/nav/par-15a.ttl:{line}"
    assert "bearer" in str(caught.value)
