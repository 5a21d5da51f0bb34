"""Every word of Norwegian that a user reads stands in the dictionary, or in a list of words of law and compounds.

The dictionaries are Debian's ``hunspell-no``; without them the check is skipped. ``language/*.txt`` holds words that
were read one by one: names, abbreviations, and compounds that no dictionary has.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from samordning.answer.messages import FOLDER
from samordning.engine.query import library
from samordning.interfaces.web.text import FOLDER as WEB
from samordning.knowledge import Knowledge

HERE = Path(__file__).parent
DICTIONARIES = {"nb": "nb_NO", "nn": "nn_NO"}


def _has(dictionary: str) -> bool:
    if not shutil.which("hunspell"):
        return False
    listed = subprocess.run(["hunspell", "-D"], input="", capture_output=True, text=True, check=False)
    return dictionary in listed.stdout + listed.stderr


def _texts(kg: Knowledge, lang: str) -> set[str]:
    query = "SELECT ?text (LANG(?text) AS ?lang) WHERE { ?thing ?link ?text . FILTER(LANG(?text) != '') }"
    found = {str(row["text"]) for row in kg.store.select(query, {}).rows if row["lang"] == lang}
    for scope in ("case", "setup"):
        for path in (HERE.parent / "shapes" / scope).glob("*.ttl"):
            found |= set(re.findall(rf'"([^"]*)"@{lang}\b', path.read_text(encoding="utf-8")))
    catalogues = (FOLDER, FOLDER.parents[1] / "check" / "messages")
    pages = sorted(WEB.glob(f"*.{lang}.json"))
    assert len(pages) >= 2
    files = [*(folder / f"{lang}.json" for folder in catalogues), *pages]
    messages = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    for query in library().values():
        found |= {texts[lang] for texts in (query.titles, query.questions) if lang in texts}
    return found | {re.sub(r"\{\w+\}", " ", text) for one in messages for text in one.values()}


def _official(kg: Knowledge) -> set[str]:
    """Words of the acts themselves, which may be in the other written standard: names of bearers and titles."""
    query = (
        "PREFIX sam: <https://w3id.org/samordning/ns#> PREFIX dcterms: <http://purl.org/dc/terms/> "
        "SELECT ?text WHERE { { ?thing sam:bearerAsNamed ?text } UNION { ?thing dcterms:title ?text } }"
    )
    return {str(row["text"]) for row in kg.store.select(query, {}).rows}


@pytest.mark.parametrize("lang", sorted(DICTIONARIES))
def test_every_word_is_a_word(kg: Knowledge, lang: str) -> None:
    dictionary = DICTIONARIES[lang]
    if not _has(dictionary):
        pytest.skip(f"the dictionary {dictionary} is not installed (Debian: hunspell, hunspell-no)")
    texts = _texts(kg, lang) - _official(kg)
    assert len(texts) > 1000
    command = ["hunspell", "-d", dictionary, "-l", "-i", "utf-8"]
    done = subprocess.run(command, input="\n".join(sorted(texts)), capture_output=True, text=True, check=True)
    known = set((HERE / "language" / f"{lang}.txt").read_text(encoding="utf-8").split())
    unknown = {word for word in done.stdout.split() if len(word) > 1} - known
    assert not unknown
    assert not known - set(done.stdout.split()), "words in the list that no text uses, or that the dictionary has"
