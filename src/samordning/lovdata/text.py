"""The form in which two copies of a legal text are compared, and the hash of that form."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

#: Soft hyphens, joiners and marks that are never seen: two copies may differ in them and still be the same words.
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_BEFORE_PUNCTUATION: Final = re.compile(r" +(?=[,;:!?)\]»]|\.(?!\.))")


def normalise(text: str) -> str:
    """The same words in one spelling: Unicode NFC, single spaces, none before punctuation, no invisible characters.

    Normalising twice changes nothing.
    """
    seen = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).replace("\N{NON-BREAKING HYPHEN}", "-")
    return _BEFORE_PUNCTUATION.sub("", " ".join(seen.split()))


def digest(text: str) -> str:
    """SHA-256 of the normalised text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()
