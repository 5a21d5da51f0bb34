"""The pages about the law over HTTP: each thing has its page, on each date, in each language, and says what the data says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest

from samordning.answer.around import supervision
from samordning.catalogue import history, provision
from samordning.engine.law import LANGUAGES
from samordning.knowledge import Knowledge
from samordning.lovdata.collection import Collection, Entry
from samordning.lovdata.load import load
from samordning.lovdata.writer import create_store
from tests.lovdata.make import act, section
from tests.service.server import Server, serving

if TYPE_CHECKING:
    import httpx

DAY = dt.date(2026, 3, 1)
HREF = re.compile(r'<a[^>]* href="([^"]+)"')
WELL = "law/lov/2011-06-24-30/§3-4"


def _get(server: Server, path: str) -> httpx.Response:
    return server.client.get(quote(path, safe="/?=&%+"))


def _text(page: httpx.Response) -> str:
    """The words of the main part of a page, without its tags."""
    main = page.text[page.text.index("<main") : page.text.index("</main>")]
    return re.sub(r" (?=[;,.)])", "", " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split()))


def _links(page: httpx.Response) -> set[str]:
    return {unescape(href) for href in HREF.findall(page.text)}


def _things(kg: Knowledge) -> Iterator[str]:
    law = kg.law
    for folder, names in (
        ("services", law.services),
        ("bodies", law.bodies),
        ("groups", law.groups),
        ("norms", law.norms),
    ):
        yield from (f"{folder}/{name}" for name in names)
    yield from (f"duty-types/{one.iri.rsplit('/', 1)[-1]}" for one in law.concepts.values() if "/duty-type/" in one.iri)
    yield from (f"law/{name}" for name in law.acts)
    yield from (f"law/{address}" for address in provision.load(kg.store).entries)


def test_everything_has_a_page_in_some_language_and_lists_lead_to_it(server: Server, kg: Knowledge) -> None:
    every = list(_things(kg))
    assert len(every) > 1700
    for number, path in enumerate(every):
        lang = LANGUAGES[number % 3]
        page = _get(server, f"/{lang}/{path}")
        assert page.status_code == 200, path
        assert page.headers["content-language"] == lang
        assert " style=" not in page.text
    listed = set()
    for name in ("law", "services", "duty-types", "groups", "bodies"):
        listed |= {unquote(link) for link in _links(_get(server, f"/nb/{name}"))}
    tops = [path for path in every if "/§" not in path and not path.startswith("norms/")]
    assert len(tops) > 200
    assert [path for path in tops if f"/nb/{path}" not in listed] == []


def test_every_norm_in_force_is_reached_from_its_act(server: Server, kg: Knowledge) -> None:
    found = set()
    for name in kg.law.acts:
        found |= {link.partition("?")[0] for link in _links(_get(server, f"/nb/law/{name}?date={DAY}"))}
    missing = [norm.key for norm in kg.law.in_force(DAY) if f"/nb/norms/{norm.key}" not in found]
    assert missing == []
    assert len(kg.law.in_force(DAY)) > 400


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_link_on_these_pages_leads_nowhere(server: Server, lang: str) -> None:
    seen: set[str] = set()
    paths = (
        "law", WELL, "law/lov/1998-07-17-61/§15-8?date=2023-05-01", "norms/hol-7-2a-1", "norms/hol-12-3-1-1", "services/bup",
        "duty-types/plan-duty", "groups/child", "bodies/county-governor", "supervision", "changes",
        "changes?from=2022-12-31&to=2023-01-01&service=child-welfare", "search?q=barnekoordinator", "search?q=hol",
    )  # fmt: skip
    ours = re.compile(rf"/{lang}/(law|norms|services|duty-types|groups|bodies|supervision|changes|search)|/id/|/doc/")
    for path in paths:
        seen |= {link for link in _links(_get(server, f"/{lang}/{path}")) if ours.match(link)}
    assert len(seen) > 250
    lost = [link for link in sorted(seen) if server.client.get(link, follow_redirects=True).status_code != 200]
    assert lost == []


def test_linked_data_leads_to_the_page(server: Server) -> None:
    for thing, path in (
        ("norm/hol-3-4-1", "norms/hol-3-4-1"), ("service/bup", "services/bup"), ("body/municipality", "bodies/municipality"),
        ("group/child", "groups/child"), ("duty-type/coordination", "duty-types/coordination"),
        ("lov/2011-06-24-30", "law/lov/2011-06-24-30"), ("lov/2011-06-24-30/§3-4", WELL),
        ("lov/2011-06-24-30/§3-4/versjon/2022-08-01", WELL),
    ):  # fmt: skip
        links = {unquote(link) for link in _links(_get(server, f"/doc/id/{thing}.html"))}
        assert {f"/{lang}/{path}" for lang in LANGUAGES} <= links, thing
        assert _get(server, f"/nn/{path}").status_code == 200
    assert "Se som side" in _text(_get(server, "/doc/id/service/bup.html"))
    assert "Se som side" not in _text(_get(server, "/doc/id/fact/age.html")), "facts have no page of their own"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("nb", "utenfor det dataene svarer for: 1. august 2022 til 31. desember 2027"),
        ("nn", "utanfor det dataa svarar for: 1. august 2022 til 31. desember 2027"),
        ("en", "outside what the data answers for: 1 August 2022 to 31 December 2027"),
    ],
)
def test_a_date_outside_the_data_is_refused_with_the_reason(server: Server, lang: str, words: str) -> None:
    for path in ("law", WELL, "norms/hol-3-4-1", "services", "services/bup", "supervision"):
        for day in ("2022-07-31", "2028-01-01"):
            page = _get(server, f"/{lang}/{path}?date={day}")
            assert page.status_code == 422
            assert words in _text(page), path
        for day in ("2022-08-01", "2027-12-31", ""):
            assert _get(server, f"/{lang}/{path}?date={day}").status_code == 200
    assert words in _text(_get(server, f"/{lang}/changes?from=2022-07-31&to=2023-01-01"))


def test_what_cannot_be_asked_is_refused_as_a_page(server: Server) -> None:
    for path, status in (
        ("law?date=yesterday", 422), ("law?dato=2024-01-01", 422), ("law/lov/1900-01-01-1", 404), ("law/x", 404),
        (f"{WELL}/ledd/99", 404), ("norms/nothing", 404), ("services/nothing", 404), ("bodies/nothing", 404),
        ("duty-types/nothing", 404), ("supervision?level=x", 422), ("supervision?status=x", 422),
        ("changes?from=2025-01-01&to=2024-01-01", 422), ("changes?service=nothing", 422), ("search?kind=x", 422),
        ("search?q=" + "a+" * 20, 422), ("search?q=" + "a" * 201, 422),
    ):  # fmt: skip
        page = _get(server, f"/nb/{path}")
        if path.startswith("search?q=a+"):
            assert page.status_code == 200, "the same word said often is one word"
            continue
        assert page.status_code == status, path
        assert page.headers["content-type"].startswith("text/html")
        assert page.headers["cache-control"] == "no-store"


def test_an_act_is_found_by_its_abbreviation(server: Server) -> None:
    for short, whole in (
        ("hol", "lov/2011-06-24-30"),
        ("HOL/§3-4", "lov/2011-06-24-30/§3-4"),
        ("oppl98", "lov/1998-07-17-61"),
    ):
        page = _get(server, f"/nn/law/{short}?date=2024-01-01")
        assert page.status_code == 303
        assert unquote(page.headers["location"]) == f"/nn/law/{whole}?date=2024-01-01"


def test_a_section_that_moved_has_one_history(server: Server) -> None:
    old, new = "law/lov/1998-07-17-61/§15-8", "law/lov/2023-06-09-30/§24-1"
    before, after = _text(_get(server, f"/nb/{old}?date=2024-07-31")), _text(_get(server, f"/nb/{new}?date=2024-08-01"))
    assert "Ordlyden på datoen gjelder fra 1. august 2022" in before
    assert "Avløst av opplæringsloven § 24-1" in before
    assert "Ordlyden på datoen gjelder fra 1. august 2024" in after
    assert "Kom etter opplæringsloven av 1998 § 15-8; opplæringsloven av 1998 § 4A-14" in after
    assert "Ingen ordlyd av paragrafen er i kraft på datoen" in _text(_get(server, f"/nb/{old}?date=2024-08-01"))
    for text in (before, after):
        line = text[text.index("Historie") :]
        assert line.index("Fra 1. august 2022 til 31. juli 2024") < line.index("Fra 1. august 2024")
        assert line.count("Gjelder på datoen") == 1
        assert "lov 2021-06-11-78" in line


def test_histories_are_whole_and_in_order(kg: Knowledge) -> None:
    provisions = provision.load(kg.store)
    histories = history.load(kg.store, kg.law, provisions)
    assert len(provisions.wordings) > 100
    for address, wordings in provisions.wordings.items():
        line = histories.line(address)
        assert {one.iri for one in wordings} <= {moment.wording.iri for moment in line}
        begins = [history.began(moment.wording) or dt.date.max for moment in line]
        assert begins == sorted(begins)
    moved = histories.line("lov/2023-06-09-30/§24-1")
    assert [moment.section.rpartition("/")[2] for moment in moved] == ["§15-8", "§4A-14", "§24-1"]
    assert all(source.label("nn") for moment in moved for source in moment.sources)


def test_sections_stand_in_the_order_of_the_act(kg: Knowledge) -> None:
    entries = list(provision.load(kg.store).entries)
    for name, wanted in (
        ("lov/1999-07-02-61", ["1-2", "2-1e", "2-5", "2-5a", "2-5b", "2-5c", "2-5d", "6-1", "7-1"]),
        ("lov/2011-06-24-30", ["1-2", "3-4", "6-1", "6-2", "7-1", "7-2", "7-2a", "7-2b", "7-3", "12-1", "12-3"]),
    ):
        pattern = re.compile(rf"{name}/§([^/]+)")
        assert [found[1] for one in entries if (found := pattern.fullmatch(one)) and found[1] in wanted] == wanted
    for number, one in enumerate(entries):
        if one.count("/") > 2:
            assert entries.index(one.rpartition("/")[0].rpartition("/")[0]) < number, one


def test_a_norm_page_says_what_the_engine_says(server: Server, kg: Knowledge) -> None:
    for key in ("hol-7-2a-1", "bhl-2b-2-1", "stl-13-4-1", "pbrl-2-5-1"):
        norm = kg.law.norms[key]
        for lang in LANGUAGES:
            text = _text(_get(server, f"/{lang}/norms/{key}?date={DAY}"))
            assert norm.label(lang) in text
            for row in kg.tables.rows[key]:
                for test in row.tests:
                    assert test.label(lang)[1:] in text
                    if test.section != "case":
                        assert kg.law.facts[test.fact].texts("question")(lang) in text
            if norm.kind == "Duty":
                watch = supervision(kg.law, key, DAY, lang)
                assert watch.text in text or watch.status == "unknown"
    text = _text(_get(server, f"/nb/norms/hol-7-2a-1?date={DAY}"))
    assert "ett av 4 alternativer" in text
    gap = _text(_get(server, f"/nb/norms/bhl-2b-2-1?date={DAY}"))
    assert "Ingen fører tilsyn, så vidt vi har funnet" in gap
    assert kg.law.gap("supervision", "norm/bhl-2b-2-1")[0].texts("note")("nb") in gap
    assert "Dette bygger på: egen slutning" in gap


def test_supervision_counts_every_duty_once_and_lists_what_nobody_supervises(server: Server, kg: Knowledge) -> None:
    page = _get(server, f"/nb/supervision?date={DAY}")
    numbers = [int(one) for one in re.findall(r'<td class="number">(?:<a[^>]*>)?(\d+)', page.text)]
    duties = [norm for norm in kg.law.in_force(DAY) if norm.kind == "Duty"]
    assert sum(numbers) == len(duties) > 300
    query = (
        "PREFIX sam: <https://w3id.org/samordning/ns#> PREFIX extent: <https://w3id.org/samordning/id/extent/> "
        "PREFIX gap-kind: <https://w3id.org/samordning/id/gap-kind/> PREFIX level: <https://w3id.org/samordning/id/level/> "
        "SELECT DISTINCT ?norm WHERE { ?gap sam:gapIn gap-kind:supervision ; sam:gapExtent extent:whole ; sam:covers ?norm . "
        "?norm a sam:Duty ; sam:bearer/sam:level level:municipal }"
    )
    wanted = {
        norm.key
        for row in kg.store.select(query, {}).rows
        if (norm := kg.law.norms[str(row["norm"]).rpartition("/")[2]]).version(DAY)
    }
    found = re.findall(r'/nb/norms/([^"?]+)', _get(server, f"/nb/supervision?status=gap&date={DAY}").text)
    assert sorted(found) == sorted(wanted)
    assert len(wanted) >= 10
    both = re.findall(r'/nb/norms/([^"?]+)', _get(server, f"/nb/supervision?level=all&date={DAY}").text)
    assert sorted(both) == sorted(norm.key for norm in duties)


def test_changes_are_those_of_the_engine_and_shortcuts_count_them(server: Server, kg: Knowledge) -> None:
    page = _get(server, "/en/changes?from=2024-07-31&to=2024-08-01")
    found = kg.diff(dt.date(2024, 7, 31), dt.date(2024, 8, 1), "en")
    assert page.text.count('<td class="change">') == len(found) > 40
    text = _text(page)
    for change in found:
        assert change.label in text
    for kind, word in (("new", "new"), ("moved", "moved"), ("ended", "ended")):
        assert f"{sum(change.kind == kind for change in found)} {word}" in text
    shortcuts = re.findall(r'href="(/en/changes\?from=[^"]+)"[^>]*>([^<]+) \((\d+)\)', page.text)
    assert len(shortcuts) > 15
    for href, _, count in shortcuts:
        first, last = re.findall(r"\d{4}-\d{2}-\d{2}", href)
        assert len(kg.diff(dt.date.fromisoformat(first), dt.date.fromisoformat(last))) == int(count) > 0
    days = {
        day for norm in kg.law.norms.values() for version in norm.versions for day in (version.entered, version.until)
    }
    covered = {day for day in days if day and dt.date(2022, 8, 1) < day <= dt.date(2027, 12, 31)}
    assert {dt.date.fromisoformat(href[-10:]) for href, _, _ in shortcuts} == covered


def test_changes_for_a_kind_of_service_are_those_of_every_service_of_it(server: Server, kg: Knowledge) -> None:
    days = (dt.date(2024, 7, 31), dt.date(2024, 8, 1))
    whole: set[str] = set()
    for name in ("primary-school", "upper-secondary-school"):
        own = {change.norm.rpartition("/")[2] for change in kg.diff(*days, "nb", name)}
        page = _get(server, f"/nb/changes?from={days[0]}&to={days[1]}&service={name}")
        assert set(re.findall(r'class="says"><a[^>]*/nb/norms/([^"?]+)', page.text)) == own
        whole |= own
    page = _get(server, f"/nb/changes?from={days[0]}&to={days[1]}&service=school")
    assert set(re.findall(r'class="says"><a[^>]*/nb/norms/([^"?]+)', page.text)) == whole
    assert whole
    named = _get(server, f"/nb/changes?from={days[0]}&to={days[1]}&service=Grunnskole")
    assert "1. august 2024: grunnskole" in _text(named)


def test_search_groups_what_it_finds_and_helps_with_what_it_does_not(server: Server) -> None:
    page = _get(server, "/nb/search?q=hol+%C2%A7+3-4")
    assert re.findall(r'class="hits">\s*<li><a[^>]*href="([^"]+)"', page.text)[0] == f"/nb/{quote(WELL)}"
    old = _text(_get(server, "/nb/search?q=barnevernloven"))
    assert "opphevet 1. januar 2023" in old
    assert "Avløst av barnevernsloven" in old
    wrong = _get(server, "/nn/search?q=samordnning")
    assert "Meinte du samordning" in _text(wrong)
    assert _get(server, "/nn/search?q=samordning").text.count("<li>") > 5
    every = _get(server, "/en/search?q=kommune&kind=norm")
    assert "Rules" in _text(every)
    assert every.text.count('href="/en/norms/') > 6
    assert "Ingen treff" in _text(_get(server, "/nb/search?q=xyzzyqq"))
    rows = _get(server, "/nn/search/suggestions?q=oppl+24-1").json()
    assert rows[0]["text"] == "Opplæringslova § 24-1"
    assert unquote(rows[0]["href"]) == "/nn/law/lov/2023-06-09-30/§24-1"
    assert {row["kind"] for row in rows} == {"Føresegner", "Reglar"}
    assert len(rows) == 6
    assert _get(server, "/nn/search/suggestions?q=").json() == []


def test_the_words_of_the_law_are_shown_where_they_were_imported(dataset: Path, tmp_path: Path) -> None:
    path = tmp_path / "lovdata.sqlite"
    ledd = ("Ein prøve <b>&amp;</b> &lt;script&gt;x&lt;/script&gt;.", "Andre ledd.")
    body = act(section("§24-1", *ledd, title="Prøve"), "lov/2023-06-09-30")
    collection = Collection(
        "x", dt.date(2025, 1, 1), 1, whole=True, entries=lambda: iter([Entry("nl-20230609-030.xml", body)])
    )
    with create_store(path) as store:
        load(store, collection)
    with serving(dataset, tmp_path, LOVDATA=path) as running:
        page = _get(running, "/en/law/lov/2023-06-09-30/§24-1?date=2024-09-01")
        quoted = page.text[page.text.index("<blockquote") : page.text.index("</blockquote>")]
        assert 'lang="nn"' in quoted
        assert "&lt;script&gt;" in quoted
        assert "<script" not in quoted
        assert quoted.count("<p>") == 2
        assert "NLOD 2.0" in page.text
        assert "From Lovdata, fetched 1 January 2025" in _text(page)
        other = _text(_get(running, "/en/law/lov/1998-07-17-61/§15-8?date=2024-07-31"))
        assert "The words on this date have not been fetched here" in other
    with serving(dataset, tmp_path, LOVDATA=tmp_path / "nothing.sqlite") as running:
        assert "samordning lovdata import" in _text(_get(running, "/en/law/lov/2023-06-09-30/§24-1"))
