"""Make the folder of a new run, under an id that people can say and remember.

An id is two words and four hex digits, `brave-otter-3f2a`, of which there are 260 million (62 * 64 * 65,536). Two runs
never share one, because the folder is created exclusively and a taken id is thrown away for another.
"""

import secrets
from pathlib import Path

from runsite.errors import RecordError, RunNotFoundError, StoreError
from runsite.model import RunKey
from runsite.recorder.names import check_experiment, check_run_id, key_of, refuse_run_as_experiment

ATTEMPTS = 100

ADJECTIVES = (
    "able agile amber ample apt aqua bold brave brief bright brisk calm civil clear clever cool cosy crisp daring deft "
    "eager early earnest fair fancy fast fine fleet fond free fresh gentle glad golden grand green happy hardy honest "
    "jolly keen kind light lively loyal lucid lucky mellow merry mild neat noble proud quick quiet ready regal sharp "
    "silver smart steady sunny"
).split()
ANIMALS = (
    "badger bear beaver bison bobcat camel cobra condor coyote crane cricket dolphin eagle falcon ferret finch fox "
    "gazelle gecko gibbon heron hornet ibex ibis jackal jaguar koala lark lemur leopard lion lynx magpie marmot marten "
    "mole moose newt ocelot orca osprey otter owl panda panther pelican pigeon puffin python quail rabbit raven robin "
    "salmon seal sparrow stork swan tapir tiger toad turtle walrus wolf"
).split()


def new_run_id() -> str:
    """Draw a readable id."""
    return f"{secrets.choice(ADJECTIVES)}-{secrets.choice(ANIMALS)}-{secrets.token_hex(2)}"


def name_of(run_id: str) -> str:
    """Return the name a run has when nobody gave it one: the words of its id."""
    words, _, digits = run_id.rpartition("-")
    return words.replace("-", " ") if words and len(digits) == 4 and words.count("-") == 1 else run_id


def has_log(folder: Path) -> bool:
    """Tell whether a folder is a run that somebody has begun."""
    return any(folder.glob("run*.jsonl")) or any(folder.glob("run*.jsonl.gz"))


def claim_run(store: Path, experiment: str, *, resume: str | bool, run_id: str | None) -> RunKey:
    """Make or find the folder of the run that the caller asks for, and return its key.

    Raises RecordError if the words do not fit together or the id is taken, RunNotFoundError if there is nothing to
    resume, StoreError if the disk refuses.
    """
    if run_id is not None:
        check_run_id(run_id)
    if isinstance(resume, str):
        return _resumed_key(store, experiment, resume=resume, run_id=run_id)
    if resume and run_id is None:
        raise RecordError("resume=True needs the run_id to continue; or give resume the id itself")
    refuse_run_as_experiment(store, experiment)
    parent = store / experiment
    try:
        parent.mkdir(parents=True, exist_ok=True)
        run_id = _create_drawn(parent) if run_id is None else _create_named(parent, run_id, exist_ok=bool(resume))
    except FileExistsError as error:
        raise StoreError(Path(str(error.filename)), "is a file", "name another store or experiment") from error
    except OSError as error:
        raise StoreError(parent, f"cannot be written ({error.strerror})", "name another store") from error
    return RunKey(experiment, run_id)


def _resumed_key(store: Path, experiment: str, *, resume: str, run_id: str | None) -> RunKey:
    key = key_of(resume, experiment=experiment)
    check_experiment(key.experiment)
    check_run_id(key.run)
    if run_id not in (None, key.run) or key.experiment != experiment:
        raise RecordError(f"resume={resume!r} names another run than experiment and run_id do")
    if not has_log(store / key.experiment / key.run):
        raise RunNotFoundError(resume, ())
    return key


def _create_named(parent: Path, run_id: str, *, exist_ok: bool) -> str:
    try:
        (parent / run_id).mkdir()
    except FileExistsError:
        if not exist_ok:
            known = f"run {parent.name}/{run_id} is there already; continue it with resume=True or take another run_id"
            raise RecordError(known) from None
    return run_id


def _create_drawn(parent: Path) -> str:
    for _ in range(ATTEMPTS):
        run_id = new_run_id()
        try:
            (parent / run_id).mkdir()
        except FileExistsError:
            continue
        return run_id
    raise RecordError(f"no free run id found in {parent}")
