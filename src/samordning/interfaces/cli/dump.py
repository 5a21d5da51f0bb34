"""``samordning export``: the dataset as files for others, written to a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samordning.catalogue import dump
from samordning.errors import InputError
from samordning.graph import dataset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def export(out: Path, folder: Path | None) -> Iterator[tuple[str, int]]:
    """Write every file to ``out``; yields name and size of each.

    Raises:
        DatasetError: there is no dataset.
        InputError: the folder can't be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in dump.files(dataset.load(folder)).items():
            (out / name).write_bytes(data)
            yield name, len(data)
    except OSError as error:
        raise InputError(f"The folder can't be written: {error.strerror}", where=str(out)) from None
