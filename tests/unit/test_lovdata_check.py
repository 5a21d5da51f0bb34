"""Hashes and checks against invented acts and data."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph
from typer.testing import CliRunner

from samordning.errors import DataError, InputError
from samordning.interfaces.cli.lovdata import app
from samordning.lovdata.check import Report, check, words
from samordning.lovdata.collection import open_collection
from samordning.lovdata.current import look
from samordning.lovdata.hashes import hash_files, write
from samordning.lovdata.load import load
from samordning.lovdata.store import OfficialText
from samordning.lovdata.writer import create_store
from tests.lovdata.make import REFID, act, archive, items, member, note, section

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2024, 5, 6)
HEAD = """@base <https://w3id.org/samordning/id/> .
@prefix sam: <https://w3id.org/samordning/ns#> .
@prefix norm: <https://w3id.org/samordning/id/norm/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
ACT = HEAD + f'<{REFID}> a sam:Act ; sam:id "{REFID}" .\n'
LAW = (
    HEAD
    + f"""<{REFID}/§1> a sam:Provision ; sam:partOf <{REFID}> ; sam:address "{REFID}/§1" .

<{REFID}/§1/versjon/2019-01-01> a sam:ProvisionVersion ;
    sam:versionOf <{REFID}/§1> ; sam:leddCount 9 ;
    sam:inForce "2019-01-01"^^xsd:date ; sam:firstDayWithoutEffect "2020-02-02"^^xsd:date .

<{REFID}/§1/versjon/2020-02-02> a sam:ProvisionVersion ;
    sam:versionOf <{REFID}/§1> ; sam:leddCount 2 ; sam:inForce "2020-02-02"^^xsd:date .

<{REFID}/§1/versjon/senere> a sam:ProvisionVersion ;
    sam:versionOf <{REFID}/§1> ; sam:leddCount 7 ; sam:unknownDate sam:inForce .

norm:forst a sam:Duty ;
    sam:provision <{REFID}/§1/ledd/1/setning/1> ;
    sam:statedIn <{REFID}/§1/versjon/2019-01-01> , <{REFID}/§1/versjon/2020-02-02> .

norm:andre a sam:Duty ; sam:provision <{REFID}/§1/ledd/1/setning/2> ; sam:statedIn <{REFID}/§1/versjon/2020-02-02> .

norm:liste a sam:Duty ; sam:provision <{REFID}/§1/ledd/2/bokstav/b> ; sam:statedIn <{REFID}/§1/versjon/2020-02-02> ;
    sam:alsoBasis <{REFID}/§2> , <{REFID}/§1/ledd/2> .

norm:gammel a sam:Duty ; sam:provision <{REFID}/§1/ledd/9> ; sam:statedIn <{REFID}/§1/versjon/2019-01-01> .
"""
)
TEXT = section(
    "§1",
    "Kommunen gir mat. Den gir vann.",
    f"Det gjelder{items('hunder,', 'katter.')}",
    note("Endret ved lov 1 jan 2020 nr. 2 (ikr. 2 feb 2020)."),
)
GOOD = TEXT + section("§2", "Loven gjelder dyr.")
NAME = "nl-20200101-001.xml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    home = tmp_path / "root" / "data" / "laws" / "prl"
    home.mkdir(parents=True)
    (home / "act.ttl").write_text(ACT, encoding="utf-8")
    (home / "par-1.ttl").write_text(LAW, encoding="utf-8")
    return tmp_path / "root"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return _archive(tmp_path, "good", GOOD)


def _archive(tmp_path: Path, name: str, body: str) -> Path:
    return archive(tmp_path / f"{name}.tar.bz2", member(f"nl/{NAME}", act(body)))


def _hash(root: Path, *places: Path) -> None:
    with look([str(place) for place in places], root=root) as current:
        for file in hash_files(current, root):
            write(file)


def _check(root: Path, place: Path, store: Path | None = None, date: dt.date | None = None) -> Report:
    with look([str(place)], date, root) as current:
        if store is None:
            return check(current, None, root)
        with create_store(store) as kept:
            return check(current, kept, root)


