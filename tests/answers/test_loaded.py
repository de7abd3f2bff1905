"""What a notebook gets of a store: the figures of `runsite runs --json`, as DataFrames."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import runsite
from runsite import RunsiteError
from runsite.answers.loaded import RunStore
from runsite.errors import StoreError
from support import START, FakeClock, append_to_run, metrics, params, run_end, run_start, write_run

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "example_runs"
ODD = 'a.b[0] "x" \\ `y` </script>'
LARGE = 2**70
POINTS = ["experiment", "run", "name", "step", "value", "time", "attempt"]


def read_text(value: Any) -> Any:
    """Undo what JSON does to numbers that are not finite."""
    return float(value) if value in ("NaN", "Infinity", "-Infinity") else value


def is_same(left: Any, right: Any) -> bool:
    """Compare a cell with a JSON value to the last bit; null and missing are NA or NaN."""
    left_missing, right_missing = [
        value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)) for value in (left, right)
    ]
    return bool(left_missing and right_missing) or (left_missing is right_missing and bool(left == right))


def settings(store: Path, text: str) -> None:
    (store / "runsite.toml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def examples() -> RunStore:
    return runsite.load(EXAMPLES)


@pytest.fixture(scope="module")
def told() -> dict[tuple[str, str], dict[str, Any]]:
    command = [sys.executable, "-m", "runsite.cli", "runs", str(EXAMPLES), "--json"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return {(run["experiment"], run["run"]): run for run in map(json.loads, done.stdout.splitlines())}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Three runs of digits, from 1, 2 and 3 o'clock, and one of text."""
    goal = {"type": "metric_definition", "name": "val/acc", "goal": "maximize"}
    for place, (run, lr, accs) in enumerate(
        (("a", 0.1, (0.5, 0.9)), ("b", 0.01, (0.9, 0.7)), ("c", 0.5, (0.3, "NaN")))
    ):
        rows = [metrics(step, {"val/acc": acc}, time=START + step) for step, acc in enumerate(accs)]
        start = run_start(time=START + 3600 * place, name=f"run {run}")
        write_run(tmp_path, "digits", run, start, goal, params(lr=lr), *rows, run_end(time=START + 3600 * place + 60))
    write_run(tmp_path, "text", "a", run_start(), metrics(None, {"ppl": 30}), run_end())
    return tmp_path


def test_figures_are_those_of_the_command_to_the_last_bit(
    examples: RunStore, told: dict[tuple[str, str], dict[str, Any]]
) -> None:
    frame = examples.runs()

    assert len(frame) == len(told)
    for _, row in frame.iterrows():
        run = told[row["experiment"], row["run"]]
        for name, figures in run["metrics"].items():
            said = {
                "min": figures["min"],
                "max": figures["max"],
                "last": figures["last"][1],
                "first": figures["first"][1],
            }
            said |= {"best": (figures["best"] or [None, None])[1]} if figures["goal"] else {}
            for aggregate, value in said.items():
                assert is_same(row[f"metrics.{name}.{aggregate}"], read_text(value)), (run["run"], name, aggregate)
        for name, value in run["params"].items():
            assert is_same(row[f"params.{name}"], value), (run["run"], name)
        assert {name: row[f"tags.{name}"] for name in run["tags"]} == run["tags"]
        assert (row["name"], row["status"]) == (run["name"], run["status"])
        assert is_same(row["parent"], run["parent"])
        assert row["started"].timestamp() == pytest.approx(run["started"], abs=1e-6)


def test_what_a_run_does_not_have_is_missing(examples: RunStore, told: dict[tuple[str, str], dict[str, Any]]) -> None:
    frame = examples.runs()

    for id in [id for id in frame.columns if id.startswith("params.")]:
        with_param = {key for key, run in told.items() if id.removeprefix("params.") in run["params"]}
        filled = frame[frame[id].notna()]
        assert {(row["experiment"], row["run"]) for _, row in filled.iterrows()} <= with_param


