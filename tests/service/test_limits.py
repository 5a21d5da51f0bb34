"""Every limit of the service, just under, at and just over; and what a caller may do in a minute."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.service.server import CASE, Server, serving

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?d) }"


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def _raw(target: str = "/health/live", extra: str = "", host: str = "localhost") -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{extra}\r\n".encode()


def _problem(answer: bytes) -> dict[str, object]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    found = json.loads(body)
    assert isinstance(found, dict)
    return found


def test_target(server: Server) -> None:
    for more, status in ((-1, 200), (0, 200), (1, 414)):
        target = "/health/live?" + "x" * (8192 + more - len("/health/live?"))
        answer = server.raw(_raw(target))
        assert _status(answer) == status, more
    assert _problem(answer)["status"] == 414


def test_header_fields(server: Server) -> None:
    for fields, status in ((63, 200), (64, 200), (65, 431)):
        answer = server.raw(_raw(extra="".join(f"X-{number}: 1\r\n" for number in range(fields - 2))))
        assert _status(answer) == status, fields
    assert _problem(answer)["status"] == 431


def test_header_bytes(server: Server) -> None:
    own = len("Host: localhost\r\nConnection: close\r\nX: \r\n")
    for more, status in ((-1, 200), (0, 200), (1, 431)):
        answer = server.raw(_raw(extra="X: " + "a" * (16384 + more - own) + "\r\n"))
        assert _status(answer) == status, more


def test_headers_without_end(server: Server) -> None:
    answer = server.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 1_000_000)
    assert _status(answer) == 431


@pytest.mark.parametrize("data", [b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20, b"GET / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: localhost\r\n\r\n0\r\n\r\n"])  # fmt: skip
def test_what_is_no_http(server: Server, data: bytes) -> None:
    assert _status(server.raw(data)) == 400


def test_what_is_refused_before_there_is_a_request_is_logged(dataset: Path, tmp_path: Path) -> None:
    secret = b"zq" + b"a" * 40
    with serving(dataset, tmp_path, LIMITS__RECEIVE_SECONDS=0.5) as server:
        for sent in (
            b"GET /" + secret * 300 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\n" + secret + b": " + secret * 500 + b"\r\n\r\n",
            secret + b"\r\n\r\n",
            b"GET /" + secret,
        ):
            assert server.raw(sent)
        lines = [json.loads(line) for line in server.log.splitlines()]
    refused = [line for line in lines if line["event"] == "refused"]
    assert [(line["status"], line["kind"]) for line in refused] == [
        (414, "target-too-long"), (431, "headers-too-large"), (400, "malformed-request"), (408, "too-slow"),
    ]  # fmt: skip
    assert {key for line in refused for key in line} == {"time", "level", "event", "status", "kind", "bytes"}
    assert "zq" not in json.dumps(lines)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil", "", "[::1"])
def test_hosts(server: Server, host: str) -> None:
    assert _status(server.raw(_raw("/v1/services", host=host))) == 400
    for good in ("localhost", "LOCALHOST:8000", "127.0.0.1", "[::1]:80"):
        assert _status(server.raw(_raw("/v1/services", host=good))) == 200, good


def test_body_of_a_case(server: Server) -> None:
    text = json.dumps(CASE)
    for more, status in ((-1, 200), (0, 200), (1, 413)):
        padded = text + " " * (256 * 1024 + more - len(text))
        response = server.client.post("/v1/answers", content=padded, headers={"Content-Type": "application/json"})
        assert response.status_code == status, more


def test_a_body_that_says_it_is_large_is_refused_at_once(server: Server) -> None:
    begun = time.monotonic()
    answer = server.raw(
        b"POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n"
    )
    assert _status(answer) == 413
    assert time.monotonic() - begun < 2


def test_a_body_without_length_is_counted(server: Server) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 16384

    response = server.client.post("/v1/answers", content=chunks(), headers={"Content-Type": "application/json"})
    assert response.status_code == 413


def test_query_text_by_get_and_post(server: Server) -> None:
    for size, by_get, by_post in (
        (8 << 10, 414, 200),
        ((16 << 10) - 1, 414, 200),
        (16 << 10, 414, 200),
        ((16 << 10) + 1, 414, 413),
    ):
        text = "ASK {}" + " " * (size - 6)
        assert server.client.get("/sparql", params={"query": text}).status_code == by_get
        response = server.client.post("/sparql", content=text, headers={"Content-Type": "application/sparql-query"})
        assert response.status_code == by_post, size
    assert server.client.get("/sparql", params={"query": "ASK {}" + "x" * 0}).status_code == 200


def test_rows_and_bytes_are_whole_or_refused(server: Server) -> None:
    def ask(rows: int) -> httpx.Response:
        first = "SELECT ?a ?b { VALUES ?a { " + "1 " * 100 + "} VALUES ?b { " + "2 " * 100 + "} } "
        return server.client.post("/sparql", data={"query": first if rows == 10_000 else f"{first} LIMIT {rows}"})

    assert len(ask(9_999).json()["results"]["bindings"]) == 9_999
    assert len(ask(10_000).json()["results"]["bindings"]) == 10_000
    more = "SELECT ?a ?b { VALUES ?a { " + "1 " * 137 + "} VALUES ?b { " + "2 " * 73 + "} }"
    response = server.client.post("/sparql", data={"query": more})
    assert (response.status_code, response.headers["content-type"]) == (413, "application/problem+json")
    assert "LIMIT" in response.json()["detail"]
    large = (
        "SELECT ?a (CONCAT(?b, ?b, ?b, ?b) AS ?c) { VALUES ?a { " + "1 " * 1000 + '} BIND("' + "x" * 2700 + '" AS ?b) }'
    )
    assert server.client.post("/sparql", data={"query": large}).status_code == 413


def test_slow_headers_and_slow_bodies_are_cut(dataset: Path, tmp_path: Path) -> None:
    with serving(dataset, tmp_path, LIMITS__RECEIVE_SECONDS=1, RATE__ENABLED=False) as server:
        connections = []
        for start in (b"", b"GET /", b"GET / HTTP/1.1\r\nHost: loc", b"POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"):  # fmt: skip
            for _ in range(10):
                connection = socket.create_connection(("127.0.0.1", server.port), 10)
                connection.sendall(start)
                connections.append(connection)
        begun = time.monotonic()
        answers = []
        for connection in connections:
            with connection:
                answers.append(connection.recv(65536))
        assert time.monotonic() - begun < 4
        assert {_status(answer) for answer in answers} == {408}
        assert server.client.get("/health/live").status_code == 200


def test_the_deadline_of_a_query(dataset: Path, tmp_path: Path) -> None:
    key = "5f4dcc3b5aa765d61d8327deb882cf995f4dcc3b5aa765d61d8327deb882cf99"
    import hashlib

    digest = hashlib.sha256(key.encode()).hexdigest()
    with serving(dataset, tmp_path, SPARQL__SECONDS=0.5, SPARQL__SECONDS_WITH_KEY=1.5, KEYS=json.dumps([digest]), RATE__ENABLED=False) as server:  # fmt: skip

        def ask(**headers: str) -> tuple[int, float]:
            begun = time.monotonic()
            response = server.client.post("/sparql", data={"query": ENDLESS}, headers=headers)
            return response.status_code, time.monotonic() - begun

        status, seconds = ask()
        assert status == 504
        assert 0.5 <= seconds < 0.9
        status, seconds = ask(Authorization=f"Bearer {key}")
        assert status == 504
        assert 1.5 <= seconds < 1.9
        status, seconds = ask(Authorization="Bearer wrong")
        assert (status, seconds < 1.0) == (504, True)
        begun = time.monotonic()
        assert server.client.get("/sparql", params={"query": ENDLESS, "timeout": "0.2"}).status_code == 504
        assert time.monotonic() - begun < 0.45
        begun = time.monotonic()
        assert server.client.get("/sparql", params={"query": ENDLESS, "timeout": "30"}).status_code == 504
        assert time.monotonic() - begun < 0.9


def test_a_full_queue_says_when_to_come_back(dataset: Path, tmp_path: Path) -> None:
    with serving(
        dataset, tmp_path, WORKERS__SIZE=1, WORKERS__QUEUE=1, SPARQL__SECONDS=1, RATE__ENABLED=False
    ) as server:
        with ThreadPoolExecutor(6) as executor:
            asked = [
                executor.submit(httpx.post, server.url + "/sparql", data={"query": f"{ENDLESS} #{number}"})
                for number in range(6)
            ]
            answers = [one.result() for one in asked]
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses.count(503) >= 4 - 1
        assert set(statuses) == {503, 504}
        assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 503)
        assert server.client.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_errors_and_requests_at_once_of_a_caller(dataset: Path, tmp_path: Path) -> None:
    with serving(dataset, tmp_path, SPARQL__SECONDS=1, WORKERS__SIZE=8) as server:
        with ThreadPoolExecutor(7) as executor:
            asked = [
                executor.submit(httpx.post, server.url + "/sparql", data={"query": f"{ENDLESS} #{number}"})
                for number in range(7)
            ]
            statuses = [one.result().status_code for one in asked]
        assert (statuses.count(429), statuses.count(504)) == (2, 5)
        found = [server.client.post("/sparql", data={"query": "nonsense"}) for _ in range(30)]
        assert found[20].status_code == 400
        last = found[-1]
        assert last.status_code == 429
        assert int(last.headers["retry-after"]) > 0
        assert server.client.get("/v1/services").status_code == 200
        assert server.client.post("/v1/answers", json=CASE).status_code == 429


def test_query_time_of_a_caller(dataset: Path, tmp_path: Path) -> None:
    with serving(dataset, tmp_path, SPARQL__SECONDS=1, RATE__QUERY_SECONDS=1.5) as server:
        statuses = [
            server.client.post("/sparql", data={"query": f"{ENDLESS} #{number}"}).status_code for number in range(4)
        ]
        assert statuses[:2] == [504, 504]
        assert 429 in statuses
