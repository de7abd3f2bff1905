"""A run that is being recorded: every call appends one line to its log, at once.

The calls are MLflow's. They check what they are given where it is given (a wrong type raises RecordError), and never
raise because a disk refuses (see `run_log`). Calls from several threads may interleave but never mix. In a forked
child, or unpickled in another process, the same object writes to a file of its own and leaves the ending to the
process that started the run.
"""

import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from runsite.errors import RecordError
from runsite.file_digests import files_below
from runsite.model import RunKey, Step
from runsite.recorder.artifacts import StoredFile, artifact_path, kind_of, store_file
from runsite.recorder.datasets import dataset_record
from runsite.recorder.ending import STATUSES, Ending, ExitWatch, ending_of
from runsite.recorder.names import check_name
from runsite.recorder.redaction import Redaction
from runsite.recorder.run_log import RunLog, joined_log
from runsite.recorder.values import MAX_STEP, checked_goal, checked_values, metric_number, step_number
from runsite.records.encode import encode_plain_record, encode_record, plain

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


class ActiveRun:
    """A run being recorded; made by `start_run`."""

    def __init__(
        self, key: RunKey, *, name: str, store: Path, log: RunLog, redaction: Redaction, clock: Callable[[], float]
    ) -> None:
        self.name = name
        self.store = store
        self.redaction = redaction
        self._key = key
        self._log = log
        self._starter = os.getpid()
        """The process that ends the run."""
        self._clock = clock
        self._known_names: set[str] = set()
        self._watch: ExitWatch | None = None
        self._ended = False

    @property
    def id(self) -> str:
        """The run's id: the name of its folder."""
        return self._key.run

    @property
    def experiment(self) -> str:
        """The experiment the run belongs to."""
        return self._key.experiment

    @property
    def key(self) -> str:
        """`experiment/id`, the one name of the run within its store."""
        return str(self._key)

    @property
    def folder(self) -> Path:
        """Where the run's logs and artifacts lie."""
        return self.store / self._key.experiment / self._key.run

    @property
    def ended(self) -> bool:
        """Whether nothing more can be logged."""
        return self._ended

    def log_metrics(self, values: Mapping[str, object], step: Step | None = None) -> None:
        """Record the values of several metrics at one step; a value of None is left out."""
        # This runs in the training loop: a finite float under a known name costs one comparison and two look-ups.
        known = self._known_names
        points: dict[str, object] = {}
        for name, value in values.items():
            if type(value) is not float or value - value != 0.0:
                value = metric_number(name, value)
                if value is None:
                    continue
            if name not in known:
                known.add(check_name(name, "metric"))
            points[name] = value
        record: dict[str, object] = {"type": "metrics"}
        if step is not None:
            record["step"] = step if type(step) is int and -MAX_STEP < step < MAX_STEP else step_number(step)
        record["time"] = self._clock()
        record["values"] = points
        self._append(encode_plain_record(record))

    def log_metric(self, name: str, value: object, step: Step | None = None) -> None:
        """Record one value of one metric."""
        self.log_metrics({name: value}, step)

    def define_metric(
        self, name: str, *, goal: str | None = None, unit: str | None = None, step_metric: str | None = None
    ) -> None:
        """Say what a metric means: `goal` is maximize or minimize, `step_metric` the metric to draw it over."""
        facts = {"goal": checked_goal(goal), "unit": unit, "step_metric": step_metric}
        self.write({"type": "metric_definition", "name": check_name(name, "metric")} | _given(facts))

    def log_params(self, values: Mapping[str, object]) -> None:
        """Record params; they keep their JSON type, and the first value of each stands."""
        params = plain(checked_values(values, "param"))
        self.write({"type": "params", "values": self.redaction.values(params)})

    def log_param(self, name: str, value: object) -> None:
        """Record one param."""
        self.log_params({name: value})

    def set_tags(self, values: Mapping[str, object]) -> None:
        """Set tags, which are texts; the last value of each wins."""
        tags = {name: str(value) for name, value in checked_values(values, "tag").items()}
        self.write({"type": "tags", "values": self.redaction.values(tags)})

    def set_tag(self, name: str, value: object) -> None:
        """Set one tag."""
        self.set_tags({name: value})

    def log_note(self, text: str) -> None:
        """Add a note in Markdown to the run's page."""
        if not isinstance(text, str) or not text.strip():
            raise RecordError(f"a note is a text, not {text!r}")
        self.write({"type": "note", "text": self.redaction.given(text)})

    def log_dataset(
        self,
        data: str | Path,
        *,
        name: str | None = None,
        context: str | None = None,
        digest: str | None = None,
        source: str | None = None,
        rows: int | None = None,
    ) -> None:
        """Record data the run used: a file or folder, whose digest is taken, or just a name."""
        given = _given({"name": name, "context": context, "digest": digest, "source": source, "rows": rows})
        try:
            record = dataset_record(data, given=given, cwd=Path.cwd())
        except OSError as error:
            _warn(f"dataset {data} could not be read ({error.strerror}); it is not recorded")
            return
        self.write(self.redaction.values(record))

    def log_artifact(self, path: str | Path, name: str | None = None, step: Step | None = None) -> None:
        """Copy a file (or all files of a folder) into the run, or record an address such as s3://bucket/key."""
        if name is not None:
            check_name(name, "artifact")
        step = step_number(step)
        if isinstance(path, str) and _ADDRESS.match(path):
            self._log_address(path, name=name, step=step)
        elif Path(path).is_dir():
            self.log_artifacts(path, name or Path(path).resolve().name)
        else:
            self._log_file(Path(path), name=name, step=step)

    def log_artifacts(self, folder: str | Path, name: str | None = None) -> None:
        """Copy all files of a folder into the run, below `name` if that is given."""
        root = Path(folder)
        if not root.is_dir():
            raise RecordError(f"no folder at {root}; log_artifact takes single files")
        prefix = "" if name is None else check_name(name, "artifact").rstrip("/") + "/"
        for relative in sorted(files_below(root)):
            self._log_file(root / relative, name=prefix + relative, step=None)

    def end_run(self, status: str = "finished") -> None:
        """End the run: finished, failed, killed or pruned. A second end changes nothing."""
        for known in STATUSES:
            if status == known:
                return self.end(Ending(known))
        raise RecordError(f"status {status!r} is none of {', '.join(STATUSES)}")

    def end(self, ending: Ending) -> None:
        """End the run with the error that ended it; `end_run` is the call for training code."""
        if self._ended:
            return
        if os.getpid() == self._starter:
            self.write({"type": "run_end", "status": ending.status} | self._failure(ending))
        elif ending.status == "failed":
            failure = self._failure(ending)["error"]
            self.write({"type": "note", "text": f"A worker process failed: {failure['type']}: {failure['message']}"})
        self._ended = True
        self._log.close()
        if self._watch is not None:
            self._watch.stop()

    def watch_exit(self) -> None:
        """Let signals and the interpreter's exit end this run."""
        self._watch = ExitWatch(self)
        self._watch.start()

    def __enter__(self) -> "ActiveRun":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end(ending_of(error, signalled=self._watch is not None and self._watch.signalled))

    def __repr__(self) -> str:
        return f"<run {self.key}{', ended' if self._ended else ''}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return join_run, (self._key, self.name, self.store, self.redaction)

    def become_worker(self) -> None:
        """Leave the ending of the run to the process that started it."""
        self._starter = -1

    def _append(self, line: bytes) -> None:
        if self._ended:
            raise RecordError(
                f"run {self.key} has ended; start_run({self.experiment!r}, resume={self.id!r}) continues it"
            )
        self._log.write(line)

    def write(self, record: Mapping[str, Any]) -> None:
        """Append a record of any type, with its time; for what has no call of its own."""
        self._append(encode_record({"type": record["type"], "time": self._clock()} | dict(record)))

    def _failure(self, ending: Ending) -> dict[str, Any]:
        if ending.error is None:
            return {}
        message = self.redaction.gathered(str(ending.error))
        return {"error": {"type": type(ending.error).__name__, "message": message}}

    def _log_address(self, address: str, *, name: str | None, step: Step | None) -> None:
        address = self.redaction.given(address)
        shown = name or address.partition("?")[0].rstrip("/").rpartition("/")[2] or address
        self.write({"type": "artifact", "uri": address, "name": shown} | _given({"step": step}))

    def _log_file(self, source: Path, *, name: str | None, step: Step | None) -> None:
        if not source.is_file():
            raise RecordError(f"no artifact at {source}; log it after it is written")
        name = name or source.name
        try:
            stored = store_file(
                source, run_folder=self.folder, wanted=artifact_path(name, suffix=source.suffix, step=step)
            )
        except OSError as error:
            _warn(f"artifact {source} could not be copied ({error.strerror}); it is not recorded")
            return
        self.write(_artifact_record(stored, name=name, step=step))


def join_run(key: RunKey, name: str, store: Path, redaction: Redaction) -> ActiveRun:
    """Log to a run that another process started and will end."""
    log = joined_log(store / key.experiment / key.run)
    run = ActiveRun(key, name=name, store=store, log=log, redaction=redaction, clock=time.time)
    run.become_worker()
    return run


def _artifact_record(stored: StoredFile, *, name: str, step: Step | None) -> dict[str, Any]:
    facts = {"size_bytes": stored.digest.size_bytes, "sha256": stored.digest.sha256, "kind": kind_of(stored.path)}
    return {"type": "artifact", "path": stored.path, "name": name} | _given({"step": step} | facts)


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _warn(message: str) -> None:
    print(f"runsite: {message}", file=sys.stderr)
