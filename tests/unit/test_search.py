"""Search: what is named outright comes first, in every language and spelling; what is not found is helped on its way."""

from __future__ import annotations

import pytest

from samordning.catalogue import provision
from samordning.catalogue.search import MOST_WORDS, Index
from samordning.errors import InputError
from samordning.knowledge import Knowledge


@pytest.fixture(scope="module")
def index(kg: Knowledge) -> Index:
    return Index(kg.law, provision.load(kg.store))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("hol", "lov/2011-06-24-30"),
        ("BVL", "lov/2021-06-18-97"),
        ("hol 3-4", "lov/2011-06-24-30/§3-4"),
        ("hol § 3-4", "lov/2011-06-24-30/§3-4"),
        ("§3-4 hol", "lov/2011-06-24-30/§3-4"),
        ("hol § 3-4 andre ledd", "lov/2011-06-24-30/§3-4/ledd/2"),
        ("oppl 24-1", "lov/2023-06-09-30/§24-1"),
        ("sphl 2-1e", "lov/1999-07-02-61/§2-1e"),
        ("sphl § 2-1 e", "lov/1999-07-02-61/§2-1e"),
        ("bhl § 2 b", "lov/2005-06-17-64/§2b"),
        ("oppl98 4A-14", "lov/1998-07-17-61/§4A-14"),
        ("§ 24-1 i opplæringsloven", "lov/2023-06-09-30/§24-1"),
        ("opplæringslova § 24-1", "lov/2023-06-09-30/§24-1"),
        ("the education act 24-1", "lov/2023-06-09-30/§24-1"),
        ("opplæringsloven av 1998", "lov/1998-07-17-61"),
        ("opplæringsloven 1998 15-8", "lov/1998-07-17-61/§15-8"),
        ("barnevernloven", "lov/1992-07-17-100"),
        ("barnevernsloven", "lov/2021-06-18-97"),
        ("BUP", "bup"),
        ("barne- og ungdomspsykiatri", "bup"),
        ("skule", "school"),
        ("samordning", "duty-type/coordination"),
        ("hol 3", "lov/2011-06-24-30/§3-4"),
        ("county governor", "county-governor"),
    ],
)
def test_what_is_named_outright_comes_first(index: Index, text: str, first: str) -> None:
    assert index.find(text)[0].id == first


def test_every_abbreviation_and_section_is_found_at_once(index: Index, kg: Knowledge) -> None:
    tried = 0
    for act in kg.law.acts.values():
        short = str(act.one("abbreviation"))
        assert index.find(short)[0].id == act.id
        for address in {address for address in kg.law.by_section if address.startswith(act.id + "/")}:
            assert index.find(f"{short} {address.rpartition('§')[2]}")[0].id == address
            tried += 1
    assert tried > 100


def test_every_name_of_a_service_finds_it(index: Index, kg: Knowledge) -> None:
    for service in kg.law.services.values():
        for name in (*service.label.values(), *service.strings("altLabel")):
            assert service.id in [hit.id for hit in index.find(name, "service")], name


def test_target_groups_are_found(index: Index) -> None:
    assert {hit.id for hit in index.find("pasienten", "group")} >= {"patient", "patient-or-user"}


@pytest.mark.parametrize(
    ("text", "meant"), [("samordnning", "samordning"), ("barnekoordinatorene", "barnekoordinatoren"), ("xyzzyqq", None)]
)
def test_a_misspelt_word_is_led_to_the_nearest(index: Index, text: str, meant: str | None) -> None:
    assert index.find(text) == []
    assert index.near(text) == meant
    assert meant is None or index.find(meant)


def test_long_and_odd_texts_are_answered(index: Index) -> None:
    for text in ("a" * 200, "§" * 200, "1-" * 100, "- -", "İ" * 60, "ﷺ" * 10, "§ 1 a § 2 b § 3 c"):
        assert isinstance(index.find(text), list)
        index.near(text)
    with pytest.raises(InputError):
        index.find(" ".join(f"w{number}" for number in range(MOST_WORDS + 1)))


def test_words_that_lawyers_use_for_the_same(kg: Knowledge) -> None:
    index = Index(kg.law, provision.load(kg.store))
    for text in ("oppl 24-1 annet ledd", "§ 24-1 annet ledd", "opplæringslova § 24-1 andre ledd"):
        assert index.find(text)[0].id == "lov/2023-06-09-30/§24-1/ledd/2", text
