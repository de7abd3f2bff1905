"""One run, its metrics and the registered models in a terminal."""

import math

from runsite.model import (
    Artifact,
    Dataset,
    Environment,
    ModelVersion,
    Note,
    ParamConflict,
    Problem,
    RegisteredModel,
    RunFailure,
    RunKey,
    Source,
)
from runsite.tables.run_text import metrics_text, models_text, run_text
from summarised import START, metric, run


def test_a_run_is_told_section_by_section() -> None:
    told = run_text(
        run(
            "a1",
            metric("acc", 0.5, 0.9, goal="maximize"),
            name="brave otter",
            params={"lr": 0.1},
            tags={"team": "vision"},
            attempts=2,
            failure=RunFailure("ValueError", "no\nluck"),
            parent=RunKey("digits", "sweep"),
            params_conflicts=(ParamConflict("lr", 0.1, 0.2, "digits/a1/run.jsonl", 7),),
            datasets=(Dataset("digits", "training", "sha256:" + "a" * 64, None, 1797),),
            artifacts=(Artifact("confusion", "artifacts/confusion.png", size_bytes=18211, kind="image"),),
            source=Source(command="python train.py", commit="abc", dirty=True),
            environment=Environment(python="3.11", packages={"numpy": "2.0"}),
            notes=(Note("It *works*.\nMostly."),),
            problems=(Problem("digits/a1/run.jsonl", 3, "not JSON"),),
        ),
        status="failed",
    )

    assert told.splitlines() == [
        "digits/a1  brave otter",
        "✕ failed · started 2023-11-14 22:13 UTC · 1 min 00 s · 2 attempts",
        "ValueError: no",
        "luck",
        "parent digits/sweep",
        "",
        "metrics",
        "  metric     first  last  best  at step  min  max  count",
        "  ──────  ─  ─────  ────  ────  ───────  ───  ───  ─────",
        "  acc     ▲    0.5   0.9   0.9        1  0.5  0.9      2",
        "",
        "params",
        "  lr  0.1",
        "",
        "params logged again with another value",
        "  lr: 0.1 stands, 0.2 is ignored (digits/a1/run.jsonl:7)",
        "",
        "tags",
        "  team  vision",
        "",
        "datasets",
        "  digits · training · sha256:aaaaaaaaaaaa · 1,797 rows",
        "",
        "artifacts",
        "  confusion · image · 18.2 kB · artifacts/confusion.png",
        "",
        "source",
        "  command  python train.py",
        "  commit   abc with changes not committed",
        "",
        "environment",
        "  python    3.11",
        "  packages  numpy 2.0",
        "",
        "notes",
        "  It *works*.",
        "  Mostly.",
        "",
        "could not be read",
        "  digits/a1/run.jsonl:3: not JSON",
    ]


def test_an_empty_run_is_told_in_two_lines() -> None:
    told = run_text(run("a1", started=None, ended=None, last_time=None, status="running"), status="running")

    assert told == "digits/a1\n▶ running\n"


def test_metrics_count_what_is_not_finite() -> None:
    lines = metrics_text([metric("loss", 1.0, math.nan, math.inf)]).splitlines()

    assert lines[0].split() == ["metric", "first", "last", "min", "max", "count", "non-finite"]
    assert lines[2].split() == ["loss", "1", "∞", "1", "1", "3", "2"]


def test_texts_of_a_run_cannot_steer_the_terminal() -> None:
    told = run_text(run("a\x1b[31m", params={"x\x07": "\x1b]0;t\x07"}, notes=(Note("\x1b[2J"),)), status="finished")

    assert not {"\x1b", "\x07"} & set(told)


def test_models_are_told_with_what_is_in_each_stage() -> None:
    version = ModelVersion(2, "2", "Production", START, START, "Ann", aliases=("champion",), run=RunKey("digits", "a1"))
    removed = ModelVersion(1, "1", "None", None, START, "Ann", removed=True)
    model = RegisteredModel("classifier", "", None, (version, removed), {"Production": (version,)}, ())

    assert models_text([model]).splitlines() == [
        "classifier: 1 version",
        "  version  stage                        aliases   run        registered            by",
        "  ───────  ───────────────────────────  ────────  ─────────  ────────────────────  ───",
        "        2  Production since 2023-11-14  champion  digits/a1  2023-11-14 22:13 UTC  Ann",
    ]


def test_no_models_says_how_the_first_is_made() -> None:
    assert models_text([]) == "No registered models; `runsite model register` makes the first.\n"
