"""Questions as pages: each with a name is asked as its form asks it, and SPARQL is run, explained and never cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from lxml import html

from samordning.engine.query import library
from samordning.interfaces.web.text import catalogue, say
from tests.service.server import Server, serving

if TYPE_CHECKING:
    import httpx

LANGUAGES = ("nb", "nn", "en")
NAMES = sorted(query.name for query in library().values() if not query.internal)
ROWS = "SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} ORDER BY ?s ?p ?o LIMIT {}"


def _tree(response: httpx.Response) -> Any:
    assert response.headers["content-type"].startswith("text/html"), response.text[:300]
    return html.fromstring(response.text)


def _asked_by_the_form(server: Server, lang: str, name: str) -> str:
    """The address that the form leads to with what stands in it at first; the page's own where there is no form."""
    tree = _tree(server.client.get(f"/{lang}/query/{name}"))
    forms = tree.xpath("//form[@class='fields']")
    path = f"/{lang}/query/{name}"
    return f"{path}?{urlencode(forms[0].form_values())}" if forms else path


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_answered_by_its_form(server: Server, name: str) -> None:
    query = library()[name]
    for lang in LANGUAGES:
        response = server.client.get(_asked_by_the_form(server, lang, name))
        assert response.status_code == 200
        tree = _tree(response)
        assert tree.xpath("string(//h1)") == query.titles(lang)
        api = tree.xpath("//a[starts-with(@href, '/v1/queries/')]/@href")[0]
        same = server.client.get(api)
        assert same.status_code == 200, api
        found = same.json()
        shown = tree.xpath("//section[@id='result']//tbody/tr")
        assert len(shown) == min(len(found["rows"]), 500)
        if not found["rows"]:
            assert say(lang, "query.no-rows") in response.text
            continue
        texts = catalogue(lang)
        headings = tree.xpath("//section[@id='result']//th/text()")
        assert len(set(headings)) == len(headings), "two columns are called the same"
        for column, heading in zip(found["columns"], headings, strict=True):
            assert heading in (texts.get(f"query.column-{name}-{column}"), texts.get(f"query.column-{column}"))
        for link in tree.xpath("//section[@id='result']//td//a/@href"):
            assert link.startswith((f"/{lang}/", "/id/", "/ns#", "http://www.w3.org/")), link
        sheet = tree.xpath("//a[contains(@href, '.csv')]/@href")[0]
        saved = server.client.get(sheet)
        assert saved.headers["content-disposition"] == f'attachment; filename="{name}.csv"'
        assert saved.content == server.client.get(api, headers={"Accept": "text/csv"}).content


def test_no_link_of_an_answer_leads_nowhere(server: Server) -> None:
    links: dict[str, str] = {}
    for name in NAMES:
        address = _asked_by_the_form(server, "nn", name)
        for link in _tree(server.client.get(address)).xpath("//main//a/@href"):
            if link.startswith("/"):
                links.setdefault(link.partition("#")[0], address)
    assert len(links) > 500
    for link, page in links.items():
        response = server.client.get(link, headers={"Accept": "text/html,*/*;q=0.1"})
        assert response.status_code in (200, 303), f"{link} on {page}"


def test_every_question_stands_on_the_page_under_its_group(server: Server) -> None:
    for lang in LANGUAGES:
        tree = _tree(server.client.get(f"/{lang}/query"))
        linked = tree.xpath("//div[@id='questions']//a/@href")
        assert sorted(linked) == [f"/{lang}/query/{name}" for name in NAMES]
        assert tree.xpath("//div[@id='questions']//h3/text()") == [
            say(lang, f"query.group-{group}")
            for group in "cooperation coordination plan information oversight norms history data".split()
        ]


def test_ids_are_said_in_words_with_links_to_pages(server: Server) -> None:
    tree = _tree(server.client.get("/nn/query/supervisors?date=2026-03-01&type=duty-type:coordination"))
    first = tree.xpath("//section[@id='result']//tbody/tr[1]/td")
    assert [cell.text_content() for cell in first] == [
        "krisesenterlova § 4 andre ledd første punktum",
        "statsforvaltaren",
        "krisesenterlova § 9 første ledd",
    ]
    assert [cell.xpath("string(a/@href)") for cell in first] == [
        "/nn/law/lov/2009-06-19-44/%C2%A74/ledd/2/setning/1",
        "/nn/bodies/county-governor",
        "/nn/law/lov/2009-06-19-44/%C2%A79/ledd/1",
    ]
    assert "28 dager" not in tree.text_content()
    tree = _tree(server.client.get("/en/query/complaints?date=2026-03-01"))
    assert "4 weeks" in tree.text_content()
    tree = _tree(server.client.get("/nb/query/coverage"))
    assert "31. desember 2027" in tree.text_content()