def test_every_point_is_there_as_the_command_prints_it(examples: RunStore) -> None:
    id = next(run for run in examples.runs()["run"] if "rmse" not in run)
    run = examples.run(id)
    command = [sys.executable, "-m", "runsite.cli", "metrics", id, "--json", "--store", str(EXAMPLES)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    said: dict[str, list[tuple[Any, Any]]] = {}
    for point in map(json.loads, done.stdout.splitlines()):
        said.setdefault(point["metric"], []).append((point["step"], read_text(point["value"])))

    assert said.keys() == run.metrics.keys()
    for name, points in said.items():
        frame = run.metric(name)
        assert len(frame) == len(points)
        assert all(map(is_same, frame["step"], [step for step, _ in points]))
        assert all(map(is_same, frame["value"], [value for _, value in points]))


def test_runs_stand_as_in_the_tables_one_row_each(store: Path) -> None:
    frame = runsite.load(store).runs()

    assert frame["experiment"].tolist() == ["digits", "digits", "digits", "text"]
    assert frame["run"].tolist() == ["a", "b", "c", "a"]  # equal bests: the earliest stands first
    assert list(frame.columns[:6]) == ["experiment", "run", "name", "status", "started", "duration"]
    assert frame["duration"].tolist() == [60.0] * 4
    assert frame.index.tolist() == [0, 1, 2, 3]
    assert runsite.load(store).experiments == ["digits", "text"]


def test_an_experiment_alone_has_only_its_own_columns(store: Path) -> None:
    frame = runsite.load(store).runs(experiment="digits")

    assert frame["run"].tolist() == ["a", "b", "c"]
    assert [id for id in frame.columns if "ppl" in id] == []


def test_columns_are_named_as_a_person_would(store: Path) -> None:
    frame = runsite.load(store).runs(
        columns=["id", "lr", "val/acc", "val/acc.last", "`val/acc`.min", "metrics.ppl.max"]
    )

    assert list(frame.columns) == [
        "id", "params.lr", "metrics.val/acc.best", "metrics.val/acc.last", "metrics.val/acc.min", "metrics.ppl.max"
    ]  # fmt: skip
    assert frame["params.lr"].tolist()[:3] == [0.1, 0.01, 0.5]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("lr", ["b", "a", "c", "a"]),
        ("-lr", ["c", "a", "b", "a"]),
        ("-val/acc,lr", ["b", "a", "c", "a"]),
        (["-metrics.val/acc.best", "-lr"], ["a", "b", "c", "a"]),
        ("val/acc.last", ["b", "a", "c", "a"]),
        ("-val/acc.last", ["a", "b", "c", "a"]),
        ("-`lr`, run", ["c", "a", "b", "a"]),
    ],
    ids=str,
)
def test_nan_and_missing_are_last_in_both_directions(store: Path, sort: Any, order: list[str]) -> None:
    assert runsite.load(store).runs(sort=sort)["run"].tolist() == order


def test_a_filter_leaves_its_runs_and_keeps_every_columns_type(store: Path) -> None:
    loaded = runsite.load(store)
    all_runs, some, none = loaded.runs(), loaded.runs("lr < 0.3"), loaded.runs("lr > 3")

    assert some["run"].tolist() == ["a", "b"]
    assert some.index.tolist() == [0, 1]
    assert len(none) == 0
    assert all_runs.dtypes.tolist() == some.dtypes.tolist() == none.dtypes.tolist()


def test_a_filter_finds_what_only_one_experiment_has(store: Path) -> None:
    assert runsite.load(store).runs("ppl > 3")["experiment"].tolist() == ["text"]
    assert runsite.load(store).runs("experiment = text")["run"].tolist() == ["a"]


