"""A store of odd sizes: a thousand params, a cell of 5,000 characters, no runs, one run, 400 runs."""

from pathlib import Path

from support import START, Record, metrics, params, run_end, run_start, write_run

LONG_TEXT = "long " * 1_000
ODD_METRIC = 'a.b[0] "x" \\ `y` </script>'
MANY_PARAMS = [f"p{number:03}" for number in range(1_000)]
MANY_RUNS = 400


def write_sized_store(store: Path) -> None:
    """Write the store; its experiments are called by what is odd about them."""
    for number in range(3):
        write_run(store, "wide", f"w{number}", *wide_run(number))
    write_run(store, "single", "alone", *run(0, accuracy=0.5))
    for number in range(MANY_RUNS):
        write_run(store, "tall", f"t{number:03}", *run(number, accuracy=number * 37 % MANY_RUNS / MANY_RUNS))
    (store / "empty").mkdir(parents=True)
    (store / "empty" / "experiment.md").write_text("# Nothing yet\n", "utf-8")


def run(number: int, *, accuracy: float) -> list[Record]:
    """Make a finished run of one value."""
    start = START + number
    return [
        run_start(time=start),
        params(lr=number % 7 / 10, seed=number % 5),
        metrics(1, {"accuracy": accuracy}, time=start + 1),
        run_end(time=start + 2),
    ]


def wide_run(number: int) -> list[Record]:
    """Make a run with a thousand params, an odd metric, and texts of 5,000 characters."""
    start = START + number
    return [
        run_start(time=start, name=f"{number} {LONG_TEXT}"),
        params(text=f"{number} {LONG_TEXT}", **dict.fromkeys(MANY_PARAMS, number + 0.5)),
        metrics(1, {ODD_METRIC: 0.25 + number}, time=start + 1),
        run_end(time=start + 2),
    ]
