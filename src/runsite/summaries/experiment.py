"""An experiment from its runs: which metric judges it, which run is best, which curves are drawn first.

Main metric: the settings' word; else a declared goal; else a guess: validation before train, in at least half of
the runs, a quality measure before a loss, and never a test metric while there is a validation one (to choose by the
test set is to train on it).
Drawn first: up to 3 runs that have not ended, then the best by the main metric, to 10; without a goal the newest.
Ten, because eight hues and a reader's eye end about there.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from runsite.config import ExperimentSettings
from runsite.model import RUNNING, ExperimentSummary, GoalFrom, MainMetric, MetricSummary, RunKey, RunSummary
from runsite.summaries.goals import is_quality, is_quiet_name, is_test, is_training, is_validation
from runsite.summaries.repeats import REPEAT_PARAMS, repeat_rule
from runsite.summaries.settled import settle_goals

MAX_DRAWN = 10
MAX_DRAWN_RUNNING = 3
_REASONS: Mapping[GoalFrom, str] = {
    "settings": "goal declared in runsite.toml",
    "record": "goal declared in the logs",
    "guess": "guessed from its name",
}
"""Why a metric is the main one, by what its goal comes from; what counts most stands first."""


def summarise_experiment(
    name: str,
    runs: Iterable[RunSummary],
    *,
    text: str,
    settings: ExperimentSettings,
    repeat: Collection[str] = (),
) -> ExperimentSummary:
    """Summarise an experiment; `text` is its experiment.md, `repeat` names further params that tell repeats apart."""
    runs = settle_goals(list(runs))
    main = choose_main_metric(runs, wanted=settings.metric)
    ordered = tuple(sorted(runs, key=_order_by(main)))
    names = sorted({metric for run in runs for metric in run.metrics})
    quiet = frozenset(metric for metric in names if _is_quiet(metric, runs))
    drawn, reason = choose_drawn(ordered, main)
    title, description = split_title(text, name)
    return ExperimentSummary(
        name=name,
        title=title,
        description=description,
        runs=ordered,
        main_metric=main,
        best=ordered[0] if main and main.goal and ordered and _best_value(ordered[0], main) is not None else None,
        drawn=drawn,
        drawn_reason=reason,
        metric_names=_ordered_metrics(runs, main=main, quiet=quiet),
        quiet_metrics=quiet,
        varying_params=varying_params(runs),
        param_names=tuple(sorted({param for run in runs for param in run.params})),
        diverged=frozenset(run.key for run in runs if has_diverged(run, main)),
        columns=settings.columns,
        hidden_columns=settings.hidden,
        repeat_rule=repeat_rule(runs, extra=repeat),
        baseline=settings.baseline,
    )


def split_title(text: str, name: str) -> tuple[str, str]:
    """Take the title from the first heading of an experiment.md; the rest is the description."""
    first, _, rest = text.strip().partition("\n")
    if first.startswith("# ") and first[2:].strip():
        return first[2:].strip(), rest.strip()
    return name, text.strip()


def choose_main_metric(runs: Sequence[RunSummary], *, wanted: str | None) -> MainMetric | None:
    """Choose the metric an experiment is judged by; None if no metric has a goal."""
    found: dict[str, list[MetricSummary]] = {}
    for run in runs:
        for name, metric in run.metrics.items():
            found.setdefault(name, []).append(metric)
    if wanted is not None and wanted in found:
        return _main_metric(found[wanted], "chosen in runsite.toml")
    candidates = {name: each for name, each in found.items() if any(metric.goal for metric in each)}
    if not candidates:
        return None
    if any(map(is_validation, found)):
        candidates = {name: each for name, each in candidates.items() if not is_test(name) or _is_declared(each)}
    if not candidates:
        return None
    half = _half(runs)

    def place(name: str) -> tuple[bool, bool, int, bool, str]:
        each = candidates[name]
        declared = _is_declared(each)
        quiet = is_quiet_name(name) and not declared
        return (not declared, quiet or len(each) < half, _phase(name), not is_quality(name), name)

    return _main_metric(candidates[min(candidates, key=place)], None)


def _half(runs: Sequence[RunSummary]) -> float:
    return len([run for run in runs if run.metrics]) / 2


def _is_declared(each: Sequence[MetricSummary]) -> bool:
    return any(metric.goal_from in ("settings", "record") for metric in each)


def _main_metric(each: Sequence[MetricSummary], reason: str | None) -> MainMetric:
    """Take the goal that most is known of: where some runs declare it, the others' guesses do not count."""
    order = list(_REASONS)
    metric = min(each, key=lambda metric: order.index(metric.goal_from) if metric.goal_from else len(order))
    return MainMetric(metric.name, metric.goal, metric.goal_from, reason or _REASONS[metric.goal_from or "guess"])


def _phase(name: str) -> int:
    return 0 if is_validation(name) else 2 if is_test(name) else 3 if is_training(name) else 1


