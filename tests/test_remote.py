"""The engine over a SPARQL endpoint on another machine gives what it gives in memory: its tests, against a real server."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from samordning.engine.query import library
from samordning.engine.remote import RemoteStore, bound
from samordning.engine.store import Iri
from samordning.errors import DatasetError, InputError
from samordning.knowledge import Knowledge

ROOT = Path(__file__).resolve().parents[1]
#: What tests the engine and what is built on it.
SUITES = ["tests/test_questions.py", "tests/test_answers.py", "tests/test_scenarios.py", "tests/test_facts.py", "tests/unit/test_diff.py", "tests/unit/test_explain.py"]  # fmt: skip
SERVER = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")


@pytest.fixture(scope="module")
def endpoint(dataset: Path) -> Iterator[str]:
    """An Oxigraph server with the dataset in it."""
    if SERVER is None:
        pytest.skip("there is no Oxigraph server for this machine")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    process = subprocess.Popen(
        [SERVER, "serve", "--bind", address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            with contextlib.suppress(httpx.TransportError):
                loaded = httpx.post(f"http://{address}/store", content=(dataset / "dataset.nq").read_bytes(), headers={"Content-Type": "application/n-quads"}, timeout=60)  # fmt: skip
                assert loaded.status_code in (200, 201, 204), loaded.text
                break
            time.sleep(0.1)
        yield f"http://{address}/query"
    finally:
        process.terminate()
        process.wait(10)


def test_the_tests_of_the_engine_pass(endpoint: str, dataset: Path) -> None:
    environment = {**os.environ, "SAMORDNING_TEST_ENDPOINT": endpoint, "SAMORDNING_TEST_DATASET": str(dataset)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *SUITES]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


def test_every_query_gives_the_same_rows(endpoint: str, dataset: Path) -> None:
    near, far = Knowledge.open(dataset), Knowledge.open(dataset, endpoint=endpoint)
    given = {
        "xsd:date": dt.date(2026, 3, 1),
        "xsd:string": "nb",
        "iri": Iri("https://w3id.org/samordning/id/service/bup"),
    }
    for query in library().values():
        if "SELECT" not in query.text:
            continue
        values = {one.name: given[one.kind] for one in query.parameters}
        here, there = near.store.select(query.text, values), far.store.select(query.text, values)
        assert here.columns == there.columns, query.name
        rows = [
            sorted(str(sorted(row.items())) for row in table.rows if "_:" not in str(row)) for table in (here, there)
        ]
        assert rows[0] == rows[1] or "LIMIT" in query.text, query.name


def test_parameters_stand_where_they_may() -> None:
    text = 'SELECT ?a ?b (COUNT(?a) AS ?n) WHERE { ?b <p> ?a FILTER(?a > "?a") } GROUP BY ?a ?b ORDER BY ?b # ?a'
    put = bound(text, {"a": 1})
    one = '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert (
        put
        == f'SELECT  ?b (COUNT({one}) AS ?n) WHERE {{ ?b <p> {one} FILTER({one} > "?a") }} GROUP BY ({one}) ?b ORDER BY ?b # ?a'
    )
    assert bound("SELECT ?x { ?x ?y ?z }", {"x": 'a" } #'}).endswith('{ "a\\" } #" ?y ?z }')


def test_a_store_that_is_not_there_or_holds_something_else(endpoint: str, dataset: Path) -> None:
    with pytest.raises(DatasetError, match="can't be reached"):
        Knowledge.open(dataset, endpoint="http://127.0.0.1:1/query")
    with pytest.raises(DatasetError, match="answers 404"):
        Knowledge.open(dataset, endpoint=endpoint.replace("/query", "/none"))
    for wrong in ("file:///etc/passwd", "ftp://x/", "x"):
        with pytest.raises(InputError):
            RemoteStore(wrong)


def test_the_service_runs_on_it(endpoint: str, dataset: Path, tmp_path: Path) -> None:
    from tests.service.server import CASE, serving

    with serving(dataset, tmp_path, STORE__ENDPOINT=endpoint) as server:
        assert server.client.get("/health/ready").json()["store"] == "remote"
        assert server.client.post("/v1/answers", json=CASE).json()["cooperation"]["status"] == "applies"
        assert len(server.client.get("/v1/acts").json()) > 20
