"""A training environment with nothing but Python records all there is to record, and imports nothing it need not."""

import sys
from pathlib import Path

import pytest

from recorded import BARE, only_run, recorded, run_script

EVERY_CALL = """
import runsite
from pathlib import Path
Path("data.csv").write_text("a\\n1\\n")
Path("plot.png").write_bytes(b"pixels")
with runsite.start_run("digits", store="runs", params={"lr": 0.1}, tags={"team": "vision"}, patch=True) as run:
    run.define_metric("acc", goal="maximize", unit="%")
    run.log_param("depth", 3)
    run.log_params({"width": 4})
    run.log_metric("acc", 0.5, step=0)
    run.log_metrics({"acc": float("nan"), "loss": float("inf")}, step=1)
    run.set_tag("state", "good")
    run.set_tags({"a": "b"})
    run.log_dataset("data.csv", context="training")
    run.log_artifact("plot.png", step=1)
    run.log_artifacts(".", "all")
    run.log_note("text")
event = runsite.register_model("clf", run=run, path="artifacts/plot.step-1.png", by="Ann")
runsite.set_model_stage("clf", event.version, "Production", reason="first", store="runs", by="Ann")
runsite.set_model_alias("clf", "champion", 1, store="runs", by="Ann")
assert len(runsite.model_history("clf", store="runs")) == 3
"""

# What a training script pays for with its start-up time, and msgspec, which must not be needed.
HEAVY = ("altair", "jinja2", "markdown_it", "msgspec", "numpy", "pandas", "rich", "vl_convert", "watchdog")


def test_every_call_works_with_the_standard_library_alone(tmp_path: Path) -> None:
    script = EVERY_CALL + f"\nimport sys\nprint(sorted(set(sys.modules) & set({HEAVY!r})))\n"

    done = run_script(script, cwd=tmp_path, flags=BARE)

    assert (done.stderr, done.stdout.strip()) == ("", "[]")
    kinds = [record["type"] for record in recorded(only_run(tmp_path / "runs"))]
    assert kinds[:5] == ["run_start", "source", "environment", "params", "tags"]
    assert kinds[-2:] == ["note", "run_end"]


@pytest.mark.parametrize("use", ["", "runsite.start_run", "runsite.register_model", "dir(runsite)"])
def test_importing_runsite_imports_nothing_heavy(tmp_path: Path, use: str) -> None:
    done = run_script(f"import runsite, sys\n{use}\nprint(sorted(set(sys.modules) & set({HEAVY!r})))", cwd=tmp_path)

    assert (done.stderr, done.stdout.strip()) == ("", "[]")


def test_msgspec_is_imported_at_the_first_record(tmp_path: Path) -> None:
    script = """
import runsite, sys
before = "msgspec" in sys.modules
with runsite.start_run("digits", store="runs"):
    print(before, "msgspec" in sys.modules)
"""

    assert run_script(script, cwd=tmp_path).stdout.strip() == "False True"


def test_an_unknown_name_is_an_attribute_error(tmp_path: Path) -> None:
    done = run_script("import runsite\nrunsite.start_runs", cwd=tmp_path)

    assert "AttributeError: module 'runsite' has no attribute 'start_runs'" in done.stderr
    assert sys.modules["runsite"].__name__ == "runsite"
