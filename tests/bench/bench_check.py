"""How fast records are checked: one by each engine beside pySHACL alone, and many at a time.

Run: python tests/bench/bench_check.py [cases]
"""

from __future__ import annotations

import json
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def main() -> None:
    from samordning.answer.document import Document
    from samordning.check import folder
    from samordning.check.checker import Checker
    from samordning.check.shacl import Engine
    from samordning.knowledge import Knowledge
    from tests.check.make import Maker

    many = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    checker = Checker(Knowledge.open())
    raw = (ROOT / "examples" / "cases" / "nine-year-old.yaml").read_bytes()
    print(
        f"Python {platform.python_version()}, {platform.machine()}, {len(checker.rules('case').rules)} + {len(checker.rules('setup').rules)} rules"
    )
    print("| what | runs | median ms | p99 ms | goal |\n|---|---|---|---|---|")

    def timed(label, runs, call, goal=""):
        for _ in range(3):
            call()
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            call()
            times.append(1000 * (time.perf_counter() - start))
        times.sort()
        print(
            f"| {label} | {runs} | {statistics.median(times):.1f} | {times[int(len(times) * 0.99)]:.1f} | {goal} |",
            flush=True,
        )
        return statistics.median(times)

    record = checker.read(raw, "case", "case")
    duties = checker.duties(record)
    timed(
        "one case, read, checked and reported, rudof",
        200,
        lambda: checker.check(checker.read(raw, "case", "case")),
        "p50 60",
    )
    rudof = timed("one case, rules only, rudof", 200, lambda: checker.hits(record, duties))
    pyshacl = timed("one case, rules only, pySHACL", 20, lambda: checker.hits(record, duties, Engine.PYSHACL))
    setup = checker.read((ROOT / "examples" / "setups" / "middle-municipality.yaml").read_bytes(), "setup", "setup")
    timed("one set-up, checked and reported, rudof", 50, lambda: checker.check(setup))

    maker = Maker(checker, 1)
    planned = []
    for _ in range(2000):
        one = checker.record(Document("x", maker.case()), "case")
        planned.append((one, checker.duties(one)))
    start = time.perf_counter()
    checker.sets("case").hits(planned)
    sets = 1000 * (time.perf_counter() - start) / len(planned)
    sample = planned[::100]
    start = time.perf_counter()
    for one, found in sample:
        checker.hits(one, found, Engine.PYSHACL)
    reference = 1000 * (time.perf_counter() - start) / len(sample)
    print(
        f"\nrules per case: sets of 2,000 {sets:.2f} ms, pySHACL {reference:.1f} ms: {reference / sets:.0f} times (goal 100)"
    )
    print(f"rules on the example: rudof {pyshacl / rudof:.0f} times as fast as pySHACL")

    with tempfile.TemporaryDirectory() as made:
        for scope, count, goal, ending in (
            ("case", many, 10, "json"),
            ("setup", 357, 20, "json"),
            ("setup", 357, 20, "yaml"),
        ):
            place = Path(made) / f"{scope}-{ending}"
            place.mkdir()
            for number in range(count):
                data = maker.case() if scope == "case" else maker.setup(number)
                # JSON in block style is YAML too, but a file people write is read by the slower reader.
                text = json.dumps(data) if ending == "json" else block(data)
                (place / f"{number:05}.{ending}").write_text(text, encoding="utf-8")
            start = time.perf_counter()
            tally = folder.check(place, scope, sample=3)
            took = time.perf_counter() - start
            counted = sum(tally.duties.values())
            print(f"{tally.read:,} {scope} files ({ending}), {counted:,} duties: {took:.1f} s (goal {goal} s), {tally.compared} compared with pySHACL, {len(tally.refused)} refused", flush=True)  # fmt: skip


def block(data: object) -> str:
    """YAML as people write it."""
    from io import StringIO

    from ruamel.yaml import YAML

    out = StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.dump(data, out)
    return out.getvalue()


if __name__ == "__main__":
    main()
