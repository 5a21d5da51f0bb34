"""The service under load, on loopback, beside named peers in the same run. Needs wrk; run: python tests/bench/bench_service.py

Prints the table of docs/benchmarks.md; with the names of parts (load, sparql, hostile) only those. A peer is left out, and said to be, where it is not installed.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from samordning.files import DATASET  # noqa: E402
from tests.service.server import CASE, free_port, serving  # noqa: E402

SMALL = "SELECT ?l { <https://w3id.org/samordning/id/service/bup> <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"
JOINED = """PREFIX sam: <https://w3id.org/samordning/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?norm ?address ?service ?label { ?norm sam:bindsService ?service ; sam:provision/sam:address ?address ;
  sam:dutyType <https://w3id.org/samordning/id/duty-type/individual-cooperation> . ?service skos:prefLabel ?label FILTER(LANG(?label) = "en") }
ORDER BY ?address"""
#: Which duties hold on a date: the small query that this service is there for.
DUTIES = """PREFIX sam: <https://w3id.org/samordning/ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?norm ?address ?type ?since ?until {
  ?norm a sam:Duty ; sam:dutyType ?type ; sam:provision/sam:address ?address ; sam:statedIn ?version .
  OPTIONAL { ?version sam:inForce ?inForce } OPTIONAL { ?version sam:applicableFrom ?applicable }
  OPTIONAL { ?version sam:firstDayWithoutEffect ?until } BIND(COALESCE(?applicable, ?inForce) AS ?since)
  FILTER(?since <= "2026-03-01"^^xsd:date && (!BOUND(?until) || "2026-03-01"^^xsd:date < ?until))
} ORDER BY ?address ?type ?norm"""
ENDLESS = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?d) }} #{}"
SECONDS = int(os.environ.get("BENCH_SECONDS", "6"))


def row(*cells: object) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def wrk(url: str, connections: int, script: Path | None = None) -> tuple[float, float]:
    """Requests a second, and the 99th percentile in ms."""
    command = ["wrk", "-t2", f"-c{connections}", f"-d{SECONDS}s", "--latency", url]
    if script is not None:
        command[1:1] = ["-s", str(script)]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in out, out
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])  # type: ignore[index]
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out).groups()  # type: ignore[union-attr]
    return rate, float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def alone(url: str, count: int = 400, *, varied: bool = False, method: str = "GET", text: str = SMALL) -> float:
    """Median time in ms of one request at a time over one connection; ``varied`` makes every query another."""
    times = []
    with httpx.Client(timeout=60) as client:
        for number in range(count):
            query = f"{text} #{method}{number}" if varied else text
            begun = time.perf_counter()
            if method == "GET":
                response = client.get(
                    url, params={"query": query}, headers={"Accept": "application/sparql-results+json"}
                )
            else:
                response = client.post(url, content=query, headers={"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"})  # fmt: skip
            times.append(time.perf_counter() - begun)
            assert response.status_code == 200, response.text
            assert "prefLabel" in response.text or "bindings" in response.text
    return statistics.median(times) * 1000


def rows(url: str, text: str) -> int:
    """How many rows a query has there."""
    answer = httpx.get(url, params={"query": text}, headers={"Accept": "application/sparql-results+json"}, timeout=60)
    return len(answer.json()["results"]["bindings"])


def together(
    urls: dict[str, str], count: int, *, varied: bool, method: str = "GET", text: str = SMALL
) -> dict[str, float]:
    """Median times by name, in turns, so that what else the machine does falls on all alike."""
    took: dict[str, list[float]] = {name: [] for name in urls}
    for turn in range(5):
        for name, url in urls.items():
            # The slow one gets fewer, and comes last.
            many = count // 5 if name == "rdflib-endpoint" else count
            took[name].append(alone(url, many, varied=varied, method=method, text=f"{text} #{turn}"))
    return {name: statistics.median(times) for name, times in took.items()}


def beside(took: dict[str, float], *names: str) -> str:
    """The peers' times, and how ours and Oxigraph's compare with them."""
    told = []
    for name in names:
        if name == "Oxigraph" and name in took:
            told.append(f"Oxigraph's server {took[name]:.2f} ms: {took['ours'] / took[name]:.2f}x its time")
        elif name in took:
            told.append(f"{name} {took[name]:.1f} ms: {took[name] / took['ours']:.1f}x faster")
            if "Oxigraph" in took:
                told.append(f"Oxigraph's server {took[name] / took['Oxigraph']:.1f}x faster than {name}")
    return "; ".join(told) or "no peer installed"


@contextlib.contextmanager
def oxigraph() -> Iterator[str | None]:
    found = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        yield None
        return
    address = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [found, "serve", "--bind", address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://{address}/")
        httpx.post(f"http://{address}/store", content=(DATASET / "dataset.nq").read_bytes(), headers={"Content-Type": "application/n-quads"}, timeout=60)  # fmt: skip
        yield f"http://{address}/query"
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def rdflib_endpoint(folder: Path) -> Iterator[str | None]:
    """rdflib-endpoint over the same statements, as its documentation serves a graph."""
    import importlib.util

    if importlib.util.find_spec("rdflib_endpoint") is None:
        yield None
        return
    import pyoxigraph as ox

    port = free_port()
    quads = ox.parse((DATASET / "dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS)
    text = ox.serialize(
        (quad.triple for quad in quads if quad.graph_name == ox.DefaultGraph()), format=ox.RdfFormat.TURTLE
    )
    (folder / "peer.ttl").write_bytes(text or b"")
    (folder / "peer.py").write_text(
        "import uvicorn\nfrom rdflib import Dataset\nfrom rdflib_endpoint import SparqlEndpoint\n"
        f"g = Dataset(default_union=True)\ng.parse({str(folder / 'peer.ttl')!r})\nuvicorn.run(SparqlEndpoint(graph=g), port={port}, log_level='error')\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [sys.executable, str(folder / "peer.py")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def _wait(url: str) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url, timeout=5)
            return
        time.sleep(0.1)


def memory(pid: int) -> float:
    """Proportional set size of one process in MB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1]) / 1024  # type: ignore[index]


