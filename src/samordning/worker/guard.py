"""What is looked at before any parser sees a stranger's RDF or query: size, depth and what is never done here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from samordning.engine import lexer
from samordning.errors import InputError, Malformed, Refused, TooLarge, WrongMedia

_MIB: Final = 1 << 20

#: The kinds of RDF that are taken, and how many bytes of each.
MEDIA: Final = {
    "text/turtle": _MIB,
    "application/n-triples": _MIB,
    "application/rdf+xml": _MIB,
    "application/ld+json": 256 << 10,
}
MOST_DEPTH: Final = 64
MOST_TRIPLES: Final = 20_000
_ENCODING: Final = re.compile(r"^<\?xml[^>]*\bencoding\s*=\s*[\"'](?P<name>[^\"']*)[\"']")
_UTF8: Final = ("utf-8", "utf8", "us-ascii")


def media_type(header: str) -> str:
    """The bare media type of a ``Content-Type``.

    Raises:
        WrongMedia: it is no RDF that is taken here, or in another encoding than UTF-8.
    """
    kind, _, parameters = header.partition(";")
    kind = kind.strip().lower()
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", parameters, re.IGNORECASE)
    if kind not in MEDIA or (charset and charset[1].lower() not in _UTF8):
        raise WrongMedia("This kind of document is not taken", todo=f"Send one of: {', '.join(MEDIA)}, in UTF-8")
    return kind


def rdf(payload: bytes, media: str) -> str:
    """The text of a document that may go to a parser.

    Raises:
        TooLarge: it has too many bytes.
        InputError: it is not UTF-8, nested too deep, or holds a document type declaration.
    """
    if len(payload) > MEDIA[media]:
        raise TooLarge(f"The document is larger than {MEDIA[media]:,} bytes", todo="Send it in parts")
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed("The document is not text in UTF-8", todo="Save it as UTF-8") from None
    pattern = {"application/rdf+xml": lexer.XML, "application/ld+json": lexer.JSON}.get(media, lexer.TOKEN)
    if media == "application/rdf+xml":
        _xml(text)
    if lexer.depth(pattern, text) > MOST_DEPTH:
        raise InputError(
            f"The document is nested more than {MOST_DEPTH} levels deep", todo="Give the inner nodes names"
        )
    return text


def _xml(text: str) -> None:
    declared = _ENCODING.match(text)
    if declared and declared["name"].lower() not in _UTF8:
        raise Malformed("The document declares another encoding than UTF-8", todo="Save it as UTF-8")
    if any(token.lastgroup == "doctype" for token in lexer.XML.finditer(text)):
        raise Refused("A document type declaration is not taken", todo="Take <!DOCTYPE and its entities out")


@dataclass(frozen=True)
class Shape:
    """What a query may have at most."""

    characters: int = 16 << 10
    depth: int = MOST_DEPTH
    triples: int = 64
    path: int = 32
    chain: int = 256
    rows: int = 1000


_UPDATES: Final = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"])
_ELEMENTS: Final = frozenset(["UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "GRAPH", "VALUES", "EXISTS"])
_OPERATORS: Final = frozenset("+-*/|^!=<>?,")
_PATHS: Final = frozenset("/|^*+?!")


@dataclass
class _Level:
    """One open bracket: what was counted in it so far."""

    kind: str
    chain: int = 0
    """operators and elements"""
    path: int = 0
    """path operators since the last term of a triple"""
    terms: int = 0
    """terms since the last separator"""
    needed: int = 3
    """terms that make a triple here: subject, verb and object; after ; two, after , one"""
    glued: bool = False
    """the next term belongs to the path before it"""
    expression: bool = False
    """the next ( opens an expression"""
    values: int = 0
    """1: after VALUES, 2: inside its braces"""
    rows: int = 0


def query(text: str, limits: Shape | None = None) -> None:
    """Whether a SPARQL query may go to a worker.

    Raises:
        TooLarge: it has too many bytes, triple patterns or rows of VALUES, or too long paths or chains.
        InputError: it is nested too deep.
        Refused: it asks another service, or a file.
        Malformed: it is an update.
    """
    most = limits or Shape()
    if len(text.encode()) > most.characters:
        raise TooLarge(f"The query is larger than {most.characters:,} bytes", todo="Send a shorter query, by POST")
    _Count(most).over(text)


class _Count:
    """Counts a query's parts, token by token, without knowing its grammar: never too few, seldom too many."""

    def __init__(self, most: Shape) -> None:
        self.most = most
        self.triples = 0
        self.levels = [_Level("")]

    def over(self, text: str) -> None:
        for token in lexer.TOKEN.finditer(text):
            kind = token.lastgroup or ""
            if kind not in ("space", "comment"):
                self._token(kind, token[0])
        self._flush(self.levels[-1], self.levels[-1].needed)

    def _token(self, kind: str, text: str) -> None:
        level = self.levels[-1]
        if kind == "open":
            self._open(text)
        elif kind == "close":
            self._close()
        elif kind == "word":
            self._word(level, text.upper())
        elif kind in ("other", "pair"):
            self._sign(level, text)
        elif kind != "language":
            if kind == "iri" and text[1:6].lower() == "file:":
                raise Refused("Files are never read", todo="Take the file: address out")
            self._term(level, variable=kind == "variable")

    def _word(self, level: _Level, word: str) -> None:
        if word == "SERVICE":
            raise Refused("SERVICE is not done here", todo="Ask the other service yourself and join the results")
        if word in _UPDATES:
            raise Malformed(f"{word} is an update, and this service is read-only")
        if word in ("A", "TRUE", "FALSE", "UNDEF"):
            self._term(level)
            return
        self._flush(level, 3)
        if word == "VALUES":
            level.values = 1
        level.expression = word not in ("VALUES", "WHERE", "UNION", "OPTIONAL", "MINUS")
        if word in _ELEMENTS:
            self._chain(level)

    def _sign(self, level: _Level, sign: str) -> None:
        if level.kind in "{[<" and sign in ".;,":
            self._flush(level, {".": 3, ";": 2, ",": 1}[sign])
            return
        if sign in _OPERATORS or len(sign) > 1:
            self._chain(level)
        if sign in _PATHS:
            level.path += 1
            if level.path > self.most.path:
                raise TooLarge(f"A path has more than {self.most.path} steps", todo="Ask for a shorter path")
            level.glued = sign in "/|"

    def _term(self, level: _Level, *, variable: bool = False) -> None:
        level.expression = not variable and level.kind == "(" and level.expression
        if level.values == 2:  # noqa: PLR2004  # inside the braces of VALUES
            self._row(level)
            return
        if level.glued:
            level.glued = False
            return
        level.terms += 1
        if level.terms >= level.needed:
            level.path = 0

    def _row(self, level: _Level) -> None:
        level.rows += 1
        if level.rows > self.most.rows:
            raise TooLarge(f"VALUES has more than {self.most.rows} rows", todo="Ask in parts")

    def _open(self, bracket: str) -> None:
        if len(self.levels) > self.most.depth:
            raise InputError(f"The query is nested more than {self.most.depth} levels deep", todo="Ask in parts")
        above = self.levels[-1]
        opened = _Level(bracket[0])
        if bracket == "{":
            self._flush(above, 3)
            if above.values == 1:
                opened.values, above.values = 2, 0
        elif bracket == "[":
            opened.needed = 2
        elif bracket == "(" and above.values == 2:  # noqa: PLR2004  # one row of several columns
            self._row(above)
            opened.kind = "row"
        elif bracket == "(" and (above.expression or above.kind == "("):
            opened.kind = "("
        self.levels.append(opened)

    def _close(self) -> None:
        if len(self.levels) == 1:
            return
        closed = self.levels.pop()
        members, path = closed.terms, closed.path
        self._flush(closed, closed.needed)
        above = self.levels[-1]
        if closed.kind in ("[", "<"):
            self._term(above)
        elif closed.kind == "(":
            if above.kind in "{[" and path == 0 and not above.expression:
                # A list: two triples for each of its members.
                self._add(2 * members)
            above.path += path
            if above.path > self.most.path:
                raise TooLarge(f"A path has more than {self.most.path} steps", todo="Ask for a shorter path")
            if above.kind in "{[" and not above.expression:
                self._term(above)
            above.expression = False

    def _flush(self, level: _Level, needed: int) -> None:
        if level.kind in ("{", "[", "<") and level.terms >= level.needed:
            self._add(1)
        level.terms, level.path, level.glued, level.needed = 0, 0, False, needed

    def _add(self, count: int) -> None:
        self.triples += count
        if self.triples > self.most.triples:
            raise TooLarge(f"The query has more than {self.most.triples} triple patterns", todo="Ask in parts")

    def _chain(self, level: _Level) -> None:
        level.chain += 1
        if level.chain > self.most.chain:
            raise TooLarge(f"The query has a chain of more than {self.most.chain} parts", todo="Ask in parts")
