"""The pages for developers and about the service: what they tell a reader to type works, and what they say is so."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from samordning.interfaces.http.schema import EXAMPLE
from samordning.interfaces.settings import load
from samordning.interfaces.web.developer import shortened
from samordning.interfaces.web.text import say
from samordning.knowledge import Knowledge
from tests.service.server import ROOT, Server, serving

LANGUAGES = ("nb", "nn", "en")


def _tree(server: Server, path: str) -> Any:
    response = server.client.get(path)
    assert response.status_code == 200, path
    return html.fromstring(response.text)


def _code(server: Server, lang: str, name: str) -> str:
    return str(_tree(server, f"/{lang}/developers").xpath(f"string(//pre[@id='{name}'])"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["curl", "more"])
def test_the_commands_of_curl_work(server: Server, lang: str, name: str) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not here")
    commands = re.sub(r"\\\n\s*", "", _code(server, lang, name)).splitlines()
    assert len(commands) == {"curl": 1, "more": 5}[name]
    for command in commands:
        done = subprocess.run(
            ["bash", "-c", command.replace("curl -s", "curl -sf", 1)], capture_output=True, check=False, timeout=30
        )
        assert done.returncode == 0, command
        assert len(done.stdout) > 20, command
        if name == "curl":
            assert json.loads(done.stdout)["lang"] == lang


def test_the_checksums_are_checked_as_the_page_says(server: Server, tmp_path: Path) -> None:
    if not (shutil.which("curl") and shutil.which("sha256sum")):
        pytest.skip("curl or sha256sum is not here")
    script = "set -e\n" + _code(server, "en", "sums")
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "samordning.nq.gz: OK\n"), done.stderr
    with (tmp_path / "samordning.nq.gz").open("ab") as file:
        file.write(b"x")
    check = subprocess.run(
        ["sha256sum", "--ignore-missing", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False
    )
    assert check.returncode == 1


def test_the_python_works(server: Server, dataset: Path) -> None:
    code = _code(server, "nn", "python").replace(
        "samordning.load()", f"samordning.load(__import__('pathlib').Path({str(dataset)!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("municipality-decides ['lov/2011-06-24-30/§3-4")
    assert "?" in done.stdout


def test_the_commands_of_the_command_line_exist(server: Server, run: Any, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(json.dumps(EXAMPLE), encoding="utf-8")
    shutil.copy(ROOT / "examples" / "cases" / "nine-year-old.yaml", tmp_path / "record.yaml")
    commands = _code(server, "nb", "cli").splitlines()
    assert len(commands) == 5
    for command in commands:
        words = command.partition("#")[0].split()[1:]
        done = run(*words, "--help") if words == ["serve"] else run(*words, code=1 if words[0] == "check" else 0)
        assert len(done.stdout) > 40, command


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_answer_shown_is_the_answer_given(server: Server, lang: str) -> None:
    shown = json.loads(_code(server, lang, "answer"))
    whole = server.client.post(f"/v1/answers?lang={lang}", json=EXAMPLE).json()
    assert json.loads(_code(server, lang, "case")) == EXAMPLE
    left_out = shown.pop("…")
    assert left_out == f"{len(whole) - len(shown)} more members"
    for name, value in shown.items():
        expected = shortened(whole[name])
        if name == "receipt":
            assert value.pop("generated") <= expected.pop("generated")
        assert value == expected, name


def test_shortening_counts_what_it_leaves_out() -> None:
    assert shortened([1, 2, 3]) == [1, "… 2 more"]
    assert shortened([1]) == [1]
    assert shortened([]) == []
    assert shortened({"a": {"b": {"c": {"d": 1, "e": 2}}}}) == {"a": {"b": {"c": "… 2 members"}}}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_service_says_what_it_is(server: Server, kg: Knowledge, lang: str) -> None:
    text = _tree(server, f"/{lang}/about").text_content()
    assert kg.manifest["dataset"] in text
    assert {"nb": "2. juli 2026", "nn": "2. juli 2026", "en": "2 July 2026"}[lang] in text
    assert say(lang, "about.not-certified") in text
    assert say(lang, "about.contact-none") in text
    for path in ("about", "accessibility", "privacy"):
        tree = _tree(server, f"/{lang}/{path}")
        for link in tree.xpath("//main//a/@href"):
            if link.startswith(f"/{lang}/query"):
                assert server.client.get(link).status_code == 200


def test_the_privacy_page_names_what_the_log_holds(server: Server) -> None:
    named = set(_tree(server, "/en/privacy").xpath("string(//code)").split(", "))
    server.client.get("/en/about")
    lines = [json.loads(line) for line in server.log.splitlines()]
    assert len(lines) > 2
    assert {key for line in lines for key in line} <= named


def test_no_page_sets_a_cookie(server: Server) -> None:
    for path in ("/nb/", "/nb/privacy", "/nb/query", "/nb/developers", "/docs"):
        assert "set-cookie" not in server.client.get(path).headers


@pytest.mark.parametrize(
    ("contact", "href"),
    [("post@example.org", "mailto:post@example.org"), ("https://example.org/a?b=1", "https://example.org/a?b=1")],
)
def test_whoever_runs_it_can_be_reached(dataset: Path, tmp_path: Path, contact: str, href: str) -> None:
    with serving(dataset, tmp_path, CONTACT=contact, WORKERS__ENABLED=False) as running:
        for path in ("about", "accessibility", "privacy"):
            links = _tree(running, f"/nn/{path}").xpath("//main//a")
            assert (contact, href) in [(link.text_content(), link.get("href")) for link in links]


@pytest.mark.parametrize("contact", ["javascript:alert(1)", "post", "a b@example.org", 'https://x.example/"onclick'])
def test_a_contact_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, contact: str) -> None:
    from samordning.errors import InputError

    monkeypatch.setenv("SAMORDNING_CONTACT", contact)
    with pytest.raises(InputError, match="contact"):
        load()


@pytest.mark.parametrize("path", ["/docs", "/ns", "/doc/id/service/bup.html", "/problem/deadline"])
def test_pages_in_english_have_a_menu_in_the_language_asked_for(server: Server, path: str) -> None:
    for lang in LANGUAGES:
        response = server.client.get(path, headers={"Accept": "text/html", "Accept-Language": lang})
        assert response.status_code == 200
        assert "Accept-Language" in response.headers["vary"]
        tree = html.fromstring(response.text)
        assert tree.get("lang") == lang
        assert say(lang, "site.menu-law") in tree.xpath("string(//header)")
        assert tree.xpath("//main//*[@lang='en']")
        assert len(tree.xpath("//h1")) == 1


def test_a_thing_leads_to_its_page(server: Server) -> None:
    tree = html.fromstring(server.client.get("/doc/id/service/bup.html", headers={"Accept-Language": "nn"}).text)
    assert tree.xpath("//main//a[@hreflang]/@href") == [f"/{lang}/services/bup" for lang in LANGUAGES]
    assert tree.xpath("//td//a[@href='/id/level/state']/@lang") == ["nn"]
