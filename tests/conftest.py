"""What every test may ask for: the shared real logs; and which tests need more than Python."""

import os
import signal
from pathlib import Path

import pytest

from built_site import build_by_command
from compiled_once import compile_templates_once
from runsite.charts.assets import chart_assets
from support import skip_or_fail

ROOT = Path(__file__).resolve().parent.parent
NEEDS = {"real_runs": "real_runs", "chromium": "browser", "firefox": "browser"}
"""A test that asks for this fixture, by whatever way, carries this marker, so that `-m "not browser"` finds all."""


if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # in the background of a shell; what tests begin is to hear it
    signal.signal(signal.SIGINT, signal.default_int_handler)
compile_templates_once()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture, marker in NEEDS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


@pytest.fixture(scope="session")
def real_runs() -> Path:
    """The logs of public projects, kept beside this repository: $RUNSITE_REAL_RUNS, else ../shared/real_runs."""
    named = os.environ.get("RUNSITE_REAL_RUNS")
    folder = Path(named) if named else ROOT.parent / "shared" / "real_runs"
    if not (folder / "truth.json").is_file():
        skip_or_fail(f"no real runs at {folder}; set RUNSITE_REAL_RUNS")
    return folder


@pytest.fixture(scope="session")
def chart_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compiled charts, made once for all builds of the suite: they take 3 s."""
    folder = tmp_path_factory.mktemp("charts")
    chart_assets(folder)
    return folder


@pytest.fixture(scope="session")
def example_site(tmp_path_factory: pytest.TempPathFactory, chart_cache: Path) -> Path:
    """The site of example_runs, built once by the command."""
    return build_by_command(ROOT / "example_runs", tmp_path_factory.mktemp("example") / "site", chart_cache)
