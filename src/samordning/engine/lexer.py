"""Where strings, IRIs, comments and brackets begin and end, found in one pass whose time grows with the length alone.

An unclosed string reaches to the end of the text: the parser that comes after will refuse it, and until then nothing in
it counts.
"""

from __future__ import annotations

import re
from typing import Final

_SPACE: Final = r"\s+"
_COMMENT: Final = r"\#[^\n\r]*"
_ESCAPE: Final = r"\\(?:[\s\S]|\Z)"
_STRING: Final = (
    rf'"""(?:[^"\\]|{_ESCAPE}|"(?!""))*+(?:"""|\Z)'
    rf"|'''(?:[^'\\]|{_ESCAPE}|'(?!''))*+(?:'''|\Z)"
    rf'|"(?:[^"\\\n\r]|{_ESCAPE})*+(?:"|(?=[\n\r])|\Z)'
    rf"|'(?:[^'\\\n\r]|{_ESCAPE})*+(?:'|(?=[\n\r])|\Z)"
)
_IRI: Final = r"<[^<>\"{}|^`\\\x00-\x20]*(?:\\[uU][0-9a-fA-F]+[^<>\"{}|^`\\\x00-\x20]*)*>"
_NAME: Final = r"[^\W\d_][\w.-]*|_"

#: One token of Turtle, N-Triples or SPARQL. Each alternative begins with characters that no other begins with, or
#: comes before those that do.
TOKEN: Final = re.compile(
    rf"(?P<space>{_SPACE})|(?P<comment>{_COMMENT})|(?P<string>{_STRING})|(?P<iri>{_IRI})"
    r"|(?P<variable>[?$]\w+)|(?P<language>@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)|(?P<blank>_:[\w.-]*)"
    rf"|(?P<prefixed>(?:{_NAME})?:(?:[\w.:%-]|\\[\s\S])*)|(?P<word>{_NAME})|(?P<number>\d[\w.]*)"
    r"|(?P<open><<\(?|[{(\[])|(?P<close>\)?>>|[})\]])|(?P<pair>\|\||&&|\^\^|!=|<=|>=)|(?P<other>[\s\S])"
)

#: The same for XML: only what opens and closes elements matters.
XML: Final = re.compile(
    r"(?P<skip><!--[\s\S]*?(?:-->|\Z)|<!\[CDATA\[[\s\S]*?(?:\]\]>|\Z)|<\?[\s\S]*?(?:\?>|\Z))|(?P<doctype><!)"
    r"|(?P<close></)|(?P<open><(?:[^<>\"'/]|/(?!>)|\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z))*(?P<empty>/)?(?:>|\Z|(?=<)))"
)

#: And for JSON.
JSON: Final = re.compile(rf'"(?:[^"\\]|{_ESCAPE})*+(?:"|\Z)' r"|(?P<open>[\[{])|(?P<close>[\]}])")


def depth(pattern: re.Pattern[str], text: str) -> int:
    """How deep brackets or elements stand in each other at most."""
    level = deepest = 0
    for token in pattern.finditer(text):
        kind = token.lastgroup
        if kind == "open":
            level += 1
            deepest = max(deepest, level)
        elif kind == "close":
            level -= 1
        elif kind == "empty":
            deepest = max(deepest, level + 1)
    return deepest
