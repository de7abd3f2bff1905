"""What each reading command does with its words; `build_command` builds, `registry_commands` holds those that write."""

import argparse
import csv
import json
import os
import sys
import time
from typing import Any

from runsite.answers import find_run, judged_status, read_summaries
from runsite.answers.check import check_stores
from runsite.answers.details import model_json, point_rows, run_details_json
from runsite.answers.run_list import RunList, run_query
from runsite.cli.build_command import find_stores, print_lines
from runsite.cli.registry_commands import (
    run_model_alias,
    run_model_describe,
    run_model_history,
    run_model_register,
    run_model_remove,
    run_model_rollback,
    run_model_stage,
    run_model_tag,
)
from runsite.config import read_settings
from runsite.errors import CheckError, RunsiteError
from runsite.model import Run
from runsite.readers import list_stores, read_run
from runsite.registry import read_models
from runsite.shown_names import quoted
from runsite.sources import empty_store_error
from runsite.summaries.run import summarise_run
from runsite.summaries.run_json import run_json
from runsite.tables.run_text import metrics_text, models_text, run_text
from runsite.tables.text_table import text_table, without_match_text

__all__ = [
    "run_check",
    "run_metrics",
    "run_model_alias",
    "run_model_describe",
    "run_model_history",
    "run_model_register",
    "run_model_remove",
    "run_model_rollback",
    "run_model_stage",
    "run_model_tag",
    "run_models",
    "run_runs",
    "run_show",
]


def run_runs(options: argparse.Namespace) -> int:
    """List runs: as a table for people, as JSON lines, or as CSV."""
    if options.json and options.columns:
        raise RunsiteError("--columns goes with the table and with --csv; the objects of --json are always whole")
    query = run_query(options.filter, sort=options.sort, columns=options.columns, limit=options.limit)
    listings = list_stores(find_stores(options.stores))
    if all(listing.is_empty for listing in listings):
        raise empty_store_error(listings[0])
    settings = read_settings(listings[0].store.path)
    runs = read_summaries([folder for listing in listings for folder in listing.runs], settings)
    now = time.time()
    if options.json and query.takes_all:
        print_lines(to_json(run_json(run, status=judged_status(run, now))) for run in runs)
        return 0
    listed = RunList(runs, settings, query, now=now)
    if options.json:
        print_lines(to_json(run_json(run, status=judged_status(run, now))) for run in listed.runs())
    elif options.csv:
        sys.stdout.write(listed.csv())
    else:
        _print_tables(listed, limit=options.limit, now=now)
    if listed.is_empty:
        print("no run matches the filter", file=sys.stderr)
    return 0


def _print_tables(listed: RunList, *, limit: int | None, now: float) -> None:
    width = _terminal_width()
    for each in listed.tables():
        print(text_table(each.table, matching=each.rows, width=width, limit=limit, now=now))
    if listed.without_match and not listed.is_empty:
        print(without_match_text(listed.without_match, width=width))


def run_show(options: argparse.Namespace) -> int:
    """Show one run."""
    run, settings = _wanted_run(options)
    summary = summarise_run(run, definitions=settings.metrics)
    status = judged_status(summary, time.time())
    print(to_json(run_details_json(summary, status=status)) if options.json else run_text(summary, status=status))
    return 0


def run_metrics(options: argparse.Namespace) -> int:
    """Print the points of a run's metrics, or their figures for people."""
    run, settings = _wanted_run(options)
    unknown = [name for name in options.names if name not in run.series]
    if unknown:
        raise RunsiteError(
            f"run {run.key} has no metric {quoted(unknown[0])}; it has {', '.join(sorted(run.series)) or 'none'}"
        )
    names = options.names or sorted(run.series)
    if options.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["metric", "step", "value", "time"])
        writer.writerows(row for name in names for row in point_rows(run.series[name]))
    elif options.json:
        keys = ("metric", "step", "value", "time")
        for name in names:
            print_lines(to_json(dict(zip(keys, row, strict=True))) for row in point_rows(run.series[name]))
    else:
        summary = summarise_run(run, definitions=settings.metrics)
        print(metrics_text([summary.metrics[name] for name in names]))
    return 0


def run_models(options: argparse.Namespace) -> int:
    """List registered models."""
    store = find_stores([options.store] if options.store else [])[0]
    list_stores([store])
    models = read_models(store, stages=read_settings(store).stages)
    if options.json:
        print_lines(to_json(model_json(model)) for model in models)
    else:
        print(models_text(models))
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Read everything; exit with 3 if something could not be read."""
    findings = check_stores(find_stores(options.stores))
    for finding in findings:
        print(to_json(finding.json()) if options.json else finding.problem.text)
    lost = [finding for finding in findings if finding.fails]
    if lost:
        raise CheckError(f"{len(lost):,} of {len(findings):,} findings are losses; the first: {lost[0].problem.text}")
    print("all logs read; nothing lost", file=sys.stderr)
    return 0


def _wanted_run(options: argparse.Namespace) -> tuple[Run, Any]:
    listing = list_stores(find_stores([options.store] if options.store else []))[0]
    run = read_run(find_run(options.wanted, listing.runs))
    if run is None:
        raise RunsiteError(f"the logs of {quoted(options.wanted)} went away while they were read; try again")
    return run, read_settings(listing.store.path)


def to_json(value: object) -> str:
    """Write one line of JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _terminal_width() -> int | None:
    """Return the terminal's width; None if the output goes elsewhere and need not be cut."""
    return os.get_terminal_size().columns if sys.stdout.isatty() else None
