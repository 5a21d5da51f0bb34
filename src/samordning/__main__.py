"""``python -m samordning``."""

from __future__ import annotations

from samordning.interfaces.cli.main import run

run()
