"""How fast the pages that check are, beside the bare ``POST /v1/checks`` on the same server in the same run.

Run: python tests/bench/bench_check_pages.py [runs]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
KINDS = {"case": "cases/nine-year-old.yaml", "setup": "setups/middle-municipality.yaml"}


def main() -> None:
    from samordning.files import DATASET
    from tests.service.server import serving

    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print("| what | runs | median ms | p99 ms | KiB | against POST /v1/checks |\n|---|---|---|---|---|---|")
    with serving(DATASET, Path(tempfile.mkdtemp()), RATE__ENABLED=False) as server:

        def timed(call):
            for _ in range(5):
                call()
            times = []
            for _ in range(runs):
                start = time.perf_counter()
                response = call()
                times.append((time.perf_counter() - start) * 1000)
                assert response.status_code == 200
            times.sort()
            return statistics.median(times), times[int(runs * 0.99) - 1], len(response.content) // 1024

        for scope, path in KINDS.items():
            raw = (ROOT / "examples" / path).read_text(encoding="utf-8")
            sent = {"from": "file", "content": raw}
            headers = {"Content-Type": "application/yaml", "Accept": "application/json"}
            post, page = server.client.post, f"/nb/check/{scope}"
            calls = {
                f"{scope}: POST /v1/checks, JSON": partial(
                    post, f"/v1/checks?of={scope}", content=raw.encode(), headers=headers
                ),
                f"{scope}: report as a page": partial(post, f"{page}/report", data=sent),
                f"{scope}: a file opened in the form": partial(post, page, data=sent),
                f"{scope}: the empty form": partial(server.client.get, page),
            }
            bare = 0.0
            for what, call in calls.items():
                median, slow, size = timed(call)
                bare = bare or median
                print(f"| {what} | {runs} | {median:.1f} | {slow:.1f} | {size} | {median / bare:.2f}x |")


if __name__ == "__main__":
    main()
