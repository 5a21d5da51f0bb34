"""Pages of questions beside the same question asked of the API, in the same run: what reading it as a page costs.

Prints the table of docs/benchmarks.md. Run: python tests/bench/bench_question.py
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from samordning.files import DATASET  # noqa: E402
from tests.service.server import serving  # noqa: E402

if TYPE_CHECKING:
    import httpx

COUNT = 40


def _day(number: int) -> str:
    return f"2024-{1 + number // 28:02d}-{1 + number % 28:02d}"


def _time(ask: Callable[[int], httpx.Response]) -> tuple[float, float]:
    """Median time in ms and size in KiB of questions that were never asked before."""
    ask(0)
    times = []
    for number in range(1, COUNT + 1):
        begun = time.perf_counter()
        response = ask(number)
        times.append((time.perf_counter() - begun) * 1000)
        assert response.status_code == 200, response.text[:300]
    return statistics.median(times), len(response.content) / 1024


def main() -> None:
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| page, each new | time | size | peer: the same from the API | ratio |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, serving(DATASET, Path(folder), RATE__ENABLED=False) as server:
        client = server.client
        begun = time.perf_counter()
        client.get("/nb/developers")
        first = (time.perf_counter() - begun) * 1000
        for name, more in (
            ("services-bound", ""),
            ("supervisors", "&type=duty-type:coordination"),
            ("open-norms", "&type=duty-type:individual-cooperation"),
        ):
            # The page and the API ask other dates, since a result is kept for both.
            page, size = _time(lambda n, name=name, more=more: client.get(f"/nb/query/{name}?date={_day(n)}{more}"))  # type: ignore[misc]
            api, _ = _time(lambda n, name=name, more=more: client.get(f"/v1/queries/{name}?date={_day(n + 100)}{more}"))  # type: ignore[misc]
            print(f"| `/nb/query/{name}` | {page:.1f} ms | {size:.0f} KiB | {api:.1f} ms | {page / api:.1f}x |")
        query = "SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} ORDER BY ?s OFFSET {} LIMIT 100"
        page, size = _time(lambda n: client.post("/nb/query", data={"query": query.format(n)}))
        api, _ = _time(lambda n: client.post("/sparql", data={"query": query.format(n + 100)}))
        print(f"| SPARQL, 100 rows | {page:.1f} ms | {size:.0f} KiB | {api:.1f} ms | {page / api:.1f}x |")
        print(f"\nThe first visit to the page for developers makes the files of the dataset: {first:.0f} ms.")


if __name__ == "__main__":
    main()
