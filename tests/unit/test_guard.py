"""What is refused before any parser sees it: every limit just under, at and just over."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samordning import errors
from samordning.engine import lexer
from samordning.worker import guard
from samordning.worker.guard import Shape


def _triples(n: int) -> str:
    return "SELECT * { " + "".join(f"?s{i} ?p ?o . " for i in range(n)) + "}"


def _objects(n: int) -> str:
    return "SELECT * { ?s ?p " + ", ".join("?o" for _ in range(n)) + " }"


def _predicates(n: int) -> str:
    return "SELECT * { ?s " + "; ".join("a ?o" for _ in range(n)) + " }"


def _bnodes(n: int) -> str:
    return "SELECT * { " + "".join("[ a ?o ] . " for _ in range(n)) + "}"


LIMITS: list[tuple[str, Callable[[int], str], int, type[Exception]]] = [
    ("bytes", lambda n: "ASK {}" + " " * (n - 6), 16 << 10, errors.TooLarge),
    ("depth", lambda n: "ASK " + "{" * n + "}" * n, 64, errors.InputError),
    ("depth of brackets", lambda n: "ASK { BIND(1 + " + "(" * (n - 2) + "1" + ")" * (n - 2) + " AS ?x) }", 64, errors.InputError),
    ("triples", _triples, 64, errors.TooLarge),
    ("triples by object", _objects, 64, errors.TooLarge),
    ("triples by predicate", _predicates, 64, errors.TooLarge),
    ("triples in blank nodes", _bnodes, 64, errors.TooLarge),
    ("triples of a list", lambda n: "ASK { ?s ?p (" + "1 " * ((n - 1) // 2) + ") }", 63, errors.TooLarge),
    ("path", lambda n: "ASK { ?s " + "/".join(["<p>"] * (n + 1)) + " ?o }", 32, errors.TooLarge),
    ("path in brackets", lambda n: "ASK { ?s (" + "|".join(["<p>"] * (n + 1)) + ") ?o }", 32, errors.TooLarge),
    ("chain", lambda n: "ASK { FILTER(" + "+".join(["1"] * (n + 1)) + " = 1) }", 255, errors.TooLarge),
    ("chain of signs", lambda n: "ASK { FILTER(" + "!" * n + "true) }", 32, errors.TooLarge),
    ("unions", lambda n: "ASK { " + "UNION".join(["{}"] * (n + 1)) + " }", 256, errors.TooLarge),
    ("list of values", lambda n: "ASK { FILTER(1 IN (" + ",".join(["1"] * (n + 1)) + ")) }", 256, errors.TooLarge),
    ("rows", lambda n: "ASK { VALUES ?x { " + "1 " * n + "} }", 1000, errors.TooLarge),
    ("rows of two", lambda n: "ASK { VALUES (?x ?y) { " + "(1 2) " * n + "} }", 1000, errors.TooLarge),
]  # fmt: skip


@pytest.mark.parametrize(("make", "limit", "error"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS])
def test_at_the_limit(make: Callable[[int], str], limit: int, error: type[Exception]) -> None:
    step = 2 if "?s ?p (" in make(3) else 1
    guard.query(make(limit - step))
    guard.query(make(limit))
    with pytest.raises(error):
        guard.query(make(limit + step))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", errors.Refused),
        ("select * { service silent ?x { ?s ?p ?o } }", errors.Refused),
        ("LOAD <http://x/>", errors.Malformed),
        ("INSERT DATA { <a> <b> <c> }", errors.Malformed),
        ("DELETE WHERE { ?s ?p ?o }", errors.Malformed),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", errors.Refused),
        ("PREFIX f: <FILE:///> SELECT * FROM f:x { ?s ?p ?o }", errors.Refused),
    ],
)
def test_never_done(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        guard.query(text)


@pytest.mark.parametrize(
    "text",
    [
        'PREFIX ex: <http://e/> SELECT * { ?service ex:service \'SERVICE <x>\' . ?load ex:insert """DELETE { """ }',
        "SELECT * { ?s <http://e/SERVICE> ?o } # SERVICE {{{{",
        "ASK { FILTER(?a<?b && ?c>?d) }",
        "ASK { ?s ?p '{{{{{{' }",
        "SELECT (COUNT(*) AS ?n) { ?s a* ?o } GROUP BY ?s HAVING(COUNT(*) > 1)",
    ],
)
def test_innocent_text_passes(text: str) -> None:
    guard.query(text, Shape(depth=3, triples=4))


def test_our_own_queries_pass() -> None:
    from samordning.engine.query import library

    for query in library().values():
        if not query.internal:
            guard.query(query.text)


@pytest.mark.parametrize(
    ("media", "make"),
    [
        ("text/turtle", lambda n: "<a> <b> " + "[ <b> " * n + "1" + " ]" * n + " ."),
        ("application/n-triples", lambda n: "<<( <a> <b> " * n),
        ("application/rdf+xml", lambda n: "<a>" * n + "</a>" * n),
        ("application/rdf+xml", lambda n: "<a b='>' c=\"/>\">" * (n - 1) + "<a/>"),
        ("application/ld+json", lambda n: '{"a":' * n + "1" + "}" * n),
    ],
)
def test_depth_of_documents(media: str, make: Callable[[int], str]) -> None:
    for depth in (63, 64):
        guard.rdf(make(depth).encode(), media)
    with pytest.raises(errors.InputError, match="64 levels"):
        guard.rdf(make(65).encode(), media)


@pytest.mark.parametrize("media", guard.MEDIA)
def test_size_of_documents(media: str) -> None:
    for size in (guard.MEDIA[media] - 1, guard.MEDIA[media]):
        guard.rdf(b" " * size, media)
    with pytest.raises(errors.TooLarge):
        guard.rdf(b" " * (guard.MEDIA[media] + 1), media)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", errors.Refused),
        (b"<?xml version='1.0'?>\n<!doctype a><a/>", errors.Refused),
        ("<?xml version='1.0' encoding='utf-16'?><a/>".encode("utf-16"), errors.Malformed),
        (b"<?xml version='1.0' encoding='utf-7'?><a/>", errors.Malformed),
    ],
)
def test_xml_that_is_refused(text: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        guard.rdf(text, "application/rdf+xml")


def test_a_doctype_in_a_comment_is_none() -> None:
    guard.rdf(b"<!-- <!DOCTYPE a> --><a><![CDATA[<!DOCTYPE]]></a>", "application/rdf+xml")


@pytest.mark.parametrize(
    "unit",
    ['"""', '"""\\"', "'", '"', "<", "<a", "<!--", "<![CDATA[", "<?", '<a b="', "\\", "_:", ":", "a.", "@", "<<(", "#", '"\\', "<a '", "/", "</", "?", "é", "<\\u"],
)  # fmt: skip
def test_time_grows_with_length_alone(unit: str) -> None:
    text = unit * ((1 << 19) // len(unit))
    for pattern in (lexer.TOKEN, lexer.XML, lexer.JSON):
        begun = time.perf_counter()
        lexer.depth(pattern, text)
        assert time.perf_counter() - begun < 5


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="{}()[]<>\"'#\\?$:_.,;/|^!ab 1\n@", max_size=200))
def test_every_text_is_taken_apart_whole(text: str) -> None:
    assert "".join(token[0] for token in lexer.TOKEN.finditer(text)) == text
