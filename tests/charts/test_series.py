"""Thinning is honest, stable under appending, and its data scripts survive any name."""

import json
import math
import random
import struct
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from runsite.charts.levels import MAX_POINTS, bucket_size
from runsite.charts.packing import pack_columns, pack_values
from runsite.charts.series import MAX_BLOCK_BYTES, ThinSeries, series_scripts, thin_series
from runsite.data_script import DataFile
from runsite.model import RunKey, Series

START = 1_700_000_000.0
KEY = RunKey("digits", "brave-otter")
HOSTILE = 'a.b[0] "x" \\ `y` </script>&\u2028'


def make_series(
    values: list[float], *, name: str = "loss", steps: list[float] | None = None, starts: tuple[int, ...] = ()
) -> Series:
    columns = np.array(values, dtype=np.float64)
    numbers = np.arange(len(values)) if steps is None else np.array(steps)
    return Series(name, numbers, columns, np.full(len(values), np.nan), starts)


def seeded_values(seed: int) -> list[float]:
    chance = random.Random(seed)
    count = chance.choice([1, 2, 1023, 1024, 1025, 2049, 5000, chance.randrange(1, 40_000)])
    odd = chance.choice([0.0, 0.001, 0.3, 1.0])
    kinds = [math.nan, math.inf, -math.inf]
    return [chance.choice(kinds) if chance.random() < odd else chance.gauss(0, 1) for _ in range(count)]


