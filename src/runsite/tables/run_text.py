"""One run, its metrics and the registered models, as text for a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from runsite.goal_mark import goal_mark
from runsite.model import MetricSummary, ModelVersion, ParamConflict, RegisteredModel, RunSummary
from runsite.number_format import (
    format_bytes,
    format_count,
    format_count_of,
    format_duration,
    format_number,
    format_param,
    format_step,
    format_time,
)
from runsite.status_rule import status_glyph
from runsite.tables.terminal import TextColumn, cut, lay_out, plain, plain_block

MAX_NAME_WIDTH = 40
MAX_VALUE_WIDTH = 100
SHORT_DIGEST = 19
"""`sha256:` and twelve digits."""
INDENT = "  "


def run_text(run: RunSummary, *, status: str) -> str:
    """Tell everything of a run but its curves; `status` is judged by whoever looks."""
    sections = [
        ("", _head(run, status)),
        ("metrics", _metrics(tuple(run.metrics.values()))),
        ("params", _pairs(run.params)),
        (
            "params logged again with another value",
            [_conflict(conflict) for conflict in run.params_conflicts],
        ),
        ("tags", _pairs(run.tags)),
        ("datasets", _datasets(run)),
        ("artifacts", _artifacts(run)),
        ("models", _logged_models(run)),
        ("source", _source(run)),
        ("environment", _environment(run)),
        ("notes", [plain_block(note.text) for note in run.notes]),
        ("could not be read", [problem.text for problem in run.problems]),
    ]
    return "\n\n".join(_section(title, lines) for title, lines in sections if lines) + "\n"


def metrics_text(metrics: Iterable[MetricSummary]) -> str:
    """Tell the figures of metrics as a table."""
    return "\n".join([*_metrics(tuple(metrics)), ""])


def models_text(models: Sequence[RegisteredModel]) -> str:
    """Tell what is in each stage of each registered model, and its versions."""
    if not models:
        return "No registered models; `runsite model register` makes the first.\n"
    return "\n".join(_model(model) for model in models)


def _section(title: str, lines: Sequence[str]) -> str:
    if not title:
        return "\n".join(lines)
    return "\n".join([title, *(INDENT + line for text in lines for line in text.split("\n"))])


def _head(run: RunSummary, status: str) -> list[str]:
    name = f"  {plain(run.name)}" if run.name != run.key.run else ""
    told = [
        f"{status_glyph(status)} {plain(status)}",
        format_time(run.started) and f"started {format_time(run.started)}",
        format_duration(run.duration_seconds),
        f"{run.attempts} attempts" if run.attempts > 1 else "",
        "" if run.ended is not None or not format_time(run.last_time) else f"last record {format_time(run.last_time)}",
    ]
    lines = [plain(str(run.key)) + name, " · ".join(filter(None, told))]
    if run.failure:
        lines.append(f"{plain(run.failure.type)}: {plain_block(run.failure.message)}")
    if run.parent:
        lines.append(f"parent {plain(str(run.parent))}")
    return lines


def _metrics(metrics: Sequence[MetricSummary]) -> list[str]:
    if not metrics:
        return []
    marks = [goal_mark(metric.goal, metric.goal_from) for metric in metrics]
    best = [metric.best for metric in metrics]
    columns = [
        _column("metric", [cut(plain(metric.name), MAX_NAME_WIDTH) for metric in metrics], right=False),
        _column("", [mark.glyph if mark else "" for mark in marks]),
        _column("first", [format_number(metric.first.value) for metric in metrics]),
        _column("last", [format_number(metric.last and metric.last.value) for metric in metrics]),
        _column("best", [format_number(point.value) if point else "" for point in best]),
        _column("at step", [format_step(point.step) if point else "" for point in best]),
        _column("min", [format_number(metric.min) for metric in metrics]),
        _column("max", [format_number(metric.max) for metric in metrics]),
        _column("count", [format_count(metric.count) for metric in metrics]),
        _column("non-finite", [format_count(metric.non_finite) if metric.non_finite else "" for metric in metrics]),
    ]
    return lay_out([column for column in columns if any(column.cells)])


def _column(header: str, cells: Sequence[str], *, right: bool = True) -> TextColumn:
    return TextColumn((header,), tuple(cells), right)


def _pairs(values: Mapping[str, Any]) -> list[str]:
    names = tuple(cut(plain(name), MAX_NAME_WIDTH) for name in values)
    texts = tuple(cut(plain(format_param(value)), MAX_VALUE_WIDTH) for value in values.values())
    return lay_out([TextColumn((), names), TextColumn((), texts)]) if values else []


def _conflict(conflict: ParamConflict) -> str:
    kept, ignored = (plain(format_param(value)) for value in (conflict.kept, conflict.ignored))
    return f"{plain(conflict.name)}: {kept} stands, {ignored} is ignored ({plain(conflict.file)}:{conflict.line})"


def _datasets(run: RunSummary) -> list[str]:
    facts = [
        (d.name, d.context, d.digest and d.digest[:SHORT_DIGEST], d.rows is not None and f"{d.rows:,} rows", d.source)
        for d in run.datasets
    ]
    return [_told(parts) for parts in facts]


def _artifacts(run: RunSummary) -> list[str]:
    facts = [(a.name, a.kind, format_bytes(a.size_bytes), a.path or a.uri) for a in run.artifacts]
    return [_told(parts) for parts in facts]


def _logged_models(run: RunSummary) -> list[str]:
    return [_told((m.name or "model", m.flavor, format_bytes(m.size_bytes), m.path)) for m in run.models]


def _source(run: RunSummary) -> list[str]:
    source = run.source
    if source is None:
        return []
    changed = "with changes not committed" if source.dirty else ""
    return _pairs(
        {
            name: value
            for name, value in (
                ("command", source.command),
                ("commit", source.commit and f"{source.commit} {changed}".strip()),
                ("branch", source.branch),
                ("remote", source.remote),
                ("patch", source.patch),
            )
            if value
        }
    )


def _environment(run: RunSummary) -> list[str]:
    environment = run.environment
    if environment is None:
        return []
    packages = ", ".join(f"{name} {version}" for name, version in environment.packages.items())
    known = {"python": environment.python, "platform": environment.platform, "packages": packages}
    return _pairs({name: value for name, value in known.items() if value})


def _model(model: RegisteredModel) -> str:
    versions = [version for version in model.versions if not version.removed]
    title = f"{plain(model.name)}: {format_count_of(len(versions), 'version')}"
    columns = [
        _column("version", [plain(version.label) for version in versions]),
        _column("stage", [_stage(version) for version in versions], right=False),
        _column("aliases", [plain(", ".join(version.aliases)) for version in versions], right=False),
        _column("run", [plain(str(version.run or version.uri or "")) for version in versions], right=False),
        _column("registered", [format_time(version.registered) for version in versions], right=False),
        _column("by", [plain(version.by) for version in versions], right=False),
        _column("digest", [plain((version.digest or "")[:SHORT_DIGEST]) for version in versions], right=False),
    ]
    problems = [problem.text for problem in model.problems]
    table = lay_out([column for column in columns if any(column.cells)])
    return "\n".join([title, *(INDENT + line for line in (*table, *problems)), ""])


def _stage(version: ModelVersion) -> str:
    since = format_time(version.stage_since)
    return plain(version.stage) + (f" since {since[:10]}" if since and version.stage != "None" else "")


def _told(parts: Iterable[str | bool | None]) -> str:
    return " · ".join(plain(str(part)) for part in parts if part)
