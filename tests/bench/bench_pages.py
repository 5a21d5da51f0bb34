"""The pages that answer someone, beside the bare API in the same run. Run: python tests/bench/bench_pages.py

Prints the table of docs/benchmarks.md. Every request is another case, so that nothing kept from the last one helps.
"""

from __future__ import annotations

import gzip
import itertools
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from samordning.files import DATASET  # noqa: E402
from tests.service.server import Server, serving  # noqa: E402

if TYPE_CHECKING:
    import httpx

RUNS = 300
SERVICES = ["municipal-health", "primary-school", "ppt", "bup", "child-welfare"]
FACTS = "cooperation_necessary long_term_needs coordinated_needs complex_needs serious_condition plan_exists".split()


def forms() -> Iterator[dict[str, Any]]:
    """Cases as forms, no two alike in the same run."""
    states = itertools.product(("true", "false", "unknown"), repeat=len(FACTS))
    for number, values in enumerate(states):
        yield {"date": "2026-03-01", "age": str(3 + number % 15), "services": SERVICES} | dict(
            zip(FACTS, values, strict=True)
        )


def plain(form: dict[str, Any]) -> dict[str, Any]:
    """The same case as JSON."""
    facts = {key: form[key] == "true" for key in FACTS if form[key] != "unknown"}
    return {"date": form["date"], "person": {"age": int(form["age"])}, "services": SERVICES, "facts": facts}


def measured(ask: Callable[[dict[str, Any]], httpx.Response]) -> tuple[float, float, int]:
    """Median and 99th percentile in ms, and the median size in bytes."""
    times, sizes = [], []
    for form in itertools.islice(forms(), RUNS):
        begun = time.perf_counter()
        reply = ask(form)
        times.append((time.perf_counter() - begun) * 1000)
        assert reply.status_code == 200, reply.text[:500]
        sizes.append(len(reply.content))
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.99)], int(statistics.median(sizes))


def row(*cells: object) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def first_page(server: Server) -> tuple[float, int]:
    """The first page from a server that has just begun: ms, and bytes with all that it asks for, as sent."""
    begun = time.perf_counter()
    page = server.client.get("/nb/ask")
    took = (time.perf_counter() - begun) * 1000
    assert page.status_code == 200
    sent = len(gzip.compress(page.content, 6))
    for path in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)):
        reply = server.client.get(path)
        packed = reply.headers.get("content-encoding") == "gzip"
        sent += len(gzip.compress(reply.content, 6)) if packed else len(reply.content)
    return took, sent


def main() -> None:
    print(f"Python {platform.python_version()}, {platform.machine()}, {RUNS} requests each, one at a time\n")
    with tempfile.TemporaryDirectory() as name, serving(DATASET, Path(name), RATE__ENABLED=False) as server:
        client = server.client
        live = {"Samordning-Live": "1"}
        took, sent = first_page(server)
        client.post("/v1/answers", json=plain(next(forms())))
        bare = measured(lambda form: client.post("/v1/answers?lang=nb", json=plain(form)))
        rows = {
            "first page, kept": measured(lambda _: client.get("/nb/ask")),
            "changed answer, what changes": measured(lambda form: client.post("/nb/ask", data=form, headers=live)),
            "changed answer, whole page": measured(lambda form: client.post("/nb/ask", data=form)),
            "memo to print": measured(lambda form: client.post("/nb/ask/memo", data=form)),
        }
    row("what", "median ms", "p99 ms", "bytes", "goal ms", "to the bare answer")
    row("---", "---", "---", "---", "---", "---")
    row("first page, first time", f"{took:.1f}", "", f"{sent:,} in all, packed", 100, "")
    row("bare answer, POST /v1/answers", f"{bare[0]:.1f}", f"{bare[1]:.1f}", f"{bare[2]:,}", "", "1x")
    for what, (median, high, size) in rows.items():
        goal = 100 if what.startswith("first") else 50
        row(what, f"{median:.1f}", f"{high:.1f}", f"{size:,}", goal, f"{median / bare[0]:.1f}x")


if __name__ == "__main__":
    main()
