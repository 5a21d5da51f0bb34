"""The job ``update``, for tests of the protocol only: it changes this one worker's own copy of the dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from samordning.engine import lexer
from samordning.errors import Malformed
from samordning.worker.parse import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


def updater(store: ox.Store) -> Callable[[Mapping[str, Any], bytes], Iterator[bytes]]:
    """The job over a store. Options: ``default`` and ``named``, the graphs that WHERE is asked over."""

    def update(options: Mapping[str, Any], payload: bytes) -> Iterator[bytes]:
        text = _using(payload.decode(), options.get("default", ()), options.get("named", ()))
        try:
            store.update(text, base_iri=options.get("base", BASE))
        except SyntaxError as error:
            raise Malformed("The update is not valid SPARQL", why=str(error.msg)) from None
        except (ValueError, OSError) as error:
            raise Malformed("The update can't be run", why=str(error)) from None
        yield b""

    return update


def _using(text: str, default: Sequence[str], named: Sequence[str]) -> str:
    # The library takes a query's dataset as an argument, but not an update's, so the clauses that mean the same are
    # put where they belong: before each WHERE that follows a template.
    if not default and not named:
        return text
    clauses = [f"USING {ox.NamedNode(iri)}" for iri in default] + [f"USING NAMED {ox.NamedNode(iri)}" for iri in named]
    parts, depth, before = [], 0, ""
    for token in lexer.TOKEN.finditer(text):
        kind, word = token.lastgroup, token[0]
        depth += (kind == "open") - (kind == "close")
        if kind == "word" and word.upper() in ("USING", "WITH"):
            raise Malformed("The graphs of an update are named twice", todo="Name them in the update or beside it")
        if kind == "word" and word.upper() == "WHERE" and depth == 0 and before == "}":
            parts.append(" ".join(clauses) + " ")
        if kind not in ("space", "comment"):
            before = word
        parts.append(word)
    return "".join(parts)
