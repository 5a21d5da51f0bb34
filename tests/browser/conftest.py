"""A real browser (Chromium) against a real server. Skipped, with the reason, where there is no Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from samordning.interfaces.web import vendor
from tests.service.server import Server, serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
HERE = Path(__file__).parent
BASE = "http://127.0.0.1"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str:
    found = os.environ.get("SAMORDNING_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("there is no Chromium here (Debian: chromium)")
    return found


@pytest.fixture(scope="session")
def site(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The service that the browser visits."""
    with serving(dataset, tmp_path_factory.mktemp("site"), RATE__ENABLED=False) as running:
        yield running


# Its event loop runs in this thread until it is closed, and other tests have loops of their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    path = chromium()
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of npm packages that the tests use, as the lock file names them."""
    folder = tmp_path_factory.mktemp("packages")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, folder / name)
    try:
        command = [*vendor.npm(), "ci", "--ignore-scripts"]
    except vendor.NoPackages as error:
        pytest.skip(str(error))
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("npm could not fetch the packages that these tests use")
    return folder / "node_modules"


@pytest.fixture(scope="session")
def axe(packages: Path) -> str:
    """The accessibility checker as a script."""
    return (packages / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


class Visit:
    """A tab, with everything it asked for and everything that went wrong in it."""

    def __init__(self, page: Any, site: Server) -> None:
        self.page, self.site = page, site
        self.faults: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def goto(self, path: str) -> Any:
        return self.page.goto(self.site.url + path)

    def findings(self, axe: str) -> list[str]:
        """What axe-core finds wrong with the page as it stands, WCAG 2.1 A and AA and its best practices."""
        self.page.evaluate(axe)  # through the debugging protocol, which the page's policy does not bind
        found = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']} ({one['impact']}): {node['target']} {node['failureSummary']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    def outside(self) -> list[str]:
        """Requests to any other host."""
        return [url for url in self.requests if not url.startswith((self.site.url, "data:", "blob:", "about:"))]


@pytest.fixture
def visit(browser: Any, site: Server) -> Iterator[Callable[..., Visit]]:
    """Opens tabs: ``visit(path, lang, **options of Playwright's new_context)``."""
    opened = []

    def open_tab(path: str = "", **options: Any) -> Visit:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "nb-NO", **options})
        opened.append(context)
        tab = Visit(context.new_page(), site)
        if path:
            tab.goto(path)
        return tab

    yield open_tab
    for context in opened:
        context.close()
