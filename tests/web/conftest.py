"""One service without a server, for tests of what pages are made of."""

from __future__ import annotations

import pytest

from samordning.check.checker import Checker
from samordning.interfaces.http.service import Service
from samordning.interfaces.http.telemetry import Meter
from samordning.interfaces.settings import Settings
from samordning.interfaces.web.check import Desk
from samordning.knowledge import Knowledge


@pytest.fixture(scope="session")
def desk(kg: Knowledge) -> Desk:
    return Desk(Service.make(kg, Settings(), Meter(enabled=False)))


@pytest.fixture(scope="session")
def checker(desk: Desk) -> Checker:
    return desk.service.checker
