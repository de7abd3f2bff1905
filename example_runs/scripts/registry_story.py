"""The registry: two models, what was promoted when and why, and one promotion that had to be taken back.

Every reason quotes what the runs measured. A claim the story rests on is checked where it is made: should other
seeds or libraries make it false, the script stops instead of writing it down.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import runsite

import digits_search
import results
import tree_sweep
from results import Result

READER = "digit-reader"
SCREEN = "biopsy-screen"
MALIGNANT_TEST_BIOPSIES = 43


def promote_first_reader(store: Path) -> None:
    """Version 1, while the search still runs: the smallest network, good enough to begin with."""
    small = _best(_readers(store, width=16, augment="none"), _val_acc)
    version = _register(store, READER, small, by="Ines", text="16 hidden units, from round 1.")
    _stage(store, READER, version, "Staging", by="Ines", reason="to be tried at the sorting desk")
    reason = f"good enough to begin with: reads {small.last('test/acc'):.1f} % of the test digits with 1,210 numbers"
    _stage(store, READER, version, "Production", by="Tomek", reason=reason)


def promote_shifted_reader(store: Path) -> None:
    """Version 2: trained with pictures moved by a pixel, after the desk complained."""
    first, shifted = registered_run(store, READER, 1), _best(_readers(store, width=128, augment="shift"), _val_acc)
    before, now = first.last("test/acc_shifted"), shifted.last("test/acc_shifted")
    _claim(now > before + 30.0, "training with moved pictures helps a lot")
    text = "128 hidden units, trained with pictures moved by one pixel (round 2)."
    version = _register(store, READER, shifted, by="Ines", text=text)
    _stage(store, READER, version, "Staging", by="Ines", reason="reads digits that lie off centre")
    reason = f"of test digits moved by one pixel it reads {now:.0f} %, version 1 only {before:.0f} %"
    _stage(store, READER, version, "Production", by="Tomek", reason=reason)
    _alias(store, READER, version, "off-centre", by="Ines")


def promote_and_roll_back(store: Path) -> None:
    """Version 3: the best validation accuracy of all, and worthless at the desk; back to version 2."""
    second, best = registered_run(store, READER, 2), _best(_readers(store, augment="none"), _val_acc)
    whole = _readers(store)
    _claim(all(_val_acc(best) >= _val_acc(other) for other in whole), "version 3 ends with the best val/acc of all")
    _claim(
        best.last("test/acc_shifted") < second.last("test/acc_shifted") - 30.0, "version 3 fails where version 2 holds"
    )
    text = f"{best.params['width']} hidden units; ends with the best validation accuracy of the whole search."
    version = _register(store, READER, best, by="Piet", text=text)
    _stage(store, READER, version, "Staging", by="Piet", reason="highest val/acc at the end of training")
    reason = f"val/acc {_val_acc(best):.2f} % against {_val_acc(second):.2f} % of version 2"
    _stage(store, READER, version, "Production", by="Piet", reason=reason)
    _roll_back(store, best, second)


def _roll_back(store: Path, best: Result, second: Result) -> None:
    moved, before = best.last("test/acc_shifted"), second.last("test/acc_shifted")
    reason = (
        f"reads only {moved:.0f} % of digits that lie one pixel off centre, version 2 reads {before:.0f} %; "
        "the validation pictures are all centred, so val/acc could not show it"
    )
    runsite.rollback_model(READER, reason=reason, by="Tomek", store=store)


def propose_small_reader(store: Path) -> None:
    """Version 4: half the size, nearly as steady; waits in Staging."""
    second, small = registered_run(store, READER, 2), _best(_readers(store, width=64, augment="shift"), _val_acc)
    text = "64 hidden units, trained with moved pictures: half of version 2."
    version = _register(store, READER, small, by="Ines", text=text)
    loss = second.last("test/acc_shifted") - small.last("test/acc_shifted")
    reason = f"half the size for {loss:.1f} points on moved digits; the desk judges before it may replace version 2"
    _stage(store, READER, version, "Staging", by="Ines", reason=reason)
    _alias(store, READER, version, "candidate", by="Ines")


def promote_screen(store: Path, model: str) -> None:
    """Register the best trial of a sweep that has just ended, and let it replace what is in Production."""
    trials = results.read_experiment(store, tree_sweep.EXPERIMENT)
    best = _best(
        [trial for trial in trials if trial.params["model"] == model], lambda trial: -trial.last("val/logloss")
    )
    text = f"The {model} with the least validation log loss, {best.last('val/logloss'):.3f} nats."
    version = _register(store, SCREEN, best, by="Lea", text=text)
    _stage(store, SCREEN, version, "Staging", by="Lea", reason=f"best of the {model} sweep")
    missed = int(best.last("test/missed_malignant"))
    reason = (
        f"test log loss {best.last('test/logloss'):.3f} nats; calls {missed} of {MALIGNANT_TEST_BIOPSIES} "
        f"malignant test biopsies benign"
    )
    if version > 1:
        before = registered_run(store, SCREEN, version - 1)
        _claim(best.last("test/logloss") < before.last("test/logloss"), f"{model} is better than what was there")
        reason += f", version {version - 1} called {int(before.last('test/missed_malignant'))}"
    _stage(store, SCREEN, version, "Production", by="Samir", reason=reason)
    _alias(store, SCREEN, version, "champion", by="Samir")


def registered_run(store: Path, model: str, version: int) -> Result:
    """Return the run a version was registered from."""
    folder = store / "models" / model / "events"
    events = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    keys = {event["version"]: event["run"] for event in events if event["type"] == "version_registered"}
    experiment, _, run_id = keys[version].rpartition("/")
    return next(result for result in results.read_experiment(store, experiment) if result.id == run_id)


def _readers(store: Path, **wanted: object) -> list[Result]:
    """Return the whole runs of the search with these params."""
    found = results.read_experiment(store, digits_search.EXPERIMENT)
    return [result for result in found if result.finished and wanted.items() <= result.params.items()]


def _val_acc(result: Result) -> float:
    return result.last("val/acc")


def _best(found: Sequence[Result], measure: Callable[[Result], float]) -> Result:
    """Return the best run that kept its model; the first of equals."""
    return max((result for result in found if result.models), key=measure)


def _register(store: Path, model: str, result: Result, *, by: str, text: str) -> int:
    path = result.models[0]
    event = runsite.register_model(model, run=result.key, path=path, description=text, by=by, store=store)
    assert event.version is not None  # a registration has its number
    return event.version


def _stage(store: Path, model: str, version: int, stage: str, *, by: str, reason: str) -> None:
    promotes = stage == "Production"
    runsite.set_model_stage(model, version, stage, reason=reason, by=by, archive_existing=promotes, store=store)


def _alias(store: Path, model: str, version: int, alias: str, *, by: str) -> None:
    runsite.set_model_alias(model, alias, version, by=by, store=store)


def _claim(holds: bool, claim: str) -> None:
    if not holds:
        raise SystemExit(f"the registry's story is no longer true: {claim}")
