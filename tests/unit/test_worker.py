"""Disposable processes: what they do, what they are kept from, and that they die on time."""

from __future__ import annotations

import asyncio
import os
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from samordning import errors
from samordning.worker import guard
from samordning.worker.cage import LAYERS, Limits
from samordning.worker.pool import Pool
from samordning.worker.process import Template
from samordning.worker.stream import Stream

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")

ROWS = {"tables": ["text/csv"], "graphs": ["application/n-triples"]}
ENDLESS = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?d) }"
#: A module of jobs that try what a worker may not.
MISCHIEF = """
import ctypes, encodings.idna, os, signal, socket, subprocess, threading, time

def prepare(folder):
    def attempt(options, payload):
        what = payload.decode()
        try:
            if what == "connect": socket.create_connection(("127.0.0.1", 1))
            elif what == "resolve": socket.getaddrinfo("localhost", 80)
            elif what == "listen": socket.socket(socket.AF_UNIX)
            elif what == "read": open("/etc/passwd").close()
            elif what == "write": open("/tmp/x", "w").close()
            elif what == "exec": os.execv("/bin/true", ["true"])
            elif what == "fork": os.fork()
            elif what == "spawn": subprocess.run(["/bin/true"])
            elif what == "signal": os.kill(os.getppid(), signal.SIGTERM)
            elif what == "trace":
                if ctypes.CDLL(None, use_errno=True).ptrace(0, 0, 0, 0) == -1: raise PermissionError
        except OSError as error:
            yield type(error).__name__.encode()
        else:
            yield b"done"
    def memory(options, payload):
        bytearray(2 << 30)
        yield b"done"
    def crash(options, payload):
        ctypes.string_at(1)
        yield b"done"
    def sleep(options, payload):
        time.sleep(float(payload))
        yield str(os.getpid()).encode()
    def thread(options, payload):
        said = []
        worker = threading.Thread(target=said.append, args=(b"done",)); worker.start(); worker.join()
        yield said[0]
    return {"attempt": attempt, "memory": memory, "crash": crash, "sleep": sleep, "thread": thread}
"""


@pytest.fixture(scope="module")
def pool(dataset: Path) -> Iterator[Pool]:
    with Pool(dataset, size=2, queue=2) as made:
        yield made


