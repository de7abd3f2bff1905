"""The about page: what was read, what could not be, which goals were declared or guessed, and what the words mean."""

from collections.abc import Sequence
from typing import NamedTuple

from runsite.goal_mark import GoalMark, goal_mark
from runsite.model import ExperimentSummary, Problem, SiteContent, SourceSummary
from runsite.number_format import format_count
from runsite.pages.cells import ProblemList, moment, problem_list
from runsite.pages.page import ABOUT, OVERVIEW, Frame, Link, Page
from runsite.site_paths import experiment_page, relative
from runsite.sources.store import CHART_ENDINGS

MAX_GOALS = 60
GLOSSARY = (
    ("Experiment", "A question asked of a model, and all runs that try to answer it."),
    ("Run", "One execution of training code, with its settings, its curves and its files."),
    ("Param", "A setting a run was started with, such as a learning rate. It cannot change during the run."),
    ("Metric", "A number logged again and again during a run, such as a loss. Its points make a curve."),
    ("Step", "Where in a run a point was logged: usually the number of updates or epochs done."),
    ("Best", "The least or greatest value of a metric over the whole run, where a goal says which is better."),
    ("Main metric", "The metric an experiment's runs are ordered by."),
    ("Diverged", "The main metric ended as NaN or infinite: the training lost its way."),
    ("Stalled", "No end is recorded, and the run has been silent far longer than it ever was while it ran."),
    ("Artifact", "A file a run saved: a picture, a table, a model."),
    ("Model, version, stage", "A model that was registered, its numbered versions, and what each may be used for."),
    ("Alias", "A name that points to one version and can be moved, such as champion."),
)


class GoalRow(NamedTuple):
    """A metric and which way it is better."""

    metric: str
    mark: GoalMark
    is_main: bool


class ExperimentGoals(NamedTuple):
    """The goals of one experiment's metrics."""

    experiment: Link
    main: str
    """The main metric and why it was chosen."""
    declared: Sequence[GoalRow]
    more_declared: str
    """How many are not listed; empty when all are."""
    guessed: Sequence[GoalRow]
    more_guessed: str
    none: Sequence[str]
    more_none: str


class SourceRow(NamedTuple):
    """What was read from one store."""

    name: str
    runs: str
    log_files: str
    passed_over: str
    skipped: str
    problems: ProblemList | None


def make_about_page(content: SiteContent, *, frame: Frame, dead_links: Sequence[Problem]) -> Page:
    """Make the page that says where everything comes from."""
    charts = [problem for problem in dead_links if problem.file.endswith(CHART_ENDINGS)]
    links = [problem for problem in dead_links if problem not in charts]
    context = frame.context(ABOUT, title="About", current="About")
    context |= {
        "crumbs": (Link("Overview", OVERVIEW),),
        "until": moment(content.data_until),
        "filter": _filter_words(content),
        "sources": [_source_row(source) for source in content.sources],
        "goals": [_experiment_goals(experiment) for experiment in content.experiments],
        "dead_links": problem_list(links) if links else None,
        "broken_charts": problem_list(charts) if charts else None,
        "glossary": GLOSSARY,
        "notices_href": "notices.html",
    }
    return Page(ABOUT, "about.html", context)


def _filter_words(content: SiteContent) -> tuple[str, str] | None:
    """Say how many runs the site holds, and of which filter; None for a site of all runs."""
    if content.filter is None:
        return None
    held = sum(len(experiment.runs) for experiment in content.experiments)
    return f"{format_count(held)} of {format_count(content.filter.runs_read)} runs", content.filter.text


def _source_row(source: SourceSummary) -> SourceRow:
    return SourceRow(
        source.name,
        format_count(source.runs),
        format_count(source.log_files),
        format_count(source.folders_passed_over),
        format_count(sum(problem.kind == "line" for problem in source.problems)),
        problem_list(source.problems) if source.problems else None,
    )


def _experiment_goals(experiment: ExperimentSummary) -> ExperimentGoals:
    goals: dict[str, GoalMark] = {}
    for run in experiment.runs:
        for name, metric in run.metrics.items():
            mark = goal_mark(metric.goal, metric.goal_from) if name not in goals else None
            if mark is not None:
                goals[name] = mark
    main = experiment.main_metric
    names = [name for name in experiment.metric_names if name in goals]
    rows = [GoalRow(name, goals[name], main is not None and main.name == name) for name in names]
    declared = [row for row in rows if row.mark.goal_from != "guess"]
    guessed = [row for row in rows if row.mark.goal_from == "guess"]
    none = [name for name in experiment.metric_names if name not in goals]
    return ExperimentGoals(
        Link(experiment.title, relative(experiment_page(experiment.name), page=ABOUT)),
        f"{main.name}, {main.reason}" if main else "",
        declared[:MAX_GOALS],
        _more(declared),
        guessed[:MAX_GOALS],
        _more(guessed),
        none[:MAX_GOALS],
        _more(none),
    )


def _more(listed: Sequence[object]) -> str:
    return format_count(len(listed) - MAX_GOALS) if len(listed) > MAX_GOALS else ""
