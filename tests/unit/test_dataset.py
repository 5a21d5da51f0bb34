"""A dataset that was altered is refused, wherever it was altered."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from samordning.errors import DatasetError
from samordning.graph.dataset import MANIFEST, QUADS, load
from tests.service.server import write_dataset


def test_a_byte_flipped_at_a_thousand_places(dataset: Path, tmp_path: Path) -> None:
    quads = b"".join((dataset / QUADS).read_bytes().splitlines(keepends=True)[:500])
    folder = write_dataset(tmp_path / "dataset", quads, dataset / MANIFEST)
    assert load(folder).quads == quads
    path = folder / QUADS
    places = random.Random(1).sample(range(len(quads)), 1000)  # noqa: S311  # places, not secrets
    for place in places:
        altered = bytearray(quads)
        altered[place] ^= 1 << place % 8
        path.write_bytes(altered)
        with pytest.raises(DatasetError, match="not the one its manifest describes"):
            load(folder)
    path.write_bytes(quads[:-1])
    with pytest.raises(DatasetError):
        load(folder)
