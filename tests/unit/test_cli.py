"""The commands, run as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef

from samordning.namespaces import term

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "nine-year-old.yaml"


def test_answer_in_three_languages(run) -> None:
    nb, nn, en = (run("answer", str(EXAMPLE), "--lang", lang).stdout for lang in ("nb", "nn", "en"))
    assert "Hvem samordner, og hvorfor?" in nb
    assert "helse- og omsorgstjenesteloven § 3-4 andre ledd første punktum" in " ".join(nb.split())
    assert "ordlyd fra 1. august 2024" in " ".join(nb.split())
    assert "Kven samordnar, og kvifor?" in nn
    assert "ikke" not in nn.split()
    assert "Who coordinates, and why?" in en
    assert len({nb, nn, en}) == 3


def test_answer_as_json_is_the_contract(run) -> None:
    answer = json.loads(run("answer", str(EXAMPLE), "--format", "json").stdout)
    assert answer["date"] == "2026-03-01"
    for key in ("cooperation", "coordination", "child_coordinator", "coordinator_right", "individual_plan", "system_level", "information_duties",
                "confidentiality", "complaint", "supervision", "missing_facts", "receipt"):  # fmt: skip
        assert key in answer
    bup = next(duty for duty in answer["cooperation"]["duties"] if duty["service"] == "bup")
    assert bup["bearer"] == "regional-health-authority"
    assert bup["basis"] == ["lov/1999-07-02-61/§2-1e/ledd/1"]
    assert answer["receipt"]["dataset"].startswith("sha256:")
    assert answer["provisions"]["lov/1999-07-02-61/§2-1e/ledd/1"]["in_force"] == "2022-08-01"


def test_answer_as_turtle(run) -> None:
    graph = Graph().parse(data=run("answer", str(EXAMPLE), "--format", "turtle").stdout, format="turtle")
    (answer,) = graph.subjects(RDF.type, URIRef(term("Answer")))
    assert len(list(graph.objects(answer, URIRef(term("finding"))))) >= 7
    declared = Graph().parse(ROOT / "ontology" / "samordning.ttl")
    used = {predicate for predicate in graph.predicates() if str(predicate).startswith(term(""))}
    assert used
    assert all((predicate, RDF.type, None) in declared for predicate in used)


def test_a_case_may_be_described_or_piped(run) -> None:
    described = run(
        "answer",
        "-s",
        "barnevern",
        "-s",
        "skole",
        "--age",
        "9",
        "-f",
        "cooperation_necessary=true",
        "--date",
        "2026-03-01",
    ).stdout
    piped = run(
        "answer",
        "-",
        stdin="date: 2026-03-01\nservices: [child-welfare, primary-school]\nperson: {age: 9}\nfacts: {cooperation_necessary: true}\n",
    ).stdout
    assert described == piped
    assert "barnevernsloven § 15-8 første ledd" in " ".join(described.split())


def test_date_overrides_the_file(run) -> None:
    before, after = (
        " ".join(run("answer", str(EXAMPLE), "--date", date).stdout.split()) for date in ("2024-07-31", "2024-08-01")
    )
    assert "opplæringsloven av 1998 § 15-8" in before
    assert "opplæringsloven § 24-1" in after


BAD = {
    "negative.yaml": ("person: {age: -1}\nservices: [bup]\n", "negative.yaml:1: age is a whole number from 0 to 130."),
    "service.yaml": ("services: [skoole]\n", 'service.yaml:1: Unknown service "skoole". Did you mean primary-school?'),
    "fact.yaml": (
        "services: [bup]\nfacts: {plan_exsists: true}\n",
        'fact.yaml:2: Unknown key "plan_exsists". Did you mean plan_exists?',
    ),
    "empty.yaml": ("", "empty.yaml: The file is empty."),
    "notyaml.yaml": ("a: [}\n", "notyaml.yaml:1: This is not valid YAML."),
    "holder.yaml": (
        "services: [bup]\nfacts: {plan_holder: gp}\n",
        "holder.yaml:2: plan_holder is gp, which is not among the services.",
    ),
    "early.yaml": (
        "date: 2020-01-01\nservices: [bup]\n",
        "early.yaml:1: The date 2020-01-01 is outside what the data covers",
    ),
    "large.yaml": ("x" * 10_000_000, "large.yaml: The file is 10,000,000 bytes; a case may have 262,144."),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gives_one_message_and_exit_2(run, tmp_path: Path, name: str) -> None:
    text, message = BAD[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    done = run("answer", name, code=2)
    assert done.stdout == ""
    assert done.stderr.startswith(message)
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("arguments", [("answer", "nowhere.yaml"), ("answer",), ("answer", str(EXAMPLE), "-s", "bup"), ("answer", str(EXAMPLE), "--date", "1/1/26"),
                                       ("matrix", "--date", "2020-01-01"), ("query", "no-such-query"), ("answer", "-s", "bup", "-f", "plan_exists")])  # fmt: skip
def test_wrong_arguments_give_one_message_and_exit_2(run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, code=2)
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1


def test_matrix(run) -> None:
    rows = json.loads(run("matrix", "--date", "2024-08-01", "--format", "json").stdout)
    hol = next(row for row in rows if row["act"] == "lov/2011-06-24-30")
    assert hol["individual"] == ["lov/2011-06-24-30/§3-4/ledd/1"]
    assert hol["coordination"] == ["lov/2011-06-24-30/§3-4/ledd/2/setning/1"]
    assert len(rows) == 14
    assert "§ 3-4(2) p1" in run("matrix", "--date", "2024-08-01").stdout
    assert run("matrix", "--format", "csv").stdout.splitlines()[0].startswith("act,abbreviation,individual")


def test_services_and_facts_and_queries_are_listed(run) -> None:
    assert "barnevernstjeneste" in run("services").stdout
    assert len(json.loads(run("services", "--format", "json").stdout)) == 30
    assert "cooperation_necessary" in run("facts").stdout
    assert run("query", "--list").stdout


def test_a_query_from_a_file(run, tmp_path: Path) -> None:
    (tmp_path / "acts.rq").write_text(
        "SELECT (COUNT(?act) AS ?acts) WHERE { ?act a <https://w3id.org/samordning/ns#Act> }", encoding="utf-8"
    )
    assert json.loads(run("query", "acts.rq", "--format", "json").stdout)[0]["acts"] >= 16
    (tmp_path / "bad.rq").write_text("SELEKT", encoding="utf-8")
    assert "not valid SPARQL" in run("query", "bad.rq", code=2).stderr


def test_help_and_completion(run) -> None:
    for command in ("answer", "matrix", "provision", "query", "services", "facts", "build", "serve", "lovdata"):
        assert command in run("--help").stdout
        assert run(command, "--help").stdout
    assert "show-completion" in run("--help").stdout


def test_a_provision_with_the_words_of_lovdata(run, tmp_path: Path) -> None:
    from tests.conftest import shared

    plain = run("provision", "lov/2011-06-24-30/§3-4/ledd/1", "--store", str(tmp_path / "none"), code=3).stderr
    assert "samordning lovdata import" in plain
    store = str(tmp_path / "texts")
    archive = shared("law", "lovdata", "gjeldende-lover.tar.bz2")
    assert "755 new" in run("lovdata", "import", str(archive), "--store", store, "--date", "2025-11-08").stdout
    text = " ".join(run("provision", "lov/2011-06-24-30/§3-4/ledd/1", "--store", store).stdout.split())
    assert "fra 1. august 2022" in text
    assert "De kommunale helse- og omsorgstjenestene skal samarbeide" in text
    assert "Lovdatas (NLOD 2.0), hentet 8. november 2025" in text
    answer = run("answer", str(EXAMPLE), "--words", "--store", store).stdout
    assert "Lovens ord" in answer
    before = run("answer", str(EXAMPLE), "--words", "--store", store, "--date", "2024-07-31").stdout
    assert "opplæringsloven 1998 § 15-8 første ledd første punktum:" not in before, "no words of another wording"


def test_what_is_no_provision_is_refused(run) -> None:
    assert "not an address" in run("provision", "§ 3-4", code=2).stderr
    assert "No norm in the data" in run("provision", "lov/2011-06-24-30/§99", code=2).stderr


def test_an_altered_dataset_is_refused(run, dataset: Path, tmp_path: Path) -> None:
    altered = tmp_path / "altered"
    altered.mkdir()
    for path in dataset.iterdir():
        (altered / path.name).write_bytes(path.read_bytes())
    quads = (altered / "dataset.nq").read_bytes()
    (altered / "dataset.nq").write_bytes(quads.replace(b"2022-08-01", b"2022-08-02", 1))
    done = run("matrix", "--dataset", str(altered), code=3)
    assert "not the one its manifest describes" in done.stderr
    assert "samordning build" in run("matrix", "--dataset", str(tmp_path / "nowhere"), code=3).stderr


def test_a_named_question_refuses_a_date_outside_the_data(run) -> None:
    done = run("query", "supervisors", "-p", "type=duty-type:coordination", "--date", "2020-01-01", code=2)
    assert done.stdout == ""
    assert "outside what the data covers" in done.stderr
