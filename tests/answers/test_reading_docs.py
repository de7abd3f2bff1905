"""What docs/reading.md shows works as it stands there."""

import re
from pathlib import Path
from typing import Any

import pytest

import runsite
from runsite.answers.best import BestRun
from runsite.answers.loaded import RunStore, StoredRun
from support import START, metrics, params, run_end, run_start, write_run

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "reading.md").read_text(encoding="utf-8")
OWNERS = {"runsite": runsite, "store": RunStore, "run": StoredRun, "best": BestRun}


@pytest.fixture
def digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of four runs at the place where the examples look for it."""
    monkeypatch.delenv("RUNSITE_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    for place, lr in enumerate((0.1, 0.1, 0.3, 0.9)):
        rows = [metrics(step, {"val/acc": 0.9 + lr * step / 100}, time=START + step) for step in range(5)]
        write_run(tmp_path / "runs", "digits", f"r{place}", run_start(), params(lr=lr, seed=place), *rows, run_end())
    return tmp_path


def test_the_examples_run(digits: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}

    exec("\n".join(blocks), names)

    assert names["best"].run == "digits/r3"
    assert names["by_rate"].loc[0.1, "count"] == 2
    assert names["store"].paths == (digits / "runs",)


def test_every_name_on_the_page_exists() -> None:
    named = set(re.findall(r"\b(runsite|store|run|best)\.([a-z_A-Z]+)", PAGE))

    assert {owner for owner, _ in named} == OWNERS.keys()
    assert [name for owner, name in sorted(named) if name != "define_metric" and not hasattr(OWNERS[owner], name)] == []


@pytest.mark.parametrize("owner", [RunStore, StoredRun, BestRun])
def test_every_public_name_is_on_the_page(owner: type) -> None:
    public = [name for name in dir(owner) if not name.startswith("_")]

    assert [name for name in public if f"`{name}" not in PAGE and f".{name}" not in PAGE] == []
