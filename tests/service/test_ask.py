"""The form about a person over HTTP: nothing typed is lost, what is wrong is said, the memo says what the text says."""

from __future__ import annotations

import ast
import datetime as dt
import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from ruamel.yaml import YAML
from starlette.datastructures import FormData

from samordning.answer.case import check
from samordning.answer.document import Document, read
from samordning.answer.report import report
from samordning.interfaces.web import casefile, choice, draft, text
from samordning.interfaces.web.mistake import Fault
from tests.service.server import Server
from tests.test_properties import DRAWN, case_from

if TYPE_CHECKING:
    from samordning.answer.case import Case
    from samordning.knowledge import Knowledge

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("nb", "nn", "en")
CASES = sorted((ROOT / "tests" / "cases").glob("*.yaml"))
WHO = {"date": "2026-03-01", "age": "6", "services": ["primary-school", "bup"]}
pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def plain(page: str) -> str:
    """The words of a page, as someone reads them: no tags, every space alike."""
    body = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def form_of(case: Case, kg: Knowledge) -> dict[str, Any]:
    found = draft.of(case, kg.law)
    return {**found.texts, "services": list(found.services)}


def sent(fields: dict[str, Any], kg: Knowledge) -> tuple[draft.Draft, Case | None, list[Fault]]:
    pairs = [(key, one) for key, value in fields.items() for one in (value if isinstance(value, list) else [value])]
    return draft.sent(FormData(pairs), kg.law)


def cases(kg: Knowledge) -> Iterator[tuple[str, Case]]:
    for path in CASES:
        yield path.stem, kg.case(YAML(typ="safe").load(path)["case"])


def test_every_service_is_offered_once_in_each_language(kg: Knowledge, server: Server) -> None:
    for lang in LANGUAGES:
        page = server.client.get(f"/{lang}/ask")
        assert page.status_code == 200
        offered = re.findall(r'name="services" value="([\w-]+)"', page.text)
        assert sorted(offered) == sorted(service.id for service in kg.law.selectable)
        labels = [one.label for group in choice.groups(kg.law, lang) for tree in group.trees for one in tree]
        assert all(html.escape(label) in page.text for label in labels)


def test_a_part_stands_below_what_it_is_part_of(kg: Knowledge) -> None:
    trees = [[one.key for one in tree] for group in choice.groups(kg.law, "nb") for tree in group.trees]
    assert next(tree for tree in trees if "gp" in tree)[0] == "municipal-health"
    assert next(tree for tree in trees if "bup" in tree)[0] == "specialist-health"
    below = {one.key: one.below for group in choice.groups(kg.law, "nb") for tree in group.trees for one in tree}
    assert below["private-kindergarten-funded"] == "barnehage"
    assert below["police"] == ""


def test_every_case_goes_through_the_form_unchanged(kg: Knowledge) -> None:
    names = 0
    for name, case in cases(kg):
        _, again, faults = sent(form_of(case, kg), kg)
        assert faults == [], name
        assert again is not None
        assert (again.facts, again.date, again.services, again.municipality) == (
            case.facts, case.date, case.services, case.municipality
        ), name  # fmt: skip
        names += 1
    assert names == len(CASES) >= 40


@QUIET
@given(drawn=DRAWN)
def test_any_case_goes_through_the_form_and_the_file_unchanged(kg: Knowledge, drawn: dict[str, Any]) -> None:
    case = kg.case(case_from(drawn, kg))
    assert sent(form_of(case, kg), kg)[1] == case
    for lang in LANGUAGES:
        written = casefile.written(case, kg.law, lang)
        again = check(read(written.encode(), "file"), kg.law)
        assert (again.facts, again.date, again.services) == (case.facts, case.date, case.services), written


