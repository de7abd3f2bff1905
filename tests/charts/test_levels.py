"""Finer levels lose nothing, change at their ends only, and are not written where the overview is enough."""

import itertools
import json
import math
import random
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from charts.packed import unpack_column, unpack_values
from runsite.charts.levels import CHUNK_POINTS, bucket_size, chunk_span, level_sizes
from runsite.charts.series import series_scripts
from runsite.data_script import DataFile
from runsite.model import RunKey, Series

KEY = RunKey("digits", "brave-otter")
HOSTILE = 'a.b[0] "x" \\ `y` </script>&\u2028'
KINDS = ("NaN", "Infinity", "-Infinity")


def seeded_series(seed: int, count: int, *, name: str = "loss") -> Series:
    """Make a series with non-finite values, restarts and missing times."""
    chance = np.random.default_rng(seed)
    values = chance.normal(size=count)
    odd = chance.random(count) < (0, 0.0005, 0.2)[seed % 3]
    values[odd] = chance.choice([math.nan, math.inf, -math.inf], int(odd.sum()))
    times = seconds(count, 0.25) + 1.7e9
    times[chance.random(count) < 0.1] = math.nan
    starts = sorted(int(place) for place in chance.integers(1, count, seed % 4))
    steps = np.arange(count)
    for start in starts:
        steps[start:] -= min(500, int(steps[start - 1]))
    return Series(name, steps, values, times, tuple(starts))


def seconds(count: int, gap: float) -> NDArray[np.float64]:
    return np.arange(count, dtype=np.float64) * gap


def part_of(series: Series, count: int) -> Series:
    starts = tuple(start for start in series.attempt_starts if start < count)
    return Series(series.name, series.steps[:count], series.values[:count], series.times[:count], starts)


def payload_of(content: bytes) -> tuple[str, str, Any]:
    kind, key, payload = json.loads(b"[" + content.removeprefix(b"runsite.receive(").removesuffix(b");\n") + b"]")
    return kind, key, payload


def files_of(series: Series) -> dict[str, bytes]:
    """Return the files of a run of one metric, by their names within the run's folder."""
    files = list(series_scripts(KEY, {series.name: series}))
    folder = files[0].path.removesuffix("series.js")
    return {file.path.removeprefix(folder): file.content for file in files}


def levels_of(series: Series) -> tuple[Any, dict[int, list[Any]]]:
    """Read the index, and the chunks of each level as a browser finds them."""
    files = files_of(series)
    address, key = payload_of(files["series.js"])[2]["series"][0][1]["levels"]
    kind, found, index = payload_of(files[address])
    assert (kind, found) == ("series_levels", key)
    if "chunk" in index:
        return index, {1: [index["chunk"]]}
    chunks: dict[int, list[Any]] = {}
    for size, span, name in index["levels"]:
        for number in range(math.ceil(index["count"] / span)):
            own = name.replace("#", str(number))
            kind, found, chunk = payload_of(files[address.replace("index", own)])
            assert (kind, found) == ("series_chunk", f"{key}/{own}")
            chunks.setdefault(size, []).append(chunk)
    return index, chunks


def reference(series: Series, *, start: int, end: int, size: int) -> set[int]:
    """Choose points of a chunk the slow way."""
    kept: set[int] = set()
    values = series.values.tolist()
    for head in range(start, end, size):
        bucket = range(head, min(head + size, end))
        finite = [index for index in bucket if math.isfinite(values[index])]
        kept |= {bucket[0], bucket[-1]}
        if finite:
            kept |= {min(finite, key=values.__getitem__), max(finite, key=values.__getitem__)}
        for kind in KINDS:
            kept |= set([index for index in bucket if repr_kind(values[index]) == kind][:1])
    inside = [seam for seam in series.attempt_starts if start < seam < end]
    return kept | {index for seam in inside for index in (seam - 1, seam)}


def repr_kind(value: float) -> str | None:
    if math.isfinite(value):
        return None
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


@pytest.mark.parametrize(("seed", "count"), [(0, 2001), (1, 8193), (2, 40_000), (4, 70_001), (11, 140_000)])
def test_levels_hold_what_a_slow_reference_chooses(seed: int, count: int) -> None:
    series = seeded_series(seed, count)

    index, chunks = levels_of(series)

    assert sorted(chunks) == list(level_sizes(count))
    assert (index["count"], index["overview"]) == (count, bucket_size(count))
    for size, own in chunks.items():
        for number, chunk in enumerate(own):
            start = number * chunk_span(size)
            end = min(start + chunk_span(size), count)
            kept = sorted(reference(series, start=start, end=end, size=size))
            values = unpack_values(chunk["values"], chunk["kind"])
            times = unpack_column(chunk["times"], len(values), unit=1000)
            assert chunk["count"] == end - start
            np.testing.assert_array_equal(values, series.values[kept])
            assert unpack_column(chunk["steps"], len(values)).tolist() == series.steps[kept].tolist()
            np.testing.assert_array_equal(times, series.times[kept])
            seams = [kept.index(seam) for seam in series.attempt_starts if start < seam < end]
            assert chunk.get("attempt_starts", []) == seams
            assert chunk["attempt"] == 1 + sum(seam <= start for seam in series.attempt_starts)


@pytest.mark.parametrize(("seed", "count"), [(1, 40_000), (2, 140_000), (5, 9000)])
def test_every_non_finite_value_is_counted_at_each_level(seed: int, count: int) -> None:
    series = seeded_series(seed, count)

    _, chunks = levels_of(series)

    logged = {kind: sum(repr_kind(value) == kind for value in series.values.tolist()) for kind in KINDS}
    for own in chunks.values():
        marks = [mark for chunk in own for mark in chunk.get("non_finite", [])]
        assert {kind: sum(count for _, found, count in marks if found == kind) for kind in KINDS} == logged


