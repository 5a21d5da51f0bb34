"""The cited sections as consolidated on 2 July 2026, held against the acts as published on 8 November 2025.

Where the words differ, the data must hold a wording that came in between, or ``consolidation.yaml`` must say why not.
"""

from __future__ import annotations

import datetime as dt
import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from samordning.lovdata import normalise, open_store
from samordning.lovdata.address import act, section
from samordning.lovdata.collection import open_collection
from samordning.lovdata.load import load
from samordning.lovdata.unit import Kind
from samordning.lovdata.writer import create_store
from samordning.namespaces import local
from tests.conftest import shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from samordning.knowledge import Knowledge
    from samordning.lovdata.store import Store

OLD, NEW = dt.date(2025, 11, 8), dt.date(2026, 7, 2)
REASONS = Path(__file__).resolve().parent / "consolidation.yaml"
ARCHIVES = ("gjeldende-lover.tar.bz2", "sf-20220622-1110.xml", "sf-20111216-1256.xml")
#: Cited, and in neither of the two.
ELSEWHERE = {"forskrift/2012-08-29-842"}
HEADING = re.compile(r"#+ § ?(?P<name>\d+(?:-\d+)?(?: ?[a-zA-Z])?)\. ?(?P<title>.*)")
#: A label of an item, which the Markdown leaves out.
LABEL = re.compile(r"\(?\w{1,2}[.)]|-")
#: «§ 2-5 b» in one copy is «§ 2-5b» in the other.
LETTER = re.compile(r"(?<=\d)(?=[a-z]\b)")


def _ledd(lines: list[str]) -> list[str]:
    """The ledd of a section in Markdown, with their items and without the notes on amendments."""
    found: list[str] = []
    open_list = False
    for block in re.split(r"\n\s*\n", "\n".join(lines)):
        text = " ".join(line.strip().removeprefix("- ") for line in block.splitlines())
        if not text or (text.startswith("*") and text.endswith("*")):
            continue
        item = block.lstrip().startswith("- ")
        if found and (item or (open_list and text[:1].islower())):
            found[-1] += f" {text}"
        else:
            found.append(text)
        open_list = item
    return found


def _sections(path: Path, refid: str) -> Iterator[tuple[str, list[str]]]:
    """Each section of an act in Markdown: its address and its ledd."""
    address, lines = "", list[str]()
    for line in [*path.read_text(encoding="utf-8").splitlines(), "# "]:
        if line.startswith("#"):
            if address:
                yield address, _ledd(lines)
            heading = HEADING.match(line)
            address = f"{refid}/§{heading['name'].replace(' ', '')}" if heading else ""
            lines = []
        else:
            lines.append(line)


def _words(text: str) -> list[str]:
    return LETTER.sub(" ", normalise(text)).split()


def _same(old: str, new: str) -> bool:
    """Whether two ledd have the same words, when the labels that only the older copy has are left out."""
    wanted = iter(_words(new))
    expected = next(wanted, None)
    for word in _words(old):
        if word == expected:
            expected = next(wanted, None)
        elif not LABEL.fullmatch(word):
            return False
    return expected is None


def _changed(old: list[str], new: list[str]) -> list[str]:
    """The ledd that are not the same: their numbers in the newer copy, or in the older where they are gone."""
    # Each ledd is known by the first of the new ones that has its words, so that a ledd put in moves the others.
    known = [
        next((number for number, text in enumerate(new) if _same(was, text)), -1 - index)
        for index, was in enumerate(old)
    ]
    found: list[str] = []
    for what, first, last, start, stop in SequenceMatcher(None, known, range(len(new)), autojunk=False).get_opcodes():
        if what != "equal":
            changed = [f"ledd/{number + 1}" for number in range(start, stop)]
            found += changed or [f"ledd/{number + 1} gone" for number in range(first, last)]
    return found


