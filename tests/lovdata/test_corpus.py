"""Every act in force, as Lovdata publishes them: what must be true of each of them after it is read."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from samordning.lovdata import normalise, open_store
from samordning.lovdata.collection import open_collection
from samordning.lovdata.document import parse
from samordning.lovdata.sentence import UNFINISHED
from samordning.lovdata.unit import Kind
from tests.conftest import ROOT, shared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from samordning.lovdata.document import Document
    from samordning.lovdata.store import Store
    from samordning.lovdata.unit import Unit

ACTS = 755
SECONDS = 60
BYTES = 1 << 30
AFTER = dt.date(2025, 12, 1)

#: Sentences in each ledd, counted by hand in the acts with a duty to cooperate, and some others.
COUNTED = {
    "lov/2011-06-24-30/§3-4": [1, 3, 1, 1],
    "lov/2021-06-18-97/§15-8": [1, 3, 1, 1, 1],
    "lov/2023-06-09-30/§24-1": [2, 3, 1, 1, 1, 1],
    "lov/2005-06-17-64/§2b": [2, 3, 1, 1],
    "lov/2003-07-04-84/§3-6a": [2, 3, 1, 1, 1],
    "lov/2009-12-18-131/§13": [1, 3, 3, 2, 1],
    "lov/2006-06-16-20/§15a": [1, 1, 1],
    "lov/2009-06-19-44/§4": [2, 3, 1, 1],
    "lov/1997-06-19-62/§1a": [1, 3, 1, 1],
    "lov/2020-11-06-127/§50": [2, 3, 1, 1],
    "lov/1999-07-02-61/§2-1e": [1, 1, 1, 2],
    "lov/1983-06-03-54/§1-4a": [1, 1, 1],
    "lov/1999-07-02-61/§2-5": [2, 2, 1],
    "lov/2011-06-24-30/§7-1": [2, 1, 1],
    "lov/2011-06-24-30/§7-2a": [1, 1, 1, 1],
    "lov/2011-06-24-30/§7-3": [2, 1],
    "lov/2006-06-16-20/§15": [1, 2, 3, 1],
    "lov/2009-12-18-131/§28": [2, 1, 1],
    "lov/2021-06-18-97/§15-9": [2, 1],
    "lov/1999-07-02-61/§2-5a": [2, 1, 1, 1],
}
#: Words that tell that the third sentence of the second ledd is the one about the coordinator.
COORDINATOR = [
    "lov/2011-06-24-30/§3-4/ledd/2", "lov/2021-06-18-97/§15-8/ledd/2", "lov/2023-06-09-30/§24-1/ledd/2",
    "lov/2005-06-17-64/§2b/ledd/2", "lov/2003-07-04-84/§3-6a/ledd/2", "lov/2009-12-18-131/§13/ledd/3",
    "lov/2009-06-19-44/§4/ledd/2", "lov/1997-06-19-62/§1a/ledd/2", "lov/2020-11-06-127/§50/ledd/2",
]  # fmt: skip


@pytest.fixture(scope="session")
def laws() -> Path:
    return shared("law", "lovdata", "gjeldende-lover.tar.bz2")


@pytest.fixture(scope="session")
def documents(laws: Path) -> list[tuple[Document, bytes]]:
    with open_collection(str(laws)) as collection:
        return [(parse(entry.content, entry.name), entry.content) for entry in collection.entries()]


@pytest.fixture(scope="session")
def units(documents: list[tuple[Document, bytes]]) -> list[Unit]:
    return [unit for document, _ in documents for unit in document.walk()]


@pytest.fixture(scope="session")
def imported(laws: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float, int, str]:
    """The store after an import in a process of its own, with its seconds, its peak of memory and what it printed."""
    store = tmp_path_factory.mktemp("store") / "x.sqlite"
    code = (
        "import resource, sys\n"
        "from samordning.interfaces.cli.lovdata import app\n"
        "app(['import', *sys.argv[1:]], standalone_mode=False)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    started = time.monotonic()
    command = [sys.executable, "-c", code, str(laws), "--store", str(store)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    seconds = time.monotonic() - started
    *said, peak = done.stdout.split("\n")[:-1]
    return store, seconds, int(peak) * (1 if sys.platform == "darwin" else 1024), "\n".join(said)


@pytest.fixture(scope="session")
def store(imported: tuple[Path, float, int, str]) -> Iterator[Store]:
    with open_store(imported[0]) as opened:
        yield opened


def test_all_acts_are_imported_in_time_and_memory(imported: tuple[Path, float, int, str]) -> None:
    _, seconds, peak, said = imported
    assert f"{ACTS} new, 0 changed, 0 unchanged, 0 skipped" in said
    assert seconds < SECONDS
    assert peak < BYTES


def _written(unit: Unit) -> bool:
    return unit.kind in (Kind.LEDD, Kind.ITEM, Kind.PARAGRAPH) and any(
        child.kind is Kind.SENTENCE for child in unit.children
    )


def _sentences(unit: Unit) -> list[str]:
    return [child.text for child in unit.children if child.kind is Kind.SENTENCE]


def test_joined_sentences_are_the_text(units: list[Unit]) -> None:
    written = [unit for unit in units if _written(unit)]
    assert len(written) > 90_000
    for unit in written:
        assert " ".join(_sentences(unit)) == unit.text == normalise(unit.text), unit.address
        assert all(_sentences(unit)), unit.address


def test_no_sentence_begins_in_lower_case(units: list[Unit]) -> None:
    # The first one of an item may: «a. hunder,». After a split none does.
    begun = [(unit.address, text) for unit in units if _written(unit) for text in _sentences(unit)[1:]]
    assert len(begun) > 40_000
    assert not [one for one in begun if one[1].lstrip('«"([')[:1].islower()]


def test_no_sentence_ends_in_an_abbreviation(units: list[Unit]) -> None:
    for unit in units:
        if _written(unit):
            for text in _sentences(unit)[:-1]:
                last = text.rpartition(" ")[2].strip("«»()[]").lower()
                assert not (last.endswith(".") and last[:-1] in UNFINISHED), (unit.address, text[-60:])


def test_no_sentence_ends_inside_brackets_or_a_quotation(units: list[Unit]) -> None:
    for unit in units:
        sentences = _sentences(unit) if _written(unit) and unit.text.count("«") == unit.text.count("»") else []
        for text in sentences[:-1]:
            assert text.count("«") == text.count("»"), (unit.address, text)


def test_few_ends_are_missed(units: list[Unit]) -> None:
    # A full stop before a capital inside a sentence without items: an abbreviation, a name, or inside brackets.
    inside = re.compile(r"(?P<word>\S+)[.] (?=[A-ZÆØÅ])")
    plain = [unit for unit in units if _written(unit) and not any(child.kind is Kind.ITEM for child in unit.children)]
    missed = {
        (unit.address, found["word"])
        for unit in plain
        if re.match(r"lov/[\d-]+/§", unit.address)
        for text in _sentences(unit)
        for found in inside.finditer(text)
        if found["word"].lower().lstrip("(«") not in UNFINISHED
    }
    assert len(missed) < 40, sorted(missed)


_OUT = {"footnotereference", "footnotes", "changesToParent"}


def _letters(element: etree._Element) -> Iterator[str]:
    """What stands in a ledd, read in another way than the package does."""
    for node in element.xpath(".//text()"):
        parents = (
            [node.getparent(), *node.getparent().iterancestors()]
            if not node.is_tail
            else list(node.getparent().iterancestors())
        )
        if not any(parent.get("class") in _OUT for parent in parents):
            yield str(node)


def test_no_word_is_lost_or_added(documents: list[tuple[Document, bytes]]) -> None:
    compared = 0
    for document, content in documents:
        tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
        for label in tree.iter("li"):  # the labels of items are attributes
            label.text = f"{label.get('data-name') or ''}{label.text or ''}"
        found = [unit for unit in document.walk() if unit.kind is Kind.SECTION]
        articles = [article for article in tree.iter("article") if article.get("class") == "legalArticle"]
        assert len(found) == len(articles)
        for unit, article in zip(found, articles, strict=True):
            ledd = [child for child in article if child.get("class") in ("legalP", "numberedLegalP")]
            ours = [child for child in unit.children if child.kind is Kind.LEDD or "/avsnitt/" in child.address]
            assert len(ours) == len(ledd), unit.address
            for one, element in zip(ours, ledd, strict=True):
                whole = re.sub(r"\s", "", normalise("".join(_letters(element))))
                assert re.sub(r"\s", "", one.label + one.text) == whole, one.address
                compared += 1
    assert compared > 60_000


def test_sections_are_known_by_name(documents: list[tuple[Document, bytes]]) -> None:
    for document, content in documents:
        names = re.findall(rb'<article class="legalArticle"[^>]* data-name="([^"]+)"', content)
        found = [unit.address for unit in document.walk() if unit.kind is Kind.SECTION]
        expected = [f"{document.header.refid}/{name.decode()}" for name in names]
        assert [re.sub(r"#\d+$", "", address) for address in found] == expected


def test_addresses_are_unique(documents: list[tuple[Document, bytes]]) -> None:
    for document, _ in documents:
        addresses = [unit.address for unit in document.walk()]
        assert len(addresses) == len(set(addresses))
        assert all(address.startswith(f"{document.header.refid}/") for address in addresses)
        assert document.header.eli.startswith("https://lovdata.no/eli/lov/")


@pytest.mark.parametrize("address", COUNTED)
def test_counts_that_are_known(store: Store, address: str) -> None:
    counts = [
        store.count(f"{address}/ledd/{number}", Kind.SENTENCE, AFTER) for number in range(1, len(COUNTED[address]) + 1)
    ]
    assert (store.count(address, Kind.LEDD, AFTER), counts) == (len(counts), COUNTED[address])


@pytest.mark.parametrize("ledd", COORDINATOR)
def test_the_third_sentence_is_the_one_about_the_coordinator(store: Store, ledd: str) -> None:
    texts = [store.text(f"{ledd}/setning/{number}", AFTER) for number in (1, 2, 3)]
    named = ["koordinatoren" in text.text.lower() for text in texts if text]
    assert named == [False, False, True]


@pytest.mark.parametrize(
    "address",
    [
        "lov/2011-06-24-30/§6-2/ledd/1/nummer/13",
        "lov/2011-06-24-30/§7-2a/ledd/2/bokstav/e",
        "lov/1999-03-26-14/§5-42/bokstav/a",
        "lov/1953-06-26-11/§8/nummer/2/ledd/2/setning/2",
        "lov/1981-05-22-25/§202a/ledd/2/setning/1/bokstav/b",
        "lov/1997-02-28-19/§23-3/ledd/2/nummer/1/bokstav/b",
        "lov/2005-06-17-62/§18-6/ledd/1/setning/1",
    ],
)
def test_addresses_that_lovdata_itself_uses(store: Store, address: str) -> None:
    assert store.text(address, AFTER)


def test_most_places_that_lovdata_amends_are_found(store: Store) -> None:
    """The addresses in announced amendments: those of acts in force, that were not moved or repealed since."""
    pattern = re.compile(r'data-change-part="([^"\s;]+)"')
    asked = found = 0
    with open_collection(str(shared("law", "lovdata", "lovtidend-lover-2020-2025.tar.bz2"))) as collection:
        for entry in collection.entries():
            for address in pattern.findall(entry.content.decode()):
                if re.fullmatch(
                    r"lov/\d{4}-\d{2}-\d{2}(?:-\d+)?/§[^/]+(?:/(?:ledd|setning|bokstav|nummer)/\w+)+", address
                ) and store.exists(address.split("/§")[0] + "/§" + address.split("/§")[1].split("/")[0], AFTER):
                    asked += 1
                    found += store.exists(address, AFTER)
    assert asked > 1000
    assert found / asked > 0.98