def test_values_keep_their_types_and_what_is_missing_is_not_zero(tmp_path: Path) -> None:
    whole = params(depth=3, width=1, seed=LARGE, mixed="x", on=True, hidden=[8, 8])
    write_run(tmp_path, "e", "a", run_start(), whole, run_end())
    mixed = params(depth=None, width=0.5, seed=1, mixed=1)
    write_run(tmp_path, "e", "b", run_start(time=START - 1), mixed, run_end())

    frame = runsite.load(tmp_path).runs()

    types = {id.removeprefix("params."): str(dtype) for id, dtype in frame.dtypes.items() if id.startswith("params.")}
    assert types == {
        "depth": "Int64", "hidden": "object", "mixed": "object", "on": "boolean", "seed": "object", "width": "float64",
    }  # fmt: skip
    assert frame["params.seed"].tolist() == [LARGE, 1]
    assert frame["params.depth"].tolist() == [3, pd.NA]
    assert frame["params.hidden"][0] == [8, 8]
    assert frame["params.on"].isna().tolist() == [False, True]


def test_long_texts_and_exact_moments_are_whole(tmp_path: Path) -> None:
    write_run(tmp_path, "e", "a", run_start(time=START + 0.123456, name="n" * 500), params(path="p" * 500), run_end())

    frame = runsite.load(tmp_path).runs()

    assert (frame["name"][0], frame["params.path"][0]) == ("n" * 500, "p" * 500)
    assert frame["started"][0] == pd.Timestamp("2023-11-14 22:13:20.123456", tz="UTC")


def test_facts_that_no_run_has_are_columns_all_the_same(tmp_path: Path) -> None:
    write_run(tmp_path, "e", "a", params(lr=0.1))

    frame = runsite.load(tmp_path).runs()

    assert frame["started"].isna().tolist() == frame["parent"].isna().tolist() == [True]
    assert str(frame["started"].dtype) == "datetime64[us, UTC]"
    assert runsite.load(tmp_path).runs(sort="-started")["run"].tolist() == ["a"]


def test_an_odd_name_is_only_a_name(tmp_path: Path) -> None:
    write_run(tmp_path, ODD.replace("/", "_"), "a", run_start(), params(**{ODD: 1}), metrics(1, {ODD: "Infinity"}))
    loaded = runsite.load(tmp_path)

    frame = loaded.runs(columns=[f"params.{ODD}", f"metrics.{ODD}.last"])

    assert frame.iloc[0].tolist() == [1, math.inf]
    assert loaded.metric(ODD)["value"].tolist() == [math.inf]
    assert loaded.run("a").metrics[ODD].count == 1


def test_odd_names_can_be_filtered_and_sorted_by(tmp_path: Path) -> None:
    for place, run in enumerate("abc"):
        write_run(tmp_path, "e", run, run_start(), params(**{ODD: place, "x,y": -place}))
    loaded = runsite.load(tmp_path)
    quoted = ODD.replace("`", "``")

    assert loaded.runs(f"params.`{quoted}` >= 1", sort="`x,y`")["run"].tolist() == ["c", "b"]
    assert loaded.runs(sort=["-params.x,y"])["run"].tolist() == ["a", "b", "c"]


def test_no_columns_are_rows_without_any(store: Path) -> None:
    assert runsite.load(store).runs(columns=[]).shape == (4, 0)


def test_points_of_a_metric_are_rows_in_log_order(store: Path) -> None:
    frame = runsite.load(store).metric("val/acc")

    assert list(frame.columns) == POINTS
    assert frame["run"].tolist() == ["a", "a", "b", "b", "c", "c"]
    assert frame["name"].tolist()[2:4] == ["run b"] * 2
    assert frame["step"].tolist() == [0, 1] * 3
    assert frame["value"].tolist()[:5] == [0.5, 0.9, 0.9, 0.7, 0.3]
    assert math.isnan(frame["value"].tolist()[5])
    assert frame["time"].tolist()[1] == pd.Timestamp("2023-11-14 22:13:21", tz="UTC")


def test_a_restarted_run_has_a_second_attempt(tmp_path: Path) -> None:
    rows = [metrics(step, {"loss": step}, time=START + place) for place, step in enumerate((0, 1, 2, 1, 2))]
    write_run(tmp_path, "e", "a", run_start(), *rows)

    frame = runsite.load(tmp_path).metric("loss")

    assert frame["step"].tolist() == [0, 1, 2, 1, 2]
    assert frame["attempt"].tolist() == [1, 1, 1, 2, 2]


