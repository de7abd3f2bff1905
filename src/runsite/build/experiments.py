"""An experiment's facts: whether anything that may be said of its runs side by side has changed since the last build.

Of each run only what is steady counts here (summaries/steady), judged by the experiment's main metric, its settled
goals and the value that a run must reach to lead. These follow from the steady facts of the runs; so where the steady
facts of every run, judged by the old ones, are the old facts, the main metric, the goals and that value are the old
ones too, and no summary but those of changed runs need be decoded. Otherwise all runs are decoded and everything that
spans them is made anew.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from runsite.build.memory import ExperimentFacts, Memory, RunFacts, digest_of
from runsite.build.reasons import FORGOTTEN, FOUND, GONE, LEFT_OUT, NEW, joined, said_of
from runsite.build.runs import SiteRuns
from runsite.config import Settings
from runsite.model import (
    RUNNING,
    ExperimentSummary,
    IgnoredParam,
    MainMetric,
    Problem,
    RepeatRule,
    RunSummary,
)
from runsite.site_paths import experiment_page
from runsite.summaries import summarise_experiment
from runsite.summaries.experiment import choose_main_metric, is_leading, leading_value
from runsite.summaries.packed import plain_run
from runsite.summaries.settled import Settled, disputed_goals, settled_run
from runsite.summaries.steady import steady_run
from runsite.tables import RunTable
from runsite.tables.model import Column
from runsite.tables.run_table import MAX_HTML_ROWS
from runsite.tables.shard_table import TableLayout, table_layout

_COLUMN = [each.name for each in fields(Column) if each.name not in ("values", "distances", "best_value")]


class Experiments:
    """The experiments of a site, summarised as far as they changed."""

    def __init__(self, runs: SiteRuns, texts: Mapping[str, str], settings: Settings, *, memory: Memory) -> None:
        """`texts` are the experiment.md by experiment, cleaned."""
        self._runs = runs
        self._texts = texts
        self._settings = settings
        self._memory = memory
        grouped: dict[str, list[RunFacts]] = {name: [] for name in texts}
        for facts in runs.facts.values():
            grouped.setdefault(facts.experiment, []).append(facts)
        has_filter = bool(runs.left_out)
        self.runs = {name: grouped[name] for name in sorted(grouped) if grouped[name] or not has_filter}
        """By name, sorted."""
        self._gone = defaultdict(list)
        for key in runs.gone():
            self._gone[key.rpartition("/")[0]].append(key)
        self._left: list[str] = []
        """Experiments that the site had and has no more."""
        self._made: dict[str, ExperimentSummary] = {}

    def settle(self) -> None:
        """Find out which experiments changed, and bring the facts of all up to date."""
        known, self._memory.experiments = self._memory.experiments, {}
        self._left = sorted(known.keys() - self.runs.keys())
        for name, own in self.runs.items():
            facts = self._memory.experiments[name] = known.get(name, ExperimentFacts())
            self._settle_one(name, own, facts)

    def _settle_one(self, name: str, own: Sequence[RunFacts], facts: ExperimentFacts) -> None:
        settings = repr(self._settings.experiment(name))
        texts = [digest_of(each) for each in (self._texts.get(name, ""), settings, self._settings.repeat)]
        old_steady = {run.key: run.steady for run in own}
        for run in own if facts.digest else ():
            if run.reason or not run.steady:
                run.steady = self._steady_digest(run, facts)
        runs = _runs_digest(own)
        if facts.digest and facts.texts == texts and facts.runs == runs:
            return
        facts.reason = self._why(name, [run.key for run in own if run.steady != old_steady[run.key]], texts)
        decoded = [self._runs.summary_beside_others(run.key) for run in own]
        goals = disputed_goals(decoded)
        settled = [settled_run(run, goals) for run in decoded]
        main = choose_main_metric(settled, wanted=self._settings.experiment(name).metric)
        facts.goals = [[metric, *goal] for metric, goal in goals.items()]
        facts.main = None if main is None else [main.name, main.goal, main.goal_from, main.reason]
        facts.leading_value = None if main is None else leading_value(settled, main)
        lasting = []
        for run, summary, judged in zip(own, decoded, settled, strict=True):
            run.steady, lasts = _digests_beside(run, summary, judged, facts)
            lasting.append([run.key, lasts])
        facts.lasting = digest_of(sorted(lasting))
        steady = [_steady_run(run, facts) for run in settled]
        experiment = self._made[name] = self._summarised(name, steady)
        facts.title = experiment.title
        facts.baseline = experiment.baseline
        facts.metric_names = list(experiment.metric_names)
        facts.quiet = sorted(experiment.quiet_metrics)
        facts.shapes = self._shapes(experiment, facts, {digest_of(list(run.metrics)): run for run in decoded})
        facts.texts, facts.runs = texts, _runs_digest(own)
        facts.digest = digest_of([texts, facts.runs])

    def _why(self, name: str, differing: Sequence[str], texts: Sequence[bytes]) -> str:
        """Say in one line why an experiment is summarised again; some of its runs read otherwise beside others."""
        facts = self._memory.experiments[name]
        own = [run.key for run in self.runs[name]]
        if not facts.digest:
            was_filtered = not own and self._memory.facts.get("filter")
            new = f"experiment {name} is new" + (f", or {FOUND}" if was_filtered else "")
            why = self._memory.why_new(experiment_page(name), new)
            if why == new and not any(self._runs.became(key) == FOUND for key in own):
                return new
            return joined([*([] if why == new else [why]), *self._runs.tell(own)])
        came = [key for key in own if self._runs.became(key) in (NEW, FOUND)]
        told = self._runs.tell([*came, *differing, *self._gone[name]], _changed_beside)
        pairs = zip(_text_reasons(name), facts.texts, texts, strict=True)
        return joined([*told, *(reason for reason, old, new in pairs if old != new)]) or FORGOTTEN

    def why_others(self) -> str:
        """Say in one line why what spans all experiments is made again."""
        told = [self._memory.experiments[name].reason for name in self.runs]
        for name in self._left:
            told += self._runs.tell(self._gone[name]) or [
                said_of("experiment", [name], LEFT_OUT if name in self._texts else GONE)
            ]
        return joined(told)

    def why_elsewhere(self) -> str:
        """Say in one line which runs lie in another store than they did."""
        return said_of("run", self._runs.moved, "lies in another store") if self._runs.moved else ""

    def _summarised(self, name: str, steady: Sequence[RunSummary]) -> ExperimentSummary:
        """Summarise steady runs; the first of them, which HTML shows, with their values at extremes."""
        made = summarise_experiment(
            name,
            steady,
            text=self._texts.get(name, ""),
            settings=self._settings.experiment(name),
            repeat=self._settings.repeat,
        )
        first = (
            run if run.status == RUNNING else replace(run, at_extremes=self._runs.summary(str(run.key)).at_extremes)
            for run in made.runs[:MAX_HTML_ROWS]
        )
        return replace(made, runs=(*first, *made.runs[MAX_HTML_ROWS:]))

    def _steady_digest(self, run: RunFacts, facts: ExperimentFacts) -> bytes:
        if run.status != RUNNING:
            return run.summary
        return steady_digest(self._runs.summary(run.key), facts)

    def _shapes(
        self, experiment: ExperimentSummary, facts: ExperimentFacts, examples: Mapping[bytes, RunSummary]
    ) -> dict[bytes, bytes]:
        """Digest what the page of a run takes from its experiment: of metrics only what is said of its own."""
        shapes = {}
        for shape, run in examples.items():
            names = [name for name in experiment.metric_names if name in run.metrics]
            quiet = [name for name in names if name in experiment.quiet_metrics]
            goals = [goal for goal in facts.goals if goal[0] in run.metrics]
            shapes[shape] = digest_of([experiment.title, facts.main, facts.baseline, names, quiet, goals])
        return shapes

    def summary(self, name: str) -> ExperimentSummary:
        """Return an experiment of steady runs, decoded."""
        if name not in self._made:
            facts = self._memory.experiments[name]
            goals = goals_of(facts)
            decoded = (self._runs.summary_beside_others(run.key) for run in self.runs[name])
            steady = [_steady_run(settled_run(run, goals), facts) for run in decoded]
            self._made[name] = self._summarised(name, steady)
        return self._made[name]

    def page_problems(self) -> list[Problem]:
        """Gather what pages of experiments tell, as far as it counts."""
        rows = [row for name in self.runs for row in self._memory.experiments[name].page.problems]
        return list(_counted_problems(rows, experiments=sum(bool(own) for own in self.runs.values())))

    def settled(self, key: str) -> RunSummary:
        """Return all that a run says, judged by its experiment's goals."""
        experiment = self._memory.experiments[self._runs.facts[key].experiment]
        return settled_run(self._runs.summary(key), goals_of(experiment))


