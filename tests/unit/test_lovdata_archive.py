"""Archives, hostile ones among them: every one is made here, and none may be read or written anywhere."""

from __future__ import annotations

import bz2
import io
import tarfile
import time
from typing import TYPE_CHECKING

import pytest

from samordning.errors import InputError, TooLarge
from samordning.lovdata import archive as reader
from samordning.lovdata.collection import open_collection
from samordning.lovdata.load import load
from samordning.lovdata.writer import create_store
from tests.lovdata.make import act, archive, member, section

if TYPE_CHECKING:
    from pathlib import Path

GOOD = act(section("§1", "En."))


def _names(path: Path) -> list[str]:
    with open_collection(str(path)) as collection:
        return [entry.name for entry in collection.entries()]


def test_a_sound_archive(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "a.tar.bz2",
        member("nl/", type=tarfile.DIRTYPE),
        member("nl/nl-20200101-001.xml", GOOD),
        member("nl/les-meg.txt", b"x"),
    )
    with open_collection(str(path)) as collection:
        assert [(entry.name, entry.content) for entry in collection.entries()] == [("nl-20200101-001.xml", GOOD)]
        assert (collection.count, collection.whole, str(collection.date)) == (1, True, "2024-05-06")


HOSTILE = {
    "symbolic link": member("nl/a.xml", type=tarfile.SYMTYPE, linkname="/etc/hostname"),
    "hard link": member("nl/a.xml", type=tarfile.LNKTYPE, linkname="../../x"),
    "parent": member("../a.xml", GOOD),
    "parent inside": member("nl/../../a.xml", GOOD),
    "absolute": member("/nl/a.xml", GOOD),
    "drive": member("C:/a.xml", GOOD),
    "backslash": member("nl\\..\\a.xml", GOOD),
    "control character": member("nl/a\nb.xml", GOOD),
    "long name": member("n" * 300 + ".xml", GOOD),
    "character device": member("nl/a.xml", type=tarfile.CHRTYPE),
    "block device": member("nl/a.xml", type=tarfile.BLKTYPE),
    "pipe": member("nl/a.xml", type=tarfile.FIFOTYPE),
    "unknown type": member("nl/a.xml", type=b"Z"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    store = tmp_path / "store" / "x.sqlite"
    path = archive(tmp_path / "a.tar.bz2", member("nl/nl-20200101-001.xml", GOOD), HOSTILE[name])
    with pytest.raises(InputError), open_collection(str(path)) as collection, create_store(store) as writer:
        load(writer, collection)
    assert not store.parent.exists()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.tar.bz2"]


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.bz2"
    info = tarfile.TarInfo("nl/a.xml")
    info.size = 200 << 20
    compressor = bz2.BZ2Compressor()
    parts = [compressor.compress(info.tobuf()), *(compressor.compress(bytes(1 << 20)) for _ in range(200))]
    path.write_bytes(b"".join([*parts, compressor.flush()]))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(TooLarge), open_collection(str(path)):
        pass


def test_the_total_is_limited_whatever_the_ratio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_TOTAL", 1 << 14)
    with pytest.raises(TooLarge):
        _names(archive(tmp_path / "a.tar.bz2", *(member(f"nl/{n}.xml", GOOD) for n in range(20))))


def test_a_file_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_FILE", 100)
    with pytest.raises(TooLarge):
        _names(archive(tmp_path / "a.tar.bz2", member("nl/a.xml", GOOD)))
    single = tmp_path / "a.xml"
    single.write_bytes(GOOD)
    with pytest.raises(TooLarge):
        _names(single)


def test_a_million_files_are_refused(tmp_path: Path) -> None:
    block = tarfile.TarInfo("nl/a.xml").tobuf()
    path, started = tmp_path / "a.tar.bz2", time.monotonic()
    path.write_bytes(bz2.compress(block * 10_000) * 100)  # bzip2 streams may follow each other
    with pytest.raises(TooLarge):
        _names(path)
    assert time.monotonic() - started < 30


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_FILES", 3)
    with pytest.raises(TooLarge, match="3 files"):
        _names(archive(tmp_path / "a.tar.bz2", *(member(f"nl/{n}.xml", GOOD) for n in range(4))))


def test_a_header_that_claims_to_be_huge_is_not_read(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 20 << 20
    path = tmp_path / "a.tar.bz2"
    path.write_bytes(bz2.compress(info.tobuf() + bytes(20 << 20)))
    with pytest.raises(InputError):
        _names(path)


def test_a_sparse_file_is_refused(tmp_path: Path) -> None:
    info, content = member("nl/a.xml", GOOD)
    info.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.map": "0,1", "GNU.sparse.size": str(1 << 40)}
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w:", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(info, io.BytesIO(content))
    path = tmp_path / "a.tar.bz2"
    path.write_bytes(bz2.compress(plain.getvalue()))
    with pytest.raises(InputError):
        _names(path)


@pytest.mark.parametrize("cut", [1, 20, 60, 100])
def test_a_damaged_archive(tmp_path: Path, cut: int) -> None:
    path = archive(tmp_path / "a.tar.bz2", member("nl/a.xml", GOOD))
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(InputError):
        _names(path)


def test_what_is_no_tar(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.bz2"
    path.write_bytes(bz2.compress(b"not a tar archive at all" * 100))
    with pytest.raises(InputError):
        _names(path)


def test_a_folder_and_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "nl"
    folder.mkdir()
    (folder / "a.xml").write_bytes(GOOD)
    (folder / "b.txt").write_bytes(GOOD)
    (folder / "c.xml").symlink_to("/etc/hostname")
    assert _names(folder) == ["a.xml"]
    assert _names(folder / "a.xml") == ["a.xml"]
    with open_collection(str(folder / "a.xml")) as collection:
        assert not collection.whole
    with open_collection(str(folder)) as collection:
        assert collection.whole


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"), open_collection(str(tmp_path / "nei")):
        pass


@pytest.mark.parametrize("mtime", [0, 1, 1 << 32, (1 << 33) - 1])
def test_a_time_that_tells_nothing_is_no_date(tmp_path: Path, mtime: int) -> None:
    path = archive(tmp_path / "a.tar.bz2", member("nl/a.xml", GOOD, mtime=mtime))
    with open_collection(str(path)) as collection:
        assert collection.date is None