def test_a_missing_step_and_time_are_missing(store: Path) -> None:
    frame = runsite.load(store).metric("ppl")

    assert frame["step"].tolist() == [pd.NA]
    assert frame["time"].isna().tolist() == [True]


def test_a_filter_leaves_the_points_of_its_runs(store: Path) -> None:
    loaded = runsite.load(store)

    assert loaded.metric("val/acc", "lr < 0.05")["run"].tolist() == ["b", "b"]
    assert loaded.metric("val/acc", "lr > 3").dtypes.tolist() == loaded.metric("val/acc").dtypes.tolist()
    assert loaded.metric("ppl", experiment="text")["value"].tolist() == [30.0]


def test_of_equal_bests_the_run_that_started_first_is_best(store: Path) -> None:
    best = runsite.load(store).best("digits", "val/acc")

    assert (best.run, best.name, best.metric) == ("digits/a", "run a", "val/acc")
    assert (best.value, best.step, best.goal, best.goal_from) == (0.9, 1, "maximize", "record")
    assert runsite.load(store).best("digits") == best


def test_one_goal_is_settled_for_all_runs_of_an_experiment(tmp_path: Path) -> None:
    goal = {"type": "metric_definition", "name": "score", "goal": "minimize"}
    write_run(tmp_path, "e", "a", run_start(), metrics(1, {"score": 1}), metrics(2, {"score": 5}), run_end())
    write_run(tmp_path, "e", "b", run_start(time=START + 9), goal, metrics(1, {"score": 2}), run_end())
    loaded = runsite.load(tmp_path)

    assert loaded.runs(columns=["run", "score"])["metrics.score.best"].tolist() == [1.0, 2.0]
    assert (loaded.best("e", "score").run, loaded.best("e", "score").value) == ("e/a", 1.0)
    assert loaded.run("a").metrics["score"].goal_from == "record"


def test_settings_declare_goals_and_the_main_metric(store: Path) -> None:
    settings(store, '[metrics.ppl]\ngoal = "maximize"\n')

    best = runsite.load(store).best("text")

    assert (best.metric, best.goal, best.goal_from, best.step) == ("ppl", "maximize", "settings", None)


def test_a_run_is_found_by_the_beginning_of_its_id(store: Path) -> None:
    run = runsite.load(store).run("b")

    assert (run.key, run.id, run.experiment, run.name, run.status) == ("digits/b", "b", "digits", "run b", "finished")
    assert run.params == {"lr": 0.01}
    assert run.metrics["val/acc"].best is not None
    assert run.metrics["val/acc"].best.value == 0.9
    assert list(run.metric("val/acc").columns) == ["step", "value", "time", "attempt"]
    assert run.folder == store / "digits" / "b"
    assert repr(run) == "<run digits/b, finished>"


def test_a_silent_run_is_stalled_by_the_clock_that_is_given(tmp_path: Path) -> None:
    write_run(tmp_path, "e", "a", run_start(), metrics(1, {"loss": 1}, time=START + 60))
    clock = FakeClock(START + 660)
    early, late = runsite.load(tmp_path, clock=clock), runsite.load(tmp_path, clock=clock)

    assert early.runs()["status"].tolist() == ["running"]
    clock.advance(1)
    assert late.runs("status = stalled")["run"].tolist() == ["a"]
    assert early.run("a").status == "running"  # it was read while it was running


def test_runs_are_kept_as_they_were_first_read(tmp_path: Path) -> None:
    folder = write_run(tmp_path, "e", "a", run_start(), metrics(1, {"loss": 1}))
    loaded = runsite.load(tmp_path)
    loaded.runs()
    append_to_run(folder, metrics(2, {"loss": 0.5}))

    assert loaded.metric("loss")["step"].tolist() == [1]
    assert runsite.load(tmp_path).metric("loss")["step"].tolist() == [1, 2]


