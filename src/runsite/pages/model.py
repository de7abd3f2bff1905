"""A registered model's page: what is in each stage now and since when, what changed last and why; then versions."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from runsite.goal_mark import GoalMark, goal_mark
from runsite.model import ModelEvent, ModelVersion, Problem, RegisteredModel, RunKey, RunSummary
from runsite.notes import Resolver, is_safe_address, render_markdown, split_title
from runsite.number_format import format_bytes, format_count, format_number, format_param
from runsite.pages.cells import Moment, author_name, chosen_point, moment, problem_list, run_link
from runsite.pages.page import MODELS, OVERVIEW, Frame, Link, Page
from runsite.registry import TOLD_KEYS, event_sentence
from runsite.site_paths import model_page, relative

MAX_METRICS = 3
# An old model has hundreds of archived versions; the table of versions has them all.
MAX_PER_STAGE = 3
DIGEST_DIGITS = 12


class VersionMetric(NamedTuple):
    """A metric of the run a version came from."""

    name: str
    value: str
    unit: str
    mark: GoalMark | None


class VersionRow(NamedTuple):
    """One version, every figure written."""

    version: ModelVersion
    anchor: str
    run: Link | None
    """Without an address when the run is not in this site."""
    metrics: list[VersionMetric]
    digest: str
    """Its first characters."""
    size: str
    registered: Moment | None
    by: str
    since: Moment | None
    place: str
    place_href: str | None


class EventRow(NamedTuple):
    """Who did what, when and why."""

    time: Moment | None
    by: str
    what: str
    reason: str
    detail: str


def make_model_page(
    model: RegisteredModel, *, frame: Frame, runs: Mapping[RunKey, RunSummary], resolve: Resolver
) -> Page:
    """Make the page of one registered model; `runs` holds the runs its versions came from."""
    path = model_page(model.name)
    rows = {version.label: _version_row(version, runs, path) for version in model.versions}
    title, text = split_title(model.card)
    card = render_markdown(text, resolve=resolve, heading_level=3, anchor_prefix="card-")
    description = render_markdown(model.description or "", resolve=resolve, anchor_prefix="description-")
    events = [_event_row(event) for event in reversed(model.events)]
    context = frame.context(path, title=model.name, current="Models")
    context |= {
        "crumbs": (Link("Overview", relative(OVERVIEW, page=path)), Link("Models", relative(MODELS, page=path))),
        "model": model,
        "description": description.html if model.description else "",
        "tags": [(name, format_param(model.tags[name])) for name in sorted(model.tags)],
        "stages": [_stage(stage, [rows[v.label] for v in held]) for stage, held in model.stages.items() if held],
        "last_change": _last_change(model.events),
        "versions": list(rows.values()),
        "count": format_count(len(rows)),
        "events": events,
        "card": card.html if text.strip() else "",
        "card_title": title or "Card",
        "problems": problem_list(model.problems) if model.problems else None,
    }
    reasons = (f"{link.reason}: {link.target}" for link in card.dead_links + description.dead_links)
    return Page(
        path,
        "model.html",
        context,
        tuple(Problem(f"models/{model.name}/card.md", 0, reason, "note") for reason in reasons),
    )


def _stage(stage: str, rows: list[VersionRow]) -> tuple[str, list[VersionRow], str]:
    more = len(rows) - MAX_PER_STAGE
    return stage, rows[:MAX_PER_STAGE], format_count(more) if more > 0 else ""


def _event_row(event: ModelEvent) -> EventRow:
    detail = "" if event.type == "version_registered" else _detail(event.values)
    reason = str(event.values.get("reason") or "")
    return EventRow(moment(event.time), author_name(event.by), event_sentence(event), reason, detail)


def _last_change(events: Sequence[ModelEvent]) -> EventRow | None:
    return _event_row(events[-1]) if events else None


def _detail(values: Mapping[str, Any]) -> str:
    told = sorted(name for name in values if name not in TOLD_KEYS and values[name] not in (None, ""))
    return ", ".join(f"{name}: {format_param(values[name])}" for name in told)


def _version_row(version: ModelVersion, runs: Mapping[RunKey, RunSummary], path: str) -> VersionRow:
    run = runs.get(version.run) if version.run is not None else None
    link = run_link(run, page=path) if run else Link(str(version.run), "") if version.run else None
    address = version.uri if version.uri and version.uri.lower().startswith(("http:", "https:")) else None
    return VersionRow(
        version,
        f"version-{version.label.replace(' ', '-').strip('()')}",
        link,
        _version_metrics(run) if run else [],
        (version.digest or "").removeprefix("sha256:")[:DIGEST_DIGITS],
        format_bytes(version.size_bytes),
        moment(version.registered),
        author_name(version.by),
        moment(version.stage_since),
        version.uri or version.path or "",
        address if address and is_safe_address(address) else None,
    )


def _version_metrics(run: RunSummary) -> list[VersionMetric]:
    """Choose a run's metrics that judge it: those with a goal, declared ones first, validation before training."""
    judged = [metric for metric in run.metrics.values() if metric.goal and not metric.constant]
    judged.sort(key=lambda m: (m.goal_from == "guess", m.name.startswith("train"), m.name))
    return [
        VersionMetric(
            m.label or m.name,
            format_number((point := chosen_point(m)) and point.value),
            m.unit or "",
            goal_mark(m.goal, m.goal_from),
        )
        for m in judged[:MAX_METRICS]
    ]