@pytest.fixture(scope="module")
def mischief(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    folder = tmp_path_factory.mktemp("jobs")
    (folder / "mischief_jobs.py").write_text(textwrap.dedent(MISCHIEF), encoding="utf-8")
    patch = pytest.MonkeyPatch()
    patch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with Pool(size=1, queue=0, modules=["mischief_jobs"], limits=Limits(jobs=50)) as made:
        yield made
    patch.undo()


def _run(pool: Pool, job: str, payload: bytes, seconds: float = 10.0, **options: object) -> bytes:
    return b"".join(pool.run(job, payload, seconds, **options))


def test_rdf_comes_out_as_quads(pool: Pool) -> None:
    for media, text in {
        "text/turtle": "<urn:a> <urn:b> 'æ'@nb .",
        "application/n-triples": '<urn:a> <urn:b> "æ"@nb .',
        "application/rdf+xml": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:"><r:Description r:about="urn:a"><u:b xml:lang="nb">æ</u:b></r:Description></r:RDF>',
        "application/ld+json": '{"@id": "urn:a", "urn:b": {"@value": "æ", "@language": "nb"}}',
    }.items():
        assert _run(pool, "parse", text.encode(), media=media).decode() == '<urn:a> <urn:b> "æ"@nb .\n'


@pytest.mark.parametrize(
    ("media", "text", "kind"),
    [
        ("text/turtle", b"<a> <b>", errors.Malformed),
        ("application/ld+json", b'{"@context": "http://127.0.0.1/c"}', errors.Refused),
        ("application/ld+json", b'{"@context": [{"a": {"@id": "urn:a", "@context": "file:///etc/passwd"}}]}', errors.Refused),
        ("application/ld+json", b'{"@context": {"@import": "http://127.0.0.1/c"}}', errors.Refused),
        ("application/ld+json", b"[" * 100_000, errors.Malformed),
        ("text/turtle", b"".join(b"<a> <b> %d .\n" % n for n in range(20_001)), errors.TooLarge),
    ],
)  # fmt: skip
def test_rdf_that_is_refused(pool: Pool, media: str, text: bytes, kind: type[errors.SamordningError]) -> None:
    with pytest.raises(kind) as caught:
        _run(pool, "parse", text, media=media)
    assert type(caught.value) is kind


def test_as_many_triples_as_are_allowed(pool: Pool) -> None:
    text = b"".join(b"<a> <b> %d .\n" % n for n in range(20_000))
    assert _run(pool, "parse", text, media="text/turtle").count(b"\n") == 20_000


def test_queries_of_every_kind(pool: Pool) -> None:
    assert _run(pool, "query", b"ASK { ?s ?p ?o }", **ROWS) == b"text/csv\ntrue"
    media, *parts = pool.run("query", b"SELECT ?n { VALUES ?n { 1 2 } }", 10.0, **ROWS)
    assert (media, b"".join(parts)) == (b"text/csv\n", b"n\r\n1\r\n2\r\n")
    assert _run(pool, "query", b"DESCRIBE <urn:none>", **ROWS) == b"application/n-triples\n"
    with pytest.raises(errors.NotAcceptable):
        _run(pool, "query", b"ASK {}", tables=[], graphs=["text/turtle"])


@pytest.mark.parametrize("media", ["text/csv", "application/sparql-results+json", "application/sparql-results+xml", "text/tab-separated-values"])  # fmt: skip
def test_a_result_is_whole_or_refused(pool: Pool, media: str) -> None:
    text = "SELECT ?s ?o { VALUES ?s { " + "'a\\nb' " * 100 + "} VALUES ?o { " + "1 " * 100 + "} }"
    assert _run(pool, "query", text.encode(), tables=[media], graphs=[], rows=10_000)
    for more in ({"rows": 9_999}, {"bytes": 10_000}):
        with pytest.raises(errors.TooLarge, match="LIMIT"):
            _run(pool, "query", text.encode(), tables=[media], graphs=[], **more)


def test_triples_are_whole_or_refused(pool: Pool) -> None:
    text = b"CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 200"
    assert _run(pool, "query", text, **ROWS).count(b" .\n") == 200
    with pytest.raises(errors.TooLarge):
        _run(pool, "query", text, **ROWS, rows=199)


def test_the_deadline_kills(pool: Pool) -> None:
    begun = time.perf_counter()
    with pytest.raises(errors.Overdue):
        _run(pool, "query", ENDLESS, 0.3, **ROWS)
    assert time.perf_counter() - begun < 2
    assert _run(pool, "query", b"ASK {}", **ROWS)


def test_deep_nesting_costs_only_the_worker(pool: Pool) -> None:
    with pytest.raises(errors.TooLarge):
        _run(pool, "query", b"ASK " + b"{" * 500_000, **ROWS)
    assert _run(pool, "query", b"ASK {}", **ROWS)


def test_nothing_is_fetched_for_a_query(pool: Pool) -> None:
    with pytest.raises(errors.Malformed):
        _run(pool, "query", b"SELECT * { SERVICE <http://127.0.0.1:8080/> { ?s ?p ?o } }", **ROWS)
    assert _run(pool, "query", b"SELECT ?s FROM <http://127.0.0.1:8080/> { ?s ?p ?o }", **ROWS) == b"text/csv\ns\r\n"


@pytest.mark.parametrize("what", ["connect", "resolve", "listen", "read", "write", "exec", "fork", "spawn", "signal", "trace"])  # fmt: skip
def test_a_worker_may_not(mischief: Pool, what: str) -> None:
    assert _run(mischief, "attempt", what.encode()) in (b"PermissionError", b"gaierror")
    assert mischief.layers == dict.fromkeys(LAYERS, True)


def test_memory_and_crashes_cost_only_the_worker(mischief: Pool) -> None:
    with pytest.raises(errors.TooLarge):
        _run(mischief, "memory", b"")
    with pytest.raises(errors.WorkerLost):
        _run(mischief, "crash", b"")
    assert _run(mischief, "thread", b"") == b"done"


def test_a_full_queue_refuses(mischief: Pool) -> None:
    others = [threading.Thread(target=_run, args=(mischief, "sleep", b"0.5")) for _ in range(1)]
    for other in others:
        other.start()
    time.sleep(0.2)
    with pytest.raises(errors.Busy):
        _run(mischief, "sleep", b"0")
    for other in others:
        other.join()


def test_workers_are_recycled(mischief: Pool) -> None:
    seen = [_run(mischief, "sleep", b"0") for _ in range(120)]
    assert 3 <= len(set(seen)) <= 4


def test_a_reader_that_stops_frees_its_worker(pool: Pool) -> None:
    for _ in range(3):
        parts = pool.run("query", b"SELECT * { ?s ?p ?o } LIMIT 9000", 10.0, **ROWS)
        next(parts)
        parts.close()  # type: ignore[attr-defined]
    assert _run(pool, "query", b"ASK {}", **ROWS)


def test_a_missing_layer_refuses_to_start() -> None:
    with (
        Pool(size=1, modules=[], limits=Limits(files=1 << 30)) as made,
        pytest.raises(errors.LayerMissing, match="files"),
    ):
        _run(made, "parse", b"")


def test_asyncio_runs_many_at_once(dataset: Path) -> None:
    async def go() -> None:
        stream = Stream(Template(dataset), size=2, queue=100)
        await stream.start()
        try:
            answers = await asyncio.gather(*(stream.run("query", b"ASK {}", 5.0, 1000, **ROWS) for _ in range(50)))
            assert set(answers) == {b"text/csv\ntrue"}
            begun = time.perf_counter()
            bad = await asyncio.gather(
                *(stream.run("query", ENDLESS, 0.5, 1000, **ROWS) for _ in range(6)), return_exceptions=True
            )
            assert time.perf_counter() - begun < 2
            assert all(isinstance(error, errors.Overdue) for error in bad)
            with pytest.raises(errors.Malformed):
                await stream.run("query", b"?", 5.0, 1000, **ROWS)
            asked = asyncio.create_task(stream.run("query", ENDLESS, 30.0, 1000, **ROWS))
            await asyncio.sleep(0.1)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
            assert await stream.run("query", b"ASK {}", 5.0, 1000, **ROWS) == b"text/csv\ntrue"
        finally:
            await stream.close()

    asyncio.run(go())


def test_asyncio_refuses_when_the_queue_is_full(dataset: Path) -> None:
    async def go() -> None:
        stream = Stream(Template(dataset), size=1, queue=1)
        await stream.start()
        try:
            found = await asyncio.gather(
                *(stream.run("query", ENDLESS, 0.3, 1000, **ROWS) for _ in range(3)), return_exceptions=True
            )
            assert sorted(type(error).__name__ for error in found) == ["Busy", "Overdue", "Overdue"]
        finally:
            await stream.close()

    asyncio.run(go())


def _documents() -> Iterator[tuple[str, str]]:
    """RDF that no one sends in good faith, made here so that none of it lies about."""
    for depth in (63, 64, 65, 5_000):
        yield "text/turtle", "<a> <b> " + "[ <b> " * depth + "1" + " ]" * depth + " ."
        yield "text/turtle", "<a> <b> " + "( " * depth + ")" * depth + " ."
        yield "text/turtle", "<a> <b> " + "<<( <a> <b> " * depth
        yield "application/n-triples", "<<( " * depth
        yield "application/rdf+xml", "<a>" * depth + "</a>" * depth
        yield "application/ld+json", '{"urn:b":' * depth + "1" + "}" * depth
        yield "application/ld+json", "[" * depth + "]" * depth
        yield "application/ld+json", '{"@graph":[' * depth + "]}" * depth
    entity = (
        "<!DOCTYPE a ["
        + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(12))
        + "]><a>&e11;</a>"
    )
    yield "application/rdf+xml", entity
    yield "application/rdf+xml", '<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'
    yield (
        "application/rdf+xml",
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        + "".join(f' xmlns:n{n}="u:{n}"' for n in range(9_000))
        + "/>",
    )
    yield (
        "application/rdf+xml",
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:parseType="Literal">'
        + "<b>" * 60,
    )
    for target in ("http://127.0.0.1:9/", "file:///etc/passwd", "https://schema.org/", "//x", ""):
        yield "application/ld+json", f'{{"@context": "{target}", "a": 1}}'
        yield "application/ld+json", f'{{"@context": ["{target}"], "a": 1}}'
        yield "application/ld+json", f'{{"a": {{"@context": {{"@import": "{target}"}}}}}}'
        yield "application/ld+json", f'{{"@context": {{"a": {{"@id": "u:a", "@context": "{target}"}}}}, "a": {{}}}}'
    yield (
        "application/ld+json",
        '{"@context": {' + ",".join(f'"t{n}": {{"@id": "u:{n}", "@context": {{}}}}' for n in range(5_000)) + "}}",
    )
    yield "application/ld+json", '{"@id": "u:a", "u:b": {"@list": [' + ",".join(["1"] * 60_000) + "]}}"
    yield "application/ld+json", '{"@id": "u:a", "u:b": ' + "9" * 200_000 + "}"
    yield "text/turtle", "@prefix a: <" + "x" * 900_000 + "> ."
    yield "text/turtle", "<a> <b> '" + "\\u0041" * 100_000 + "' ."
    yield "text/turtle", "<a> <b> " + ",".join(["1"] * 20_001) + " ."
    yield "text/turtle", '"""' * 300_000
    yield "text/turtle", "<a> <b> <c>"
    yield "text/turtle", "\x00"


def test_hostile_documents_cost_at_most_a_worker(pool: Pool) -> None:
    documents = list(_documents())
    assert len(documents) >= 60
    outcomes: dict[str, int] = {}
    for media, text in documents:
        begun = time.perf_counter()
        try:
            guard.rdf(text.encode(), media)
            _run(pool, "parse", text.encode(), 5.0, media=media)
            kind = "taken"
        except errors.InputError as error:
            kind = type(error).__name__
        assert time.perf_counter() - begun < 8, (media, text[:60])
        outcomes[kind] = outcomes.get(kind, 0) + 1
    assert outcomes["Refused"] >= 20
    assert outcomes["InputError"] >= 10
    assert _run(pool, "query", b"ASK {}", **ROWS) == b"text/csv\ntrue"
