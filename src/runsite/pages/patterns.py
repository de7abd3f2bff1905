"""The pattern page: every part of the pages once, from values made up here; for looking at after each change of style.

`docs/patterns.py` writes it into a folder. It is no part of a built site.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from runsite.charts.cards import Version, experiment_charts, run_charts
from runsite.model import (
    Artifact,
    CustomChart,
    Dataset,
    Environment,
    ExperimentSummary,
    LoggedModel,
    MainMetric,
    MetricSummary,
    ModelEvent,
    ModelVersion,
    Note,
    ParamConflict,
    Point,
    Problem,
    RegisteredModel,
    RunFailure,
    RunKey,
    RunSummary,
    SiteContent,
    Source,
    SourceSummary,
)
from runsite.pages.about import make_about_page
from runsite.pages.artifacts import ArtifactFile
from runsite.pages.experiment import make_experiment_page
from runsite.pages.index import make_index_page
from runsite.pages.model import make_model_page
from runsite.pages.models import make_models_page
from runsite.pages.notices import make_notices_page
from runsite.pages.page import Frame, Link, Page
from runsite.pages.run import RunPlace, make_run_page
from runsite.pages.runs import make_runs_page
from runsite.site_paths import ALL_RUNS_TABLE
from runsite.tables import all_runs_table, run_table

START = 1_790_000_000.0
POINTS = 100
EXPERIMENT = "patterns"
DIGEST = "ab" * 32
STATUSES = ("finished", "running", "pruned", "failed", "killed", "diverged")
TEXT = """Text with **bold**, `code`, a [link](https://example.org), a [dead link](nowhere.md) and a list:

- one
- two

| column | number |
|---|--:|
| a | 0.5 |

```python
print("code")
```

> A quotation.
"""

_CUSTOM_CHARTS = (
    CustomChart("rate", "rate", "", "charts/rate.vl.json", "no JSON, at column 9: Expecting value", 2),
    CustomChart("made", "made", "", "charts/made.py", "not run, for it is code", is_refused=True),
)


def make_patterns_pages(*, version: Version) -> tuple[Page, ...]:
    """Make the page of all parts, and the pages it borrows them from."""
    experiment, model = pattern_experiment(), _model()
    content = SiteContent(
        "Patterns", "Every part of the pages once.", (experiment,), (model,), (), (_source(),), START + 9000
    )
    frame = Frame(content.title)
    overview = make_index_page(content, frame=frame)
    table = run_table(experiment)
    runs = {run.key: run for run in experiment.runs}
    registered = make_model_page(model, frame=frame, runs=runs, resolve=_resolve)
    whole = make_experiment_page(
        experiment,
        frame=frame,
        resolve=_resolve,
        table=table,
        charts=experiment_charts(experiment, version=version),
        version=version,
        custom_charts=_CUSTOM_CHARTS,
    )
    pages = tuple(_run_page(run, experiment, frame=frame, model=model, version=version) for run in experiment.runs)
    around = (
        make_about_page(content, frame=frame, dead_links=()),
        make_models_page(content.models, frame=frame, stages=content.stages),
        make_runs_page(
            content, frame=frame, table=all_runs_table([experiment], [table]), version=version(ALL_RUNS_TABLE)
        ),
        make_notices_page(frame=frame),
    )
    return overview, *around, whole, registered, *pages, _patterns_page(frame, whole=whole, run=pages[0])


def _patterns_page(frame: Frame, *, whole: Page, run: Page) -> Page:
    """Join the contexts of an experiment's and a run's page at the address of the experiment, where its links hold."""
    path = whole.path.replace("index.html", "patterns.html")
    context: dict[str, Any] = {**whole.context, **frame.context(path, title="Patterns"), "borrowed": _borrowed(run)}
    context["statuses"] = [("✓", "finished"), ("▶", "running"), ("◌", "stalled"), ("⊘", "pruned"), ("✕", "failed")]
    context["statuses"] += [("■", "killed"), ("↯", "diverged")]
    return Page(path, "patterns.html", context)


def _borrowed(run: Page) -> dict[str, Any]:
    """Take a run's page two folders up, where its links to other pages begin two folders nearer."""
    children = [child._replace(link=_nearer(child.link)) for child in run.context["children"]]
    versions = [(_nearer(link), *rest) for link, *rest in run.context["versions"]]
    return {**run.context, "children": children, "versions": versions}


def _nearer(link: Link) -> Link:
    return link._replace(href=link.href.removeprefix("../../"))


def _run_page(
    run: RunSummary, experiment: ExperimentSummary, *, frame: Frame, model: RegisteredModel, version: Version
) -> Page:
    place = RunPlace(
        experiment.title,
        experiment.main_metric,
        children=experiment.runs[1:3],
        versions=((model.name, model.versions[0]),),
        charts=run_charts(run, experiment, version=version),
    )
    return make_run_page(run, frame=frame, place=place, files=_files(), resolve=_resolve)


def _resolve(_: str) -> None:
    return None


def pattern_experiment() -> ExperimentSummary:
    """Make the experiment whose runs the patterns show."""
    runs = tuple(_run(number, status) for number, status in enumerate(STATUSES))
    return ExperimentSummary(
        name=EXPERIMENT,
        title="Patterns",
        description="The first paragraph of a description.\n\nThe second, which stands below.",
        runs=runs,
        main_metric=MainMetric("val/acc", "maximize", "record", "goal declared in the logs"),
        best=runs[0],
        drawn=tuple(run.key for run in runs),
        drawn_reason=f"all {len(runs)} runs",
        metric_names=("val/acc", "train/loss"),
        quiet_metrics=frozenset(),
        varying_params=("lr",),
        param_names=("lr", "optimizer"),
        diverged=frozenset({runs[-1].key}),
    )


def _run(number: int, status: str) -> RunSummary:
    diverged = status == "diverged"
    started = START + number * 1000
    return RunSummary(
        key=RunKey(EXPERIMENT, f"{status}-{number}"),
        name=f"{status} run",
        store_path=f"{EXPERIMENT}/{status}-{number}",
        status="finished" if diverged else status,
        started=started,
        ended=None if status == "running" else started + 600,
        last_time=started + 600,
        failure=RunFailure("RuntimeError", "out of memory") if status == "failed" else None,
        attempts=2,
        params={"lr": 0.1 / (number + 1), "optimizer": "adam"},
        params_conflicts=(ParamConflict("lr", 0.1, 0.5, f"{EXPERIMENT}/run.jsonl", 12),),
        tags={"team": "vision"},
        metrics={name: _metric(name, values) for name, values in pattern_curves(number, status).items()},
        datasets=(Dataset("digits", "training", "sha256:0123456789abcdef", "sklearn.datasets.load_digits", 1797),),
        models=(LoggedModel("classifier", "artifacts/model", "sklearn", {"inputs": [64]}, ("numpy",), 18211, DIGEST),),
        source=Source("python train.py --lr 0.1", "c0ffee" * 6, "main", "https://github.com/example/digits", True),
        environment=Environment("3.11.7", "Linux x86_64", {"numpy": "2.4.6"}),
        notes=(Note(TEXT, started + 300),),
        problems=(Problem(f"{EXPERIMENT}/run.jsonl", 40, "not JSON: a line cut in the middle"),),
        log_files=(f"{EXPERIMENT}/run.jsonl",),
    )


def pattern_curves(number: int, status: str) -> Mapping[str, list[float]]:
    """Make the curves of the run of this number: the figures and the data scripts are both made from them."""
    fall = [math.exp(-step / (20 + 5 * number)) for step in range(POINTS)]
    if status == "diverged":
        fall[60:] = [math.nan] * (POINTS - 60)
    return {"train/loss": [2.3 * value for value in fall], "val/acc": [1 - value for value in fall]}


def _metric(name: str, values: Sequence[float]) -> MetricSummary:
    is_up = name == "val/acc"
    finite = [value for value in values if math.isfinite(value)]
    best = max(finite) if is_up else min(finite)
    return MetricSummary(
        name=name,
        count=len(values),
        finite=len(finite),
        first=Point(0, values[0]),
        last=Point(len(values) - 1, values[-1]),
        min=min(finite),
        max=max(finite),
        mean=sum(finite) / len(finite),
        best=Point(values.index(best), best),
        goal="maximize" if is_up else "minimize",
        goal_from="record" if is_up else "guess",
    )


def _files() -> tuple[ArtifactFile, ...]:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4"><rect width="8" height="4" fill="#888"/></svg>'
    texts = {
        "drawing.svg": drawing,
        "table.csv": "class,precision\ncat,0.91\ndog,0.88\n",
        "summary.json": '{"best": 0.96}',
        "page.html": "<h1>An HTML file</h1><p>without scripts</p>",
        "findings.md": TEXT,
        "train.py": "import runsite\n",
    }
    shown = [ArtifactFile(Artifact(n, f"artifacts/{n}"), None, DIGEST, 1234, text) for n, text in texts.items()]
    gone = ArtifactFile(Artifact("weights.bin", "artifacts/weights.bin"), problem="larger than 10 MB")
    address = ArtifactFile(Artifact("checkpoint", uri="https://example.org/checkpoint"))
    return (*shown, gone, address)


def _model() -> RegisteredModel:
    versions = (
        _version(3, "Staging"),
        _version(2, "Production", aliases=("champion",)),
        _version(1, "Archived"),
    )
    moved = {"from": "Staging", "to": "Production", "reason": "better"}
    events = (
        ModelEvent("1", START, "Ada", "version_registered", 1),
        ModelEvent("2", START + 9, "Ada", "stage_changed", 2, moved),
    )
    stages = {version.stage: (version,) for version in versions}
    return RegisteredModel("digits", "# Card\n\nWhat it is for.", "Reads digits.", versions, stages, events)


def _version(number: int, stage: str, *, aliases: tuple[str, ...] = ()) -> ModelVersion:
    return ModelVersion(
        number,
        str(number),
        stage,
        START + number,
        START,
        "Ada",
        aliases,
        RunKey(EXPERIMENT, "finished-0"),
        "artifacts/model",
        digest=f"sha256:{DIGEST}",
        size_bytes=18211,
    )


def _source() -> SourceSummary:
    return SourceSummary("runs", len(STATUSES), len(STATUSES), 0)
