"""What pages have in common: language, compression, files, errors, forms that stay in memory."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from samordning.answer.document import MAX_BYTES
from samordning.errors import InputError, TooLarge, WrongMedia
from samordning.interfaces.web import asset, form, text, vendor
from samordning.knowledge import Knowledge
from tests.service.server import Server

LANGUAGES = ("nb", "nn", "en")


@pytest.mark.parametrize(
    ("accept", "lang"), [("", "nb"), ("nn, nb;q=0.5", "nn"), ("en-GB", "en"), ("no", "nb"), ("de, en;q=0.1", "en")]
)
def test_the_root_leads_to_the_language_asked_for(server: Server, accept: str, lang: str) -> None:
    response = server.client.get("/", headers={"Accept-Language": accept})
    assert (response.status_code, response.headers["location"]) == (303, f"/{lang}/")
    assert "Accept-Language" in response.headers["vary"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_that_does_not_exist_says_so_in_the_language(server: Server, lang: str) -> None:
    response = server.client.get(f"/{lang}/nothing/xyzzy<script>")
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["cache-control"] == "no-store"
    assert text.say(lang, "site.error-404") in response.text
    assert "xyzzy" not in response.text
    assert server.client.get("/de/").headers["content-type"] == "application/problem+json"


def test_what_is_public_is_compressed_and_what_is_not_is_not(server: Server) -> None:
    plain = server.client.get("/nb/", headers={"Accept-Encoding": "identity"})
    packed = server.client.get("/nb/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "Accept-Encoding" in plain.headers["vary"]
    for response in (plain, packed):
        encoding = response.headers.get("content-encoding", "identity")
        again = server.client.get(
            "/nb/", headers={"Accept-Encoding": encoding, "If-None-Match": response.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
    for refusing in ("gzip;q=0", "br", "gzip; q=0.0, identity"):
        assert "content-encoding" not in server.client.get("/nb/", headers={"Accept-Encoding": refusing}).headers
    case = {"services": ["bup", "primary-school"]}
    answer = server.client.post("/v1/answers", json=case, headers={"Accept-Encoding": "gzip"})
    assert len(answer.content) > 1024
    assert "content-encoding" not in answer.headers


def test_files_are_kept_by_the_hash_in_their_address(server: Server) -> None:
    page = server.client.get("/nb/").text
    named = re.findall(r'(?:href|src)="(/static/([^"?]+)\?v=(\w+))"', page)
    assert {name for _, name, _ in named} >= {"designsystemet.css", "designsystemet.js", "style.css", "site.js"}
    for path, name, digest in named:
        response = server.client.get(path)
        assert "immutable" in response.headers["cache-control"]
        assert hashlib.sha256(response.content).hexdigest().startswith(digest)
        assert "immutable" not in server.client.get(f"/static/{name}").headers["cache-control"]
    for wrong in ("/static/none.css", "/static/..%2fpage.py", "/static/.stamp"):
        assert server.client.get(wrong).status_code == 404


def test_the_files_of_others_are_small_and_carry_their_licences() -> None:
    files = {path.name: path for path in vendor.bring()}
    assert {*vendor.TAKEN, "LICENSES.txt"} <= set(files)
    sizes = {name: len(gzip.compress(files[name].read_bytes())) for name in vendor.TAKEN if name.endswith((".css", ".js"))}  # fmt: skip
    assert sum(sizes.values()) < 100_000
    licences = files["LICENSES.txt"].read_text(encoding="utf-8")
    for package in re.findall(r'"node_modules/([^"]+)"', (vendor.HERE / "package-lock.json").read_text(encoding="utf-8")):  # fmt: skip
        assert f"{package}\n" in licences, package
    assert not re.search(r"@import|url\(['\"]?(https?:)?//", files["designsystemet.css"].read_text(encoding="utf-8"))


def test_no_file_beside_the_pages_names_a_registry() -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        assert "://" not in (vendor.HERE / name).read_text(encoding="utf-8")


def test_without_files_of_others_there_are_no_addresses_of_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(asset, "FOLDERS", (tmp_path,))
    asset._files.cache_clear()
    asset.address.cache_clear()
    try:
        assert asset.address("designsystemet.css") == ""
    finally:
        monkeypatch.undo()
        asset._files.cache_clear()
        asset.address.cache_clear()


def _form(raw: bytes, kind: str = "application/x-www-form-urlencoded") -> Any:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": raw, "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())], "path": "/"}
    return asyncio.run(form.fields(Request(scope, receive)))


def test_a_form_says_the_same_as_a_case_file(kg: Knowledge) -> None:
    raw = b"date=2026-03-01&municipality=4601&age=9&services=bup&services=ppt&services=bup&cooperation_necessary=true&complex_needs=open&long_term_needs=unknown&plan_consent=&plan_holder=none&intro_programme=false&submit=x"  # fmt: skip
    assert form.case_data(_form(raw), kg.law) == {
        "date": "2026-03-01",
        "municipality": "4601",
        "person": {"age": 9},
        "services": ["bup", "ppt"],
        "facts": {
            "cooperation_necessary": True, "complex_needs": "open", "plan_holder": None, "intro_programme": False,
        },
    }  # fmt: skip
    assert form.case_data(_form(b"unborn=true&services="), kg.law) == {"person": {"unborn": True}, "services": []}


def test_wrong_forms_are_refused() -> None:
    with pytest.raises(TooLarge):
        _form(b"a=" + b"x" * MAX_BYTES)
    with pytest.raises(WrongMedia):
        _form(b"{}", "application/json")
    with pytest.raises(InputError):
        _form(b"&".join(b"a=1" for _ in range(501)))
    with pytest.raises(InputError):
        _form(b"--b\r\nbroken", "multipart/form-data")


@given(st.binary(max_size=2000))
def test_an_uploaded_file_never_touches_a_disk(content: bytes) -> None:
    boundary = b"b0undary"
    head = b'Content-Disposition: form-data; name="file"; filename="case.yaml"\r\n\r\n'
    raw = b"--" + boundary + b"\r\n" + head + content.replace(boundary, b"") + b"\r\n--" + boundary + b"--\r\n"
    read = _form(raw, f"multipart/form-data; boundary={boundary.decode()}")
    assert asyncio.run(form.upload(read, "file")) == content.replace(boundary, b"")
    assert not read["file"].file._rolled


def test_the_largest_form_stays_in_memory() -> None:
    content = b"x" * (MAX_BYTES - 500)
    raw = b'--b\r\nContent-Disposition: form-data; name="file"; filename="c"\r\n\r\n' + content + b"\r\n--b--\r\n"
    read = _form(raw, "multipart/form-data; boundary=b")
    assert asyncio.run(form.upload(read, "file")) == content
    assert not read["file"].file._rolled
