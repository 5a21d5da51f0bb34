"""No case leaves a trace: canaries through valid, malformed and killed requests, then a search of all there is."""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.service.server import CASE, Server, free_port, serving

CANARIES = 10_000


def _send(server: Server, client: httpx.Client, number: int, canary: str, digits: str) -> bytes:
    shapes: list[bytes] = [
        json.dumps({**CASE, "municipality": canary}).encode(),
        json.dumps({**CASE, "facts": {canary: True}}).encode(),
        json.dumps({**CASE, "services": [canary]}).encode(),
        json.dumps({**CASE, canary: digits}).encode(),
        json.dumps({**CASE, "person": {"age": canary}}).encode(),
        json.dumps({**CASE, "person": canary}).encode(),
        f'{{"services": ["bup"], "{canary}'.encode(),
        canary.encode() * 40,
        f'{{"services": ["bup"], "date": "{canary}"}}'.encode(),
        json.dumps({**CASE, "note": f"{canary} {digits[:6]} {digits[6:]}"}).encode(),
    ]
    body = shapes[number % len(shapes)]
    if number % 50 == 7:
        # Sent in part, then gone.
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 5) as connection:
            head = b"POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n"
            connection.sendall(head + body)
        return b""
    path = "/v1/answers" if number % 3 else "/v1/norms/hol-3-4-1/explanation"
    headers = {
        "Content-Type": "application/json" if number % 11 else f"text/{canary}",
        "User-Agent": canary,
        "Referer": f"http://{canary}.example/",
    }
    response = client.post(path, content=body, headers=headers)
    return response.content + str(response.headers).encode()


def test_ten_thousand_canaries_leave_no_trace(dataset: Path, tmp_path: Path) -> None:
    port = free_port()
    home = tmp_path / "home"
    home.mkdir()
    marks = [f"zq{secrets.token_hex(8)}" for _ in range(CANARIES)]
    numbers = [f"{secrets.randbelow(10**11):011}" for _ in range(CANARIES)]
    with serving(
        dataset, tmp_path, before=("env", f"TMPDIR={home}", f"HOME={home}"), METRICS__PORT=port, RATE__ENABLED=False
    ) as server:

        def work(start: int) -> list[bytes]:
            with httpx.Client(base_url=server.url, timeout=30) as client:
                return [
                    _send(server, client, number, marks[number], numbers[number])
                    for number in range(start, CANARIES, 4)
                ]

        with ThreadPoolExecutor(4) as executor:
            answers = b"".join(part for parts in executor.map(work, range(4)) for part in parts)
        metrics = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert server.client.get("/health/ready").status_code == 200
        assert "Traceback" not in server.log
        places = {"metrics": metrics, "log": server.log}
        for path in [*home.rglob("*"), *tmp_path.rglob("*")]:
            if path.is_file():
                places[str(path)] = path.read_bytes().decode("utf-8", "replace")
    # An answer may name a key or an id that it did not know, to whoever sent it; never a number of a person.
    assert len(answers) > CANARIES * 50
    assert not [number for number in numbers if number.encode() in answers]
    assert server.log.count('"request"') >= CANARIES * 0.97
    for place, text in places.items():
        assert "zq" not in text or not [mark for mark in marks if mark in text], place


def test_a_line_of_the_log_has_only_what_is_allowed(server: Server) -> None:
    server.client.get("/v1/services?level=state", headers={"X-Secret": "zqheader", "Authorization": "Bearer zqkey"})
    server.client.get("/sparql", params={"query": "ASK { 'zqquery' a 'zqquery' }"})
    server.client.get("/zqpath/zqpath")
    assert "zq" not in server.log
    allowed = {"time", "level", "event", "method", "route", "status", "ms", "bytes", "request", "kind", "at"}
    lines = [json.loads(line) for line in server.log.splitlines()]
    assert len(lines) > 3
    for line in lines:
        assert set(line) <= allowed
        # The service's own address is told at the start; a caller's never is.
        assert "127.0.0.1" not in json.dumps(line).replace(server.url, "")
    assert [line for line in lines if line["event"].startswith(f"Uvicorn running on {server.url} ")]


def test_security_headers_are_on_every_response(server: Server) -> None:
    for response in (
        server.client.get("/v1/services"), server.client.get("/nowhere"), server.client.post("/v1/answers", json=CASE), server.client.get("/docs"),
        server.client.get("/sparql?query=ASK%7B%7D"), server.client.get("/sparql?query=x"), server.client.options("/v1/services"), server.client.get("/id/service/bup"),
    ):  # fmt: skip
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert "unsafe" not in response.headers["content-security-policy"]
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers
        assert "server" not in response.headers
    assert server.client.post("/v1/answers", json=CASE).headers["cache-control"] == "no-store"


def test_tables_come_as_files(server: Server) -> None:
    for kind in ("csv", "tsv"):
        response = server.client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 1", "format": kind})
        assert response.headers["content-disposition"].startswith("attachment")