def test_the_text_in_another_language_is_marked(server: Server) -> None:
    tree = _tree(server.client.get("/en/query/bearers?date=2026-03-01&type=duty-type:coordination"))
    assert set(tree.xpath("//section[@id='result']//td/span/@lang")) == {"nb", "nn"}
    assert tree.xpath("//section[@id='result']//td/span[@lang='nb']/text()")[0] == "Kommunen"


@pytest.mark.parametrize(
    "parameters",
    [
        "typo=1", "date=2026-13-01&type=duty-type:coordination", "date=2026-03-01", "date=2026-03-01&date=2026-03-02&type=x",
        "type=%3Cscript%3Exyzzy%3C/script%3E", "type=" + "x" * 301,
    ],
)  # fmt: skip
def test_wrong_parameters_are_explained_beside_the_form(server: Server, parameters: str) -> None:
    for lang in LANGUAGES:
        response = server.client.get(f"/{lang}/query/supervisors?{parameters}")
        assert response.status_code == 422
        assert response.headers["cache-control"] == "no-store"
        tree = _tree(response)
        assert say(lang, "query.error-input") in tree.xpath("string(//*[@role='alert'])")
        assert tree.xpath("//form[@class='fields']")
        assert not tree.xpath("//section[@id='result']")
        assert "<script>xyzzy" not in response.text


def test_a_date_that_the_data_does_not_answer_for_is_refused(server: Server) -> None:
    for name, dates in (
        ("services-bound", "date={}"),
        ("changes", "from={}&to=2026-01-01&type=duty-type:coordination"),
    ):
        for date, status in (("2022-07-31", 422), ("2022-08-01", 200), ("2027-12-31", 200), ("2028-01-01", 422)):
            address = f"{name}?{dates.format(date)}"
            response = server.client.get(f"/nn/query/{address}")
            assert response.status_code == server.client.get(f"/v1/queries/{address}").status_code == status, address
            assert ("1. august 2022 til 31. desember 2027" in response.text) == (status == 422)
    fields = _tree(server.client.get("/nb/query/changes")).xpath("//input[@type='date']")
    assert {(field.get("min"), field.get("max")) for field in fields} == {("2022-08-01", "2027-12-31")}


def test_a_question_there_is_none_of(server: Server) -> None:
    for path in ("/nb/query/status", "/nb/query/nothing", "/nb/query/nothing.csv"):
        response = server.client.get(path)
        assert response.status_code == 404
        assert say("nb", "site.error-404") in response.text


def _run(server: Server, query: str, lang: str = "nb", **more: str) -> httpx.Response:
    return server.client.post(f"/{lang}/query", data={"query": query, **more})


def test_rows_are_shown_with_labels_and_links(server: Server) -> None:
    response = _run(server, "SELECT ?s ?l WHERE { VALUES ?s { <https://w3id.org/samordning/id/service/bup> } ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } ORDER BY ?l", "en")  # fmt: skip
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    tree = _tree(response)
    assert tree.xpath("//thead//th/text()") == ["s", "l"]
    assert len(tree.xpath("//tbody/tr")) == 3
    cell = tree.xpath("//tbody/tr[1]/td[1]")[0]
    assert cell.xpath("string(a)") == "service:bup"
    assert cell.xpath("string(a/@href)") == "/en/services/bup"
    assert cell.xpath("string(span)") == "child and adolescent psychiatric outpatient clinic (BUP)"
    assert sorted(tree.xpath("//tbody//td[2]/span[@lang]/@lang")) == ["en", "nb", "nn"]


def test_yes_no_and_triples(server: Server) -> None:
    assert _tree(_run(server, "ASK { ?s ?p ?o }")).xpath("string(//section[@id='result']//strong)") == "Ja"
    assert _tree(_run(server, "ASK { <x:y> ?p ?o }", "nn")).xpath("string(//section[@id='result']//strong)") == "Nei"
    turtle = _tree(_run(server, "DESCRIBE <https://w3id.org/samordning/id/service/bup>")).xpath("string(//pre)")
    assert "service:bup" in turtle
    nothing = _run(server, "SELECT ?s WHERE { ?s <x:y> ?o }", "en")
    assert say("en", "query.no-rows") in nothing.text


