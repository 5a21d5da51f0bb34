"""One server for all tests that only read, with rates off so that tests don't throttle each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.server import Server, serving


@pytest.fixture(scope="session")
def server(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(dataset, tmp_path_factory.mktemp("service"), RATE__ENABLED=False) as running:
        yield running