def test_several_stores_are_read_as_one(tmp_path: Path) -> None:
    write_run(tmp_path / "one", "e", "a", run_start(), metrics(1, {"loss": 1}))
    write_run(tmp_path / "two", "e", "b", run_start(), metrics(1, {"loss": 2}))

    loaded = runsite.load([tmp_path / "one", str(tmp_path / "two")])

    assert sorted(loaded.runs()["run"]) == ["a", "b"]
    assert loaded.best("e").value == 1.0


def test_without_an_argument_the_store_is_found_as_everywhere(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNSITE_STORE", str(store))

    assert runsite.load().paths == (store,)


def test_an_experiment_that_went_away_is_left_out(store: Path) -> None:
    loaded = runsite.load(store)
    (store / "text" / "a" / "run.jsonl").unlink()

    assert set(loaded.runs()["experiment"]) == {"digits"}
    with pytest.raises(RunsiteError, match="experiment 'text' went away"):
        loaded.runs(experiment="text")


def test_a_store_with_models_alone_has_no_rows(tmp_path: Path) -> None:
    (tmp_path / "models" / "m").mkdir(parents=True)

    frame = runsite.load(tmp_path).runs()

    assert len(frame) == 0
    assert "started" in frame.columns


def test_an_empty_or_missing_store_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no runs yet"):
        runsite.load(tmp_path)
    with pytest.raises(StoreError, match="no such store"):
        runsite.load(tmp_path / "nowhere")
    with pytest.raises(RunsiteError, match="no store is named"):
        runsite.load([])


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda store: store.metric("val/ac"), "no run has a metric 'val/ac'; did you mean 'val/acc'?"),
        (lambda store: store.runs(columns=["val/ac"]), "no run has a column 'val/ac'; did you mean 'val/acc'?"),
        (lambda store: store.runs(sort="-durations"), "no run has a column 'durations'; did you mean 'duration'?"),
        (
            lambda store: store.runs("val/ac > 1"),
            "at character 1: no run has 'val/ac'; did you mean metrics.`val/acc`.",
        ),
        (lambda store: store.runs(experiment="digit"), "no experiment 'digit'; did you mean 'digits'?"),
        (
            lambda store: store.best("digits", "val/ac"),
            "no run of 'digits' has a metric 'val/ac'; did you mean 'val/acc'?",
        ),
        (lambda store: store.best("digits", "zzz"), "no run of 'digits' has a metric 'zzz'; there is val/acc"),
        (lambda store: store.run("c").metric("loss"), "run digits/c has no metric 'loss'; there is val/acc"),
        (lambda store: store.run("nobody"), "no run 'nobody'"),
    ],
)
def test_an_unknown_name_is_one_line_with_the_nearest_one(store: Path, ask: Any, said: str) -> None:
    with pytest.raises(RunsiteError) as refused:
        ask(runsite.load(store))

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_metric_without_a_goal_has_no_best_and_says_how_to_declare_one(tmp_path: Path) -> None:
    write_run(tmp_path, "e", "a", run_start(), metrics(1, {"score": 1}))
    write_run(tmp_path, "nan", "a", run_start(), metrics(1, {"loss": "NaN"}))
    loaded = runsite.load(tmp_path)

    with pytest.raises(
        RunsiteError, match=r"""'score' of 'e' has no goal; .*run.define_metric\('score', goal=.*metrics."""
    ):
        loaded.best("e", "score")
    with pytest.raises(RunsiteError, match="no metric of 'e' has a goal"):
        loaded.best("e")
    with pytest.raises(RunsiteError, match="no run of 'nan' has a finite value of 'loss'"):
        loaded.best("nan")


def test_a_filter_that_cannot_be_read_is_refused(store: Path) -> None:
    with pytest.raises(RunsiteError):
        runsite.load(store).runs("lr == (")


def test_loading_and_one_runs_figures_need_no_pandas(store: Path) -> None:
    script = (
        f"import runsite, sys; store = runsite.load({str(store)!r}); store.run('b').metrics; store.best('digits')\n"
        "print('pandas' in sys.modules); store.runs(); print('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "True"]
