"""`runsite runs` with a filter, an order and columns: which runs are listed, how, and what is said about them."""

import csv
import io
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runsite.answers import experiment_summaries, read_summaries
from runsite.cli import main
from runsite.config import Settings
from runsite.sources import list_store
from runsite.tables import run_table
from runsite.tables.run_files import run_files
from support import metrics, params, run_end, run_start, write_run

DAY = 86_400.0
Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    def ask(*arguments: object) -> tuple[int, str, str]:
        code = main(["runs", *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return ask


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Three runs of digits with a rate and an accuracy, two of wine with a depth and a loss."""
    folder = tmp_path / "runs"
    for run, rate, acc in (("a", 0.1, 0.7), ("b", 0.2, 0.9), ("c", 0.2, 0.8)):
        points = [metrics(step, {"val/acc": acc - 0.1 * step}) for step in (0, 1)]
        write_run(folder, "digits", run, run_start(run=run, name=run), params(lr=rate), *points, run_end())
    for run, depth, loss in (("d", 3, 0.5), ("e", 1, "NaN")):
        write_run(folder, "wine", run, run_start(run=run), params(depth=depth), metrics(0, {"loss": loss}), run_end())
    return folder


def ids(out: str) -> list[str]:
    return [json.loads(line)["run"] for line in out.splitlines()]


def rows(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out)))


def test_a_filter_leaves_its_runs_as_whole_objects(store: Path, ask: Ask) -> None:
    every = ask(store, "--json")[1].splitlines()

    code, out, err = ask(store, "--filter", "lr = 0.2 and val/acc.best > 0.85", "--json")

    assert (code, err) == (0, "")
    assert out.splitlines() == [line for line in every if json.loads(line)["run"] == "b"]


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("depth > 0", ["d", "e"]),
        ("depth > 2 or lr < 0.2", ["a", "d"]),
        ("lr is null", ["d", "e"]),
        ("not lr = 0.1", ["b", "c", "d", "e"]),
        ("experiment = wine", ["d", "e"]),
        ("parent is null and status = finished", ["a", "b", "c", "d", "e"]),
        ("loss.last = nan", ["e"]),
        ("", ["a", "b", "c", "d", "e"]),
    ],
)
def test_what_an_experiment_lacks_is_missing_in_its_runs(filter: str, found: list[str], store: Path, ask: Ask) -> None:
    assert sorted(ids(ask(store, "--filter", filter, "--json")[1])) == found


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--filter", "depht > 1"), "filter, at character 1: no run has 'depht'; did you mean depth?"),
        (
            ("--filter", "lr = 1 or params.lt = 2"),
            "filter, at character 11: no run has 'params.lt'; did you mean params.lr?",
        ),
        (
            ("--filter", "zzzzzz = 1"),
            "filter, at character 1: no run has 'zzzzzz'; there is attempts, depth, duration, ",
        ),
        (("--filter", "lr >"), "filter, at character 5: expected a value after >, but the filter ends"),
        (("--sort", "-dept"), "no run has a column 'dept'; did you mean 'depth'?"),
        (("--columns", "name,dept", "--csv"), "no run has a column 'dept'; did you mean 'depth'?"),
        (("--columns", "name", "--json"), "--columns goes with the table and with --csv; "),
    ],
)
def test_a_slip_is_one_line_with_its_place_and_the_nearest_name(
    words: tuple[str, ...], problem: str, store: Path, ask: Ask
) -> None:
    code, out, err = ask(store, *words)

    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert err.startswith(f"runsite: {problem}")


def test_a_filter_that_finds_nothing_says_so_and_is_no_fault(store: Path, ask: Ask) -> None:
    for form in ((), ("--json",)):
        assert ask(store, "--filter", "lr > 1", *form) == (0, "", "no run matches the filter\n")


def test_silent_runs_are_stalled_to_a_filter_as_to_who_looks(tmp_path: Path, ask: Ask) -> None:
    now = time.time()
    for run, last in (("silent", now - DAY), ("alive", now)):
        write_run(tmp_path, "e", run, run_start(run=run, time=last - 60), metrics(0, {"x": 1}, time=last))

    for status, run in (("stalled", "silent"), ("running", "alive")):
        (found,) = map(json.loads, ask(tmp_path, "--filter", f"status = {status}", "--json")[1].splitlines())
        assert (found["run"], found["status"]) == (run, status)


def test_a_filter_for_words_with_blanks_and_minus_signs_is_one_word_of_the_shell(store: Path, ask: Ask) -> None:
    assert ids(ask(store, "--filter", "loss < -1 or loss > .4", "--json")[1]) == ["d"]


def test_the_best_is_by_the_goal_of_the_experiment_and_the_object_says_what_its_own_log_says(
    tmp_path: Path, ask: Ask
) -> None:
    definition = {"type": "metric_definition", "name": "score", "goal": "minimize"}
    for run, *first in (("with", definition), ("without",)):
        points = [metrics(step, {"score": value}) for step, value in enumerate((3, 1, 2))]
        write_run(tmp_path, "e", run, run_start(run=run), *first, *points, run_end())

    out = ask(tmp_path, "--filter", "metrics.score.best = 1", "--json")[1]

    assert {each["run"]: each["metrics"]["score"]["best"] for each in map(json.loads, out.splitlines())} == {
        "with": [1, 1],
        "without": None,
    }


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("val/acc", ["c", "b", "a"]),
        ("-lr", ["b", "c", "a"]),
        ("-lr,name", ["b", "c", "a"]),
        ("-lr,-name", ["c", "b", "a"]),
    ],
)
def test_a_table_is_sorted_by_several_keys_and_equal_runs_stay(
    sort: str, order: list[str], tmp_path: Path, ask: Ask
) -> None:
    for run, rate, acc in (("a", 0.1, 0.9), ("b", 0.2, 0.8), ("c", 0.2, 0.7)):
        write_run(tmp_path, "e", run, run_start(run=run, name=run), params(lr=rate), metrics(0, {"val/acc": acc}))

    lines = ask(tmp_path, "--sort", sort)[1].splitlines()

    assert [line[0] for line in lines[5:8]] == order


@pytest.mark.parametrize("sort", ["loss.last", "-loss.last"])
def test_nan_and_missing_stand_last_both_ways_in_the_order_of_their_tables(sort: str, store: Path, ask: Ask) -> None:
    assert ids(ask(store, "--sort", sort, "--json")[1]) == ["d", "e", "b", "c", "a"]


def test_an_order_puts_all_experiments_together_in_json_and_csv_and_a_limit_then_counts_all(
    store: Path, ask: Ask
) -> None:
    assert ids(ask(store, "--sort=-name", "--json")[1]) == ["e", "d", "c", "b", "a"]
    assert ids(ask(store, "--sort", "-name", "--json", "--limit", 2)[1]) == ["e", "d"]
    assert [row["name"] for row in rows(ask(store, "--sort", "name", "--csv", "--limit", 2)[1])] == ["a", "b"]


def test_without_an_order_a_limit_counts_in_each_experiment(store: Path, ask: Ask) -> None:
    assert ids(ask(store, "--json", "--limit", 1)[1]) == ["b", "d"]
    assert [row["name"] for row in rows(ask(store, "--csv", "--limit", 1)[1])] == ["b", "d"]


def test_a_table_says_how_many_of_how_many_and_why_they_stand_so(store: Path, ask: Ask) -> None:
    _, out, _ = ask(store, "--filter", "lr = 0.2", "--sort", "-duration,lr", "--limit", 1)

    lines = out.splitlines()
    assert lines[0] == (
        "digits: 1 of 2 matching runs (3 in all), sorted by duration, greatest first, then by lr, least first"
    )
    assert lines[2].split()[:3] == ["name", "duration", "↓"]
    assert lines[-3:] == ["1 more run.", "", "No run matches in wine."]


def test_a_filtered_table_keeps_the_marks_of_the_whole_experiment(store: Path, ask: Ask) -> None:
    title, *lines = ask(store, "--filter", "not lr = 0.1 and depth is null")[1].splitlines()

    assert title == "digits: 2 of 3 runs match, best first by val/acc (higher is better, guessed from its name)"
    assert [line.split()[0] for line in lines if "☆" in line] == ["b"]


def test_columns_of_a_table_stand_behind_the_name_in_the_order_asked_for(store: Path, ask: Ask) -> None:
    out = ask(store, "--columns", "lr,val/acc.last,status,depth")[1]

    headers = [line.split() for line in out.splitlines() if line.startswith("name")]
    assert headers == [["name", "lr", "val/acc", "status"], ["name", "status", "depth"]]


def test_csv_has_exactly_the_columns_asked_for(store: Path, ask: Ask) -> None:
    _, out, _ = ask(store, "--columns", "val/acc,depth,run,branch", "--csv", "--sort", "name")

    assert out.splitlines() == [
        "metrics.val/acc.best,params.depth,run,branch",
        "0.7,,a,",
        "0.9,,b,",
        "0.8,,c,",
        ",3,d,",
        ",1,e,",
    ]


def test_csv_of_one_experiment_is_the_file_beside_its_page(store: Path, ask: Ask) -> None:
    shutil.rmtree(store / "wine")
    (digits,) = experiment_summaries(list(read_summaries(list_store(store).runs, Settings())), Settings())

    file, _ = run_files(run_table(digits), digits.runs)

    assert ask(store, "--csv")[1] == file.content.decode()


def test_csv_has_one_header_over_all_experiments(store: Path, ask: Ask) -> None:
    found = rows(ask(store, "--csv")[1])

    assert [(row["experiment"], row["params.lr"], row["params.depth"], row["metrics.loss.last"]) for row in found] == [
        ("digits", "0.2", "", ""),
        ("digits", "0.2", "", ""),
        ("digits", "0.1", "", ""),
        ("wine", "", "3", "0.5"),
        ("wine", "", "1", "NaN"),
    ]
    assert found[0]["started"] == "1700000000"
    assert not [name for name in found[0] if name.endswith(".curve") or ".at best of " in name]


def test_csv_has_its_header_though_no_run_matches(store: Path, ask: Ask) -> None:
    assert ask(store, "--csv", "--columns", "name,lr", "--filter", "lr > 1")[1] == "name,params.lr\n"


def test_a_comma_within_a_name_is_written_as_in_links(tmp_path: Path, ask: Ask) -> None:
    values: dict[str, Any] = {"a,b": 1, "50%": 2, "%2C": 3}
    write_run(tmp_path, "e", "x", run_start(run="x"), {"type": "params", "values": values}, run_end())

    out = ask(tmp_path, "--csv", "--columns", "params.a%2Cb,50%, %252C ", "--sort", "-a%2Cb")[1]

    assert out.splitlines() == ['"params.a,b",params.50%,params.%2C', "1,2,3"]


def test_json_and_csv_at_once_are_a_usage_error(store: Path, ask: Ask) -> None:
    with pytest.raises(SystemExit) as stopped:
        ask(store, "--json", "--csv")

    assert stopped.value.code == 2


def test_a_column_that_begins_with_a_minus_is_no_option_but_an_option_is_no_column(store: Path, ask: Ask) -> None:
    assert ids(ask("--sort", "-name", "--json", store)[1])[0] == "e"
    with pytest.raises(SystemExit) as stopped:
        ask(store, "--sort", "--json")

    assert stopped.value.code == 2
