"""Read YAML or JSON that someone wrote, with limits, and remember on which line each key stands."""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, Final, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from samordning.errors import InputError, TooLarge

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 32

#: Eleven digits, as a national identity number is written, with or without a space after the date.
_IDENTITY: Final = re.compile(r"(?<!\d)\d{6}[ -]?\d{5}(?!\d)")


class _NotJson(InputError):
    pass


class _Constructor(RoundTripConstructor):
    """Leaves dates as they are written, so that one that does not exist can be told by its line."""


_Constructor.add_constructor(
    "tag:yaml.org,2002:timestamp", lambda constructor, node: constructor.construct_scalar(node)
)


@dataclass
class Document:
    """Plain data, and where each part of it was written."""

    name: str
    data: Any
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)

    def where(self, *path: str) -> str:
        """``file:line`` of a part, or the nearest part above it that has a line."""
        for length in range(len(path), -1, -1):
            line = self.lines.get(path[:length])
            if line is not None:
                return f"{self.name}:{line}"
        return self.name


def read(raw: bytes, name: str, *, json_only: bool = False) -> Document:
    """Parse ``raw`` as YAML 1.2, or as JSON when it begins with a brace or ``json_only`` is set.

    Raises:
        TooLarge: more than 256 KiB.
        InputError: not text, not YAML or JSON, nested too deep, or holding a national identity number.
    """
    if len(raw) > MAX_BYTES:
        raise TooLarge(
            f"The file is {len(raw):,} bytes; a case may have {MAX_BYTES:,}",
            where=name,
            todo="Give one person and the services round that person, nothing else",
            code="too-large",
            values={"most": MAX_BYTES // 1024},
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            "This is not text in UTF-8", where=name, todo="Save the file as UTF-8", code="not-text"
        ) from None
    refuse_identity(text, name)
    if not text.strip():
        raise InputError(
            "The file is empty",
            where=name,
            todo="Write at least the services, see the README for an example",
            code="empty",
        )
    _refuse_depth(text, name)
    if json_only:
        return Document(name, _json(text, name))
    if text.lstrip().startswith("{"):
        # Most likely JSON, but YAML may begin with a brace too.
        with contextlib.suppress(_NotJson):
            return Document(name, _json(text, name))
    return _yaml(text, name)


def refuse_identity(text: str, name: str) -> None:
    """Refuse what may identify a person, without repeating it.

    Raises:
        InputError: there is something like a national identity number in ``text``.
    """
    if _IDENTITY.search(text):
        raise InputError(
            "There is something like a national identity number here",
            where=name,
            why="Case data must not identify a person, and no answer needs it",
            todo="Take the number out",
            code="identity",
        )


def without_identity(text: str) -> str:
    """``text`` with whatever looks like a national identity number taken out."""
    return _IDENTITY.sub("", text)


def _refuse_depth(text: str, name: str) -> None:
    # Counted before any parser sees the text, since a parser may run out of stack first.
    depth = deepest = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    indents = {len(line) - len(line.lstrip(" -")) for line in text.splitlines() if line.strip()}
    if deepest > MAX_DEPTH or len(indents) > MAX_DEPTH:
        raise InputError(
            f"The file is nested more than {MAX_DEPTH} levels deep",
            where=name,
            todo="A case has three levels",
            code="too-deep",
            values={"most": MAX_DEPTH},
        )


def _json(text: str, name: str) -> Any:  # noqa: ANN401  # parsed data has no narrower type
    def refuse(constant: str) -> NoReturn:
        raise InputError(
            f"{constant} is not a value in JSON", where=name, todo="Leave out what is unknown", code="not-json"
        )

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise InputError("A key stands twice in the same object", where=name, todo="Keep one of them", code="twice")
        return dict(pairs)

    try:
        return json.loads(text, parse_constant=refuse, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise _NotJson(
            f"This is not valid JSON: {error.msg}", where=f"{name}:{error.lineno}", code="not-json"
        ) from None
    except (RecursionError, ValueError):
        # A number of thousands of digits is no JSONDecodeError.
        raise _NotJson("This is not valid JSON", where=name, code="not-json") from None


def _yaml(text: str, name: str) -> Document:
    loader = YAML(typ="rt")
    loader.Constructor = _Constructor
    loader.allow_duplicate_keys = False
    try:
        loaded = loader.load(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark is not None else ""
        if "single document" in str(error.context or ""):
            raise InputError(
                "There are several documents in the file",
                where=f"{name}{line}",
                todo="Put each case in a file of its own, without ---",
                code="several",
            ) from None
        twice = "duplicate key" in str(error.problem or "")
        reason = "A key stands twice" if twice else "This is not valid YAML"
        raise InputError(
            reason,
            where=f"{name}{line}",
            todo="Keep one of them" if twice else "Look at the indentation and colons of that line",
            code="twice" if twice else "not-yaml",
        ) from None
    except (YAMLError, ValueError, RecursionError):
        raise InputError(
            "This is not valid YAML", where=name, todo="See the README for an example", code="not-yaml"
        ) from None
    document = Document(name, None)
    document.data = _plain(loaded, (), document)
    return document


def _plain(node: Any, path: tuple[str, ...], document: Document) -> Any:  # noqa: ANN401  # parsed data
    if isinstance(node, CommentedMap):
        plain = {}
        for key, value in node.items():
            document.lines[(*path, str(key))] = node.lc.key(key)[0] + 1
            plain[str(key)] = _plain(value, (*path, str(key)), document)
        return plain
    if isinstance(node, CommentedSeq):
        return [_plain(value, (*path, str(number)), document) for number, value in enumerate(node)]
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int):
        return int(node)
    if isinstance(node, str):
        return str(node)
    return node
