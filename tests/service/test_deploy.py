"""The examples of a unit, a proxy and settings, as far as a machine without systemd can try them."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.service.server import CASE, ROOT, environment, free_port, serving

DEPLOY = ROOT / "deploy"


def test_the_unit_runs_commands_there_are() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / "samordning.service")
    service = unit["Service"]
    assert service["ExecStart"].endswith("bin/samordning serve")
    assert service["ExecStartPre"].endswith("bin/samordning config check")
    assert service["NoNewPrivileges"] == "yes"
    for command in (service["ExecStart"], service["ExecStartPre"]):
        done = subprocess.run(
            [sys.executable, "-m", "samordning", *command.split()[1:], "--help"], capture_output=True, check=False
        )
        assert done.returncode == 0


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here")
    text = (DEPLOY / "samordning.service").read_text(encoding="utf-8")
    text = re.sub(r"=/\S+/samordning ", f"={sys.executable} -m samordning ", text)
    copy = tmp_path / "samordning.service"
    copy.write_text(
        text.replace("User=samordning", "User=root").replace("Group=samordning", "Group=root"), encoding="utf-8"
    )
    done = subprocess.run([analyze, "verify", str(copy)], capture_output=True, text=True, check=False)
    assert "samordning.service:" not in done.stderr, done.stderr


def test_the_settings_are_right(dataset: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "samordning", "config", "check", "--config", str(DEPLOY / "samordning.toml")],
        env=environment(dataset, {}), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_proxy_passes_on_and_keeps_nothing(dataset: Path, tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not here")
    port = free_port()
    with serving(
        dataset,
        tmp_path,
        HTTP__HOSTS='["samordning.example"]',
        HTTP__PROXIES='["127.0.0.1"]',
        HTTP__BASE_URL="https://samordning.example",
    ) as server:
        text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
        text = text.replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{server.port};").replace(
            "listen 443 ssl;", f"listen 127.0.0.1:{port};"
        )
        text = re.sub(r"\n\s*ssl_\w+ [^;]*;", "", text).replace("/var/log/nginx/", f"{tmp_path}/")
        paths = "".join(
            f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        config = tmp_path / "nginx.conf"
        config.write_text(
            f"pid {tmp_path}/nginx.pid;\ndaemon off;\nevents {{}}\nhttp {{\n{paths}{text}}}\n", encoding="utf-8"
        )
        process = subprocess.Popen([nginx, "-c", str(config), "-e", f"{tmp_path}/error.log", "-p", str(tmp_path)])
        try:
            headers = {"Host": "samordning.example"}
            for _ in range(100):
                try:
                    response = httpx.get(f"http://127.0.0.1:{port}/v1/services?level=state", headers=headers)
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            assert response.status_code == 200
            answer = httpx.post(
                f"http://127.0.0.1:{port}/v1/answers", json={**CASE, "municipality": "4601"}, headers=headers
            )
            assert answer.json()["cooperation"]["status"] == "applies"
            large = httpx.post(f"http://127.0.0.1:{port}/v1/answers", content=b" " * 2_000_000, headers=headers)
            assert large.status_code == 413
            moved = httpx.get(f"http://127.0.0.1:{port}/id/service/bup", headers=headers)
            assert moved.headers["location"] == "https://samordning.example/doc/id/service/bup"
        finally:
            process.terminate()
            process.wait(10)
    log = (tmp_path / "samordning.log").read_text(encoding="utf-8")
    assert log.count("POST 200") == 1
    assert "/v1/" not in log
    assert "127.0.0.1" not in log
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"4601" in path.read_bytes()]
    assert json.loads(server.log.splitlines()[-1])