def kind_of(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def received(file: DataFile) -> tuple[str, str, Any]:
    text = file.content.decode()
    assert text.startswith("runsite.receive(")
    assert text.endswith(");\n")
    kind, key, payload = json.loads("[" + text[len("runsite.receive(") : -3] + "]")
    return kind, key, payload


@pytest.mark.parametrize("seed", range(60))
def test_thinning_keeps_ends_extremes_and_every_kind_of_non_finite_value(seed: int) -> None:
    values = seeded_values(seed)

    thin = thin_series(make_series(values))

    finite = [value for value in values if math.isfinite(value)]
    kept = [value for value in thin.values.tolist() if math.isfinite(value)]
    assert thin.count == len(values)
    assert thin.steps[0] == 0
    assert thin.steps[-1] == len(values) - 1
    assert [values[step] for step in thin.steps.tolist()] == pytest.approx(thin.values.tolist(), nan_ok=True)
    if finite:
        assert (min(kept), max(kept)) == (min(finite), max(finite))
        assert values.index(min(finite)) in thin.steps
        assert values.index(max(finite)) in thin.steps
    counts: Counter[str] = Counter()
    for index, kind, number in thin.non_finite:
        assert kind_of(thin.values[index]) == kind
        counts[kind] += number
    assert counts == Counter(kind_of(value) for value in values if not math.isfinite(value))


@pytest.mark.parametrize("seed", range(20))
def test_size_stays_bounded(seed: int) -> None:
    thin = thin_series(make_series(seeded_values(seed)))

    assert len(thin.values) <= 2 * MAX_POINTS
    if not thin.non_finite:
        assert len(thin.values) <= MAX_POINTS


@pytest.mark.parametrize("count", [3000, 7000, 20_000])
def test_appending_never_changes_a_full_bucket(count: int) -> None:
    chance = random.Random(count)
    values = [chance.gauss(0, 1) for _ in range(count + 37)]
    size = bucket_size(count)
    assert bucket_size(count + 37) == size
    full = count // size * size

    before, after = (thin_series(make_series(values[:length])) for length in (count, count + 37))

    assert before.steps[before.steps < full].tolist() == after.steps[after.steps < full].tolist()


def test_short_series_is_kept_as_it_is() -> None:
    values = [float(number) for number in range(MAX_POINTS)]

    assert thin_series(make_series(values)).values.tolist() == values


def test_later_attempts_keep_both_sides_of_their_start() -> None:
    values = [math.sin(number) for number in range(5000)]
    steps = [*range(3000), *range(2000, 4000)]

    thin = thin_series(make_series(values, steps=list(steps), starts=(3000,)))

    (start,) = thin.attempt_starts
    assert thin.steps[start - 1 : start + 1].tolist() == [2999, 2000]


def test_missing_step_takes_the_step_before_it() -> None:
    thin = thin_series(make_series([1.0, 2.0, 3.0, 4.0], steps=[math.nan, 5.0, math.nan, 7.0]))

    assert (thin.steps.tolist(), thin.unstepped) == ([5.0, 5.0, 5.0, 7.0], 2)


def test_without_any_step_points_are_numbered() -> None:
    thin = thin_series(make_series([1.0, 2.0], steps=[math.nan, math.nan]))

    assert (thin.steps.tolist(), thin.unstepped) == ([0, 1], 2)


def test_run_that_fits_one_block_is_one_script() -> None:
    loss = make_series([0.5, math.nan, math.inf, -math.inf, math.inf])

    (file,) = series_scripts(KEY, {"loss": loss})

    kind, key, payload = received(file)
    assert (kind, key) == ("series", "digits/brave-otter")
    assert file.path.endswith("/series.js")
    assert payload["steps"] == [[0, 1, 2, 3, 4]]
    assert payload["series"] == [
        [
            "loss",
            {
                "count": 5,
                "non_finite": [[1, "NaN", 1], [2, "Infinity", 1], [3, "-Infinity", 1], [4, "Infinity", 1]],
                "values": b64encode(struct.pack("<5f", 0.5, math.nan, math.inf, -math.inf, math.inf)).decode(),
                "kind": "float32",
                "steps": 0,
            },
        ]
    ]


def test_long_run_lies_in_blocks_of_whole_metrics() -> None:
    chance = np.random.default_rng(1)
    steps, times = np.arange(1000), np.zeros(1000)
    series = {f"m{n:02d}": Series(f"m{n:02d}", steps, chance.random(1000), times) for n in range(12)}

    first, *others = series_scripts(KEY, series)

    payloads = [received(file)[2] for file in (first, *others)]
    named = payloads[0]["blocks"]
    held = [[name for name, _ in payload["series"]] for payload in payloads]
    assert [names for _, _, names in named] == held[1:]
    assert [name for names in held for name in names] == sorted(series)
    assert [key for _, key, _ in named] == [received(other)[1] for other in others]
    assert all(len(other.content) < MAX_BLOCK_BYTES + 200 for other in others)
    assert all(len(payload["steps"]) == 1 for payload in payloads)


@pytest.mark.parametrize("seed", range(20))
def test_values_are_packed_in_the_shortest_kind_that_holds_them_exactly(seed: int) -> None:
    chance = random.Random(seed)
    doubles = [chance.gauss(0, 1) * 10 ** chance.randint(-300, 300) for _ in range(50)]
    single = [struct.unpack("<f", struct.pack("<f", chance.gauss(0, 1)))[0] for _ in range(50)]
    printed = [float(f"{chance.uniform(-2000, 2000):.6f}") for _ in range(50)]

    packed = {
        kind: content for values in (doubles, single, printed) for kind, content in [pack_values(np.array(values))]
    }

    assert list(struct.unpack("<50d", packed["float64"])) == doubles
    assert list(struct.unpack("<50f", packed["float32"])) == single
    assert [number / 1e6 for number in struct.unpack("<50i", packed["millionths"])] == printed


def test_names_from_logs_cannot_end_the_script_or_lose_a_metric() -> None:
    names = [HOSTILE, "__proto__", "ä/τ 🦦"]

    (file,) = series_scripts(RunKey(HOSTILE, "r"), {name: make_series([1.0], name=name) for name in names})

    assert b"</" not in file.content
    assert "\u2028".encode() not in file.content
    assert [name for name, _ in received(file)[2]["series"]] == sorted(names)
    assert received(file)[1] == f"{HOSTILE}/r"


def test_steps_above_two_to_53_travel_as_text() -> None:
    steps = np.array([0, 2**53 + 1])
    series = Series("loss", steps, np.array([1.0, 2.0]), np.zeros(2))

    (file,) = series_scripts(KEY, {"loss": series})

    assert received(file)[2]["steps"] == [[0, "9007199254740993"]]


def test_run_without_metrics_has_no_script() -> None:
    assert list(series_scripts(KEY, {})) == []


def test_relative_time_begins_where_the_run_says_that_it_started() -> None:
    series = replace(make_series([1.0, 2.0]), times=np.array([START + 600, START + 601]))

    scripts = [series_scripts(KEY, {"loss": series}, started=started) for started in (START, None)]

    assert [received(file)[2]["started"] for (file,) in scripts] == [START, START + 600]


def test_scripts_do_not_depend_on_the_order_of_metrics() -> None:
    series = {name: make_series([float(len(name))]) for name in ("b", "aa", "c")}

    assert list(series_scripts(KEY, series)) == list(series_scripts(KEY, dict(reversed(series.items()))))


@pytest.mark.parametrize("seed", range(20))
def test_columns_are_packed_together_as_they_are_alone(seed: int) -> None:
    numbers = random.Random(seed)
    makers = (float, lambda number: float(np.float32(number)), lambda number: round(number, 6), lambda _: math.nan)
    columns = [
        np.array([numbers.choice(makers[: numbers.randint(1, 4)])(numbers.random()) for _ in range(count)])
        for count in numbers.choices([0, 1, 40, 1024], k=9)
    ]

    assert pack_columns(columns) == [pack_values(column) for column in columns]


def test_thin_series_of_nothing_is_nothing() -> None:
    thin: ThinSeries = thin_series(make_series([]))

    assert (thin.count, len(thin.values), thin.non_finite) == (0, 0, ())