def load(folder: Path) -> None:
    script = folder / "post.lua"
    script.write_text(
        f"wrk.method='POST'\nwrk.headers['Content-Type']='application/json'\nwrk.body=[==[{json.dumps(CASE)}]==]\n",
        encoding="utf-8",
    )
    with serving(DATASET, folder, RATE__ENABLED=False, HTTP__PROCESSES=4, WORKERS__SIZE=1) as server:
        for connections in (4, 16):
            rate, p99 = wrk(server.url + "/v1/answers", connections, script)
            row(
                f"`POST /v1/answers`, 4 processes, {connections} connections",
                f"{rate:,.0f}/s, p99 {p99:.0f} ms",
                "800/s, p99 60 ms",
                "",
            )
        for path in ("/v1/norms/hol-3-4-1", "/v1/services", "/v1/matrix", "/id/service/bup"):
            rate, p99 = wrk(server.url + path, 32)
            row(f"cached `GET {path}`, 4 processes", f"{rate:,.0f}/s, p99 {p99:.0f} ms", "3,000/s", "")
    begun = time.perf_counter()
    with serving(DATASET, folder, RATE__ENABLED=False, WORKERS__SIZE=4) as server:
        row("start to ready, 1 process, 4 workers", f"{time.perf_counter() - begun:.2f} s", "2 s", "")
        rate, p99 = wrk(server.url + "/v1/norms/hol-3-4-1", 32)
        row("cached `GET /v1/norms/hol-3-4-1`, 1 process", f"{rate:,.0f}/s, p99 {p99:.0f} ms", "", "")
        script.write_text(script.read_text(encoding="utf-8"), encoding="utf-8")
        wrk(server.url + "/v1/answers", 4, script)
        row("memory of the web process (PSS) after that", f"{memory(server.process.pid):.0f} MB", "300 MB", "")


