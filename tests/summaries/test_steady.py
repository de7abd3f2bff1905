"""What may be said of an open run where pages span runs: nothing that changes with every line."""

import math
from dataclasses import replace

from runsite.model import Point
from runsite.summaries.steady import steady_run
from summarised import START, metric, run

FULL_HOUR = 3600.0


def test_run_that_ended_is_steady_as_it_is() -> None:
    ended = run("a", metric("loss", 0.5, 0.25))

    assert steady_run(ended, main="loss") is ended


def test_run_without_an_end_keeps_the_best_of_the_main_metric_alone() -> None:
    loss, accuracy = metric("loss", 0.5, 0.25, goal="minimize"), metric("acc", 0.5, 0.75, goal="maximize")
    open_run = run("a", loss, accuracy, status="running", ended=None)

    steady = steady_run(open_run, main="acc")

    assert steady.metrics["acc"].best == accuracy.best
    assert steady.metrics["loss"].best is None
    assert [kept.last for kept in steady.metrics.values()] == [None, None]


def test_last_value_that_is_not_finite_stays_without_its_step() -> None:
    diverged = replace(metric("loss", 0.5, 0.25), last=Point(7, math.inf))

    steady = steady_run(run("a", diverged, status="running", ended=None), main=None)

    assert steady.metrics["loss"].last == Point(None, math.inf)


def test_moment_of_stalling_stands_at_the_full_hour_after_it() -> None:
    hour = math.ceil(START / FULL_HOUR) * FULL_HOUR

    runs = [run("a", status="running", ended=None, last_time=hour + late) for late in (1.0, 2000.0, 3599.0)]

    assert [one.stalled_at for one in runs] == [hour + late + 600 for late in (1.0, 2000.0, 3599.0)]
    assert [steady_run(one, main=None).stalled_at for one in runs] == [hour + n * FULL_HOUR for n in (1, 1, 2)]
