"""A drawing as PNG, made by a process of its own: drawing pixels is long work that would hold up every other request."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from samordning.errors import Busy, Overdue, SamordningError
from samordning.interfaces.web import vendor

if TYPE_CHECKING:
    from samordning.interfaces.web.drawing.svg import Sheet

#: Pixels for each unit of the drawing.
SCALE: Final = 2
#: The most pixels of one picture; ours stay well below.
MOST: Final = 24_000_000
SECONDS: Final = 10.0
_AT_ONCE: Final = 2
_WAITING: Final = 8
_PROGRAM: Final = Path(__file__).with_name("rasteriser.py")
#: Of the environment, what Python needs to start.
_PASSED: Final = ("PATH", "LD_LIBRARY_PATH", "LANG", "SYSTEMROOT", "TEMP")


class NoFonts(SamordningError):
    """The fonts that the build step brings in are not here."""

    http_status = 503
    kind = "off"


class Raster:
    """Makes PNG of drawings, a few at once. ``seconds`` is how long one may take."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._under_way = 0
        fonts = [vendor.FOLDER / name for name in vendor.WHOLE]
        self._fonts = [str(font) for font in fonts] if all(font.exists() for font in fonts) else []

    async def png(self, sheet: Sheet) -> bytes:
        """The drawing at twice its size.

        Raises:
            NoFonts: this installation was built without them.
            Busy: too many pictures are being made.
            Overdue: it took too long, and was stopped.
            SamordningError: it could not be drawn.
        """
        if not self._fonts:
            raise NoFonts("This installation makes no PNG: it was built without fonts", todo="Take the picture as SVG")
        if sheet.width * sheet.height * SCALE**2 > MOST:
            raise SamordningError("The picture is too large to be drawn as PNG")
        if self._under_way >= _AT_ONCE + _WAITING:
            raise Busy("Too many pictures are being made", todo="Try again in a moment, or take the picture as SVG")
        self._under_way += 1
        try:
            async with self._free:
                return await self._run(sheet.file())
        finally:
            self._under_way -= 1

    async def _run(self, drawing: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(_PROGRAM), str(SCALE), *self._fonts,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _PASSED if name in os.environ},
        )  # fmt: skip
        try:
            async with asyncio.timeout(self._seconds):
                drawn, _ = await process.communicate(drawing)
        except TimeoutError:
            raise Overdue("The picture took too long to draw", todo="Take it as SVG") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode or not drawn:
            raise SamordningError("The picture could not be drawn as PNG")
        return drawn