def test_what_is_sound_passes(root: Path, good: Path) -> None:
    report = _check(root, good)
    assert (report.findings, report.wordings, report.addresses, report.hashes, report.unhashed) == ([], 1, 5, 0, 3)
    _hash(root, good)
    report = _check(root, good)
    assert (report.findings, report.hashes, report.unhashed) == ([], 3, 0)


def test_the_hash_file(root: Path, good: Path) -> None:
    _hash(root, good)
    path = root / "data/laws/prl/hashes.ttl"
    text = path.read_text(encoding="utf-8")
    assert "mat" not in text
    assert text.startswith("@base <https://w3id.org/samordning/id/> .")
    nodes = [line.split()[0] for line in text.splitlines() if " a sam:TextHash" in line]
    version = f"{REFID}/§1/versjon/2020-02-02"
    assert nodes == [f"<{version}/hash/ledd/{rest}>" for rest in ("1/setning/1", "1/setning/2", "2/bokstav/b")]
    assert len(Graph().parse(data=text, format="turtle")) == 12
    with look([str(good)], root=root) as current:
        assert not any(file.changed for file in hash_files(current, root))


def test_hashes_of_other_wordings_are_kept(root: Path, good: Path, tmp_path: Path) -> None:
    _hash(root, good)
    path = root / "data/laws/prl/hashes.ttl"
    before = path.read_text(encoding="utf-8")
    old = f'\n<{REFID}/§1/versjon/2019-01-01/hash/ledd/9> a sam:TextHash ;\n    sam:hashOf <{REFID}/§1/ledd/9> ; sam:hashIn <{REFID}/§1/versjon/2019-01-01> ;\n    sam:sha256 "{"0" * 64}" .\n'
    path.write_text(before + old, encoding="utf-8")
    _hash(root, good)
    assert "versjon/2019-01-01/hash/ledd/9" in path.read_text(encoding="utf-8")
    # Where the act is not among the texts, what is stored stays.
    elsewhere = archive(tmp_path / "x.tar.bz2", member("nl/x.xml", act("", "forskrift/2020-01-01-5")))
    kept = path.read_text(encoding="utf-8")
    _hash(root, elsewhere)
    assert path.read_text(encoding="utf-8") == kept
    # A hash whose wording has left the data leaves too.
    law = root / "data/laws/prl/par-1.ttl"
    law.write_text(law.read_text(encoding="utf-8").replace("2019-01-01>", "2018-01-01>"), encoding="utf-8")
    _hash(root, good)
    assert "2019-01-01" not in path.read_text(encoding="utf-8")


def test_an_act_without_a_file(root: Path, good: Path) -> None:
    (root / "data/laws/prl/act.ttl").unlink()
    with look([str(good)], root=root) as current, pytest.raises(DataError, match="No file describes"):
        hash_files(current, root)


