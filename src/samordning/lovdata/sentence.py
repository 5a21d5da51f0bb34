"""Where one sentence (punktum) of a Norwegian act ends and the next begins.

Lovdata marks sections and ledd but not sentences. A full stop ends a sentence unless it belongs to an abbreviation,
an ordinal, a date or an enumerator, or stands inside brackets or a quotation; what follows must look like a start.
"""

from __future__ import annotations

import re
from typing import Final

# fmt: off
#: Abbreviations that always need something after them, so no sentence ends in one.
UNFINISHED: Final = frozenset((
    "adr", "afd", "afsn", "ang", "avd", "avsn", "bd", "bl.a", "ca", "cf", "conf", "d.v.s", "dok", "dr", "ds", "dvs",
    "eks", "ekskl", "ev", "evt", "f.eks", "f.o.m", "fig", "frd", "hhv", "hr", "i.h.t", "ift", "ifm", "iht", "inkl",
    "innst", "istf", "jf", "jfr", "jmf", "jvf", "kap", "kgl", "kgl.res", "kl", "kr", "litr", "m.a", "maks", "mht",
    "mill", "mr", "mrd", "mrs", "nr", "ot.prp", "p.g.a", "p.t", "pga", "pkt", "pr", "prof", "prop", "red", "resp",
    "sml", "smh", "st", "st.meld", "st.prp", "t.d", "t.o.m", "tlf", "utg", "vedk", "vedr", "vol",
))
#: Abbreviations that may end a sentence; then the next word begins with a capital.
_FINAL: Final = frozenset((
    "e.l", "el", "etc", "ff", "flg", "kg", "km", "m.fl", "m.m", "m.v", "mfl", "mm", "mv", "o.a", "o.fl", "o.l",
    "o.s.v", "osv", "pct", "pst", "stk",
))
#: Words that are abbreviations only before a number: «art. 5», but «av samme art.»
_BEFORE_NUMBER: Final = frozenset(("art", "lit", "no", "para", "res", "s"))
# fmt: on
_MONTH: Final = re.compile(
    r"(?:januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember|oct|dec)\w*", re.IGNORECASE
)
#: Nouns with a capital that an ordinal may stand before in acts from before 1907: «2. Led».
_COUNTED: Final = re.compile(r"(?:Led|Ledd|Punktum|Pkt|Afsnit)\b")
_OPENING: Final = '«\N{LEFT DOUBLE QUOTATION MARK}"(['
_CLOSING: Final = '»\N{RIGHT DOUBLE QUOTATION MARK}"\N{RIGHT SINGLE QUOTATION MARK})]'
_END: Final = re.compile(rf"(?P<sign>[.!?])[{re.escape(_CLOSING)}]* (?=\S)")
_WHOLE: Final = re.compile(r"\([^()]*\)|«[^«»]*»")
_ENUMERATOR: Final = re.compile(r"(?:\d+(?:\.\d+)*|[IVXLC]+|[A-Za-zæøåÆØÅ])")
_DOTTED: Final = re.compile(r"(?:[a-zæøå]{1,3}\.)+[a-zæøå]{1,3}", re.IGNORECASE)
_ROMAN: Final = re.compile(r"[IVXLC]+\b(?!-)")


def split(text: str) -> list[str]:
    """The sentences of a normalised text, in order; joined with single spaces they are the text again."""
    whole = [found.span() for found in _WHOLE.finditer(text)]
    sentences, start = [], 0
    for found in _END.finditer(text):
        stop, after = found.start("sign"), found.end()
        inside = any(begin < stop and after - 1 < end for begin, end in whole)
        if not inside and _ends(text[start:stop], found["sign"], text[after:].lstrip(_OPENING)):
            sentences.append(text[start : after - 1])
            start = after
    return [*sentences, text[start:]] if text else []


def continues(text: str) -> bool:
    """Whether a paragraph goes on with the sentence before it, as after a list."""
    first = text.lstrip(_OPENING)[:1]
    return first.islower() or first in (",", ";", ":", ".", "\N{EN DASH}")


def finished(text: str) -> bool:
    """Whether the text ends the way a sentence does."""
    return text.rstrip(_CLOSING)[-1:] in (".", "!", "?")


def _ends(before: str, sign: str, begins: str) -> bool:
    capital = begins[:1].isupper()
    if sign != "." or not (capital or begins[:1].isdigit() or begins[:1] == "§"):
        return capital and sign != "."
    word = before.rpartition(" ")[2].lstrip(_OPENING)
    plain = word.lower().rstrip(_CLOSING)
    if word.endswith(".") or plain in UNFINISHED or (word[-1:].isdigit() and _MONTH.match(begins)):
        return False
    if plain in _BEFORE_NUMBER:
        return capital and not _ROMAN.match(begins)
    if _ENUMERATOR.fullmatch(word):
        return _number_ends(before[: -len(word)].rstrip(), word, begins)
    return capital if plain in _FINAL else not _DOTTED.fullmatch(plain)


def _number_ends(before: str, word: str, begins: str) -> bool:
    if not before.rstrip(_OPENING) or before.endswith((":", ";")):
        return False  # «1. Skip» numbers what comes after it
    return not (word.isdigit() and (begins[:1].isdigit() or _COUNTED.match(begins)))
