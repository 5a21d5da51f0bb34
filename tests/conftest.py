"""Fixtures: the dataset built from the files, once for the whole run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from samordning.graph.build import build
from samordning.knowledge import Knowledge

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a dataset built from the files as they are; SAMORDNING_TEST_DATASET names one to use instead."""
    given = os.environ.get("SAMORDNING_TEST_DATASET")
    if given:
        return Path(given).resolve()
    return build(tmp_path_factory.mktemp("dataset"), ROOT).folder


@pytest.fixture(scope="session")
def kg(dataset: Path) -> Knowledge:
    return Knowledge.open(dataset, endpoint=os.environ.get("SAMORDNING_TEST_ENDPOINT", ""))


def shared(*parts: str) -> Path:
    """A file of the legal texts that may lie beside the project; the test is skipped where they don't."""
    path = ROOT.parent.joinpath("shared", *parts)
    if not path.exists():
        pytest.skip(f"the legal texts are not here: ../shared/{'/'.join(parts)}")
    return path


@pytest.fixture
def run(dataset: Path, tmp_path: Path):
    def call(*arguments: str, code: int = 0, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "SAMORDNING_DATASET": str(dataset), "COLUMNS": "160", "NO_COLOR": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "samordning", *arguments],
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path,
            input=stdin,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done

    return call