def _counted_problems(rows: Sequence[Sequence[Any]], *, experiments: int) -> Iterator[Problem]:
    """Yield what counts of what pages of experiments tell: an unbound chart, once, where all that have runs tell it."""
    lacking = Counter(row[0] for row in rows if row[3] == "unbound")
    for row in rows:
        if row[3] != "unbound":
            yield Problem(*row)
        elif lacking.pop(row[0], 0) == experiments:
            yield replace(Problem(*row), kind="note")


def steady_digest(summary: RunSummary, facts: ExperimentFacts) -> bytes:
    """Digest what may be said beside other runs of a run without an end."""
    settled = settled_run(summary, goals_of(facts))
    return _digest_led_by(_led_by(settled, facts), summary, settled)


def _digest_led_by(main: str | None, summary: RunSummary, settled: RunSummary) -> bytes:
    own_goals = [[name, metric.goal, metric.goal_from] for name, metric in summary.metrics.items()]
    return digest_of([plain_run(steady_run(settled, main=main)), own_goals])


def _digests_beside(
    run: RunFacts, summary: RunSummary, settled: RunSummary, facts: ExperimentFacts
) -> tuple[bytes, bytes]:
    """Digest what may be said of a run beside others, and that but for a best by which it leads without an end."""
    if run.status != RUNNING:
        return run.summary, run.summary
    main = _led_by(settled, facts)
    steady = _digest_led_by(main, summary, settled)
    return steady, steady if main is None else _digest_led_by(None, summary, settled)