@pytest.mark.parametrize(("before", "after"), [(40_000, 40_100), (140_000, 140_001), (300_000, 300_777), (2100, 2101)])
def test_appending_changes_the_last_chunk_of_each_level_the_index_and_the_overview(before: int, after: int) -> None:
    series = seeded_series(3, after)
    old, new = files_of(part_of(series, before)), files_of(series)
    folder = next(name for name in new if name.startswith("levels/")).rpartition("/")[0]

    changed = {name for name in old | new if old.get(name) != new.get(name)}

    lasts = {f"{folder}/{size}-{(after - 1) // chunk_span(size)}.js" for size in level_sizes(after)}
    assert changed == {"series.js", f"{folder}/index.js"} | (lasts if after > CHUNK_POINTS else set())


def test_growing_never_takes_a_level_away() -> None:
    sizes = [level_sizes(count) for count in range(0, 3_000_000, 997)]

    assert all(set(before) <= set(after) for before, after in itertools.pairwise(sizes))
    assert level_sizes(10_000_000) == (1, 16, 256, 4096)


@pytest.mark.parametrize("count", [1, 1024, 1025, 2000])
def test_short_series_has_no_file_of_its_own(count: int) -> None:
    assert list(files_of(seeded_series(0, count))) == ["series.js"]


def test_bounds_find_a_chunk_where_steps_go_back() -> None:
    steps = np.concatenate([np.arange(20_000), np.arange(5000, 25_000)])
    times = np.where(np.arange(40_000) < 8192, np.nan, seconds(40_000, 2))
    series = Series("loss", steps, np.zeros(40_000), times, (20_000,))

    index, _ = levels_of(series)

    least, greatest = (unpack_column(column, 5).tolist() for column in index["steps"])
    assert least == [0, 8192, 5000, 9576, 17_768]
    assert greatest == [8191, 16_383, 19_999, 17_767, 24_999]
    first, last = (unpack_column(column, 5, unit=1000).tolist() for column in index["times"])
    assert first == pytest.approx([math.nan, 16_384, 32_768, 49_152, 65_536], nan_ok=True)
    assert last == pytest.approx([math.nan, 32_766, 49_150, 65_534, 79_998], nan_ok=True)


def test_chunks_are_files_of_moderate_size() -> None:
    chance = random.Random(1)
    values = np.array([chance.gauss(0, 1) for _ in range(150_000)])
    single = values.astype(np.float32).astype(np.float64)
    sizes = {
        len(content)
        for column in (values, single)
        for name, content in files_of(Series("loss", np.arange(150_000), column, seconds(150_000, 0.1))).items()
        if name.startswith("levels/") and not name.endswith("index.js")
    }

    assert max(sizes) < 160_000


def test_names_of_files_hold_any_metric_and_stay_short() -> None:
    key = RunKey("e" * 300, "r" * 300)
    names = [HOSTILE, "__proto__", "loss", "Loss", "l" * 500]
    series = {name: seeded_series(0, 40_000, name=name) for name in names}

    files: list[DataFile] = list(series_scripts(key, series))

    paths = [file.path for file in files]
    folders = {path.rpartition("/")[0] for path in paths if "/levels/" in path}
    assert len({folder.casefold() for folder in folders}) == len(names)
    assert len(set(paths)) == len(paths)
    assert max(len(path) for path in paths) < 180
    assert all(b"</" not in file.content for file in files)


def test_a_thousand_restarts_in_a_chunk_keep_it_small() -> None:
    count = 200_000
    starts = tuple(range(10, count, 10))
    series = Series("loss", np.tile(np.arange(10), count // 10), np.zeros(count), np.zeros(count), starts)

    index, chunks = levels_of(series)

    assert index["attempts"] == len(starts) + 1
    assert max(len(chunk["values"]) for own in chunks.values() for chunk in own) < 60_000
    assert chunks[1][1]["attempt"] == 1 + sum(start <= CHUNK_POINTS for start in starts)


def test_run_says_when_it_started_and_points_when_they_were_logged() -> None:
    times = np.array([100.5, 101.25, math.nan])
    loss = Series("loss", np.arange(3), np.ones(3), times)
    late = Series("late", np.arange(3), np.ones(3), times + 50)

    (file,) = series_scripts(KEY, {"loss": loss, "late": late})

    payload = payload_of(file.content)[2]
    assert payload["started"] == 100.5
    assert [series["times"] for _, series in payload["series"]] == [0, 1]
    found = [unpack_column(column, 3, unit=1000)[:2].tolist() for column in payload["times"]]
    assert found == [[150.5, 151.25], [100.5, 101.25]]


def test_series_that_share_rows_share_their_times() -> None:
    times = seconds(1000, 1.5)
    series = {name: Series(name, np.arange(1000), np.ones(1000), times.copy()) for name in ("a", "b", "c")}

    (file,) = series_scripts(KEY, series)

    assert payload_of(file.content)[2]["times"] == [["even", 0, 1500]]


def test_thinned_points_carry_their_own_times() -> None:
    series = seeded_series(0, 1500)
    times = seconds(1500, 1)
    files = files_of(Series("loss", series.steps, series.values, times, series.attempt_starts))

    payload = payload_of(files["series.js"])[2]

    (steps,) = payload["steps"]
    assert unpack_column(payload["times"][0], len(steps), unit=1000).tolist() == [float(step) for step in steps]
