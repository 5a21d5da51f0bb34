"""Settings: one file, the environment, nothing unknown; and how the service starts and stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import httpx
import pytest

from tests.service.server import environment, free_port, serving


def _run(dataset: Path, *arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "samordning", *arguments], env=environment(dataset, settings), capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip


def test_what_is_shown_gives_the_same_settings_again(dataset: Path, tmp_path: Path) -> None:
    shown = _run(dataset, "config", "check", HTTP__PORT=9001, HTTP__HOSTS='["a.example"]')
    assert shown.returncode == 0, shown.stderr
    parsed = tomllib.loads(shown.stdout)
    assert parsed["http"]["port"] == 9001
    assert parsed["http"]["hosts"] == ["a.example"]
    file = tmp_path / "samordning.toml"
    file.write_text(shown.stdout, encoding="utf-8")
    again = _run(dataset, "config", "check", "--config", str(file))
    assert again.stdout == shown.stdout
    over = _run(dataset, "config", "check", "--config", str(file), HTTP__PORT=9002)
    assert tomllib.loads(over.stdout)["http"]["port"] == 9002


@pytest.mark.parametrize(
    ("text", "settings", "named"),
    [
        ("[http]\nprot = 1\n", {}, "http.prot"),
        ("[htpp]\nport = 1\n", {}, "htpp"),
        ("[http]\nport = 'x'\n", {}, "http.port"),
        ("[http\n", {}, "TOML"),
        ("", {"HTTP__PROT": 1}, "SAMORDNING_HTTP__PROT"),
        ("", {"HTPP": 1}, "SAMORDNING_HTPP"),
        ("", {"HTTP__PORT": 0}, "http.port"),
        ("[workers]\nwithout = ['x']\n", {}, "workers.without"),
        ("[sparql]\nupdates = true\n", {}, "sparql.updates"),
        ("keys = ['secret']\n", {}, "keys"),
    ],
)
def test_a_wrong_setting_is_named(
    dataset: Path, tmp_path: Path, text: str, settings: dict[str, object], named: str
) -> None:
    file = tmp_path / "samordning.toml"
    file.write_text(text, encoding="utf-8")
    done = _run(dataset, "config", "check", "--config", str(file), **settings)
    assert done.returncode == 2
    assert named in done.stderr
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr


def test_a_missing_layer_is_told_and_refused(dataset: Path, tmp_path: Path) -> None:
    file = tmp_path / "sitecustomize.py"
    file.write_text(
        "import sys\nif 'samordning.worker.template' in ' '.join(sys.orig_argv):\n    import samordning.worker.seccomp as s\n    s.possible = lambda: False\n",
        encoding="utf-8",
    )
    path = f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    port = str(free_port())
    env = environment(dataset, {}) | {"PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-m", "samordning", "serve", "--port", port], env=env, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert done.returncode == 3
    assert "A layer of protection is missing: seccomp" in done.stderr
    patch = pytest.MonkeyPatch()
    patch.setenv("PYTHONPATH", path)
    with serving(dataset, tmp_path, WORKERS__WITHOUT='["seccomp"]') as server:
        state = server.client.get("/health/ready").json()
        assert (state["status"], state["missing"]) == ("ready", ["seccomp"])
    patch.undo()


def test_without_workers_there_is_no_sparql(dataset: Path, tmp_path: Path) -> None:
    with serving(dataset, tmp_path, WORKERS__ENABLED=False) as server:
        assert server.client.get("/health/ready").json()["workers"] == "off"
        assert server.client.get("/sparql", params={"query": "ASK {}"}).status_code == 503
        assert server.client.get("/v1/services").status_code == 200


def _alive(pids: set[int]) -> list[int]:
    """Those that still run; one that nobody has waited for yet is dead all the same."""
    return [pid for pid in pids if _state(pid) not in ("", "Z")]


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _children(pid: int) -> set[int]:
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(stat[1]) == pid:
                found |= {int(entry.name)} | _children(int(entry.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("processes", [1, 2])
def test_it_stops_when_told_and_leaves_nothing(dataset: Path, tmp_path: Path, processes: int) -> None:
    with serving(dataset, tmp_path, HTTP__PROCESSES=processes) as server:
        # The second web process may still be starting when the first is ready.
        for _ in range(50):
            below = _children(server.process.pid)
            if len(below) >= 5 * processes:
                break
            time.sleep(0.1)
        assert len(below) >= 5 * processes
        begun = time.monotonic()
        assert server.stop() in (0, -signal.SIGTERM)
        assert time.monotonic() - begun < 12
        time.sleep(0.3)
        assert not _alive(below)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_die_with_the_web_process(dataset: Path, tmp_path: Path) -> None:
    with serving(dataset, tmp_path) as server:
        below = _children(server.process.pid)
        server.process.kill()
        server.process.wait(5)
        time.sleep(1)
        assert not _alive(below)


def test_a_request_under_way_is_finished(dataset: Path, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER(?a != ?d) }"
    with serving(dataset, tmp_path, SPARQL__SECONDS=2) as server, ThreadPoolExecutor(1) as executor:
        asked = executor.submit(httpx.post, server.url + "/sparql", data={"query": slow}, timeout=20)
        time.sleep(0.5)
        server.process.send_signal(signal.SIGTERM)
        assert asked.result().status_code in (200, 504)
        assert server.process.wait(15) in (0, -signal.SIGTERM)


def test_metrics_on_their_own_port(dataset: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(dataset, tmp_path, METRICS__PORT=port, HTTP__PROCESSES=2, RATE__ENABLED=False) as server:
        for path in (
            "/v1/services",
            "/v1/norms?date=2026-03-01",
            "/wp-login.php",
            "/x/" + "y" * 50,
            "/sparql?query=ASK%7B%7D",
        ):
            server.client.get(path)
        server.client.request("PROPFIND", "/v1/services")
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert 'samordning_requests_total{method="GET",route="/v1/services",status="200"}' in text
        assert 'route="other"' in text
        assert 'method="other"' in text
        assert "wp-login" not in text
        assert "yyy" not in text
        assert server.client.get("/metrics").status_code == 404