def _steady_run(run: RunSummary, facts: ExperimentFacts) -> RunSummary:
    return steady_run(run, main=_led_by(run, facts))


def _led_by(run: RunSummary, facts: ExperimentFacts) -> str | None:
    """Name the metric by which a run, its goals settled, is one of those that lead."""
    main = MainMetric(*facts.main) if facts.main else None
    return main.name if main and is_leading(run, main, facts.leading_value) else None


def goals_of(facts: ExperimentFacts) -> dict[str, Settled]:
    return {name: (goal, goal_from) for name, goal, goal_from in facts.goals}


def without_runs(name: str, facts: ExperimentFacts) -> ExperimentSummary:
    """Return what a run's page needs of its experiment."""
    return ExperimentSummary(
        name=name,
        title=facts.title,
        description="",
        runs=(),
        main_metric=MainMetric(*facts.main) if facts.main else None,
        best=None,
        drawn=(),
        drawn_reason="",
        metric_names=tuple(facts.metric_names),
        quiet_metrics=frozenset(facts.quiet),
        varying_params=(),
        param_names=(),
        diverged=frozenset(),
        baseline=facts.baseline,
    )


def keep_layout(facts: ExperimentFacts, table: RunTable) -> None:
    """Remember an experiment's columns."""
    layout = table_layout(table, None)
    facts.columns = [[getattr(column, name) for name in _COLUMN] for column in layout.columns]
    facts.unknown_columns = list(table.unknown_columns)
    rule = table.repeat_rule
    facts.repeat_rule = [[[param.name, param.reason] for param in rule.ignored], list(rule.key_params)]


def layout_of(name: str, facts: ExperimentFacts) -> TableLayout:
    """Return an experiment's columns as they are remembered."""
    ignored, key_params = facts.repeat_rule
    return TableLayout(
        name,
        tuple(Column(**dict(zip(_COLUMN, row, strict=True)), values=()) for row in facts.columns),
        RepeatRule(tuple(IgnoredParam(*param) for param in ignored), tuple(key_params)),
        MainMetric(*facts.main) if facts.main else None,
    )


def layout_digest(facts: ExperimentFacts) -> bytes:
    return digest_of([facts.columns, facts.repeat_rule, facts.main, facts.goals])


def _runs_digest(runs: Sequence[RunFacts]) -> bytes:
    return digest_of(sorted([run.key, run.steady] for run in runs))


def _text_reasons(name: str) -> tuple[str, str, str]:
    return (
        f"the description of experiment {name} reads otherwise",
        f"the settings of experiment {name} changed",
        "the settings of repeats changed",
    )


def _changed_beside(run: RunFacts) -> str:
    return "changed in more than its latest values" if run.status == RUNNING else f"changed and reads {run.status}"