def sparql(folder: Path) -> None:
    with oxigraph() as peer, rdflib_endpoint(folder) as python, serving(DATASET, folder, RATE__ENABLED=False) as server:
        peers = {"ours": server.url + "/sparql", "Oxigraph": peer, "rdflib-endpoint": python}
        fast = {name: url for name, url in peers.items() if url and name != "rdflib-endpoint"}
        for name, varied in (("asked before", False), ("each query new", True)):
            for method in ("GET", "POST"):
                took = together(fast, 300, varied=varied, method=method)
                row(
                    f"one triple pattern by {method}, {name}",
                    f"{took['ours']:.2f} ms",
                    "at most 1.5x Oxigraph's server",
                    beside(took, "Oxigraph"),
                )
        for name, text in (
            ("one triple pattern", SMALL),
            ("five patterns, sorted", JOINED),
            ("which duties hold on a date", DUTIES),
        ):
            there = {name: url for name, url in peers.items() if url}
            found = {name: rows(url, text) for name, url in there.items()}
            assert len(set(found.values())) == 1, found
            took = together(there, 100, varied=True, text=text)
            row(
                f"{name}, {found['ours']} rows, each query new",
                f"{took['ours']:.2f} ms",
                "20x faster than rdflib-endpoint",
                beside(took, "Oxigraph", "rdflib-endpoint"),
            )
        for name, url in (("samordning", server.url + "/sparql"), ("Oxigraph server", peer)):
            if url:
                rate, p99 = wrk(f"{url}?query={quote(SMALL)}", 16)
                row(f"small query, 16 connections, {name}", f"{rate:,.0f}/s, p99 {p99:.1f} ms", "", "")


def hostile(folder: Path) -> None:
    seconds = 0.5
    with serving(
        DATASET, folder, RATE__ENABLED=False, SPARQL__SECONDS=seconds, WORKERS__SIZE=4, WORKERS__QUEUE=0
    ) as server:
        pid = server.process.pid
        late, statuses = [], []

        def ask(number: int) -> None:
            begun = time.perf_counter()
            with httpx.Client(timeout=30) as client:
                status = 503
                while status == 503:
                    begun = time.perf_counter()
                    status = client.post(server.url + "/sparql", data={"query": ENDLESS.format(number)}).status_code
            late.append(time.perf_counter() - begun - seconds)
            statuses.append(status)

        health: list[float] = []
        done = threading.Event()

        def watch() -> None:
            with httpx.Client(timeout=30) as client:
                while not done.is_set():
                    begun = time.perf_counter()
                    client.get(server.url + "/health/live")
                    health.append(time.perf_counter() - begun)
                    time.sleep(0.01)

        watcher = threading.Thread(target=watch)
        watcher.start()
        with ThreadPoolExecutor(3) as executor:
            list(executor.map(ask, range(1000)))
        done.set()
        watcher.join()
        health.sort()
        late.sort()
        assert set(statuses) == {504}, set(statuses)
        row(
            "1,000 endless queries, 3 at once, deadline 0.5 s",
            f"all 504; answered {late[int(len(late) * 0.99)] * 1000:.0f} ms after the deadline at p99, {late[-1] * 1000:.0f} ms at most",
            "deadline + 100 ms",
            "",
        )
        row(
            "`GET /health/live` meanwhile",
            f"p50 {health[len(health) // 2] * 1000:.1f} ms, p99 {health[int(len(health) * 0.99)] * 1000:.0f} ms",
            "p99 50 ms",
            "",
        )
        row(
            "web process after that",
            "the same" if server.process.poll() is None and server.process.pid == pid else "gone",
            "never restarts",
            "",
        )


def main() -> None:
    if shutil.which("wrk") is None:
        sys.exit("wrk is not here; install Debian's package wrk")
    print(
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start\n"
    )
    row("what", "measured", "goal", "peer in the same run")
    row("---", "---", "---", "---")
    with tempfile.TemporaryDirectory() as name:
        for part in (load, sparql, hostile):
            if len(sys.argv) == 1 or part.__name__ in sys.argv[1:]:
                part(Path(name))


if __name__ == "__main__":
    main()
