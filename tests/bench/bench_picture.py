"""How long pictures take: drawn as SVG, and made into PNG by a process of its own, against a browser that draws the same.

Run: python tests/bench/bench_picture.py (the peer needs Chromium; without it only our own times are printed).
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from samordning.interfaces.web.drawing.gathering import Gathering
from samordning.interfaces.web.drawing.raster import Raster
from samordning.interfaces.web.drawing.svg import Sheet
from samordning.interfaces.web.level import Levels
from samordning.interfaces.web.matrix import Matrix
from samordning.knowledge import Knowledge

ROUNDS = 9
FACTS = {"cooperation_necessary": True, "long_term_needs": True, "coordinated_needs": True}


def drawn(kg: Knowledge) -> dict[str, Callable[[], Sheet]]:
    case = {"date": "2026-03-01", "person": {"age": 6}, "facts": FACTS}
    few = kg.answer({**case, "services": ["municipal-health", "primary-school", "ppt", "bup", "police"]})
    every = kg.answer({**case, "services": [service.id for service in kg.law.selectable]})
    return {
        "a case with 5 services": lambda: Gathering(few, kg.law, titled=True).sheet(),
        "a case with all 29 services": lambda: Gathering(every, kg.law, titled=True).sheet(),
        "the matrix": lambda: Matrix(kg, few.date, "nb").grid().sheet(),
        "acts and levels": lambda: Levels(kg, few.date, "nb").grid().sheet(),
    }


def median(times: list[float]) -> float:
    return statistics.median(times) * 1000


async def timed(make: Callable[[], Awaitable[bytes]]) -> tuple[float, int]:
    times, size = [], 0
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        size = len(await make())
        times.append(time.perf_counter() - begun)
    return median(times), size


async def main() -> None:
    kg = Knowledge.open()
    raster = Raster()
    path = shutil.which("chromium")
    playwright: Any = None
    browser: Any = None
    if path:
        from playwright.async_api import async_playwright

        playwright = await async_playwright().start()
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
    print("| what | SVG | PNG at twice the size | Chromium, the same PNG | ratio |\n|---|---|---|---|---|")
    for name, make in drawn(kg).items():
        times = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            sheet = make()
            times.append(time.perf_counter() - begun)
        took, size = await timed(lambda sheet=sheet: raster.png(sheet))  # type: ignore[misc]
        peer = ratio = "-"
        if browser:
            context = await browser.new_context(
                device_scale_factor=2, viewport={"width": int(sheet.width), "height": sheet.height}
            )
            page = await context.new_page()

            async def shot(page: Any = page, sheet: Sheet = sheet) -> bytes:
                await page.set_content(str(sheet.markup()))
                return await page.screenshot()

            other, _ = await timed(shot)
            await context.close()
            peer, ratio = f"{other:.0f} ms", f"{other / took:.1f}x"
        kilobytes = len(sheet.file()) / 1000
        print(
            f"| {name} | {median(times):.1f} ms, {kilobytes:.0f} kB | {took:.0f} ms, {size / 1000:.0f} kB | {peer} | {ratio} |"
        )
    if browser:
        await browser.close()
        await playwright.stop()


if __name__ == "__main__":
    asyncio.run(main())
