"""Read runs for a site: what pages say of each, its curves as scripts, and how its logs were found.

Reading one run is a pure function of its folder and of the rules, so it may be done anywhere; `executors` does it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runsite.build.memory import digest_of
from runsite.charts.series import series_scripts
from runsite.data_script import DataFile
from runsite.file_digests import file_digest
from runsite.model import MetricDefinition
from runsite.privacy import known_secrets, private_run
from runsite.readers.log_memo import KeptLogs
from runsite.readers.run import LogStatus, read_run
from runsite.records.pack import pack
from runsite.signatures import Signature, signature
from runsite.sources import RunFolder
from runsite.summaries import summarise_run
from runsite.summaries.packed import plain_artifacts, plain_run


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """The settings that decide what is read out of a log."""

    private: bool
    definitions: Mapping[str, MetricDefinition]
    keeps_logged: bool = False
    """Also keep the summary as the log tells it, for a filter to judge."""


@dataclass(frozen=True, slots=True)
class ReadRun:
    """One run as it was read."""

    folder: RunFolder
    summary: bytes
    """Packed: summary, artifacts as logged, patch, summary as logged."""
    shown: bytes
    """The same without what only a filter may know."""
    facts: Mapping[str, Any]
    """Fields of RunFacts."""
    series: Iterable[DataFile]
    """Its curves, made as they are asked for, once: those of 10 million points are 100 MB."""
    logs: Mapping[str, LogStatus]


def read_chunk(folders: Sequence[RunFolder], rules: ReadingRules) -> list[ReadRun]:
    """Read some runs, curves and all, to be handed to another process."""
    found = (read_one(folder, rules) for folder in folders)
    return [replace(read, series=tuple(read.series)) for read in found if read is not None]


def read_one(folder: RunFolder, rules: ReadingRules, kept: KeptLogs | None = None) -> ReadRun | None:
    """Read a run and say what the site says of it; None if it is gone. `kept` is what was read of long logs before."""
    logs: dict[str, LogStatus] = {}
    run = read_run(folder, logs, kept)
    if run is None:
        return None
    shown = private_run(run) if rules.private else run
    summary = summarise_run(shown, definitions=rules.definitions)
    plain = plain_run(summary)
    logged = None
    if rules.keeps_logged and shown is not run:
        logged = plain_run(summarise_run(run, definitions=rules.definitions))
    artifacts = plain_artifacts(run.artifacts) if run.artifacts != shown.artifacts else None
    patch = run.source.patch if run.source else None
    shown_content = pack([plain, artifacts, patch, None])
    parent = run.parent
    return ReadRun(
        folder=folder,
        summary=shown_content if logged is None else pack([plain, artifacts, patch, logged]),
        shown=shown_content,
        facts={
            "name": summary.name,
            "status": summary.status,
            "parent": None if parent is None else [parent.experiment, parent.run],
            "shape": digest_of(list(summary.metrics)),
            "artifacts": digest_of([[a.path for a in run.artifacts], patch]) if run.artifacts or patch else b"",
            "secrets": sorted(known_secrets(run)) if rules.private else [],
            "lost": [[p.file, p.line, p.reason, p.kind] for p in summary.problems if p.kind != "note"],
            "skipped": [summary.skipped_lines, summary.skipped_values],
        },
        series=series_scripts(run.key, shown.series, started=run.started),
        logs=logs,
    )


def same_content(folder: RunFolder, known: Mapping[str, Sequence[Any]]) -> dict[str, Signature] | None:
    """Return how logs are found whose bytes are the known ones, whatever their times say; None if any differs.

    Of each log is known its signature, the digest of its bytes, and its size.
    """
    found: dict[str, Signature] = {}
    if {log.name for log in folder.logs} != known.keys():
        return None
    for log in folder.logs:
        _, digest, size = known[log.name]
        found[log.name] = now = signature(log)
        if now is None or now[0] != size or not digest:
            return None
        try:
            if file_digest(log).sha256 != digest.hex():
                return None
        except OSError:
            return None
    return found
