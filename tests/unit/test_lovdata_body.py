"""From XML to parts with addresses: one test for each trap of the format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samordning.errors import DataError
from samordning.lovdata import normalise
from samordning.lovdata.document import Document, parse
from samordning.lovdata.unit import Kind, Unit
from tests.lovdata.make import REFID, act, items, note, section


def _parse(*parts: str, **more: str) -> Document:
    return parse(act("".join(parts), **more), "nl-20200101-001.xml")


def _units(document: Document) -> dict[str, Unit]:
    return {unit.address.removeprefix(f"{REFID}/"): unit for unit in document.walk()}


def _texts(*parts: str) -> dict[str, str]:
    return {address: unit.text for address, unit in _units(_parse(*parts)).items() if unit.text}


def test_identity_is_the_name_and_never_the_position() -> None:
    units = _units(_parse(section("§7-2a", "En.", number="§ 7-2 a", title="Barn")))
    found = units["§7-2a"]
    assert (found.kind, found.label, found.title) == (Kind.SECTION, "§ 7-2 a", "Barn")
    assert units["§7-2a/ledd/1"].text == "En."


def test_chapters_parts_and_annexes() -> None:
    inner = f'<section class="section" data-name="kap9" data-lovdata-URL="NL/{REFID}/KAPITTEL_1-2"><h3>Kapittel 9</h3>{section("§9-1", "En.")}</section>'
    outer = f'<section class="section" data-name="del1"><h2>Første del</h2>{inner}</section>'
    annex = '<section class="section" data-name="gdpr"><h2>Forordning</h2></section>'
    nameless = f'<section class="section" data-lovdata-URL="NL/{REFID}/KAPITTEL_3"><h2>Innledning</h2></section>'
    units = _units(_parse(outer, annex, nameless))
    assert units["del1"].kind is Kind.PART
    assert (units["kap9"].kind, units["kap9"].title) == (Kind.CHAPTER, "Kapittel 9")
    assert units["gdpr"].kind is Kind.ANNEX
    assert units["KAPITTEL_3"].kind is Kind.DIVISION
    assert "§9-1/ledd/1/setning/1" in units


def test_a_nested_paragraph_is_no_ledd() -> None:
    section_ = section("§1", f"Dette gjelder{items('hunder,', 'katter.')}", "To.")
    document = _parse(section_)
    ledd = [unit.address for unit in document.walk() if unit.kind is Kind.LEDD]
    assert ledd == [f"{REFID}/§1/ledd/1", f"{REFID}/§1/ledd/2"]


def test_items_are_joined_with_spaces_and_have_addresses() -> None:
    texts = _texts(section("§1", f"Dette gjelder{items('hunder,', 'katter. De må leve.')}"))
    assert texts["§1/ledd/1"] == "Dette gjelder a. hunder, b. katter. De må leve."
    assert texts["§1/ledd/1/setning/1"] == texts["§1/ledd/1"]
    assert "§1/ledd/1/setning/2" not in texts
    assert texts["§1/ledd/1/bokstav/b"] == "katter. De må leve."
    assert texts["§1/ledd/1/bokstav/b/setning/2"] == "De må leve."


def test_lists_of_other_kinds() -> None:
    numbers = items("ett,", f"to{items('liten', 'stor', kind='i', names=('i.', 'ii.'))}", kind="1")
    dashes = '<ul class="defaultList"><li data-name="-"><article class="listArticle">strek</article></li></ul>'
    texts = _texts(section("§1", f"Tall:{numbers}", f"Streker:{dashes}", items("uten ledd", names=("«6.",), kind="1")))
    assert texts["§1/ledd/1/nummer/2"] == "to i. liten ii. stor"
    assert texts["§1/ledd/1/nummer/2/nummer/ii"] == "stor"
    assert texts["§1/ledd/2/strek/1"] == "strek"
    assert texts["§1/nummer/6"] == "uten ledd"


def test_a_continuation_belongs_to_its_ledd() -> None:
    lower = f'Den som{items("slår,", "sparker,")}<p class="leddfortsettelse">skal straffes. Det gjelder alle.</p>'
    upper = f'Dette gjelder{items("hunder.")}<p class="leddfortsettelse">Kongen kan gi forskrift.</p>'
    texts = _texts(section("§1", lower, upper))
    assert texts["§1/ledd/1/setning/1"] == "Den som a. slår, b. sparker, skal straffes."
    assert texts["§1/ledd/1/setning/2"] == "Det gjelder alle."
    assert texts["§1/ledd/2/setning/2"] == "Kongen kan gi forskrift."
    assert "§1/ledd/3" not in texts


def _numbered(number: str, text: str) -> str:
    return f'<article class="numberedLegalP" data-numerator="{number}">{text}</article>'


def test_printed_numbers() -> None:
    units = _units(_parse(section("§1", _numbered("1", "(1) En. To."), _numbered("1a", "(1a) Tre."))))
    assert (units["§1/ledd/1"].text, units["§1/ledd/1"].label) == ("En. To.", "(1)")
    assert units["§1/ledd/1/setning/2"].text == "To."
    assert units["§1/ledd/1a"].text == "Tre."
    units = _units(_parse(section("§1", _numbered("1", "1.En."), _numbered("4", "4. Fire."), _numbered("a", "(a) A."))))
    assert units["§1/nummer/1"].text == "En."
    assert (units["§1/nummer/4"].kind, units["§1/nummer/4"].label) == (Kind.LEDD, "4.")
    assert units["§1/bokstav/a"].text == "A."


def test_a_heading_before_the_first_number_is_no_ledd() -> None:
    units = _units(_parse(section("§1", "Om dyr", _numbered("1", "(1) En."))))
    assert units["§1/ledd/1"].text == "En."
    assert units["§1/avsnitt/1"].kind is Kind.PARAGRAPH
    later = _units(_parse(section("§1", "En.", _numbered("2", "(2) To."))))
    assert [later[f"§1/ledd/{number}"].text for number in (1, 2)] == ["En.", "To."]


def test_paragraphs_in_a_numbered_ledd() -> None:
    nested = "(1) En. To.<article class='legalP'>Tre.</article><article class='legalP'>og fire.</article>"
    texts = _texts(section("§1", _numbered("1", nested), _numbered("2", nested.replace("(1)", "(2)"))))
    assert texts["§1/ledd/1"] == "En. To. Tre. og fire."
    assert texts["§1/ledd/1/setning/3"] == "Tre. og fire."
    assert "§1/ledd/3" not in texts
    texts = _texts(section("§1", _numbered("1", nested.replace("(1)", "1."))))
    assert texts["§1/nummer/1/setning/3"] == "Tre. og fire."
    assert texts["§1/nummer/1/ledd/2/setning/1"] == "Tre. og fire."
    assert texts["§1/nummer/1/ledd/1/setning/2"] == "To."


def test_a_heading_inside_a_ledd_is_no_sentence() -> None:
    texts = _texts(section("§1", _numbered("1", "(1) <i>(Svalbard)</i><article class='legalP'>En. To.</article>")))
    assert texts["§1/ledd/1/setning/1"] == "(Svalbard) En."
    assert texts["§1/ledd/1/setning/2"] == "To."


def test_notes_and_footnotes_stay_out_of_the_text() -> None:
    mark = '<sup class="footnotereference">1</sup>'
    foot = '<footer class="footnotes"><article class="footnote"><span class="footnoteLabel">1</span> Se der.</article></footer>'
    units = _units(_parse(section("§1", f"En{mark}. To.", note("Endret ved lov."), foot, title=f"Tittel{mark}")))
    assert units["§1"].title == "Tittel"
    assert units["§1/ledd/1"].text == "En. To."
    assert units["§1/merknad/1"].text == "Endret ved lov."
    assert units["§1/merknad/1"].kind is Kind.NOTE
    assert units["§1/fotnote/1"].kind is Kind.FOOTNOTE
    assert not any("Endret" in unit.text for unit in units.values() if unit.kind in (Kind.LEDD, Kind.SENTENCE))


def test_changes_to_other_acts_are_no_ledd() -> None:
    change = '<article class="document-change"><article class="change"><article class="legalP">§ 5 oppheves.</article></article></article>'
    units = _units(_parse(section("§1", "Fra nå:", change)))
    assert units["§1/endring/1"].kind is Kind.CHANGE
    assert [unit.address for unit in units.values() if unit.kind is Kind.LEDD] == [f"{REFID}/§1/ledd/1"]


def test_tables_breaks_and_pictures() -> None:
    table = "<table><tbody><tr><td>A</td><td>B</td></tr><tr><td>C</td></tr></tbody></table>"
    texts = _texts(section("§1", f"Satser:{table}", 'En<br/>to<img src="x" alt="y"/>.<!-- nei --><?nei?>'))
    assert texts["§1/ledd/1/setning/1"] == "Satser: A B C"
    assert texts["§1/ledd/2"] == "En to."


def test_references_are_kept_where_they_stand() -> None:
    link = '<a href="lov/2011-06-24-30/§7-2a">§ 7-2 a</a>'
    units = _units(_parse(section("§1", f"Se {link}.{items(f'og {link},')}", note(f"Endret ved {link}."))))
    assert [(one.target, one.words) for one in units["§1/ledd/1"].references] == [
        ("lov/2011-06-24-30/§7-2a", "§ 7-2 a")
    ]
    assert len(units["§1/ledd/1/bokstav/a"].references) == 1
    assert len(units["§1/merknad/1"].references) == 1


def test_the_same_name_twice() -> None:
    units = _units(_parse(section("§1", "Norsk."), section("§1", "English.")))
    assert units["§1/ledd/1"].text == "Norsk."
    assert units["§1#2/ledd/1"].text == "English."


def test_ledd_outside_sections_and_repealed_sections() -> None:
    repealed = section("§2", title="(Opphevet)").replace("data-name", 'data-repealeddate="2007-01-01" data-name')
    units = _units(_parse('<article class="legalP">En.</article>', repealed))
    assert units["ledd/1/setning/1"].text == "En."
    assert units["§2"].repealed == "2007-01-01"


def test_an_omission_mark_is_no_sentence() -> None:
    mark = " ".join("\N{EN DASH}" * 3)
    texts = _texts(section("§1", _numbered("1", f"1. Fra nå.<article class='legalP'>{mark}</article>")))
    assert texts["§1/nummer/1/setning/1"] == f"Fra nå. {mark}"


def test_the_header() -> None:
    head = _parse(
        ministry="<ul><li>Et departement</li><li>Et annet</li></ul>",
        dateInForce="2020-02-01, 2021-01-01",
        lastupdated="2021-07-01 (rettet)",
    ).header
    assert (head.refid, head.eli) == (REFID, "https://lovdata.no/eli/lov/2020/01/01/1")
    assert head.ministry == "Et departement; Et annet"
    assert (head.in_force, head.corrected, head.published) == ("2020-02-01", "2021-07-01", "")
    assert head.terms["eli:date_document"] == "2020-01-01"
    assert head.terms["eli:first_date_entry_in_force"] == "2020-02-01"
    assert "eli:date_publication" not in head.terms
    assert parse(act("", "lov/1967-02-10"), "x").header.eli == "https://lovdata.no/eli/lov/1967/02/10"
    assert parse(act("", "forskrift/2022-06-22-1110"), "x").header.eli.endswith("/eli/forskrift/2022/06/22/1110")


def test_two_files_about_one_act_are_told_apart() -> None:
    assert parse(act(""), "nl-18140517-000.xml").variant == ""
    assert parse(act(""), "nl-18140517-000-nn.xml").variant == "nn"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not well-formed"),
        (b"ikke xml", "not well-formed"),
        (b"<html><body>", "not well-formed"),
        (b"<html><body/></html>", "does not say which act"),
        (act("").replace(b"<main", b"<div").replace(b"</main", b"</div"), "has no body"),
        (act("", refid="lov/2020"), "does not say which act"),
        (act("&eacute;"), "not well-formed"),
    ],
)
def test_what_is_no_document(content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        parse(content, "fil.xml")
    assert caught.value.where.startswith("fil.xml")


def _doctype(subset: str, body: str, encoding: str = "utf-8") -> bytes:
    text = act(section("§1", body)).decode().replace("<!DOCTYPE html>", f"<!DOCTYPE html [{subset}]>")
    return text.encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    ("subset", "body"),
    [
        ('<!ENTITY a "hemmelig">', "&a;"),
        ('<!ENTITY a SYSTEM "file:///etc/hostname">', "&a;"),
        ('<!ENTITY % a SYSTEM "https://example.invalid/x"> %a;', ""),
        ("<!ELEMENT p ANY>", ""),
    ],
)
def test_nothing_is_expanded_or_fetched(subset: str, body: str, encoding: str) -> None:
    with pytest.raises(DataError):
        parse(_doctype(subset, body, encoding), "fil.xml")


def test_a_growing_entity_is_refused_at_once() -> None:
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(12))
    with pytest.raises(DataError):
        parse(_doctype(layers, "&e11;"), "fil.xml")


def test_deep_nesting_is_refused_or_read() -> None:
    deep = "Se " + "<i>" * 200 + "her." + "</i>" * 200
    assert _texts(section("§1", deep))["§1/ledd/1"] == "Se her."
    with pytest.raises(DataError):
        parse(act("<i>" * 10_000 + "</i>" * 10_000), "fil.xml")
    lists = "<ol><li><article>" * 60 + "En." + "</article></li></ol>" * 60
    assert _texts(section("§1", f"Se{lists}"))["§1/ledd/1"] == "Se En."


_TAGS = [
    "section", 'article class="legalArticle" data-name="§1"', 'article class="legalP"', 'article class="defaultP"',
    'article class="numberedLegalP" data-numerator="1"', 'ol type="a"', 'ol type="i"', "ul", 'li data-name="a."', "li",
    'article class="listArticle"', 'p class="leddfortsettelse"', 'article class="changesToParent"', "table", "td", "i",
    'a href="lov/2020-01-01-1"', 'sup class="footnotereference"', 'footer class="footnotes"', "h3", "br", "div",
    'h3 class="legalArticleHeader"', 'span class="legalArticleTitle"', 'article class="document-change"',
]  # fmt: skip
_TEXTS = st.sampled_from(["", " ", "En. To.", "(1) Tre", "1. Fire.", "og så.", "jf. § 5 nr. 2", "\u00ad", ", x"])
_TREES = st.recursive(
    _TEXTS,
    lambda inner: st.builds(
        lambda tag, parts, tail: f"<{tag}>{''.join(parts)}</{tag.split(' ')[0]}>{tail}",
        st.sampled_from(_TAGS),
        st.lists(inner, max_size=4),
        _TEXTS,
    ),
    max_leaves=25,
)


@given(_TREES)
def test_whatever_the_elements_are_the_parts_hold_together(body: str) -> None:
    units = list(_parse(body).walk())
    assert len({unit.address for unit in units}) == len(units)
    for unit in units:
        sentences = [child.text for child in unit.children if child.kind is Kind.SENTENCE]
        assert normalise(unit.text) == unit.text
        assert not sentences or " ".join(sentences) == unit.text
