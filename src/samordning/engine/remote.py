"""A store on another machine: any SPARQL 1.1 endpoint whose default graph holds the dataset.

SPARQL has no parameters, so a query's parameters are put in as terms, token by token; the text comes from our own files.
"""

from __future__ import annotations

import http.client
import ssl
import threading
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from samordning.engine import lexer
from samordning.engine.store import rows_of, term
from samordning.errors import DatasetError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samordning.engine.store import Table, Value

_TABLE: Final = "application/sparql-results+json"
_GRAPH: Final = "text/turtle"
_OK: Final = 200


class RemoteStore:
    """An endpoint, asked by POST over connections that are kept, one for each thread.

    Args:
        endpoint: address of the endpoint, http or https.
        seconds: how long one query may take.

    Raises:
        InputError: the address is none.
    """

    def __init__(self, endpoint: str, seconds: float = 30.0) -> None:
        self._made: list[http.client.HTTPConnection] = []
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(
                "The store's endpoint is no address", where="store.endpoint", todo="Write http://host/path"
            )
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._seconds = seconds
        self._own = threading.local()

    def select(self, text: str, values: Mapping[str, Value]) -> Table:
        """Run a SELECT.

        Raises:
            DatasetError: the endpoint can't be reached or refuses.
        """
        return rows_of(self._ask(bound(text, values), _TABLE), values)

    def construct(self, text: str, values: Mapping[str, Value]) -> str:
        """Run a CONSTRUCT or DESCRIBE; returns Turtle.

        Raises:
            DatasetError: the endpoint can't be reached or refuses.
        """
        return self._ask(bound(text, values), _GRAPH).decode()

    def close(self) -> None:
        """Close every connection; the next query opens a new one."""
        while self._made:
            self._made.pop().close()

    def __del__(self) -> None:
        self.close()

    def _ask(self, text: str, accept: str) -> bytes:
        headers = {"Content-Type": "application/sparql-query; charset=utf-8", "Accept": accept}
        for last in (False, True):
            connection = self._connection()
            try:
                connection.request("POST", self._path, text.encode(), headers)
                response = connection.getresponse()
                body = response.read()
            except (OSError, http.client.HTTPException) as error:
                # A connection that was kept may have been closed at the other end; a new one tells.
                connection.close()
                self._made.remove(connection)
                self._own.connection = None
                if last:
                    raise DatasetError(
                        f"The store can't be reached: {type(error).__name__}",
                        where=self._host,
                        todo="Look at store.endpoint",
                    ) from None
                continue
            if response.status != _OK:
                raise DatasetError(f"The store answers {response.status}", where=self._host, todo="Look at its log")
            return body
        raise AssertionError

    def _connection(self) -> http.client.HTTPConnection:
        kept: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if kept is None:
            if self._secure:
                context = ssl.create_default_context()
                kept = http.client.HTTPSConnection(self._host, self._port, timeout=self._seconds, context=context)
            else:
                kept = http.client.HTTPConnection(self._host, self._port, timeout=self._seconds)
            self._own.connection = kept
            self._made.append(kept)
        return kept


def bound(text: str, values: Mapping[str, Value]) -> str:
    """A query of ours with its parameters put in: left out of projections, in brackets where a query groups or sorts."""
    if not values:
        return text
    parts: list[str] = []
    # What the variables straight in each open bracket belong to: a projection, an order, or anything else.
    places = [""]
    for token in lexer.TOKEN.finditer(text):
        kind, word = token.lastgroup, token[0]
        if kind == "open":
            places.append("")
        elif kind == "close" and len(places) > 1:
            places.pop()
        elif kind == "word" and word.upper() in (
            "SELECT",
            "GROUP",
            "ORDER",
            "WHERE",
            "HAVING",
            "LIMIT",
            "OFFSET",
            "FROM",
        ):
            places[-1] = word.upper() if word.upper() in ("SELECT", "GROUP", "ORDER") else ""
        if kind == "open" and word == "{" and places[-2] == "SELECT":
            places[-2] = ""
        if kind == "variable" and word[1:] in values:
            put = str(term(values[word[1:]]))
            word = {"SELECT": "", "": put}.get(places[-1], f"({put})")
        parts.append(word)
    return "".join(parts)
