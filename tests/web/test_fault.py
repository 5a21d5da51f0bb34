"""Every error that a record can meet is said in the reader's language."""

from __future__ import annotations

import ast
import itertools
import json
import re
from pathlib import Path

import pytest

from samordning.answer.document import Document
from samordning.check.checker import Checker
from samordning.errors import InputError
from samordning.interfaces.web import fault
from samordning.interfaces.web.text import FOLDER

PACKAGE = FOLDER.parents[2]
#: The modules that read what someone sends to be checked.
READERS = ["check/record", "check/rdf", "answer/case", "answer/document", "worker/parse", "worker/stream", "interfaces/web/form",
           "interfaces/web/check", "interfaces/web/record", "interfaces/web/example", "interfaces/http/body"]  # fmt: skip
#: Sentences that only the command line or the API meets.
ELSEWHERE = {
    "There is no such file",
    "The file can't be read: 1",
    "1 cannot be set here",
    "Send the case as application/json",
}
RAISING = re.compile(r"_fail|_refuse|_NotJson|(?:Input|Samordning)Error|TooLarge|WrongMedia|Malformed|Refused|OutsideData|"
                     r"Busy|Overdue|WorkerLost|NotFound|Off")  # fmt: skip
PLACES = re.compile(r"\{(\w+)\}")


def _texts(node: ast.expr) -> list[str]:
    """What a sentence in code may be, with 1 where a value goes."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) and " " in node.value else []
    if isinstance(node, ast.JoinedStr):
        choices = [_choices(part) for part in node.values]
        return ["".join(parts) for parts in itertools.product(*choices)]
    if isinstance(node, ast.BinOp):
        return [f"{text}1" for text in _texts(node.left)]
    if isinstance(node, ast.IfExp):
        return _texts(node.body) + _texts(node.orelse)
    return []


def _choices(part: ast.expr) -> list[str]:
    """What a part of a sentence may be: a few words where the code chooses between them."""
    if isinstance(part, ast.Constant):
        return [str(part.value)]
    assert isinstance(part, ast.FormattedValue)
    if isinstance(part.value, ast.IfExp):
        return [str(ast.literal_eval(part.value.body)), str(ast.literal_eval(part.value.orelse))]
    return ["Setup", "CaseRecord"] if isinstance(part.value, ast.Name) and part.value.id == "wanted" else ["1"]


def _sentences(module: str) -> set[str]:
    found: set[str] = set()
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
            if RAISING.fullmatch(name):
                found |= set(_texts(node.args[0]))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("reason", "LOST"):
            found |= set(_texts(node.value))
    return found


@pytest.mark.parametrize("module", READERS)
def test_every_sentence_has_its_words(module: str) -> None:
    sentences = _sentences(module) - ELSEWHERE
    assert sentences
    assert {text for text in sentences if not fault.find(text)[0]} == set()


def test_the_sentences_are_found_at_all() -> None:
    assert sum(len(_sentences(module)) for module in READERS) > 80
    assert fault.find("This is no sentence of ours") == ("", {})


def test_the_words_are_whole_in_each_language() -> None:
    patterns: dict[str, str] = json.loads(fault.SENTENCES.read_text(encoding="utf-8"))
    said = {
        lang: json.loads((FOLDER / f"fault.{lang}.json").read_text(encoding="utf-8")) for lang in ("nb", "nn", "en")
    }
    others = {"hint", "known", "line", "not-shown", "unknown"}
    for lang, texts in said.items():
        assert set(texts) == set(patterns.values()) | others, lang
        for key in set(patterns.values()):
            places = set(PLACES.findall(texts[key]))
            assert places == set(PLACES.findall(said["nb"][key])), f"{lang} {key}"
            for sentence in (text for text, named in patterns.items() if named == key):
                assert places <= set(PLACES.findall(sentence)), f"{lang} {key}: {sentence}"


def test_pages_of_checks_say_the_same_things_in_each_language() -> None:
    said = {
        lang: json.loads((FOLDER / f"check.{lang}.json").read_text(encoding="utf-8")) for lang in ("nb", "nn", "en")
    }
    for lang in ("nn", "en"):
        assert said[lang].keys() == said["nb"].keys()
        for key, text in said["nb"].items():
            assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(said[lang][key])), f"{lang} {key}"


def _told(checker: Checker, data: object, lang: str, names: dict[str, str]) -> fault.Fault:
    with pytest.raises(InputError) as caught:
        checker.record(Document("file", data, {("person", "age"): 3}), "case")
    return fault.told(caught.value, lang, names)


def test_an_error_says_what_where_and_what_to_do(checker: Checker) -> None:
    case = {"date": "2026-03-01", "services": ["ppt"], "record": {}}
    told = _told(checker, {**case, "person": {"age": 200}}, "nn", {})
    assert told == fault.Fault("whole-number", "age er eit heilt tal frå 0 til 130.", 3, "person.age")
    told = _told(checker, {**case, "person": {"age": 200}}, "nb", {"age": "Alder"})
    assert told.text == "Alder er et helt tall fra 0 til 130."
    told = _told(checker, {**case, "services": ["primary-schol"]}, "nb", {})
    assert (
        told.text
        == 'Det finnes ingen tjeneste som heter "primary-schol". Bruk id-ene i malen. Mente du primary-school?'
    )
    told = _told(checker, {**case, "hemmelig setning om noen": 1}, "nb", {})
    assert told.text.startswith("Nøkkelen (vises ikke) finnes ikke her. Her kan du bruke: date, ")
    told = _told(checker, {**case, "date": "2020-01-01"}, "en", {})
    assert "2020-01-01" in told.text
    assert "2022-08-01" in told.text


def test_an_error_that_has_no_words_is_said_in_english_and_marked() -> None:
    told = fault.told(InputError("Something new"), "nb", {})
    assert (told.key, told.exact) == ("", "Something new.")
    assert Path(fault.SENTENCES).exists()
