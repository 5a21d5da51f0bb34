"""Load a built dataset and refuse one that is missing, altered or older than the files beside it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from samordning.errors import DatasetError
from samordning.files import DATASET, PACKAGE, digest

if TYPE_CHECKING:
    from pathlib import Path

QUADS: Final = "dataset.nq"
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class Loaded:
    """The bytes of a dataset whose hash was verified, with its manifest."""

    quads: bytes
    manifest: dict[str, Any]


def load(folder: Path | None = None) -> Loaded:
    """The dataset in ``folder``; by default the one built with the package.

    Raises:
        DatasetError: it is missing, does not have the hash that its manifest states, or the files have changed since.
    """
    place = folder or DATASET
    todo = "Run: samordning build"
    try:
        quads = (place / QUADS).read_bytes()
        manifest = json.loads((place / MANIFEST).read_bytes())
        stated = manifest["dataset"]
    except FileNotFoundError:
        raise DatasetError("There is no built dataset", where=place.name, todo=todo) from None
    except (ValueError, KeyError, TypeError):
        raise DatasetError("The manifest of the dataset can't be read", where=MANIFEST, todo=todo) from None
    if stated != "sha256:" + hashlib.sha256(quads).hexdigest():
        raise DatasetError("The dataset is not the one its manifest describes", where=QUADS, todo=todo)
    in_checkout = not (PACKAGE / "resources").is_dir()
    if folder is None and in_checkout and manifest.get("files") != "sha256:" + digest():
        raise DatasetError("The files have changed since the dataset was built", where=QUADS, todo=todo)
    return Loaded(quads, manifest)
