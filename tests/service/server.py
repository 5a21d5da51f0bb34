"""A real server in a process of its own, for tests that speak HTTP to it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
CASE = {
    "date": "2026-03-01",
    "person": {"age": 9},
    "services": ["municipal-health", "primary-school", "ppt", "bup"],
    "facts": {"cooperation_necessary": True},
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One running server: its client, its process and its log."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process, self.port, self.log_path = process, port, log
        self.url = f"http://127.0.0.1:{port}"
        self.client = httpx.Client(base_url=self.url, timeout=40)

    @property
    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def raw(self, data: bytes, seconds: float = 5.0) -> bytes:
        """What comes back for these bytes, until the server closes or the time is out."""
        with socket.create_connection(("127.0.0.1", self.port), seconds) as connection:
            connection.sendall(data)
            parts = []
            with contextlib.suppress(TimeoutError, ConnectionError):
                while part := connection.recv(65536):
                    parts.append(part)
            return b"".join(parts)


def environment(dataset: Path, settings: Mapping[str, object]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAMORDNING")}
    return (
        kept
        | {"SAMORDNING_DATASET": str(dataset)}
        | {f"SAMORDNING_{key}": str(value) for key, value in settings.items()}
    )


@contextlib.contextmanager
def serving(dataset: Path, folder: Path, *, before: tuple[str, ...] = (), **settings: object) -> Iterator[Server]:
    """A server with these settings, such as ``SPARQL__SECONDS=1``, ready to answer."""
    port = free_port()
    path = folder / f"server-{port}.log"
    with path.open("wb") as out:
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "samordning", "serve", "--port", str(port)],
            env=environment(dataset, settings),
            stdout=out,
            stderr=out,
        )
    server = Server(process, port, path)
    try:
        for _ in range(300):
            with contextlib.suppress(httpx.TransportError):
                if server.client.get("/health/ready").status_code == 200:
                    break
            assert process.poll() is None, server.log[-2000:]
            time.sleep(0.1)
        else:
            raise AssertionError(server.log[-2000:])
        yield server
    finally:
        server.client.close()
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


def write_dataset(folder: Path, quads: bytes, manifest: Path) -> Path:
    """A dataset with other statements than ours, and a manifest that fits it."""
    folder.mkdir(exist_ok=True)
    described = json.loads(manifest.read_bytes())
    described["dataset"] = "sha256:" + hashlib.sha256(quads).hexdigest()
    (folder / "dataset.nq").write_bytes(quads)
    (folder / "manifest.json").write_text(json.dumps(described), encoding="utf-8")
    return folder
