"""Every error a user can meet, with its exit code and HTTP status in one place.

A message says what is wrong, where, why it matters and what to do, in that order. It never repeats what the user
sent, apart from names of keys and ids: case data is about people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping


class SamordningError(Exception):
    """Base of all errors raised on purpose. ``what`` is the only part that must be given.

    ``code`` names what is wrong for those who say it in another language, and ``values`` fills the places of that text;
    like every part of a message, they hold nothing that the user sent apart from names of keys and ids.
    """

    exit_code: ClassVar[int] = 3
    http_status: ClassVar[int] = 500
    kind: ClassVar[str] = "internal"

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        why: str = "",
        todo: str = "",
        pointer: str = "",
        code: str = "",
        values: Mapping[str, object] | None = None,
    ) -> None:
        self.what, self.where, self.why, self.todo, self.pointer = what, where, why, todo, pointer
        self.code, self.values = code, dict(values or {})
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


class Busy(SamordningError):
    """All workers are taken and as many as may already wait for one."""

    http_status = 503
    kind = "busy"


class Overdue(InputError):
    """The work took longer than it may. What did it is dead."""

    http_status = 504
    kind = "deadline"


class WorkerLost(TooLarge):
    """A worker ended by itself, most likely because it met one of its limits."""

    kind = "worker-limit"


class Refused(InputError):
    """The caller asks for what is never done here, such as a federated query or an update."""

    http_status = 403
    kind = "refused"


class Malformed(InputError):
    """A query or document that is not in the language it is said to be in."""

    http_status = 400
    kind = "malformed"


class LayerMissing(SamordningError):
    """A layer of protection doesn't hold on this machine."""

    http_status = 503
    kind = "layer-missing"


class NotAcceptable(InputError):
    """None of the kinds of answer the caller takes can be made."""

    http_status = 406
    kind = "not-acceptable"
