"""Which params make a configuration, and which runs are repeats of it."""

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

import summarised
from runsite.model import IgnoredParam, RepeatRule, RunSummary
from runsite.summaries.repeats import is_averaged, repeat_keys, repeat_rule


def runs_with(*params: Mapping[str, Any]) -> list[RunSummary]:
    return [summarised.run(f"r{number}", params=each) for number, each in enumerate(params)]


def runs_of(name: str, values: Sequence[Any]) -> list[RunSummary]:
    return runs_with(*({"lr": 0.1, name: value} for value in values))


def ignored(runs: Sequence[RunSummary], *extra: str) -> list[str]:
    return [param.name for param in repeat_rule(runs, extra).ignored]


def keys(*params: Mapping[str, Any]) -> list[str]:
    runs = runs_with(*params)
    return repeat_keys(runs, repeat_rule(runs, ()))


def test_runs_that_differ_by_seed_and_fold_alone_are_repeats() -> None:
    first, second, other = keys({"lr": 0.1, "seed": 1}, {"lr": 0.1, "seed": 2, "fold": 3}, {"lr": 0.2, "seed": 1})

    assert first == second != other


@pytest.mark.parametrize(
    "name", ["seed", "random_seed", "random_state", "rng_seed", "fold", "train/seed", "Config.SEED", "a/b.Random_State"]
)
def test_a_seed_is_known_by_its_name_or_its_last_segment(name: str) -> None:
    assert repeat_rule(runs_of(name, [1, 1]), ()).ignored == (IgnoredParam(name, "tells repeats apart"),)


@pytest.mark.parametrize("name", ["seed_scale", "reseed", "seed/kind", "manifold", "seeds", "n_folds"])
def test_a_name_that_only_holds_the_word_makes_the_key(name: str) -> None:
    assert ignored(runs_of(name, [1, 2, 3])) == []


@pytest.mark.parametrize(("name", "extra"), [("trial", "trial"), ("cv.Split", "split"), ("opt/trial", "OPT/Trial")])
def test_the_settings_name_further_params(name: str, extra: str) -> None:
    assert repeat_rule(runs_of(name, [1, 2]), [extra]).ignored == (IgnoredParam(name, "named in runsite.toml"),)


TIMES: list[Sequence[Any]] = [
    ["2024-01-02", "2024-01-03", "2024-02-03"],
    ["2024-01-02T03:04:05Z", "2024-01-02T03:05:05.123456+02:00", "2024-01-02 03:04"],
    ["20240102-030405", "20240102_030406", "20240102"],
    ["run_2024-01-02_03-04-05", "run_2024-01-02_03-05-05", "run_2024-01-03_03-04-05"],
    [1_700_000_001, 1_700_000_700.25, 1_700_003_601],
    [1_700_000_000_123, 1_700_000_001_456, 1_700_000_002_789],
    ["1700000001", "1700000700.25", "1700003601"],
]
IDS: list[Sequence[Any]] = [
    [f"{number:08x}-1234-4abc-8def-0123456789ab" for number in range(3)],
    ["3f2a9c1b", "00d1e2f3", "9a8b7c6d5e"],
    ["run-3f2a9c1b", "run-00d1e2f3", "exp_9a8b7c6d"],
    ["k3J9x2Lm4Qp8Rt1Z", "a1B2c3D4e5F6g7H8", "Zz9Yy8Xx7Ww6Vv5U"],
]
PATHS: list[Sequence[Any]] = [
    ["/data/a", "/data/b", "/c"],
    ["~/runs/a", "~/runs/b", "~"],
    [r"C:\runs\a", r"D:\runs\b", r"\\host\c"],
    ["./a", "../b", "./c"],
    ["outputs/mlp/1", "outputs/mlp/2", "outputs/cnn/1"],
    ["s3://bucket/a", "gs://bucket/b", "https://example.org/c"],
    ["out/2024-01-02_03-04-05", "out/2024-01-02_03-05-05", "out/3f2a9c1b"],
]