def _best_value(run: RunSummary, main: MainMetric) -> float | None:
    metric = run.metrics.get(main.name)
    return metric.best.value if metric and metric.best else None


def leading_value(runs: Sequence[RunSummary], main: MainMetric) -> float | None:
    """Return the best value that the last of the leading runs has, of which as many are drawn; None of fewer runs."""
    values = [value for run in runs if (value := _best_value(run, main)) is not None]
    values.sort(reverse=main.goal == "maximize")
    return values[MAX_DRAWN - 1] if len(values) >= MAX_DRAWN else None


def is_leading(run: RunSummary, main: MainMetric, value: float | None) -> bool:
    """Tell whether the best value of a run reaches that of the leading runs."""
    best = _best_value(run, main)
    if best is None or value is None:
        return True
    return best >= value if main.goal == "maximize" else best <= value


def _order_by(main: MainMetric | None) -> Callable[[RunSummary], tuple[Any, ...]]:
    def place(run: RunSummary) -> tuple[Any, ...]:
        started = round(run.started or 0.0, 3)  # as the table has it, which orders the runs anew in the browser
        newest_first = (run.started is None, -started, run.key)
        if main is None or main.goal is None:
            return newest_first
        value = _best_value(run, main)
        if value is None:
            return (True, 0.0, *newest_first)
        return (False, -value if main.goal == "maximize" else value, run.started is None, started, run.key)

    return place


def choose_drawn(runs: Sequence[RunSummary], main: MainMetric | None) -> tuple[tuple[RunKey, ...], str]:
    """Choose the runs whose curves are drawn first, in the table's order, and say why these."""
    with_curves = [run for run in runs if run.metrics]
    if len(with_curves) <= MAX_DRAWN:
        keys = tuple(run.key for run in with_curves)
        return keys, f"all {len(keys)} runs" if len(keys) > 1 else "the one run" if keys else "no run has metrics"
    running = [run.key for run in with_curves if run.status == RUNNING][:MAX_DRAWN_RUNNING]
    others = [run.key for run in with_curves if run.key not in running][: MAX_DRAWN - len(running)]
    chosen = {*running, *others}
    rule = f"{len(others)} best of {len(runs):,} by {main.name}" if main and main.goal else f"the {len(others)} newest"
    reason = f"{len(running)} without an end and {rule}" if running else rule
    return tuple(run.key for run in with_curves if run.key in chosen), reason


def _ordered_metrics(runs: Sequence[RunSummary], *, main: MainMetric | None, quiet: frozenset[str]) -> tuple[str, ...]:
    """Order metrics: the main one; those with a goal that half of the runs have, declared and validation first;
    those without a goal; curves before single values; the quiet ones."""
    found: dict[str, list[MetricSummary]] = {}
    for run in runs:
        for name, metric in run.metrics.items():
            found.setdefault(name, []).append(metric)
    half = _half(runs)

    def place(name: str) -> tuple[bool | int | str, ...]:
        each = found[name]
        has_goal, is_curve = any(metric.goal for metric in each), any(metric.count > 1 for metric in each)
        early = (not (main and main.name == name), name in quiet, not has_goal, len(each) < half)
        return (*early, not _is_declared(each), _phase(name), not is_curve, name)

    return tuple(sorted(found, key=place))


def _is_quiet(name: str, runs: Sequence[RunSummary]) -> bool:
    each = [metric for run in runs if (metric := run.metrics.get(name))]
    if _is_declared(each):
        return False
    return is_quiet_name(name) or all(metric.constant for metric in each)


def has_diverged(run: RunSummary, main: MainMetric | None) -> bool:
    """Tell whether the main metric ended non-finite."""
    metric = run.metrics.get(main.name) if main else None
    return metric is not None and metric.last is not None and not _is_finite(metric.last.value)


def _is_finite(value: float) -> bool:
    return value - value == 0.0


def varying_params(runs: Sequence[RunSummary]) -> tuple[str, ...]:
    """Name the params with more than one value: those shared by several runs first, ids and seeds last."""
    values: dict[str, Counter[str]] = {}
    for run in runs:
        for name, value in run.params.items():
            values.setdefault(name, Counter())[_value_key(value)] += 1
    varying = {name: counts for name, counts in values.items() if len(counts) > 1 or counts.total() < len(runs)}
    return tuple(sorted(varying, key=lambda name: _param_place(name, varying, len(runs))))


def _value_key(value: Any) -> str:
    """Name a param's value so that equal JSON values have one name: 1 and 1.0 are one number."""
    return repr(int(value)) if isinstance(value, float) and value.is_integer() else repr(value)


def _param_place(name: str, values: Mapping[str, Counter[str]], runs: int) -> tuple[bool, bool, bool, str]:
    counts = values[name]
    unique = len(counts) == runs > 2
    sparse = counts.total() * 2 < runs
    return name in REPEAT_PARAMS, unique, sparse, name
