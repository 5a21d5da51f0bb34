"""Build step: makes the dataset that the wheel carries, so that an installed samordning answers at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DatasetHook(BuildHookInterface):  # type: ignore[type-arg]
    """Reads, checks and reasons over the files, and adds the result to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build into the package folder; an editable install finds it there, a wheel takes it along."""
        del version
        if self.target_name != "wheel":
            return
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))
        from samordning.graph.build import build  # noqa: PLC0415

        built = build(root=Path(self.root), say=self.app.display_info)
        for path in built.folder.iterdir():
            build_data["force_include"][str(path)] = f"samordning/dataset/{path.name}"