def test_the_saved_file_is_read_by_the_command_line(server: Server, run: Any, tmp_path: Path) -> None:
    reply = server.client.post("/nb/ask/save", data={**WHO, "municipality": "0301", "coordinated_needs": "open"})
    assert reply.headers["content-disposition"] == 'attachment; filename="samordning-2026-03-01.yaml"'
    assert reply.headers["cache-control"] == "no-store"
    assert "# grunnskole" in reply.text
    assert "# behov for koordinerte tjenester" in reply.text
    path = tmp_path / "case.yaml"
    path.write_bytes(reply.content)
    answer = json.loads(run("answer", str(path), "--format", "json").stdout)
    assert answer["municipality"] == "0301"
    assert [missing["fact"] for missing in answer["missing_facts"] if missing["open"]] == ["coordinated_needs"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_memo_says_what_the_memo_in_text_says(kg: Knowledge, server: Server, lang: str) -> None:
    for name, case in cases(kg):
        page = server.client.post(f"/{lang}/ask/memo", data=form_of(case, kg))
        assert page.status_code == 200, name
        found = re.sub(r"\s", "", plain(page.text))
        # Each line of the text without its mark and its rule, word by word.
        lines = [line.strip() for line in report(kg.answer(case, lang), kg.law).splitlines()]
        for line in lines:
            said = re.sub(r"^(- |\d+\. )", "", line)
            if said and not re.fullmatch(r"[-=]+", said):
                assert re.sub(r"\s", "", said) in found, f"{name}: {said}"
        assert len(lines) > 30


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_answer_beside_the_form_says_the_same_and_opens_to_its_basis(
    kg: Knowledge, server: Server, lang: str
) -> None:
    for name, case in list(cases(kg))[:20]:
        page = server.client.post(f"/{lang}/ask", data=form_of(case, kg)).text
        answer = kg.answer(case, lang)
        for duty in answer.cooperation.duties:
            assert f'href="/{lang}/norms/{duty.norm.rsplit("/", 1)[-1]}"' in page, name
            for address in duty.basis:
                assert f'href="/{lang}/law/{address.replace("§", "%C2%A7")}"' in page, name
            for said in duty.because:
                assert re.sub(r"\s", "", said) in re.sub(r"\s", "", plain(page)), name
        for missing in answer.missing_facts:
            section = kg.law.facts[missing.fact].one("section")
            assert f'id="{"field" if section == "person" else "question"}-{missing.fact}"' in page, name
            assert html.escape(missing.why, quote=True).replace("&#x27;", "&#39;") in page, name
        assert f'"{answer.receipt.dataset}' not in page
        assert answer.receipt.dataset in page


def test_questions_are_those_that_matter_and_what_was_answered_stays(kg: Knowledge, server: Server) -> None:
    fields = {**WHO, "plan_exists": "false", "child_forms_views": "true", "coordinated_needs": "open"}
    page = server.client.post("/nb/ask", data=fields).text
    asked = re.findall(r'id="question-(\w+)"', page)
    case = sent(fields, kg)[1]
    assert case is not None
    missing = [one.fact for one in kg.answer(case).missing_facts if one.fact not in fields]
    assert asked == ["plan_exists", "child_forms_views", "coordinated_needs", *missing]
    assert len(missing) > 3
    for key, value in (("plan_exists", "false"), ("child_forms_views", "true"), ("coordinated_needs", "open")):
        assert re.search(rf'name="{key}" value="{value}" id="[\w-]+" checked', page), key
    # What nobody answered is unknown until someone does.
    for key in missing:
        if kg.law.facts[key].one("valueKind") != "integer":
            assert re.search(rf'name="{key}" value="unknown" id="[\w-]+" checked', page), key
    # Only an assessment may be not yet made.
    assert 'name="cooperation_necessary" value="open"' in page
    assert 'name="plan_consent" value="open"' not in page


def test_what_is_wrong_is_said_at_once_and_nothing_typed_is_lost(server: Server) -> None:
    fields = {"date": "2020-01-01", "municipality": "12", "age": "200", "plan_exists": "true"}
    page = server.client.post("/nb/ask", data=fields)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    summary = page.text[page.text.index("<ds-error-summary") : page.text.index("</ds-error-summary>")]
    assert re.findall(r'href="#field-(\w+)"', summary) == ["services", "age", "date", "municipality"]
    for field in ("services", "age", "date", "municipality"):
        assert re.search(rf'id="error-{field}" data-live>[^<]{{20,}}<', page.text), field
        assert re.search(rf'id="field-{field}"[^>]*aria-invalid="true"', page.text), field
    assert 'value="2020-01-01"' in page.text
    assert 'value="200"' in page.text
    assert 'value="12"' in page.text
    assert re.search(r'name="plan_exists" value="true" id="[\w-]+" checked', page.text)
    assert "1. august 2022" in summary


def test_whoever_is_still_filling_in_is_not_told_what_is_missing(server: Server) -> None:
    live = server.client.post("/nb/ask", data={"date": "2026-03-01", "age": "6"}, headers={"Samordning-Live": "1"}).text
    assert '<p class="ds-validation-message" id="error-services" data-live hidden></p>' in live
    assert "<html" not in live
    wrong = server.client.post("/nb/ask", data={"age": "200"}, headers={"Samordning-Live": "1"}).text
    assert 'id="error-age" data-live>' in wrong
    assert "ds-error-summary" not in wrong


def test_one_more_person_keeps_the_day_and_the_municipality_alone(server: Server) -> None:
    fields = {**WHO, "municipality": "4601", "plan_exists": "true", "household_role": "child"}
    page = server.client.post("/nn/ask/next", data=fields)
    assert page.headers["cache-control"] == "no-store"
    assert 'value="2026-03-01"' in page.text
    assert 'value="4601"' in page.text
    checked = re.findall(r'name="(\w+)" value="([\w-]+)" id="[\w-]+" checked', page.text)
    assert set(checked) == {("household_role", "unknown"), ("unborn", "unknown")}
    assert 'name="age" id="field-age" value=""' in page.text


DIGITS = "01017012345"


@pytest.mark.parametrize("field", ["date", "municipality", "age", "plan_exists", "services", "anything"])
def test_a_national_identity_number_is_refused_and_not_shown_again(server: Server, field: str) -> None:
    for written in (DIGITS, f"{DIGITS[:6]} {DIGITS[6:]}"):
        for path in ("ask", "ask/memo", "ask/save", "ask/next"):
            page = server.client.post(f"/nb/{path}", data={**WHO, field: written})
            assert written not in page.text
            assert DIGITS not in page.text
            if path != "ask/next":
                assert "ligner et fødselsnummer" in page.text


SECRET = "Kari Nordmann"
#: Files that are wrong, and the code of what is said about each, with its line.
FILES = {
    "nothing": (b"", "no-file", 0),
    "not text": (b"\xff\xfe\x00" + SECRET.encode(), "not-text", 0),
    "blank": (b"   \n", "empty", 0),
    "too large": (b"# " + SECRET.encode() * 25_000, "too-large", 0),
    "an identity number": (f"note: {DIGITS}".encode(), "identity", 0),
    "too deep": (b"[" * 200 + b"]" * 200, "too-deep", 0),
    "a list": (f"- {SECRET}".encode(), "not-a-case", 0),
    "broken YAML": (f"services: [bup\nfacts: {{{SECRET}: ".encode(), "not-yaml", 2),
    "a key twice": (b"services: [bup]\nservices: [ppt]\n", "twice", 2),
    "two documents": (b"services: [bup]\n---\nservices: [ppt]\n", "several", 2),
    "broken JSON": (b'{"services": NaN}', "not-json", 0),
    "an unknown key": (b"services: [bup]\nmunicipaliti: 1\n", "unknown-key", 2),
    "a sentence for a key": (f"services: [bup]\n{SECRET}: 1\n".encode(), "hidden-key", 2),
    "a sentence for a fact": (f"services: [bup]\nfacts:\n  plan_exists: {SECRET}\n".encode(), "truth", 3),
    "an unknown service": (f"services: [{SECRET}]\n".encode(), "service-unknown", 1),
    "no service": (b"date: 2026-03-01\n", "no-service", 0),
    "no list": (b"services: bup\n", "services-no-list", 1),
    "twice the same": (b"services: [bup, bup]\n", "service-twice", 1),
    "no name": (b"services: [12]\n", "service-no-id", 1),
    "not a section": (b"services: [bup]\nperson: 12\n", "section", 2),
    "no day": (b"services: [bup]\ndate: 2026-02-30\n", "date", 2),
    "another time": (b"services: [bup]\ndate: 1999-01-01\n", "outside", 2),
    "no number": (b"services: [bup]\nmunicipality: 301\n", "municipality", 2),
    "too old": (b"services: [bup]\nperson: {age: 131}\n", "whole-number", 2),
    "born and unborn": (b"services: [bup]\nperson: {age: 3, unborn: true}\n", "unborn-age", 2),
    "no role": (f"services: [bup]\nperson:\n  household_role: {SECRET}\n".encode(), "choice", 3),
    "not there": (b"services: [bup]\nfacts:\n  plan_holder: ppt\n", "not-there", 3),
    "no plan": (b"services: [bup]\nfacts:\n  plan_exists: false\n  plan_holder: bup\n", "no-plan", 4),
    "a tag": (b"services: !!python/object/apply:os.system ['true']\n", "service-unknown", 1),
    "laughs": (b"a: &a [x,x]\nb: &b [*a,*a]\nservices: *b\n", "unknown-key", 1),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_in_the_readers_language_without_repeating_it(
    server: Server, name: str, lang: str
) -> None:
    raw, code, line = FILES[name]
    kept = {"date": "2026-03-02", "age": "7", "services": ["ppt"]}
    page = server.client.post(f"/{lang}/ask/open", data=kept, files={"file": (f"{SECRET}.yaml", raw)})
    if code == "too-large":
        assert page.status_code == 413
        assert SECRET not in page.text
        return
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert SECRET not in page.text
    found = re.search(r'id="error-file" data-live>([^<]+)<', page.text)
    assert found is not None
    wanted = text.catalogue(lang)[f"ask.wrong-{code}"]
    pattern = r".+".join(re.escape(part) for part in re.split(r"\{\w+\}", wanted))
    assert re.search(pattern, html.unescape(found[1]), re.IGNORECASE), found[1]
    assert bool(line) == bool(re.search(rf" {line}: ", found[1])), found[1]
    # What stood in the form stands there still.
    assert 'value="2026-03-02"' in page.text
    assert 'name="age" id="field-age" value="7"' in page.text
    assert re.search(r'value="ppt" id="[\w-]+" checked', page.text)


def test_a_saved_file_is_opened_again(kg: Knowledge, server: Server) -> None:
    for name, case in list(cases(kg))[:10]:
        raw = casefile.written(case, kg.law, "nn").encode()
        page = server.client.post("/nn/ask/open", data={"services": ["police"]}, files={"file": ("x.yaml", raw)}).text
        assert 'class="conclusion"' in page, name
        checked = re.findall(r'name="services" value="([\w-]+)" id="[\w-]+" checked', page)
        assert sorted(checked) == sorted(case.services), name
        assert kg.answer(case, "nn").receipt.case in page, name


def test_a_language_is_changed_without_losing_the_case(server: Server) -> None:
    page = server.client.post("/nb/ask", data=WHO).text
    for other in ("nn", "en"):
        assert f'formaction="/{other}/ask"' in page
    assert 'formaction="/nb/ask"' not in page


def test_every_error_in_a_case_can_be_said_in_every_language() -> None:
    codes: dict[str, set[str]] = {}
    for name in ("case", "document", "entry"):
        tree = ast.parse((ROOT / "src" / "samordning" / "answer" / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "InputError", "OutsideData", "TooLarge", "_NotJson"
            ):  # fmt: skip
                keywords = {keyword.arg: keyword.value for keyword in node.keywords}
                assert "code" in keywords, f"{name}.py:{node.lineno}"
                values = keywords.get("values")
                places = (
                    {str(ast.literal_eval(key)) for key in values.keys if key}
                    if isinstance(values, ast.Dict)
                    else set()
                )
                for constant in ast.walk(keywords["code"]):
                    if isinstance(constant, ast.Constant):
                        codes.setdefault(str(constant.value), set()).update(places)
    assert len(codes) > 25
    told = {code for _, code, _ in FILES.values()} | {"service-several"}
    # Those are errors of the command line alone.
    for code in codes.keys() - {"not-set-here"}:
        assert code in told, f"no file of the tests is wrong in this way: {code}"
        for lang in LANGUAGES:
            said = text.catalogue(lang)[f"ask.wrong-{code}"]
            used = {place for _, place, _, _ in Formatter().parse(said) if place}
            assert used <= codes[code] | {"field"}, f"{lang}: {code}"
    spoken = {key.removeprefix("ask.wrong-") for key in text.catalogue("nb") if key.startswith("ask.wrong-")}
    assert spoken == codes.keys() - {"not-set-here"} | {"other", "title"}


def test_texts_are_the_same_in_every_language() -> None:
    catalogues = {lang: text.catalogue(lang) for lang in LANGUAGES}
    ours = {key for key in catalogues["nb"] if key.startswith("ask.")}
    assert len(ours) > 80
    places = {
        lang: {key: sorted(re.findall(r"\{(\w+)\}", catalogues[lang][key])) for key in ours} for lang in LANGUAGES
    }
    assert places["nb"] == places["nn"] == places["en"]
    templates = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "src/samordning/interfaces/web/templates").glob("ask*.html")
    )
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/samordning/interfaces/web").glob("*.py"))
    made = ("ask.wrong-", "ask.choice-", "ask.answer-", "ask.level-")
    for key in ours:
        assert (
            f'"{key}"' in templates + code
            or key.startswith(made)
            or key in ("ask.date", "ask.municipality", "ask.file")
        ), key


def test_a_day_that_is_not_covered_is_said_in_words(kg: Knowledge) -> None:
    _, case, faults = sent({**WHO, "date": "2020-01-01"}, kg)
    assert case is None
    assert faults[0].said(kg.law, "en").startswith("The date is outside what the data covers, 1 August 2022 to ")
    assert check(Document("x", {"services": ["bup"], "date": "2026-03-01"}), kg.law).date == dt.date(2026, 3, 1)


def test_many_services_that_do_not_exist_are_one_fault_each(kg: Knowledge) -> None:
    _, case, faults = sent({"services": ["bup", "<script>", "x", "ppt"], "date": "2026-03-01"}, kg)
    assert case is None
    assert [(fault.field, fault.code) for fault in faults] == [("services", "service-unknown")] * 2


def test_a_form_with_thousands_of_fields_or_of_another_kind_is_refused(server: Server) -> None:
    many = {f"f{number}": "1" for number in range(2001)}
    assert server.client.post("/nb/ask", data=many).status_code == 422
    assert server.client.post("/nb/ask", json=WHO).status_code == 415
    assert server.client.post("/nb/ask", content=io.BytesIO(b"a=" + b"x" * 300_000).read(), headers={"Content-Type": "application/x-www-form-urlencoded"}).status_code == 413  # fmt: skip
