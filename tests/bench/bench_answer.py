"""How long answers, start and build take, beside rdflib's own engine on the same query files in the same run.

Run: ``python tests/bench/bench_answer.py``. It prints a table; keep the last one in docs/benchmarks.md.
"""

from __future__ import annotations

import datetime as dt
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from rdflib import Dataset, Graph, Literal, Variable
from rdflib.plugins.sparql import prepareQuery
from ruamel.yaml import YAML

import samordning
from samordning.answer.case import Case
from samordning.engine.query import library
from samordning.engine.status import encode, evaluate
from samordning.graph.dataset import QUADS
from samordning.knowledge import Knowledge

ROOT = Path(__file__).resolve().parents[2]
DATE = dt.date(2026, 3, 1)


def timed(call: Callable[[], object], runs: int) -> list[float]:
    """Milliseconds of each run, after three that are not counted."""
    for _ in range(min(3, runs)):
        call()
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        found.append((time.perf_counter() - start) * 1000)
    return found


def row(name: str, found: list[float], goal: str, ratio: str = "") -> None:
    ordered = sorted(found)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"| {name} | {len(found)} | {statistics.median(found):,.1f} | {p99:,.1f} | {goal} | {ratio} |")


def threads(ask: Callable[[Case], object], case: Case, where: str) -> None:
    """Answers a second from one thread and from many: what a program gets out of several cores."""
    one = 0.0
    for count in (1, 4, 16):
        each = 1600 // count

        def work(times: int = each) -> None:
            for _ in range(times):
                ask(case)

        workers = [Thread(target=work) for _ in range(count)]
        start = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        rate = count * each / (time.perf_counter() - start)
        one = one or rate
        print(
            f"| {rate:,.0f} answers a second from {count} threads, {where} | {count * each} | | | | {rate / one:.1f}x one thread |"
        )


def main() -> None:
    # Built in a process of its own: what the build leaves in memory would slow the garbage collector of this one.
    folder = Path(tempfile.mkdtemp())
    start = time.perf_counter()
    command = [sys.executable, "-m", "samordning", "build", "--root", str(ROOT), "--out", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    built = (time.perf_counter() - start) * 1000
    kg = Knowledge.open(folder)
    case = kg.case_file(ROOT / "examples" / "nine-year-old.yaml")
    later = kg.case_file(ROOT / "examples" / "nine-year-old.yaml", date=dt.date(2024, 7, 31))

    print(
        f"Python {platform.python_version()}, {platform.machine()}, dataset of {kg.manifest['triples']:,} statements\n"
    )
    print("| what | runs | median ms | p99 ms | goal | ratio to rdflib |")
    print("|---|---|---|---|---|---|")

    for path in sorted((ROOT / "tests" / "answers").glob("*.yaml")):
        asked = kg.case(YAML(typ="safe").load(path)["case"], date=DATE)
        row(f"answer, warm: {path.stem}", timed(lambda asked=asked: kg.answer(asked, "nb"), 500), "p50 5, p99 15")
    row("explain, warm", timed(lambda: kg.explain("hol-7-2a-1", DATE, "nb", case), 200), "")
    row("compare one case on two dates", timed(lambda: kg.compare(case, later), 200), "")
    row("matrix, warm", timed(lambda: kg.matrix(DATE), 100), "")
    row("diff over all the data", timed(lambda: kg.diff(dt.date(2022, 8, 1), dt.date(2027, 1, 1)), 100), "300")

    # What tests come to, and what tables come to in SPARQL, each on Oxigraph and on rdflib with the same parameters.
    evaluation = evaluate(kg.store, kg.law, kg.tables, case.facts, DATE)
    text = encode({**case.facts, **evaluation.derived}, kg.law)
    holding, unsettled = (
        " ".join(["", *(iri.rsplit("/", 1)[-1] for iri, test in kg.tables.tests.items() if test.mask & mask), ""])
        for mask in (evaluation.holding, evaluation.unsettled)
    )
    row("all decision tables", timed(lambda: evaluate(kg.store, kg.law, kg.tables, case.facts, DATE), 500), "")
    graph = Graph()
    dataset = Dataset()
    dataset.parse(folder / QUADS, format="nquads")
    for triple in dataset.default_graph:
        graph.add(triple)
    for name, values in (
        ("tests", {"case": text}),
        ("status", {"holding": holding, "unsettled": unsettled}),
    ):
        query = library()[name].text
        ours = timed(lambda query=query, values=values: kg.store.select(query, values), 300)
        prepared = prepareQuery(query)
        bindings = {Variable(key): Literal(value) for key, value in values.items()}
        peer = timed(lambda prepared=prepared, bindings=bindings: list(graph.query(prepared, initBindings=bindings)), 3)
        ratio = statistics.median(peer) / statistics.median(ours)
        row(f"{name}.rq, pyoxigraph", ours, "", f"{ratio:,.0f}x faster")
        row(f"{name}.rq, rdflib", peer, "", "1x")

    for name in ("answer", "answer_json"):
        threads(getattr(kg, name), case, f"{name}, one process")
    with samordning.load(folder, processes=4) as crowd:
        for name in ("answer", "answer_json"):
            threads(getattr(crowd, name), case, f"{name}, 4 processes")

    command = [
        sys.executable,
        "-m",
        "samordning",
        "answer",
        str(ROOT / "examples" / "nine-year-old.yaml"),
        "--dataset",
        str(folder),
    ]
    row("samordning answer, cold", timed(lambda: subprocess.run(command, check=True, capture_output=True), 10), "1,000")
    row("build", [built], "20,000")


if __name__ == "__main__":
    main()
