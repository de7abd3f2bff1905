"""The run table in a terminal."""

from runsite.model import ExperimentSummary
from runsite.tables import run_table
from runsite.tables.terminal import display_width
from runsite.tables.text_table import text_table
from summarised import START, experiment, metric, run


def lines_of(laid_out: ExperimentSummary, width: int = 200, now: float = START, limit: int | None = None) -> list[str]:
    return text_table(run_table(laid_out), width=width, now=now, limit=limit).splitlines()


def small_experiment() -> ExperimentSummary:
    runs = [
        run("one", metric("acc", 0.91, goal="maximize"), params={"lr": 0.1}),
        run("two", metric("acc", 0.8765, goal="maximize"), params={"lr": 0.05}),
        run("three", status="failed", params={"lr": 0.5}),
    ]
    return experiment(runs, main=metric("acc", 0.91, goal="maximize"))


def test_table_reads_like_its_page() -> None:
    title, _, labels, details, *_ = lines_of(small_experiment())
    rows = [line.split() for line in lines_of(small_experiment())[5:]]
    assert title == "digits: 3 runs, best first by acc (higher is better, declared in the logs)"
    assert labels.split() == ["name", "status", "acc", "↓", "acc", "lr", "started", "duration"]
    assert details.split() == ["best", "▲", "last", "param", "UTC"]
    assert rows == [
        ["one", "✓", "finished", "★", "0.91", "★", "0.91", "0.1", "2023-11-14", "22:13", "1", "min", "00", "s"],
        ["two", "✓", "finished", "0.8765", "0.8765", "0.05", "2023-11-14", "22:13", "1", "min", "00", "s"],
        ["three", "✕", "failed", "0.5", "2023-11-14", "22:13", "1", "min", "00", "s"],
    ]


def test_every_row_is_within_the_width() -> None:
    for width in (200, 90, 60, 40):
        assert all(display_width(line) <= max(width, 60) for line in lines_of(small_experiment(), width)[2:])


def test_columns_without_room_are_named() -> None:
    assert lines_of(small_experiment(), 50)[-1].startswith("No room for ")
    assert "duration" in " ".join(lines_of(small_experiment(), 50)[-2:])


def test_without_a_terminal_nothing_is_left_out() -> None:
    runs = [run("a", params={f"a param with a long name {place}": place for place in range(6)})]

    text = text_table(run_table(experiment(runs)), width=None, now=START)

    assert "No room" not in text


def test_decimal_points_line_up() -> None:
    first, second = (line.index("0.") for line in lines_of(small_experiment())[5:7])

    assert first == second


def test_limit_says_how_many_more() -> None:
    lines = lines_of(small_experiment(), limit=2)

    assert lines[0].startswith("digits: 2 of 3 runs")
    assert lines[-1] == "1 more run."


def test_a_silent_run_reads_stalled() -> None:
    silent = experiment([run("a", status="running", ended=None)])

    assert "▶ running" in lines_of(silent, now=START + 120)[-1]
    assert "◌ stalled" in lines_of(silent, now=START + 6000)[-1]


def test_id_stands_beside_a_name_that_differs() -> None:
    named = experiment([run("brave-otter-3f2a", name="brave otter")])

    assert lines_of(named)[-1].startswith("brave otter  brave-otter-3f2a")


def test_wide_names_keep_the_columns_straight() -> None:
    lines = lines_of(experiment([run("日本語"), run("😀"), run("plain"), run("e\u0301te\u0301")]))[5:]

    starts = {display_width(line[: line.index("✓")]) for line in lines}
    assert len(starts) == 1


def test_names_cannot_steer_the_terminal() -> None:
    text = text_table(run_table(experiment([run("a", name="\x1b[2J\u202eevil\nline")])), width=200, now=START)

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "evil line" in text
