"""Start a run, or take one up again: find the store, make the folder, write the first records.

A new run gets a folder of its own. `resume` continues a run that is there, as a new attempt in a log file of its own.
With `run_id` and `resume=True` a run is continued if it is there and begun if it is not: the same command then works
at the first start, after a preemption, and for every rank of a distributed job at once.
"""

import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from runsite.errors import StoreError
from runsite.model import RunKey
from runsite.recorder.artifacts import store_text
from runsite.recorder.environment import environment_record
from runsite.recorder.names import check_experiment, check_name, key_of
from runsite.recorder.redaction import machine_redaction
from runsite.recorder.run import ActiveRun
from runsite.recorder.run_folder import claim_run, has_log, name_of
from runsite.recorder.run_log import open_first_log
from runsite.recorder.source import code_repository, git_patch, main_script, source_record
from runsite.recorder.values import checked_values
from runsite.records import FORMAT
from runsite.store_place import find_store

QUIET_VARIABLE = "RUNSITE_QUIET"


def start_run(
    experiment: str,
    *,
    name: str | None = None,
    params: Mapping[str, object] | None = None,
    tags: Mapping[str, object] | None = None,
    parent: ActiveRun | str | None = None,
    resume: str | bool = False,
    run_id: str | None = None,
    store: str | Path | None = None,
    patch: bool = False,
    clock: Callable[[], float] = time.time,
) -> ActiveRun:
    """Start recording a run of an experiment; use it with `with`, or end it with `end_run`.

    `parent` is a run, its key or its id. `resume` is the id or key of a run to continue, or True to continue `run_id`
    if it is there. `store` is found by the rule of `store_place` when it is not given. `patch` keeps the uncommitted
    changes of tracked files as an artifact. `clock` gives the time of each record, in Unix seconds.
    """
    # All that the caller may have got wrong is looked at before a folder is made.
    check_experiment(experiment)
    params, tags = checked_values(params or {}, "param"), checked_values(tags or {}, "tag")
    given_name = None if name is None else check_name(name, "run")
    parent_text = None if parent is None else _parent_text(parent, experiment)
    place = find_store(store, cwd=Path.cwd(), environ=os.environ)
    key = claim_run(place, experiment, resume=resume, run_id=run_id)
    run = _open_run(place, key, name=given_name, parent=parent_text, clock=clock)
    _write_origin(run, patch=patch)
    if params:
        run.log_params(params)
    if tags:
        run.set_tags(tags)
    run.watch_exit()
    return run


def _parent_text(parent: object, experiment: str) -> str:
    """Write a parent as format 1 does: its id within the same experiment, else its key."""
    key = key_of(parent.key if isinstance(parent, ActiveRun) else parent, experiment=experiment)
    return key.run if key.experiment == experiment else str(key)


def _open_run(
    place: Path, key: RunKey, *, name: str | None, parent: str | None, clock: Callable[[], float]
) -> ActiveRun:
    folder = place / key.experiment / key.run
    resumed = has_log(folder)
    shown = name or name_of(key.run)
    try:
        log = open_first_log(folder)
    except OSError as error:
        raise StoreError(folder, f"cannot be written ({error.strerror})", "name another store") from error
    redaction = machine_redaction(os.environ, home=_home(), host=platform.node())
    run = ActiveRun(key, name=shown, store=place, log=log, redaction=redaction, clock=clock)
    # A resumed run keeps the name and the parent it has, unless it is given others.
    facts = {"name": name if resumed else shown, "parent": parent}
    start = {"type": "run_start", "format": FORMAT, "run": key.run}
    run.write(start | {field: value for field, value in facts.items() if value is not None})
    if os.environ.get(QUIET_VARIABLE, "") in ("", "0"):
        print(f"runsite: {'resumed ' if resumed else ''}run {shown} ({key}) in {place}", file=sys.stderr)
    return run


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # a container whose user has neither HOME nor an entry
        return Path("/")


def _write_origin(run: ActiveRun, *, patch: bool) -> None:
    cwd, script = Path.cwd(), main_script()
    arguments = getattr(sys, "orig_argv", sys.argv)
    record = source_record(store=run.store, cwd=cwd, script=script, arguments=arguments, redaction=run.redaction)
    if patch:
        record |= _stored_patch(run, repository=code_repository(cwd=cwd, script=script))
    run.write(record)
    run.write(environment_record())


def _stored_patch(run: ActiveRun, *, repository: Path | None) -> dict[str, str]:
    text = None if repository is None else git_patch(repository, store=run.store)
    if text is None:
        return {}
    try:
        return {"patch": store_text(text, run_folder=run.folder, wanted="source.patch").path}
    except OSError as error:
        print(f"runsite: the patch could not be kept ({error.strerror})", file=sys.stderr)
        return {}
