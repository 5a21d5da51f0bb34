"""The commands, as a user runs them: a file in each form, a folder, and what is wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pyoxigraph as ox
import pytest

from samordning.check.checker import Checker
from tests.check.make import Maker
from tests.conftest import ROOT

CASE = ROOT / "examples" / "cases" / "nine-year-old.yaml"
SETUPS = sorted((ROOT / "examples" / "setups").glob("*.yaml"))


@pytest.fixture(scope="module")
def run(dataset):
    def call(*arguments, given=None):
        return subprocess.run(
            [sys.executable, "-m", "samordning", "check", *map(str, arguments)],
            capture_output=True,
            text=True,
            input=given,
            check=False,
            env={**os.environ, "SAMORDNING_DATASET": str(dataset)},
        )

    return call


@pytest.fixture(scope="module")
def folder(tmp_path_factory, kg):
    made = tmp_path_factory.mktemp("cases")
    maker = Maker(Checker(kg), 11)
    for number in range(60):
        (made / f"{number:03}.json").write_text(json.dumps(maker.case()), encoding="utf-8")
    return made


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_the_text_says_what_was_found_and_what_was_not_checked(run, lang):
    done = run("case", CASE, "--lang", lang)
    assert done.returncode == 1, done.stderr
    golden = Path(__file__).parent / "golden" / f"nine-year-old.{lang}.txt"
    assert done.stdout.splitlines()[:-2] == golden.read_text(encoding="utf-8").splitlines()[:-2]


@pytest.mark.parametrize("path", SETUPS, ids=lambda path: path.stem)
def test_every_example_set_up_gives_a_report(run, path):
    done = run("setup", path, "--format", "json")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["summary"]["met"] > 0
    assert any(group["findings"] for group in report["groups"])
    name = path.stem
    found = {finding["rule"].rsplit("/", 1)[1] for group in report["groups"] for finding in group["findings"]}
    expected = {
        "small-municipality": {"agreement-children-complex-needs", "decider-exists", "prevention-plan-adopted"},
        "middle-municipality": {"decider-published", "child-coordinator-authority", "cooperation-routine"},
        "large-municipality": {"agreement-organisations"},
        "city-district": {"decider-has-authority"},
        "merged-municipality": {"unit-exists", "child-coordinator-scheme", "agreement-exists", "cooperation-arranged"},
        "county": {"control-improvement", "cooperation-routine"},
        "health-authority": {"agreements-ensured", "hospital-unit-routines", "child-welfare-notices-named-unsaid"},
    }[name]
    assert expected <= found
    if name == "city-district":
        assert not any(
            one.startswith(("agreement-by-council", "agreement-midwifery", "prevention-plan")) for one in found
        ), "a district has no municipal council"


def test_the_engines_give_the_same_report(run):
    fast, reference = (
        json.loads(run("case", CASE, "--format", "json", "--engine", engine).stdout) for engine in ("rudof", "pyshacl")
    )
    for report in (fast, reference):
        report.pop("receipt")
    assert fast == reference


def test_a_report_as_shacl_in_both_forms(run):
    sh, sam = "http://www.w3.org/ns/shacl#", "https://w3id.org/samordning/ns#"
    counts = []
    for form, kind in (("turtle", ox.RdfFormat.TURTLE), ("json-ld", ox.RdfFormat.JSON_LD)):
        quads = list(ox.parse(run("case", CASE, "--format", form).stdout, format=kind))
        objects = [quad.object.value for quad in quads if quad.predicate.value == sh + "resultSeverity"]
        statuses = {quad.object.value for quad in quads if quad.predicate.value == "https://w3id.org/dpv#hasStatus"}
        assert statuses == {"https://w3id.org/dpv#ObligationFulfilled", "https://w3id.org/dpv#ObligationViolated"}
        messages = [quad.object.language for quad in quads if quad.predicate.value == sh + "resultMessage"]
        assert messages.count("nb") == messages.count("nn") == messages.count("en") == len(objects)
        outcomes = [quad for quad in quads if quad.predicate.value == sam + "outcome"]
        assert len(outcomes) > 100
        counts.append((len(objects), len(outcomes), objects.count(sh + "Violation")))
    assert counts[0] == counts[1]
    assert counts[0][2] >= 5


def test_sarif_has_what_a_pipeline_needs(run):
    made = json.loads(run("case", CASE, "--format", "sarif", "--lang", "en").stdout)
    assert made["version"] == "2.1.0"
    (one,) = made["runs"]
    rules = {rule["id"] for rule in one["tool"]["driver"]["rules"]}
    kinds = {result["kind"] for result in one["results"]}
    assert kinds == {"fail", "open", "informational", "pass"}
    for result in one["results"]:
        assert result["message"]["text"]
        assert result["kind"] == "pass" or result["ruleId"] in rules
        assert (result["level"] == "error") == (result["kind"] == "fail")
        assert result["level"] == "none" or result["kind"] == "fail"


def test_the_page_stands_alone(run):
    page = run("setup", SETUPS[0], "--format", "html").stdout
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    assert "src=" not in page
    assert "href=" not in page
    assert "@media print" in page


def test_standard_input(run):
    assert run("case", "-", given=CASE.read_text(encoding="utf-8")).returncode == 1


def test_a_folder_is_counted_and_compared(run, folder, tmp_path):
    done = run("case", folder, "--format", "csv", "--sample", "5")
    assert done.returncode == 1
    assert "60 files checked" in done.stderr
    assert "with pyshacl too, with the same findings" in done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    out = tmp_path / "table.parquet"
    assert run("case", folder, "--format", "parquet", "--out", out).returncode == 1
    with duckdb.connect() as db:
        table = db.read_parquet(str(out))
        assert table.columns == list(rows[0])
        assert [[str(value) for value in row] for row in table.fetchall()] == [list(row.values()) for row in rows]
    assert {row["county"] for row in rows} <= {f"{number:02}" for number in range(31, 57)}
    assert sum(int(row["breach"]) for row in rows) > 50


def test_the_table_adds_up_to_the_reports(checker_of, folder):
    from samordning.check.folder import check

    tally = check(folder, "case", dataset=checker_of[1])
    summed = {}
    for path in sorted(folder.glob("*.json")):
        report = checker_of[0].check(checker_of[0].read(path.read_bytes(), path.name, "case"))
        for kind, number in report.summary.model_dump().items():
            summed[kind] = summed.get(kind, 0) + number
    rows = tally.rows()
    for kind in ("breach", "to_be_assessed", "recommended", "not_assessable", "depends", "met"):
        assert sum(row[kind] for row in rows) == summed[kind], kind


@pytest.fixture(scope="module")
def checker_of(kg, dataset):
    return Checker(kg), dataset


def test_several_processes_count_the_same(checker_of, folder):
    from samordning.check.folder import check

    one, two = (check(folder, "case", dataset=checker_of[1], processes=number) for number in (1, 2))
    assert one.rows() == two.rows()


WRONG = {
    "unknown key": ("date: 2026-03-01\nservices: [bup]\nrecord: {coordinaton: {}}\n", "Did you mean coordination?"),
    "no record": ("date: 2026-03-01\nservices: [bup]\n", "Add record:"),
    "free text": ("date: 2026-03-01\nservices: [bup]\nrecord: {coordination: {carried_out: ja det er gjort}}\n", "true, false or unknown"),
    "unknown choice": ("services: [bup]\nrecord: {coordination: {settled: agred}}\n", "Did you mean agreed?"),
    "a later day": ("date: 2026-03-01\nservices: [bup]\nrecord: {child_coordinator: {appointed_on: 2026-04-01}}\n", "lies after"),
    "no day": ("services: [bup]\nrecord: {child_coordinator: {appointed_on: 2026-02-30}}\n", "not a day"),
    "a service outside": ("services: [bup]\nrecord: {services: [{service: ppt}]}\n", "not among the services"),
    "a service twice": ("services: [bup]\nrecord: {services: [{service: bup}, {service: bup}]}\n", "two entries"),
    "no service": ("services: [bup]\nrecord: {services: [{took_part: true}]}\n", "names no service"),
    "contradiction": ("services: [bup]\nfacts: {plan_exists: true}\nrecord: {plans: none}\n", "different things"),
    "the same twice": ("services: [bup]\nrecord: {coordinator: {tasks: [follow-up, follow-up]}}\n", "same thing twice"),
    "two documents": ("---\nservices: [bup]\nrecord: {}\n---\nservices: [bup]\nrecord: {}\n", "several records"),
    "identity number": ("services: [bup]\nrecord: {}\nfacts: {x: 010203 12345}\n", "national identity number"),
    "no mapping": ("bare tekst", "mapping"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_gives_one_clear_error(checker_of, what, tmp_path):
    from samordning.check.source import Reader
    from samordning.errors import InputError

    text, said = WRONG[what]
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    with Reader(checker_of[0], "case") as reader, pytest.raises(InputError) as caught:
        reader.file(path)
    error = str(caught.value)
    assert said in error
    assert error.startswith("case.yaml")
    assert "12345" not in error
    assert "ja det er" not in error
    assert "\n" not in error


def test_a_wrong_file_in_a_folder_is_named_and_the_rest_is_counted(run, tmp_path):
    (tmp_path / "good.yaml").write_text(CASE.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("services: [bup]\n", encoding="utf-8")
    (tmp_path / "bad.ttl").write_text("<a> .", encoding="utf-8")
    done = run("case", tmp_path, "--format", "csv")
    assert done.returncode == 1
    assert "1 files checked; 2 refused" in done.stderr
    assert "refused bad.yaml: There is no record" in done.stderr
    assert "refused bad.ttl" in done.stderr
    assert len(done.stdout.splitlines()) > 20


def test_a_turtle_file_is_read_by_a_worker(run, tmp_path):
    from tests.check.test_http import TURTLE

    path = tmp_path / "case.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    report = json.loads(run("case", path, "--format", "json").stdout)
    assert report["summary"]["breach"] >= 3


def test_options_that_do_not_fit(run, tmp_path):
    for arguments, said in (
        (("case", CASE, "--format", "csv"), "can't be written as csv"),
        (("case", ROOT / "examples" / "cases", "--format", "html"), "can't be written as html"),
        (("case", ROOT / "examples" / "cases", "--format", "parquet"), "Name a file"),
        (("case", tmp_path), "no files of records"),
        (("case", tmp_path / "none.yaml"), "can't be read"),
        (("setup", CASE), "samordning check case"),
        (("case", SETUPS[0]), "samordning check setup"),
    ):
        done = run(*arguments)
        assert done.returncode == 2, arguments
        assert said in done.stderr
        assert "Traceback" not in done.stderr
