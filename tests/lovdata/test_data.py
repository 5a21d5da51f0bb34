"""The data as it stands, held against the acts as Lovdata published them on 8 November 2025."""

from __future__ import annotations

import datetime as dt
import shutil
import tarfile
from pathlib import Path

import pytest
from lxml import etree

from samordning.lovdata.check import check
from samordning.lovdata.current import look
from samordning.lovdata.hashes import FILE, hash_files, write
from tests.conftest import ROOT, shared
from tests.lovdata.make import archive

DAY = dt.date(2025, 11, 8)
ACT, SECTION, LEDD = "nl-20110624-030.xml", "§3-4", 2


@pytest.fixture(scope="session")
def places() -> list[str]:
    names = ("gjeldende-lover.tar.bz2", "sf-20220622-1110.xml", "sf-20111216-1256.xml")
    return [str(shared("law", "lovdata", name)) for name in names]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The data in a place of its own, to be written to."""
    for name in ("ontology", "data"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name)
    return tmp_path / "copy"


def test_the_data_agrees_with_the_official_texts(places: list[str]) -> None:
    with look(places, DAY) as current:
        report = check(current)
    assert not report.findings, "\n".join(f"{one.where}: {one.subject}: {one.what}" for one in report.findings)
    assert report.wordings > 40
    assert report.addresses > 200


def test_the_laws_alone_agree_too(places: list[str]) -> None:
    with look(places[:1], DAY) as current:
        report = check(current)
    assert not report.findings
    assert all(refid.startswith("forskrift/") for refid in report.unchecked)


def test_the_hash_files_are_up_to_date(places: list[str]) -> None:
    if not list((ROOT / "data" / "laws").glob(f"*/{FILE}")):
        pytest.skip("no hash file has been made yet")
    with look(places, DAY) as current:
        stale = [file.path.parent.name for file in hash_files(current) if file.changed]
    assert not stale, f"run: samordning lovdata hash --write ({', '.join(stale)})"


def _replaced(source: str, target: Path) -> tuple[str, str]:
    """Write the archive anew with one word of one sentence exchanged; the word before and after."""
    old = new = ""
    members = []
    with tarfile.open(source) as tar:
        for member in tar:
            file = tar.extractfile(member)
            content = file.read() if file else b""
            if member.name.endswith(ACT):
                root = etree.fromstring(content)
                (section,) = root.iterfind(f".//article[@data-name='{SECTION}']")
                ledd = section.findall("article[@class='legalP']")[LEDD - 1]
                old, _, rest = (ledd.text or "").partition(" ")
                new = f"Fylkes{old.lower()}"
                ledd.text = f"{new} {rest}"
                content = etree.tostring(root, encoding="utf-8")
                member.size = len(content)
            members.append((member, content))
    archive(target, *members)
    return old, new


def test_one_changed_word_is_found_and_only_that(places: list[str], copy: Path, tmp_path: Path) -> None:
    old, new = _replaced(places[0], tmp_path / "changed.tar.bz2")
    with look(places, DAY, copy) as before:
        for file in hash_files(before, copy):
            write(file)
        # What was read before serves as the store that knows the old words.
        with look([str(tmp_path / "changed.tar.bz2"), *places[1:]], DAY, copy) as after:
            report = check(after, before.texts, copy)
    (finding,) = report.findings
    assert report.unhashed == 0
    assert finding.where.startswith("data/laws/hol/par-3-4.ttl:")
    assert finding.subject == "norm/hol-3-4-2-1"
    assert f"{SECTION}/ledd/{LEDD}/setning/1 has other words" in finding.what
    assert [line for line in finding.diff if line[:1] in "+-"][2:] == [f"-{old}", f"+{new}"]
