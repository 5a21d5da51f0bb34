"""Downloads: https only, however the server redirects, and no more than the limit."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
from email.message import Message
from typing import TYPE_CHECKING, Self

import pytest

from samordning.errors import InputError, TooLarge
from samordning.lovdata import fetch
from samordning.lovdata.collection import open_collection
from tests.lovdata.make import act, archive, member, section

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://example.invalid/a.tar.bz2"


class _Opener:
    def __init__(self, content: bytes | Exception) -> None:
        self.content = content

    def open(self, url: str, timeout: float) -> io.BytesIO:
        assert url == URL
        assert timeout > 0
        if isinstance(self.content, Exception):
            raise self.content
        return io.BytesIO(self.content)

    def __call__(self) -> Self:
        return self


@pytest.mark.parametrize(
    "url", ["http://example.invalid/a", "ftp://example.invalid/a", "file:///etc/hostname", "HTTPS://example.invalid/a"]
)
def test_only_https(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError, match="https"):
        fetch.fetch(url, tmp_path / "x")
    with pytest.raises(InputError), open_collection(url):
        pass
    assert not list(tmp_path.iterdir())


def test_a_redirect_to_something_else_is_refused() -> None:
    handler = fetch._Redirects()
    request = urllib.request.Request(URL)
    again = handler.redirect_request(request, io.BytesIO(), 302, "", Message(), "https://example.invalid/b")
    assert again is not None
    assert again.full_url == "https://example.invalid/b"
    with pytest.raises(InputError):
        handler.redirect_request(request, io.BytesIO(), 302, "", Message(), "http://example.invalid/b")
    assert any(isinstance(one, fetch._Redirects) for one in fetch._opener().handlers)


def test_an_archive_behind_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = archive(tmp_path / "x", member("nl/a.xml", act(section("§1", "En.")))).read_bytes()
    monkeypatch.setattr(fetch, "_opener", _Opener(content))
    with open_collection(URL) as collection:
        assert [entry.name for entry in collection.entries()] == ["a.xml"]
        assert (collection.name, str(collection.date)) == (URL, "2024-05-06")


def test_what_is_behind_it_may_be_no_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_opener", _Opener(b"<html>"))
    with pytest.raises(InputError), open_collection(URL):
        pass


def test_the_download_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_DOWNLOAD", 100)
    monkeypatch.setattr(fetch, "_opener", _Opener(bytes(101)))
    with pytest.raises(TooLarge):
        fetch.fetch(URL, tmp_path / "x")


@pytest.mark.parametrize("error", [urllib.error.URLError("x"), TimeoutError(), ConnectionError(), ValueError()])
def test_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(fetch, "_opener", _Opener(error))
    with pytest.raises(InputError, match="can't be read"):
        fetch.fetch(URL, tmp_path / "x")
