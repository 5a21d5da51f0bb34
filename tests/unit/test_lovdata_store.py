"""The store: what an import does to it, and what it answers."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from samordning.errors import DatasetError, InputError
from samordning.lovdata import digest, open_store
from samordning.lovdata.address import act as act_of
from samordning.lovdata.address import in_first_ledd, others, url
from samordning.lovdata.address import section as section_of
from samordning.lovdata.collection import Collection, Entry
from samordning.lovdata.load import Summary, load
from samordning.lovdata.store import default_path
from samordning.lovdata.unit import Kind
from samordning.lovdata.writer import create_store, memory_store
from tests.lovdata.make import REFID, act, items, note, section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from samordning.lovdata.writer import Writer

OLD, NEW = dt.date(2024, 1, 1), dt.date(2025, 1, 1)


def _collection(*contents: bytes, date: dt.date | None = OLD, names: tuple[str, ...] = ()) -> Collection:
    given = names or tuple(f"nl-2020010{n}-00{n}.xml" for n in range(1, len(contents) + 1))
    entries = [Entry(name, content) for name, content in zip(given, contents, strict=True)]
    return Collection("prøve.tar.bz2", date, len(entries), whole=True, entries=lambda: iter(entries))


def _counts(summary: Summary) -> tuple[int, int, int, int]:
    return summary.new, summary.changed, summary.unchanged, len(summary.skipped)


@pytest.fixture
def writer() -> Iterator[Writer]:
    with memory_store() as store:
        yield store


FIRST = act(
    section("§1", f"En. To{items('a,', 'b.')}", "Tre.", note("Endret ved lov 1 mai 2020 nr. 5."), title="Om dyr")
)
SECOND = act(section("§1", "En. Ny.", "Tre."))
OTHER = act(section("§1", "Annen."), "lov/2020-01-01-2")


def test_importing_twice_changes_nothing(writer: Writer) -> None:
    assert _counts(load(writer, _collection(FIRST, OTHER))) == (2, 0, 0, 0)
    assert _counts(load(writer, _collection(FIRST, OTHER))) == (0, 0, 2, 0)
    assert _counts(load(writer, _collection(FIRST, OTHER, date=NEW))) == (0, 0, 2, 0)
    assert _counts(load(writer, _collection(SECOND, OTHER, date=NEW))) == (0, 1, 1, 0)
    assert _counts(load(writer, _collection(SECOND, OTHER, date=NEW))) == (0, 0, 2, 0)


def test_older_wordings_stay(writer: Writer) -> None:
    load(writer, _collection(FIRST))
    load(writer, _collection(SECOND, date=NEW))
    address = f"{REFID}/§1/ledd/1/setning/2"
    texts = [writer.text(address, day) for day in (OLD, dt.date(2024, 12, 31), NEW, dt.date(2030, 1, 1))]
    assert [(one.text, one.snapshot) for one in texts if one] == [("To a. a, b. b.", OLD)] * 2 + [("Ny.", NEW)] * 2
    assert writer.text(address, dt.date(2023, 12, 31)) is None
    assert [one.text for one in writer.wordings(address)] == ["Ny.", "To a. a, b. b."]
    assert writer.dates(address) == [OLD, NEW]


def test_an_older_archive_may_come_later(writer: Writer) -> None:
    load(writer, _collection(SECOND, date=NEW))
    assert _counts(load(writer, _collection(FIRST))) == (0, 1, 0, 0)
    found = writer.text(f"{REFID}/§1/ledd/1/setning/2", OLD)
    assert found is not None
    assert found.text.startswith("To")


def test_the_given_date_goes_before_that_of_the_files(writer: Writer) -> None:
    assert load(writer, _collection(FIRST, date=None), NEW).date == NEW
    with pytest.raises(InputError, match="--date"):
        load(writer, _collection(FIRST, date=None))


def test_a_broken_file_is_told_of_and_the_rest_imported(writer: Writer) -> None:
    summary = load(writer, _collection(b"<html>", FIRST, b"", OTHER))
    assert _counts(summary) == (2, 0, 0, 2)
    assert summary.skipped[0].startswith("nl-20200101-001.xml:1: This is not well-formed XML")
    assert writer.exists(f"{REFID}/§1", NEW)


def test_an_act_as_announced_is_not_taken_for_the_act_as_it_stands(writer: Writer) -> None:
    load(writer, _collection(FIRST))
    announced = act(section("§1", "Gammelt."), dokid=f"LTI/{REFID}")
    assert _counts(load(writer, _collection(announced, date=NEW))) == (0, 0, 0, 1)
    found = writer.text(f"{REFID}/§1/ledd/2", NEW)
    assert found is not None
    assert found.text == "Tre."


def test_the_same_act_in_two_files(writer: Writer) -> None:
    assert _counts(load(writer, _collection(FIRST, SECOND))) == (1, 0, 0, 1)
    again = _collection(FIRST, SECOND, names=("nl-20200101-001.xml", "nl-20200101-001-nn.xml"))
    assert _counts(load(writer, again)) == (1, 0, 1, 0)
    found = writer.text(f"{REFID}/§1/ledd/2", OLD)
    assert found is not None
    assert found.text == "Tre."


def test_an_import_that_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"

    def stop(entries, _):
        for number, entry in enumerate(entries):
            if number:
                raise KeyboardInterrupt
            yield entry

    with create_store(path) as writer, pytest.raises(KeyboardInterrupt):
        load(writer, _collection(FIRST, OTHER), track=stop)
    with open_store(path) as store:
        assert store.dates(f"{REFID}/§1") == []
    with closing(sqlite3.connect(path)) as database:
        for query in ("SELECT 1 FROM document", "SELECT 1 FROM unit", "SELECT 1 FROM snapshot"):
            assert not database.execute(query).fetchall()


def test_nothing_to_import(writer: Writer) -> None:
    with pytest.raises(InputError, match="no XML file"):
        load(writer, _collection())


def test_what_a_text_says_of_itself(writer: Writer) -> None:
    load(writer, _collection(FIRST))
    found = writer.text(f"{REFID}/§1", NEW)
    assert found is not None
    assert found.text == "En. To a. a, b. b.\nTre."
    assert (found.title, found.snapshot, found.licence, found.source) == ("Om dyr", OLD, "NLOD 2.0", "Lovdata")
    assert found.url == f"https://lovdata.no/{REFID}/§1"
    assert found.licence_url == "https://data.norge.no/nlod/no/2.0"
    assert found.sha256 == digest(found.text)


def test_a_whole_section_shows_printed_numbers(writer: Writer) -> None:
    ledd = '<article class="numberedLegalP" data-numerator="1">(1) En.</article>'
    load(writer, _collection(act(section("§1", ledd))))
    found = writer.text(f"{REFID}/§1", OLD)
    assert found is not None
    assert found.text == "(1) En."


def test_counts_notes_references_and_header(writer: Writer) -> None:
    linked = section("§2", 'Se <a href="lov/2011-06-24-30/§7-2a">§ 7-2 a</a>.')
    load(
        writer, _collection(act(section("§1", "En. To.", "Tre.", note("Endret.")) + linked, ministry="Et departement"))
    )
    assert writer.count(f"{REFID}/§1", Kind.LEDD, OLD) == 2
    assert writer.count(f"{REFID}/§1/ledd/1", Kind.SENTENCE, OLD) == 2
    assert writer.count(f"{REFID}/§9", Kind.LEDD, OLD) == 0
    assert writer.notes(f"{REFID}/§1", OLD) == ["Endret."]
    assert writer.references(f"{REFID}/§2/ledd/1", OLD) == [("lov/2011-06-24-30/§7-2a", "§ 7-2 a")]
    assert writer.references(f"{REFID}/§9", OLD) == []
    head = writer.header(REFID, OLD)
    assert head is not None
    assert head.ministry == "Et departement"
    assert writer.header(REFID, dt.date(2000, 1, 1)) is None


def test_other_ways_to_write_an_address(writer: Writer) -> None:
    inner = "b" + items("x", kind="1")
    one = section("§1", "Se" + items("liten. Eller stor.", inner))
    two = section("§2", "En.", "To.")
    load(writer, _collection(act(one + two)))

    def text(rest: str) -> str | None:
        found = writer.text(f"{REFID}/{rest}", OLD)
        return found.text if found else None

    assert text("§1/ledd/1/setning/1/bokstav/a") == "liten. Eller stor."
    assert text("§1/bokstav/a/setning/2") == "Eller stor."
    assert text("§1/ledd/1/bokstav/a/ledd/1/setning/2") == "Eller stor."
    assert text("§1/ledd/1/bokstav/b/nummer/1") == "x"
    assert text("§1/setning/1") == text("§1/ledd/1")
    assert text("§2/setning/1") is None
    assert text("§3") is None
    with pytest.raises(ValueError, match="not an address"):
        writer.text("ikke en adresse", OLD)


def test_addresses() -> None:
    assert act_of("lov/1967-02-10/§3") == "lov/1967-02-10"
    assert section_of("lov/2011-06-24-30/§3-4/ledd/2") == "lov/2011-06-24-30/§3-4"
    assert section_of("lov/2011-06-24-30/kap7") == "lov/2011-06-24-30/kap7"
    assert url("forskrift/2022-06-22-1110/§5/ledd/1") == "https://lovdata.no/forskrift/2022-06-22-1110/§5"
    assert others("lov/2020-01-01-1/§1/ledd/1") == []
    assert in_first_ledd("lov/2020-01-01-1/§1/ledd/1") is None
    with pytest.raises(ValueError, match="not an address"):
        act_of("nei")


def test_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatasetError, match="samordning lovdata import"):
        open_store(tmp_path / "nei.sqlite")
    assert not list(tmp_path.iterdir())
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_path().name == "lovdata.sqlite"
    assert "samordning" in str(default_path())


def test_what_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(b"noe annet " * 1000)
    for opener in (open_store, create_store):
        with pytest.raises(DatasetError, match="not a store"):
            opener(path)
    other = tmp_path / "y.sqlite"
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE noe (a)")
    for opener in (open_store, create_store):
        with pytest.raises(DatasetError, match="version"):
            opener(other)
    (tmp_path / "fil").write_bytes(b"")
    with pytest.raises(InputError, match="can't be made"):
        create_store(tmp_path / "fil" / "z.sqlite")


def test_two_imports_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with create_store(path) as first, create_store(path) as second, first.writing():
        second._db.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(InputError, match="can't be written"), second.writing():
            pass


def test_a_store_is_read_by_many_threads(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with create_store(path) as writer:
        load(writer, _collection(FIRST))
    found: list[str] = []
    with open_store(path) as store:

        def ask() -> None:
            for _ in range(50):
                text = store.text(f"{REFID}/§1/ledd/2", NEW)
                found.append(text.text if text else "")

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == ["Tre."] * 200


def test_a_store_for_reading_can_not_be_written(tmp_path: Path) -> None:
    with create_store(tmp_path / "x.sqlite") as writer:
        load(writer, _collection(FIRST))
    with open_store(tmp_path / "x.sqlite") as store, pytest.raises(sqlite3.OperationalError):
        store._db.execute("DELETE FROM seen")
