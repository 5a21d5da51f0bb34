"""The pictures over HTTP: SVG and PNG of a case, of the matrix and of the levels, and what is refused."""

from __future__ import annotations

import concurrent.futures
import re
import struct
import time
import zlib
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import httpx
import pytest

from samordning.catalogue import level
from samordning.interfaces.web import vendor
from samordning.knowledge import Knowledge
from tests.service.server import Server

FORM: dict[str, Any] = {
    "date": "2026-03-01",
    "age": "6",
    "services": ["municipal-health", "primary-school", "ppt", "bup", "police"],
    "cooperation_necessary": "true",
    "long_term_needs": "true",
}
SVG = "{http://www.w3.org/2000/svg}"
needs_fonts = pytest.mark.skipif(
    not all((vendor.FOLDER / name).exists() for name in vendor.WHOLE), reason="built without the files of npm packages"
)


def root_of(answer: httpx.Response) -> Element:
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["content-type"] == "image/svg+xml"
    return fromstring(answer.content)  # noqa: S314  # our own drawing


def png(answer: httpx.Response) -> tuple[int, int, set[bytes]]:
    """Width, height and the values of the bytes of a PNG, every part of which is checked."""
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["content-type"] == "image/png"
    data = answer.content
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    place, size, pixels = 8, (0, 0), b""
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        assert struct.unpack(">I", data[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            size = struct.unpack(">II", body[:8])
        elif kind == b"IDAT":
            pixels += body
        place += length + 12
    raw = zlib.decompress(pixels)
    return (*size, {raw[start : start + 1] for start in range(0, len(raw), 997)})


def test_the_picture_of_a_case(server: Server, kg: Knowledge) -> None:
    for lang in ("nb", "nn", "en"):
        answer = server.client.post(f"/{lang}/ask/picture.svg", data=FORM)
        root = root_of(answer)
        assert answer.headers["cache-control"] == "no-store"
        assert "attachment" in answer.headers["content-disposition"]
        assert root.get("lang") == lang
        said = " ".join(text.text or "" for text in root.iter(SVG + "text"))
        for service in ("police", "bup"):
            name = kg.law.services[service].label(lang)
            assert name.split()[0].lower() in said.lower()
        # What is heard says everything that is seen: each service and its level.
        desc = root.findtext(SVG + "desc") or ""
        assert all(kg.law.services[key].label(lang).lower() in desc.lower() for key in FORM["services"])


@needs_fonts
def test_the_same_picture_as_png_is_twice_its_size(server: Server) -> None:
    root = root_of(server.client.post("/nb/ask/picture.svg", data=FORM))
    width, height, values = png(server.client.post("/nb/ask/picture.png", data=FORM))
    assert (width, height) == (2 * int(root.get("width", "0")), 2 * int(root.get("height", "0")))
    assert len(values) > 20


@needs_fonts
def test_a_png_is_written_with_letters(server: Server) -> None:
    """Two pictures of the same shape differ only in their words."""
    drawn = [
        server.client.post(f"/{lang}/ask/picture.png", data={**FORM, "services": "police"}) for lang in ("nb", "nn")
    ]
    sizes = [png(one)[:2] for one in drawn]
    assert sizes[0] == sizes[1]
    assert drawn[0].content != drawn[1].content


@needs_fonts
@pytest.mark.parametrize("name", ["matrix", "levels"])
def test_a_grid_is_a_picture_too(server: Server, name: str) -> None:
    for lang in ("nb", "nn", "en"):
        answer = server.client.get(f"/{lang}/{name}.svg?date=2024-08-01")
        root = root_of(answer)
        assert answer.headers["cache-control"].startswith("public")
        assert answer.headers["etag"]
        drawn = server.client.get(f"/{lang}/{name}.png?date=2024-08-01")
        assert png(drawn)[:2] == (2 * int(root.get("width", "0")), 2 * int(root.get("height", "0")))
        again = server.client.get(
            f"/{lang}/{name}.png?date=2024-08-01", headers={"If-None-Match": drawn.headers["etag"]}
        )
        assert again.status_code == 304


def test_the_matrix_page_holds_every_provision(server: Server, kg: Knowledge) -> None:
    import datetime as dt

    for date in ("2022-08-01", "2026-03-01"):
        html = server.client.get(f"/en/matrix?date={date}").text
        table = html[html.index("<tbody>") : html.index("</tbody>")]
        links = set(re.findall(r'href="/en/law/([^?"]+)\?date=' + date, table))
        rows = kg.matrix(dt.date.fromisoformat(date))
        wanted = {row.act for row in rows} | {
            address
            for row in rows
            for cell in row.model_dump(exclude={"act", "abbreviation", "title"}).values()
            for address in cell
        }
        assert links == wanted
        assert len(links) > 60


def test_the_levels_page_counts_every_duty(server: Server, kg: Knowledge) -> None:
    import datetime as dt

    date = dt.date(2026, 3, 1)
    rows = level.levels(kg.law, date)
    duties = {key for row in rows for binding in row.levels.values() for key in binding.duties}
    assert duties == {norm.key for norm in kg.law.in_force(date) if norm.kind == "Duty"}
    html = server.client.get(f"/en/levels?date={date}").text
    table = html[html.index("<tbody>") : html.index("</tbody>")]
    counts = [int(count) for count in re.findall(r"<strong>(\d+) dut(?:y|ies)</strong>", table)]
    assert counts == [len(binding.duties) for row in rows for binding in row.levels.values()]


def test_a_duty_belongs_to_the_level_of_its_bearer_or_of_those_it_binds(kg: Knowledge) -> None:
    import datetime as dt

    found: dict[str, set[str]] = {}
    for row in level.levels(kg.law, dt.date(2026, 3, 1)):
        for name, binding in row.levels.items():
            for key in binding.duties:
                found.setdefault(key, set()).add(name)
    bearers = {key: kg.law.norms[key].bearer for key in found}
    assert {frozenset(found[key]) for key, bearer in bearers.items() if bearer == "municipality"} == {
        frozenset({"municipal"})
    }
    assert {frozenset(found[key]) for key, bearer in bearers.items() if bearer == "ppt"} == {frozenset({"unsettled"})}
    assert {frozenset(found[key]) for key, bearer in bearers.items() if bearer == "parents"} == {frozenset({"none"})}
    kindergartens = {frozenset(found[key]) for key, bearer in bearers.items() if bearer == "kindergarten"}
    assert kindergartens == {frozenset({"municipal", "private"})}


def test_days_of_change_are_days_on_which_the_page_differs(server: Server) -> None:
    html = server.client.get("/nb/matrix").text
    days = re.findall(r'href="/nb/matrix\?date=([\d-]+)"', html)[1:]
    assert len(days) >= 2
    import datetime as dt

    for day in days:
        before = dt.date.fromisoformat(day) - dt.timedelta(days=1)
        tables = [
            re.sub(r"date=[\d-]+|per \d+\. \w+ \d+", "", page[page.index("<table") : page.index("</table")])
            for page in (server.client.get(f"/nb/matrix?date={date}").text for date in (before, day))
        ]
        assert tables[0] != tables[1], day


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nb/matrix.svg?date=2021-01-01", 422), ("/nb/matrix.png?date=x", 422), ("/nb/matrix.pdf", 422),
        ("/nb/matrix?date=2024-02-30", 422), ("/nb/levels?date=2031-01-01", 422), ("/nb/levels?day=2024-01-01", 422),
        ("/nb/matrix?date=", 200), ("/nb/levels?date=" + "1" * 33, 422), ("/nb/ask/picture.svg", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(server: Server, path: str, status: int) -> None:
    answer = server.client.get(path)
    assert answer.status_code in (status, 405 if status == 404 else status)
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("name", ["age", "services", "date", "municipality", "cooperation_necessary", "plan_holder"])
def test_a_payload_in_a_field_is_refused_and_not_said_again(server: Server, name: str) -> None:
    payload = "<script>canary7391()</script>"
    answer = server.client.post("/nb/ask/picture.svg", data={**FORM, name: payload})
    assert answer.status_code == 422
    assert "canary7391" not in answer.text
    assert "canary7391" not in server.log
    assert answer.headers["cache-control"] == "no-store"


@needs_fonts
def test_others_are_answered_while_pictures_are_made(server: Server) -> None:
    every = {**FORM, "services": [one["id"] for one in server.client.get("/v1/services?per_page=500").json()]}
    every["services"] = [
        key for key in every["services"] if server.client.post("/nb/ask/picture.svg", data={**FORM, "services": key}).status_code == 200
    ]  # fmt: skip
    assert len(every["services"]) >= 29
    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        drawing = [
            threads.submit(httpx.post, server.url + "/nb/ask/picture.png", data=every, timeout=60) for _ in range(4)
        ]
        slowest = 0.0
        while not all(one.done() for one in drawing):
            begun = time.monotonic()
            assert server.client.get("/health/live").status_code == 200
            slowest = max(slowest, time.monotonic() - begun)
        assert {one.result().status_code for one in drawing} == {200}
    assert slowest < 1.0


def test_only_so_many_pictures_wait(server: Server) -> None:
    if not all((vendor.FOLDER / name).exists() for name in vendor.WHOLE):
        pytest.skip("built without the files of npm packages")
    with concurrent.futures.ThreadPoolExecutor(24) as threads:
        answers = list(
            threads.map(lambda _: httpx.post(server.url + "/nb/ask/picture.png", data=FORM, timeout=60), range(24))
        )
    assert {answer.status_code for answer in answers} == {200, 503}
    assert sum(answer.status_code == 200 for answer in answers) >= 10
    assert server.client.post("/nb/ask/picture.png", data=FORM).status_code == 200
