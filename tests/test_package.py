"""The wheel alone answers a question, from a folder that knows nothing of the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_wheel_carries_all_it_needs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr[-2000:]
    (wheel,) = tmp_path.glob("samordning-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "installed")
    for part in ("dataset/dataset.nq", "dataset/manifest.json", "resources/ontology/samordning.ttl", "queries/status.rq", "resources/shapes/data/norm.ttl",
                 "resources/data/laws/hol/par-3-4.ttl", "answer/messages/nn.json", "py.typed", "interfaces/web/vendor/designsystemet.css", "interfaces/web/vendor/LICENSES.txt",
                 "interfaces/web/templates/base.html", "interfaces/web/static/style.css"):  # fmt: skip
        assert f"samordning/{part}" in names
    assert any(name.endswith("licenses/LICENSE-DATA") for name in names)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SAMORDNING")}
    environment["PYTHONPATH"] = str(tmp_path / "installed")
    asked = [
        sys.executable,
        "-m",
        "samordning",
        "answer",
        "-s",
        "bup",
        "-f",
        "cooperation_necessary=true",
        "--date",
        "2026-03-01",
    ]
    done = subprocess.run(asked, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "spesialisthelsetjenesteloven § 2-1 e første ledd" in " ".join(done.stdout.split())
