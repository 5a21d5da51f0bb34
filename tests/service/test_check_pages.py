"""The pages that check, over HTTP: what is sent comes back as a report or as itself, and stays nowhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import html
from rdflib import Graph

from tests.check.test_http import CONTEXT, TURTLE
from tests.service.server import ROOT, Server

if TYPE_CHECKING:
    import httpx

LANGUAGES = ("nb", "nn", "en")
EXAMPLES = sorted((ROOT / "examples" / "cases").glob("*.yaml")) + sorted((ROOT / "examples" / "setups").glob("*.yaml"))
SECRET = "zqhemmelig"
IDENTITY = "01017012345"
CASE = "date: 2026-03-01\nservices: [ppt]\n"
#: What is wrong with a file: the file, the status, and a piece of what is said in bokmål.
BAD = {
    "nothing": ("", 422, "Det er ingenting her"),
    "no-record": (CASE, 422, "Filen sier ikke hva som er gjort"),
    "yaml": (f"{CASE}record:\n  coordination: [a\n  {SECRET}", 422, "Dette er ikke gyldig YAML"),
    "json": (f'{{"services": ["ppt"],\n "record": {SECRET}}}', 422, "record skal ha nøkler under seg"),
    "key": (f"{CASE}record:\n  coordination:\n    coordinator_{SECRET}: ppt\n", 422, "Linje 5"),
    "sentence": (f"{CASE}record:\n  {SECRET} har det vanskelig: true\n", 422, "(vises ikke)"),
    "choice": (f"{CASE}record:\n  coordination:\n    settled: {SECRET}\n", 422, "settled er en av: "),
    "service": (f"date: 2026-03-01\nservices: [{SECRET}-{SECRET}-og-mer-om-det]\nrecord:\n", 422, "Det finnes ingen tjeneste"),
    "identity": (f"{CASE}record:\n  coordination:\n    coordinator: {IDENTITY}\n", 422, "ligner et fødselsnummer"),
    "setup": ("date: 2026-03-01\nsetup:\n  services: [ppt]\n", 422, "oppsett for en virksomhet"),
    "two": (f"{CASE}record:\n---\n{CASE}record:\n", 422, "flere saker"),
    "deep": (CASE + "record: " + "[" * 4000 + "]" * 4000, 422, "for mange nivåer"),
    "early": ("date: 2020-01-01\nservices: [ppt]\nrecord:\n", 422, "ligger utenfor"),
    "late": (f"{CASE}record:\n  child_coordinator:\n    appointed_on: 2026-05-01\n", 422, "dagen kommer etter datoen"),
    "constant": ('{"services": ["ppt"], "record": {}, "date": NaN}', 422, "ikke en verdi i JSON"),
}  # fmt: skip


def _scope(path: Path) -> str:
    return path.parent.name.removesuffix("s")


def _report(server: Server, path: Path, lang: str = "nb", **more: str) -> httpx.Response:
    sent = {"from": "file", "content": path.read_text(encoding="utf-8"), **more}
    return server.client.post(f"/{lang}/check/{_scope(path)}/report", data=sent)


def _wrong(page: httpx.Response) -> str:
    (found,) = html.fromstring(page.content).xpath("//div[@id='wrong']")
    return str(found.text_content())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_gives_the_report_that_the_command_gives(
    server: Server, path: Path, lang: str, dataset: Path
) -> None:
    page = _report(server, path, lang)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    tree = html.fromstring(page.content)
    assert tree.get("lang") == lang
    text = _report(server, path, lang, **{"as": "text"}).text
    # The same words, as often; headings on the page count their findings too.
    title, sections = tree.xpath("//h1")[0], tree.xpath("//section[@data-kind]")
    shown = " ".join(part for one in (title, *sections) for part in one.itertext())
    words = Counter(re.findall(r"\w+", re.sub(r"\(\d+\)", "", shown)))
    assert sum(words.values()) > 100
    assert words == Counter(re.findall(r"\w+", re.sub(r"\(\d+\)", "", text)))
    command = [
        sys.executable,
        "-m",
        "samordning",
        "check",
        _scope(path),
        str(path),
        "--lang",
        lang,
        "--dataset",
        str(dataset),
    ]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == text


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_provision_is_linked_and_each_finding_says_who_and_how(server: Server, path: Path) -> None:
    tree = html.fromstring(_report(server, path).content)
    links = tree.xpath("//section[@data-kind='met' or @data-kind='breach']//a/@href")
    assert links
    assert all(re.fullmatch(r"/nb/law/(lov|forskrift)/[\d-]+/%C2%A7[^?]+[?]date=2026-03-01", link) for link in links)
    report = json.loads(_report(server, path, **{"as": "json"}).text)
    breaches = tree.xpath("//section[@data-kind='breach']/article[h3]")
    assert bool(breaches) == (report["summary"]["breach"] > 0)
    for one in breaches:
        labels = [term.text for term in one.xpath(".//dt")]
        assert {"Funn", "Grunnlag", "Ansvarlig", "Tilsyn", "Retting"} <= set(labels)
        assert one.xpath(".//a")
    counted = {row.xpath("th")[0].text: int(row.xpath("td")[0].text) for row in tree.xpath("//table//tr")}
    assert counted["Brudd"] == report["summary"]["breach"]
    assert counted["Ikke kontrollert"] == report["summary"]["not_checkable"]
    assert "aldri et brudd" in tree.text_content()
    assert "heller ikke godkjent" in tree.text_content()


def test_a_report_is_saved_in_four_ways(server: Server) -> None:
    (path,) = [one for one in EXAMPLES if one.stem == "nine-year-old"]
    for form, media in (("text", "text/plain"), ("json", "application/json"), ("sarif", "application/sarif+json"), ("turtle", "text/turtle")):  # fmt: skip
        file = _report(server, path, **{"as": form})
        assert file.headers["content-type"].startswith(media)
        assert file.headers["content-disposition"].startswith("attachment; filename=")
        assert file.headers["cache-control"] == "no-store"
        if form in ("json", "sarif"):
            assert json.loads(file.text)
        if form == "turtle":
            assert len(Graph().parse(data=file.text, format="turtle")) > 100


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_file_gives_one_clear_error_and_is_kept(server: Server, name: str, lang: str) -> None:
    content, status, piece = BAD[name]
    for action in ("", "/report", "/file"):
        page = server.client.post(f"/{lang}/check/case{action}", data={"from": "file", "content": content})
        assert page.status_code == status
        assert page.headers["cache-control"] == "no-store"
        said = _wrong(page)
        assert SECRET not in said or name in ("key", "service"), "only what looks like a key or an id is repeated"
        assert not html.fromstring(page.content).xpath("//div[@id='wrong']//*[@lang='en']"), (
            "it is said in the language"
        )
        if lang == "nb":
            assert piece in said
        (kept,) = html.fromstring(page.content).xpath("//textarea[@name='content']/text()") or [""]
        assert kept.replace("\r\n", "\n").strip() == content.replace(IDENTITY, "").strip()
        assert IDENTITY not in page.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wrong_form_is_kept_with_the_error_at_the_field(server: Server, lang: str) -> None:
    filled = {"from": "form", "date": "2026-03-01", "services": ["ppt", "bup"], "age": "200", "record.plans.0": "row",
              "record.plans.0.holder": "ppt", "record.coordination.carried_out": "false"}  # fmt: skip
    page = server.client.post(f"/{lang}/check/case/report", data=filled)
    assert page.status_code == 422
    tree = html.fromstring(page.content)
    assert tree.xpath("//div[@id='wrong']//a/@href") == ["#age"]
    (field,) = tree.xpath("//*[@id='age']")
    assert field.get("value") == "200"
    assert field.get("aria-invalid") == "true"
    assert tree.xpath(f"//*[@id='{field.get('aria-describedby').split()[0]}']")
    (form,) = tree.xpath("//form[@id='record']")
    for template in form.xpath(".//template"):
        template.getparent().remove(template)
    sent = form.form_values()
    for name, value in filled.items():
        for one in value if isinstance(value, list) else [value]:
            assert (name, one) in sent


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"date": "2020-01-01"}, "date"),
        ({"municipality": "12"}, "municipality"),
        ({"services": []}, "services"),
        ({"record.services.0.service": "bup"}, "record.services.0"),
        ({"record.services.0.took_part": "true"}, "record.services.0"),
        ({"record.plans.2.last_updated": "2027-01-01"}, "record.plans.0.last_updated"),
        ({"record.plans": "none", "record.plans.2.holder": "ppt"}, "record.plans"),
        ({"plan_exists": "false", "plan_holder": "ppt"}, "plan_holder"),
        ({"plan_exists": "false", "record.plans.2.holder": "ppt"}, "plan_exists"),
        ({"unborn": "true", "age": "4"}, "age"),
    ],
)
def test_every_error_leads_to_a_field(server: Server, fields: dict[str, object], place: str) -> None:
    sent = {"from": "form", "date": "2026-03-01", "services": ["ppt"], **fields}
    page = server.client.post("/nn/check/case/report", data=sent)
    assert page.status_code == 422
    tree = html.fromstring(page.content)
    assert tree.xpath("//div[@id='wrong']//a/@href") == [f"#{place}"]
    assert tree.xpath(f"//*[@id='{place}']")
    closed = [one for one in tree.xpath(f"//*[@id='{place}']/ancestor::details") if one.get("open") is None]
    assert not closed


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({}, "setup.kind"),
        ({"setup.kind": "municipality", "setup.number": "1"}, "setup.number"),
        ({"setup.kind": "municipality", "setup.name": "<script>"}, "setup.name"),
        ({"setup.kind": "municipality", "setup.county": "x"}, "setup.county"),
    ],
)
def test_every_error_of_a_setup_leads_to_a_field(server: Server, fields: dict[str, str], place: str) -> None:
    sent = {"from": "form", "setup.services": "ppt", **fields}
    page = server.client.post("/en/check/setup/report", data=sent)
    assert page.status_code == 422
    tree = html.fromstring(page.content)
    assert tree.xpath("//div[@id='wrong']//a/@href") == [f"#{place}"]
    assert tree.xpath(f"//*[@id='{place}']")
    assert not tree.xpath("//script[not(@src)]")


def test_one_row_more_and_one_less_without_a_script(server: Server) -> None:
    sent = {"from": "form", "services": ["ppt"], "age": "nine", "add": "record.plans"}
    page = server.client.post("/nb/check/case", data=sent)
    tree = html.fromstring(page.content)
    assert tree.xpath("//fieldset[@id='record.plans.0']")
    assert tree.xpath("//*[@id='age']/@value") == ["nine"]
    assert page.headers["cache-control"] == "no-store"
    (form,) = tree.xpath("//form[@id='record']")
    again = server.client.post("/nb/check/case", data={**sent, "record.plans.0": "row", "record.plans.0.holder": "ppt"})
    assert html.fromstring(again.content).xpath("//fieldset[@id='record.plans.1']")
    gone = {"from": "form", "record.plans.0": "row", "record.plans.1.holder": "ppt", "remove": "record.plans.0"}
    tree = html.fromstring(server.client.post("/nb/check/case", data=gone).content)
    assert not tree.xpath("//fieldset[@id='record.plans.0']")
    assert tree.xpath("//select[@id='record.plans.1.holder']/option[@selected]/@value") == ["ppt"]
    del form


def test_what_is_filled_in_is_saved_and_opened_again(server: Server) -> None:
    sent = {"from": "form", "date": "2026-03-01", "services": ["ppt", "bup"], "age": "9", "record.plans.0.holder": "ppt",
            "plan_consent": "open", "record.coordination.coordinator": "none"}  # fmt: skip
    file = server.client.post("/nn/check/case/file", data=sent)
    assert file.headers["content-disposition"] == 'attachment; filename="case.yaml"'
    assert "# Kor gammal er personen (fylte år)?" in file.text
    page = server.client.post("/en/check/case", data={"from": "file"}, files={"file": ("x.yaml", file.content)})
    assert page.status_code == 200
    (form,) = html.fromstring(page.content).xpath("//form[@id='record']")
    values = form.form_values()
    for name, value in sent.items():
        for one in value if isinstance(value, list) else [value]:
            assert (name, one) in values


RDF = {
    "case.ttl": TURTLE,
    "case.nt": None,
    "case.rdf": None,
    "case.jsonld": json.dumps(
        {
            "@context": CONTEXT,
            "@type": "sam:CaseRecord",
            "sam:forDate": "2026-03-01",
            "sam:withServiceInCase": [{"@id": "service:ppt"}, {"@id": "service:bup"}],
            "sam:coordinationDone": False,
        }
    ),
}


@pytest.mark.parametrize("name", sorted(RDF))
def test_a_record_in_rdf_is_read_by_a_worker(server: Server, name: str) -> None:
    kind = {"case.nt": "nt", "case.rdf": "xml"}.get(name, "")
    content = RDF[name] or Graph().parse(data=TURTLE, format="turtle").serialize(format=kind)
    page = server.client.post("/nb/check/case/report", data={"from": "file"}, files={"file": (name, content.encode())})
    assert page.status_code == 200, _wrong(page)
    assert "Kontroll av en sak" in page.text
    kept = html.fromstring(page.content).xpath("//textarea/text()")[0]
    assert server.client.post("/nb/check/case/report", data={"from": "kept", "content": kept}).status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "status", "piece"),
    [
        ("a.ttl", "@prefix sam: <x> . nonsense " + SECRET, 400, "ikke gyldig i det formatet"),
        ("a.jsonld", '{"@context": "http://127.0.0.1/x"}', 403, "Den blir ikke hentet"),
        ("a.rdf", '<!DOCTYPE a [<!ENTITY b "c">]><a/>', 403, "DOCTYPE"),
        ("a.ttl", "<a> <b> " + "[ <c> " * 300 + "1" + "]" * 300 + " .", 422, "for mange nivåer"),
        ("a.ttl", "<a> <b> <c> .", 422, "sier ikke om noe at det er en"),
        ("a.docx", "PK", 415, "typen fil"),
        ("a.yaml", b"\xff\xfe\x00", 422, "UTF-8"),
    ],
)
def test_a_hostile_file_is_refused_in_words(
    server: Server, name: str, content: str | bytes, status: int, piece: str
) -> None:
    raw = content if isinstance(content, bytes) else content.encode()
    page = server.client.post("/nb/check/case/report", data={"from": "file"}, files={"file": (name, raw)})
    assert page.status_code == status
    assert piece in _wrong(page)
    assert SECRET not in _wrong(page)


def test_too_large_and_no_form_are_refused(server: Server) -> None:
    big = server.client.post("/nb/check/case/report", data={"from": "file", "content": "a" * 300_000})
    assert big.status_code == 413
    assert server.client.post("/nb/check/case/report", content=b"{}", headers={"Content-Type": "application/json"}).status_code == 415  # fmt: skip


def test_what_is_public_is_kept_and_what_holds_a_record_is_not(server: Server) -> None:
    for path in ("check", "check/case", "check/setup?example=county", "check/case/template.yaml"):
        assert "public" in server.client.get(f"/nb/{path}").headers["cache-control"], path
    assert server.client.get("/nb/check/case?example=nothing").status_code == 404
    assert server.client.get("/nb/check/case?case=x").status_code == 422
    assert server.client.get("/nb/check/other").status_code == 404


def test_payloads_are_text_wherever_they_stand(server: Server) -> None:
    payload = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    names = html.fromstring(server.client.get("/nb/check/case").content).xpath("//form[@id='record']//*/@name")
    sent = {"from": "form", **{name: payload for name in set(names) if name != "from"}}
    for action in ("", "/report", "/file"):
        page = server.client.post(f"/nb/check/case{action}", data=sent)
        tree = html.fromstring(page.content)
        assert not tree.xpath("//script[not(@src)] | //img | //*[@onerror]")
    kept = server.client.post("/nb/check/case/report", data={"from": "file", "content": f"</textarea>{payload}"})
    assert not html.fromstring(kept.content).xpath("//script[not(@src)] | //img")


def test_the_log_says_nothing_of_what_was_sent(server: Server) -> None:
    server.client.post("/nb/check/case/report", data={"from": "file", "content": f"{SECRET}: 1\n  b"})
    server.client.post("/nb/check/case/report", data={"from": "file"}, files={"file": (f"{SECRET}.ttl", b"x")})
    assert SECRET not in server.log
    assert IDENTITY not in server.log
