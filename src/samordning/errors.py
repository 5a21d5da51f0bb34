"""Every error a user can meet, with its exit code and HTTP status in one place.

A message says what is wrong, where, why it matters and what to do, in that order. It never repeats what the user
sent, apart from names of keys and ids: case data is about people.
"""

from __future__ import annotations

from typing import ClassVar


class SamordningError(Exception):
    """Base of all errors raised on purpose. ``what`` is the only part that must be given."""

    exit_code: ClassVar[int] = 3
    http_status: ClassVar[int] = 500
    kind: ClassVar[str] = "internal"

    def __init__(self, what: str, *, where: str = "", why: str = "", todo: str = "", pointer: str = "") -> None:
        self.what, self.where, self.why, self.todo, self.pointer = what, where, why, todo, pointer
        super().__init__(str(self))

    def __str__(self) -> str:
        text = " ".join(sentence(part) for part in (self.what, self.why, self.todo) if part)
        return f"{self.where}: {text}" if self.where else text


def sentence(text: str) -> str:
    """``text`` with a full stop, unless it ends as a sentence already."""
    return text if text.endswith((".", "?", "!")) else text + "."


class InputError(SamordningError):
    """The caller's input is wrong: a case file, an option, a date."""

    exit_code = 2
    http_status = 422
    kind = "input"


class TooLarge(InputError):
    """The input is larger than the limit."""

    http_status = 413
    kind = "too-large"


class WrongMedia(InputError):
    """The input came as a kind of document that is not taken here."""

    http_status = 415
    kind = "unsupported-media-type"


class OutsideData(InputError):
    """The date asked about lies outside what the data covers."""

    kind = "date-outside-data"


class NotFound(InputError):
    """The named thing does not exist in the data."""

    http_status = 404
    kind = "not-found"


class DataError(InputError):
    """A file of law, services, facts or ontology is broken. ``where`` is ``file:line``."""

    http_status = 500
    kind = "data"


class DatasetError(SamordningError):
    """The built dataset is missing, stale or altered."""

    http_status = 503
    kind = "dataset"