def test_a_changed_word_is_seen_and_a_label_is_not() -> None:
    assert _ledd(["Første ledd:", "", "- én,", "- to.", "", "og slutt", "", "Andre", "", "*Endret ved lov*"]) == [
        "Første ledd: én, to. og slutt",
        "Andre",
    ]
    assert _same("Etter § 2-5b: a. én, b. to.", "Etter § 2-5 b : én, to.")
    assert not _same("a. én, b. to.", "én, b. to. tre")
    assert not _same("Kommunen skal", "Kommunen kan")
    assert _changed(["én", "to", "tre"], ["én", "ny", "to", "fire"]) == ["ledd/2", "ledd/4"]
    assert _changed(["én", "to"], ["to"]) == ["ledd/1 gone"]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of the texts of November 2025."""
    path = tmp_path_factory.mktemp("store") / "before.sqlite"
    places = [str(shared("law", "lovdata", name)) for name in ARCHIVES]
    with create_store(path) as writer:
        for place in places:
            with open_collection(place) as collection:
                done = load(writer, collection, OLD)
            assert not done.skipped
    with open_store(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def after() -> dict[str, list[str]]:
    """Address of a section to its ledd in July 2026."""
    folder = shared("law", "consolidated-2026-07-02")
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.md")):
        kind, _, number = path.stem.partition("-")
        found.update(_sections(path, f"{kind}/{number}"))
    return found


@pytest.fixture(scope="module")
def cited(kg: Knowledge) -> list[str]:
    """The sections that the norms in force on 2 July 2026 stand in or rest on."""
    norms = [norm for norm in kg.law.norms.values() if norm.version(NEW)]
    addresses = {place for norm in norms for place in (norm.address, *map(local, norm.also))}
    return sorted({section(address) for address in addresses if "/§" in address})


@pytest.fixture(scope="module")
def between(kg: Knowledge) -> dict[str, list[str]]:
    """Section to the wordings of it that entered into force after the first day and not after the second."""
    found: dict[str, list[str]] = {}
    for norm in kg.law.norms.values():
        for version in norm.versions:
            iri = local(version.iri)
            wordings = found.setdefault(section(iri.partition("/versjon/")[0]), [])
            if version.entered and OLD < version.entered <= NEW and iri not in wordings:
                wordings.append(iri)
    return {address: wordings for address, wordings in found.items() if wordings}


@pytest.fixture(scope="module")
def reasons() -> dict[str, dict[str, str]]:
    found: dict[str, Any] = YAML(typ="safe").load(REASONS)
    assert set(found) == {"differs", "same"}
    return {kind: said or {} for kind, said in found.items()}


def _old(before: Store, address: str) -> list[str]:
    count = before.count(address, Kind.LEDD, OLD)
    texts = [before.text(f"{address}/ledd/{number}", OLD) for number in range(1, count + 1)]
    return [text.text for text in texts if text]


@pytest.fixture(scope="module")
def differing(before: Store, after: dict[str, list[str]], cited: list[str]) -> dict[str, list[str]]:
    """Section to its ledd whose words are not the same."""
    found: dict[str, list[str]] = {}
    for address in cited:
        changed = _changed(_old(before, address), after[address]) if address in after else []
        if changed:
            found[address] = changed
    return found


def test_all_cited_sections_are_compared(after: dict[str, list[str]], before: Store, cited: list[str]) -> None:
    missing = [address for address in cited if address not in after]
    assert {act(address) for address in missing} <= ELSEWHERE, missing
    new = [address for address in cited if address in after and not _old(before, address)]
    print(f"{len(cited) - len(missing)} sections compared, {len(new)} of them new: {new}")
    assert len(cited) > 120


def test_every_difference_is_explained(
    differing: dict[str, list[str]], between: dict[str, list[str]], reasons: dict[str, dict[str, str]]
) -> None:
    places = [f"{address}/{ledd}" for address, found in differing.items() for ledd in found]
    print(f"{len(places)} ledd in {len(differing)} sections differ:", *places, sep="\n  ")
    unexplained = [
        f"{address}: {', '.join(found)}"
        for address, found in differing.items()
        if address not in between and address not in reasons["differs"]
    ]
    assert not unexplained, "\n".join(unexplained)


def test_every_explanation_is_needed(
    differing: dict[str, list[str]],
    between: dict[str, list[str]],
    cited: list[str],
    reasons: dict[str, dict[str, str]],
) -> None:
    stale = [address for address in reasons["differs"] if address not in differing or address in between]
    assert not stale, f"these do not differ, or a wording explains them: {stale}"
    unneeded = [address for address in between if address in cited and address not in differing]
    assert sorted(reasons["same"]) == sorted(unneeded), "wordings in between whose words are the same"
    for said in reasons.values():
        for address, reason in said.items():
            assert len(reason.split()) > 4, f"{address}: say why"