def test_one_changed_word_is_found_and_only_that(root: Path, good: Path, tmp_path: Path) -> None:
    _hash(root, good)
    store = tmp_path / "x.sqlite"
    changed = _archive(tmp_path, "changed", GOOD.replace("Den gir vann", "Den selger vann"))
    (finding,) = _check(root, changed).findings
    assert finding.where == "data/laws/prl/par-1.ttl:22"
    assert finding.subject == "norm/andre"
    assert (
        finding.what == f"{REFID}/§1/ledd/1/setning/2 has other words than when it was read; the old words are not kept"
    )
    assert finding.diff == ()
    with open_collection(str(good)) as collection, create_store(store) as writer:
        load(writer, collection)
    (finding,) = _check(root, changed, store).findings
    assert finding.diff == ("--- 2024-05-06", "+++ 2024-05-06", "@@ -1,3 +1,3 @@", " Den", "-gir", "+selger", " vann.")
    assert "kept" not in finding.what


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (GOOD.replace("Den gir vann.", "Den gir\n vann ."), []),
        (section("§2", "x"), [f"{REFID}/§1 does not exist"]),
        (TEXT, [f"{REFID}/§2 does not exist"]),
        (GOOD.replace(" Den gir vann.", ""), [f"{REFID}/§1/ledd/1/setning/2 does not exist"]),
        (GOOD.replace("§2", "§3"), [f"{REFID}/§2 does not exist"]),
        (
            GOOD.replace(">Det gjelder", ">Nytt.</article><article class='legalP'>Det gjelder"),
            [f"{REFID}/§1 has 3 ledd, not 2", f"{REFID}/§1/ledd/2/bokstav/b does not exist"],
        ),
        (
            GOOD.replace("2 feb 2020).", "2 feb 2020), 3 mars 2023 nr. 5 (i kraft 1 jan 2024)."),
            [f"{REFID}/§1 was amended with effect from 2024-01-01"],
        ),
        (GOOD.replace("2 feb 2020).", "2 feb 2020). Endres ved lov 3 mars 2023 nr. 5 (i kraft 1 jan 2025)."), []),
        (
            GOOD.replace("2 feb 2020).", "2 feb 2020). Endres ved lov 3 mars 2023 nr. 5 (i kraft 1 jan 2024)."),
            [f"{REFID}/§1 was amended with effect from 2024-01-01"],
        ),
    ],
)
def test_what_a_check_finds(root: Path, good: Path, tmp_path: Path, body: str, expected: list[str]) -> None:
    _hash(root, good)
    report = _check(root, _archive(tmp_path, "other", body))
    assert sorted(finding.what for finding in report.findings) == expected
    assert all(":" in finding.where for finding in report.findings)


def test_an_amendment_that_the_wording_names_is_known(root: Path, tmp_path: Path) -> None:
    body = GOOD.replace("2 feb 2020).", "2 feb 2020), 3 mars 2023 nr. 5.")
    place = _archive(tmp_path, "other", body)
    assert len(_check(root, place).findings) == 1
    law = root / "data/laws/prl/par-1.ttl"
    named = LAW.replace("sam:leddCount 2 ;", "sam:leddCount 2 ; sam:enactedBy <lov/2023-03-03-5> ;")
    law.write_text(named, encoding="utf-8")
    assert not _check(root, place).findings
    stated = _archive(tmp_path, "stated", body.replace("nr. 5.", "nr. 5 (i kraft 1 jan 2024)."))
    assert len(_check(root, stated).findings) == 1


def test_the_day_chooses_the_wording(root: Path, good: Path) -> None:
    found = [finding.what for finding in _check(root, good, date=dt.date(2019, 6, 1)).findings]
    assert found == [f"{REFID}/§1 has 2 ledd, not 9", f"{REFID}/§1/ledd/9 does not exist"]
    report = _check(root, good, date=dt.date(2018, 1, 1))
    assert (report.findings, report.wordings) == ([], 0)


def test_an_act_that_is_not_among_the_texts(root: Path, tmp_path: Path) -> None:
    other = act(section("§1", "x"), "lov/2020-01-01-7")
    missing = archive(tmp_path / "x.tar.bz2", member("nl/x.xml", other))
    assert [finding.what for finding in _check(root, missing).findings] == [
        f"{REFID}/§1 does not exist",
        f"{REFID}/§2 does not exist",
    ]
    single = tmp_path / "x.xml"
    single.write_bytes(other)
    report = _check(root, single, date=DAY)
    assert (report.findings, report.unchecked) == ([], {REFID: 5})
    regulations = archive(tmp_path / "y.tar.bz2", member("sf/x.xml", act("", "forskrift/2020-01-01-5")))
    assert _check(root, regulations).unchecked.total() == 5


