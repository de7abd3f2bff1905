"""Chart assets are made once, apart from whoever asks, and kept in a cache that may fail."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from runsite.charts.assets import chart_assets, make_apart
from runsite.charts.specs import make_script

Item = TypeVar("Item")
ALL = ["vega", "chart_specs", "relation_specs"]


class Maker:
    """Stands in for the slow makers, and lists what was made."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, names: Sequence[str]) -> dict[str, bytes]:
        self.names += names
        return {name: f"{name}();\n".encode() for name in names}


def test_second_build_takes_assets_from_the_cache(tmp_path: Path) -> None:
    make = Maker()

    first = chart_assets(tmp_path / "new" / "cache", make=make)
    second = chart_assets(tmp_path / "new" / "cache", make=make)

    assert make.names == ALL
    assert first == second
    assert [file.path for file in first] == ["assets/vega.js", "assets/chart_specs.js", "assets/relation_specs.js"]


def test_without_a_cache_assets_are_made_each_time() -> None:
    make = Maker()

    chart_assets(None, make=make)
    chart_assets(None, make=make)

    assert make.names == ALL * 2


def test_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    assets = chart_assets(tmp_path / "file", make=Maker())

    assert [asset.content for asset in assets] == [f"{name}();\n".encode() for name in ALL]


@pytest.mark.parametrize("harm", ["torn", "another", "with a byte changed", "emptied"])
def test_cache_entry_that_is_not_as_it_was_made_is_made_again(tmp_path: Path, harm: str) -> None:
    make = Maker()
    first = chart_assets(tmp_path, make=make)
    entry = next(tmp_path.glob("chart_specs-*"))
    kept = entry.read_bytes()
    harmed = {"torn": kept[:-2], "another": b"x();\n", "with a byte changed": kept.replace(b"specs(", b"speks(")}
    entry.write_bytes(harmed.get(harm, b""))

    again = chart_assets(tmp_path, make=make)

    assert make.names == [*ALL, "chart_specs"]
    assert again == first


def test_entries_of_other_versions_leave_the_cache(tmp_path: Path) -> None:
    (tmp_path / "vega-0123456789abcdef.js").write_text("old();\n")

    chart_assets(tmp_path, make=Maker())

    assert len(list(tmp_path.glob("vega-*.js"))) == 1


@pytest.mark.parametrize("executable", [sys.executable, "", "/no/such/python", "/bin/true"])
def test_scripts_have_the_same_bytes_wherever_they_are_made(executable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", executable)

    assert make_apart(["chart_specs"]) == {"chart_specs": make_script("chart_specs")}


class Stopping:
    """Ends what goes on once a file is there."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def message(self, text: str) -> None:
        del text

    def progress(self, items: Iterable[Item], *, label: str, total: int) -> Iterator[Item]:
        del label, total
        for item in items:
            if self._file.exists():
                raise KeyboardInterrupt
            yield item


@pytest.mark.skipif(sys.platform == "win32", reason="starts a shell")
def test_process_that_makes_scripts_ends_with_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/half\nmv {tmp_path}/half {tmp_path}/process\nexec sleep 60\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))

    with pytest.raises(KeyboardInterrupt):
        make_apart(ALL, Stopping(tmp_path / "process"))

    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "process").read_text()), 0)


def test_a_caller_without_a_main_guard_makes_charts_once_and_loads_nothing_heavy(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "print('begun')\n"
        "import sys\n"
        "from runsite.charts.assets import make_apart\n"
        "made = make_apart(['chart_specs'])\n"
        "print([name for name in ('altair', 'vl_convert') if name in sys.modules], len(made))\n"
    )

    printed = subprocess.run([sys.executable, program], capture_output=True, check=True, encoding="utf-8").stdout

    assert printed.splitlines() == ["begun", "[] 1"]


def test_charts_import_nothing_heavy_before_they_are_made() -> None:
    code = (
        "import sys; import runsite.charts, runsite.charts.cards, runsite.charts.assets, runsite.charts.sparkline;"
        "print([name for name in ('altair', 'vl_convert', 'numpy', 'msgspec', 'jinja2') if name in sys.modules])"
    )

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8").stdout

    assert printed.strip() == "[]"
