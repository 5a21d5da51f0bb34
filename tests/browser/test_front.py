"""The front page in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visit

LANGUAGES = ("nb", "nn", "en")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_front_page_has_no_findings(visit: Callable[..., Visit], axe: str, lang: str, scheme: str) -> None:
    tab = visit(f"/{lang}/", color_scheme=scheme)
    assert tab.findings(axe) == []
    assert tab.faults == []
    assert tab.outside() == []
    assert tab.page.evaluate("document.documentElement.lang") == lang


def test_the_first_page_is_small(visit: Callable[..., Visit]) -> None:
    tab = visit()
    sizes = []
    tab.page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    tab.goto("/")
    tab.page.wait_for_load_state("networkidle")
    assert tab.page.url.endswith("/nb/")
    assert len(sizes) >= 4
    assert sum(sizes) < 150_000