@pytest.mark.parametrize(
    ("what", "values"), [("a time", v) for v in TIMES] + [("an id", v) for v in IDS] + [("a path", v) for v in PATHS]
)
def test_what_is_unique_to_each_run_and_looks_like_a_path_id_or_time_leaves_the_key(
    what: str, values: Sequence[Any]
) -> None:
    runs = runs_of("launched", values)

    assert repeat_rule(runs, ()) == RepeatRule((IgnoredParam("launched", f"{what}, another one in each run"),), ())
    assert len(set(repeat_keys(runs, repeat_rule(runs, ())))) == 1
    assert ignored([*runs, runs[0]]) == [], "a value of two runs is a configuration"
    assert ignored(runs[:2]) == [], "two runs show nothing"
    assert ignored([*runs, *runs_of("launched", ["plain"])]) == [], "one ordinary value speaks for all"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("model", ["google/flan-t5", "meta-llama/Llama-2-7b", "openai/whisper-tiny"]),
        ("model", ["gpt-4o-2024-08-06", "gpt-4o-2024-05-13", "claude-3-5-sonnet-20241022"]),
        ("model", ["resnet50", "wideresnet28x10", "efficientnetb0v2", "vit_b_16"]),
        ("model_id", ["resnet50", "resnet18", "resnet101"]),
        ("eps", ["2/255", "4/255", "8/255"]),
        ("milestones", ["10/20/30", "20/40/60", "1/2/3"]),
        ("reduce", ["mean / std / max", "mean / std", "a / b / c"]),
        ("lr", [0.1, 0.01, 0.001]),
        ("width", [16, 32, 64]),
        ("hidden", ["10000000", "20000000", "30000000"]),
        ("parameters", [1_345_423_361, 1_400_000_001, 1_500_000_123]),
        ("tokens", [1_300_000_001, 1_400_000_001, 1_500_000_001]),
        ("budget_steps", [1_300_000_001, 1_400_000_001, 1_500_000_001]),
        ("scale", [1_300_000_000, 1_400_000_000, 1_500_000_000]),
        ("job_kind", [1, 2, 3]),
        ("augment", [True, False, None]),
        ("layers", [[1, "a/b/c"], [2, "a/b/c"], [3, "a/b/c"]]),
        ("layers", ["[a/b/c]", "{a/b/c}", "[a/b/d]"]),
        ("note", ["", "a", "b"]),
    ],
)
def test_in_doubt_a_param_makes_the_key_however_unique_it_is(name: str, values: Sequence[Any]) -> None:
    runs = runs_of(name, values)

    assert ignored(runs) == []
    assert len(set(repeat_keys(runs, repeat_rule(runs, ())))) == len(values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("slurm_job_id", [1234567, 1234568, 1234570]),
        ("wandb/run_id", ["1x2y3z4w", "9k3m1p0q", "a1b2c3"]),
        ("gitCommit", ["a1b2c3d", "9f8e7d6", "0a1b2c3"]),
        ("log_dir", ["out/a", "out/b", "out/c"]),
        ("outputDir", [r"out\a", r"out\b", r"out\c"]),
    ],
)
def test_a_name_that_says_so_helps(name: str, values: Sequence[Any]) -> None:
    assert ignored(runs_of(name, values)) == [name]


def test_a_param_that_only_some_runs_have_is_judged_by_those() -> None:
    runs = [*runs_of("log", ["/a", "/b", "/c"]), *runs_of("width", [1, 2])]

    assert ignored(runs) == ["log"]
    assert repeat_rule(runs, ()).key_params == ("width",)


def test_key_params_are_those_that_vary_with_unique_and_sparse_ones_last() -> None:
    runs = runs_with(
        {"width": 16, "lr": 0.1, "note": "a", "seed": 0, "batch": 8},
        {"width": 16, "lr": 0.2, "note": "b", "seed": 1, "batch": 8, "rare": 1},
        {"width": 32, "lr": 0.2, "note": "c", "seed": 2, "batch": 8},
    )

    assert repeat_rule(runs, ()) == RepeatRule(
        (IgnoredParam("seed", "tells repeats apart"),), ("lr", "width", "rare", "note")
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": 1}, {"a": 1.0}),
        ({"a": 0.0}, {"a": -0.0}),
        ({"a": [1, {"b": 2.0}]}, {"a": [1.0, {"b": 2}]}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": 2, "x": 1}}),
        ({"a": math.nan}, {"a": float("nan")}),
        ({"a": 1e300}, {"a": int(1e300)}),
        ({"a": "\ud800"}, {"a": "\ud800"}),
    ],
)
def test_equal_params_have_one_key(one: Mapping[str, Any], other: Mapping[str, Any]) -> None:
    first, second = keys(one, other)

    assert first == second


def test_different_values_have_different_keys() -> None:
    values: list[Any] = [
        1,
        True,
        "1",
        "true",
        0,
        False,
        None,
        "null",
        "",
        math.nan,
        "NaN",
        math.inf,
        1.5,
        [],
        {},
        [1],
        "[1]",
    ]

    found = keys({}, *({"a": value} for value in values), *({"b": value} for value in values))

    assert len(set(found)) == len(found)


def test_a_key_is_short_and_stays_the_same_whatever_other_runs_there_are() -> None:
    runs = runs_with({"lr": 0.1, "seed": 1}, {"lr": 0.2, "seed": 1})
    rule = repeat_rule(runs, ())

    assert repeat_keys(runs[1:], rule) == repeat_keys(runs, rule)[1:]
    assert repeat_keys(runs[:1], rule) == ["9c9ba942d8bb"], 'the digest of {"lr":0.1}'
    assert repeat_keys([], rule) == []
    assert repeat_rule([], ()) == RepeatRule()


def test_the_rule_does_not_depend_on_the_order_of_runs_and_params() -> None:
    runs = runs_with(*({"z": n % 2, "seed": n, "dir": f"/r/{n}", "lr": n % 3, "a": "x"} for n in range(6)))
    turned = runs_with(*(dict(reversed(list(run.params.items()))) for run in reversed(runs)))

    assert repeat_rule(turned, ()) == repeat_rule(runs, ())


def test_only_finished_runs_are_averaged() -> None:
    statuses = ("running", "stalled", "finished", "pruned", "failed", "killed")

    assert [status for status in statuses if is_averaged(status)] == ["finished"]


def test_keys_of_ten_thousand_runs_do_not_take_seconds() -> None:
    params = (
        {f"p{n}": (number * n) % 7 / 4 for n in range(18)} | {"seed": number, "dir": f"/r/{number}"}
        for number in range(10_000)
    )
    runs = runs_with(*params)

    # 0.3 s on the machine it was written on; the rest is for slower ones. The best of three, for shared ones.
    assert min(_seconds_of_keys(runs) for _ in range(3)) < 1.5


def _seconds_of_keys(runs: Sequence[RunSummary]) -> float:
    before = time.process_time()
    repeat_keys(runs, repeat_rule(runs, ()))
    return time.process_time() - before