def test_files_of_a_query(server: Server) -> None:
    query = ROWS.format(3)
    saved = _run(server, query, format="csv")
    assert saved.headers["content-disposition"] == 'attachment; filename="result.csv"'
    assert saved.content == server.client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"}).content
    assert len(_run(server, query, format="json").json()["results"]["bindings"]) == 3
    triples = _run(server, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2", format="ttl")
    assert triples.headers["content-type"].startswith("text/turtle")
    wrong = _run(server, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2", format="csv")
    assert wrong.status_code == 406
    assert say("nb", "query.error-not-acceptable") in wrong.text


def test_a_page_shows_part_and_says_so(server: Server) -> None:
    for number, shown in ((500, 500), (501, 500), (1200, 500)):
        response = _run(server, ROWS.format(number))
        assert len(_tree(response).xpath("//tbody/tr")) == shown
        assert f"{number} rader." in response.text
        assert (say("nb", "query.first", number=500) in response.text) == (number > 500)
        assert _run(server, ROWS.format(number), format="csv").text.count("\n") >= number


@pytest.mark.parametrize(
    ("query", "status", "key", "place"),
    [
        ("SELECT ?s WHERE {\n  ?s ?p ?o .\n  ?s ?p }\n", 400, "malformed", (3, "  ?s ?p }")),
        ("SELECT ?s\nWHERE { ?s foo:bar ?o }", 400, "prefix", (2, "WHERE { ?s foo:bar ?o }")),
        ("SELECT * WHERE { ?s ?p ?o }", 413, "too-large", None),
        ("SELECT * WHERE { SERVICE <http://x.example/> { ?s ?p ?o } }", 403, "refused", None),
        ("", 400, "malformed", None),
        ("# " + "x" * 20_000 + "\nASK {}", 413, "too-large", None),
        ("SELECT * WHERE " + "{" * 70 + "}" * 70, 422, "input", None),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_language(
    server: Server, query: str, status: int, key: str, place: tuple[int, str] | None
) -> None:
    for lang in LANGUAGES:
        response = _run(server, query, lang)
        assert response.status_code == status
        tree = _tree(response)
        alert = tree.xpath("//*[@role='alert']")[0]
        assert say(lang, f"query.error-{key}") in alert.text_content()
        assert tree.xpath("string(//textarea)").removeprefix("\n") == query.strip()
        assert not tree.xpath("//section[@id='result']")
        if place:
            assert alert.xpath("string(pre)") == f"{place[0]}: {place[1]}"


def test_a_query_in_the_address_waits_until_it_is_run(server: Server) -> None:
    payload = "ASK { ?s ?p '</textarea><script>alert(1)</script>' }"
    response = server.client.get("/nb/query", params={"query": payload})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    tree = _tree(response)
    assert tree.xpath("string(//textarea)").removeprefix("\n") == payload
    assert "<script>alert" not in response.text
    assert not tree.xpath("//section[@id='result']")
    link = _tree(_run(server, "ASK { ?s ?p 'æ & #' }")).xpath("//section[@id='result']//a/@href")[0]
    assert link.startswith("/nb/query?query=")
    assert _tree(server.client.get(link)).xpath("string(//textarea)").strip() == "ASK { ?s ?p 'æ & #' }"
    assert server.client.get("/nb/query?sparql=x").status_code == 422


def test_the_old_form_leads_to_the_page(server: Server) -> None:
    response = server.client.get("/sparql", headers={"Accept": "text/html", "Accept-Language": "nn"})
    assert (response.status_code, response.headers["location"]) == (303, "/nn/query#sparql")
    assert "Accept-Language" in response.headers["vary"]


@pytest.fixture(scope="module")
def strict(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(dataset, tmp_path_factory.mktemp("strict"), SPARQL__SECONDS=0.4, RATE__ERRORS=3) as running:
        yield running


def test_too_slow_and_too_often_are_pages_too(strict: Server) -> None:
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    slow = _run(strict, endless, "nn")
    assert slow.status_code == 504
    assert say("nn", "query.error-deadline") in _tree(slow).xpath("string(//*[@role='alert'])")
    for _ in range(3):
        last = _run(strict, "SELECT nonsense", "nn")
    assert last.status_code == 429
    assert say("nn", "site.error-429") in last.text
    assert last.headers["retry-after"] == "5"
    named = strict.client.get("/en/query/supervisors?type=duty-type:coordination")
    assert named.status_code == 429
    assert say("en", "site.error-429") in named.text
    assert strict.client.get("/en/query").status_code == 200
    assert strict.client.post("/sparql", data={"query": "ASK {}"}).headers["content-type"] == "application/problem+json"


def test_a_form_that_is_too_large_is_a_page(server: Server) -> None:
    response = server.client.post("/en/query", data={"query": "x" * 2_000_000})
    assert response.status_code == 413
    assert say("en", "site.error-413") in response.text


def test_queries_are_not_logged(server: Server) -> None:
    _run(server, "ASK { ?s ?p 'plugh-4711' }")
    server.client.get("/nb/query", params={"query": "ASK { ?s ?p 'plugh-4711' }"})
    assert "plugh" not in server.log
    assert '"route": "/page/query"' in server.log
