"""The OpenAPI document is true: a generator of requests finds no answer that it doesn't describe."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from samordning.engine.query import library
from tests.service.server import Server

CONFIG = Path(__file__).with_name("schemathesis.toml")


def test_schemathesis_finds_nothing(server: Server, tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(CONFIG), "run", f"{server.url}/openapi.json",
        "--max-examples", "5", "--suppress-health-check=all", "--no-color",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Tested: " in done.stdout


def test_every_question_has_a_path(server: Server) -> None:
    paths = server.client.get("/openapi.json").json()["paths"]
    offered = {query.name for query in library().values() if not query.internal}
    assert len(offered) >= 40
    assert {path.removeprefix("/v1/queries/") for path in paths if path.startswith("/v1/queries/")} == offered
