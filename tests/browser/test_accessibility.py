"""axe-core on each kind of page, light and dark."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from browser.visits import fresh_context, visiting
from built_site import BuiltSite


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, chromium: Browser, origins: dict[str, str], example_site: Path) -> None:
    axe = Axe()
    found: list[str] = []
    with fresh_context(chromium, color_scheme=scheme) as context, visiting(context, origins["root"]) as visit:
        for kind, path in BuiltSite(example_site).kinds().items():
            results = axe.run(visit.open(path))
            found += [
                f"{kind}: {fault['id']}: {node['html'][:160]}"
                for fault in results.response["violations"]
                for node in fault["nodes"]
            ]

    assert found == []