def test_a_repealed_act_is_not_missed(root: Path, tmp_path: Path) -> None:
    home = root / "data/laws/prl"
    (home / "par-1.ttl").write_text(
        LAW.replace("sam:leddCount 2 ;", 'sam:leddCount 2 ; sam:firstDayWithoutEffect "2023-01-01"^^xsd:date ;'),
        encoding="utf-8",
    )
    (home / "par-3.ttl").write_text(HEAD + f"norm:x sam:alsoBasis <{REFID}/§2> .\n", encoding="utf-8")
    act_file = HEAD + f'<{REFID}> a sam:Act ; sam:id "{REFID}" ; sam:repealedFrom "2023-01-01"^^xsd:date .\n'
    (home / "act.ttl").write_text(act_file, encoding="utf-8")
    missing = archive(tmp_path / "x.tar.bz2", member("nl/x.xml", act("", "lov/2020-01-01-7")))
    report = _check(root, missing)
    assert (report.findings, report.addresses) == ([], 0)


def test_a_broken_file_does_not_stop_a_check(root: Path, tmp_path: Path) -> None:
    place = archive(tmp_path / "x.tar.bz2", member("nl/a.xml", b"<html>"), member(f"nl/{NAME}", act(GOOD)))
    with look([str(place)], root=root) as current:
        assert len(current.broken) == 1
        assert check(current, None, root).findings == []


def test_broken_data_and_missing_day(root: Path, good: Path, tmp_path: Path) -> None:
    (root / "data/laws/prl/par-1.ttl").write_text("norm:x a", encoding="utf-8")
    with pytest.raises(DataError, match="not valid Turtle"):
        look([str(good)], root=root)
    with pytest.raises(InputError, match="--date"):
        look([str(archive(tmp_path / "x.tar.bz2", member("a.xml", b"x", mtime=0)))], root=root)


def _text(text: str) -> OfficialText:
    return OfficialText("", "", text, DAY, "")


def test_a_diff_of_words() -> None:
    assert list(words(_text("en to tre"), _text("en  to\ntre"))) == []
    assert list(words(_text("en to tre"), _text("en tre fire")))[3:] == [" en", "-to", " tre", "+fire"]


def test_the_main_file_of_an_act_is_taken(root: Path, tmp_path: Path) -> None:
    other = act(section("§1", "Noko anna."))
    place = archive(tmp_path / "x.tar.bz2", member("nl/nl-20200101-001-nn.xml", other), member(f"nl/{NAME}", act(GOOD)))
    assert not _check(root, place).findings


def _run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def test_the_commands(root: Path, good: Path, tmp_path: Path) -> None:
    store = tmp_path / "x.sqlite"
    assert "good.tar.bz2, as of 2024-05-06: 1 new, 0 changed, 0 unchanged, 0 skipped" in _run(
        "import", good, "--store", store
    )
    assert "0 new, 0 changed, 1 unchanged" in _run("import", good, "--store", store)
    assert "prl/hashes.ttl: 3 hashes, would change" in _run("hash", good, "--root", root)
    assert not (root / "data/laws/prl/hashes.ttl").exists()
    assert "written" in _run("hash", good, "--root", root, "--write")
    assert "as it was" in _run("hash", good, "--root", root, "--write")
    sound = _run("check", good, "--root", root, "--store", store)
    assert (
        "As of 2024-05-06: 1 wordings, 5 addresses and 3 hashes checked, 0 without a hash, 0 not checked, 0 findings"
        in sound
    )
    changed = _archive(tmp_path, "changed", GOOD.replace("Den gir vann", "Den selger vann"))
    out = _run("check", changed, "--root", root, "--store", store, code=1)
    assert out.startswith("data/laws/prl/par-1.ttl:22: norm/andre: ")
    assert "\n    -gir\n    +selger\n" in out
    broken = archive(tmp_path / "b.tar.bz2", member("nl/a.xml", b"<html>"))
    assert "skipped a.xml:1" in _run("import", broken, "--store", store, code=1)
    assert "skipped a.xml:1" in _run("check", broken, good, "--root", root, "--store", store)


def test_the_store_is_not_needed_for_a_check(
    root: Path, good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("SAMORDNING_LOVDATA", raising=False)
    assert "0 findings" in _run("check", good, "--root", root)
    monkeypatch.setenv("SAMORDNING_LOVDATA", str(tmp_path / "env.sqlite"))
    _run("import", good)
    assert (tmp_path / "env.sqlite").is_file()
