"""Make the whole example store again: train everything, register the models, write the reports.

    python example_runs/scripts/make.py

It takes about two minutes on two cores and needs scikit-learn. What it made before is deleted first: the runs, the
registry and the reports. Settings and descriptions (runsite.toml, experiment.md, README.md) are written by hand and
stay. Seeds are fixed; run ids and times are new each time.
"""

import json
import os
import re
import shutil
from pathlib import Path

from threadpoolctl import threadpool_limits

import autoencoder
import cards
import digits_search
import long_run
import optimizer_study
import registry_story
import reports
import tree_sweep

STORE = Path(__file__).resolve().parents[1]
EXPERIMENTS = (digits_search.EXPERIMENT, long_run.EXPERIMENT, autoencoder.EXPERIMENT, tree_sweep.EXPERIMENT)
# Enough runs for a first version that somebody could use.
FIRST_TRIALS = 18


def main() -> None:
    """Tell the whole story in its order."""
    clear(STORE)
    os.environ["RUNSITE_QUIET"] = "1"
    # These matrices are too small for threads: with them everything takes three times as long.
    with threadpool_limits(1):
        record(STORE)
    cards.write_cards(STORE)
    reports.write_reports(STORE)
    forget_the_kernel(STORE)
    print(f"{len(logs(STORE))} logs, {store_bytes(STORE) / 1e6:.1f} MB")


def record(store: Path) -> None:
    """Train and register, as a team would: models move while the experiments go on."""
    search = digits_search.Search(store)
    plain, shifted = digits_search.trials()
    search.record(plain[:FIRST_TRIALS])
    registry_story.promote_first_reader(store)
    search.record(plain[FIRST_TRIALS:])
    autoencoder.record(store)
    for sweep in tree_sweep.sweeps():
        tree_sweep.record(store, sweep)
        registry_story.promote_screen(store, sweep.name)
    search.record(shifted)
    registry_story.promote_shifted_reader(store)
    optimizer_study.record(store)
    registry_story.promote_and_roll_back(store)
    registry_story.propose_small_reader(store)


def clear(store: Path) -> None:
    """Delete what an earlier run of this script made, and nothing else."""
    for experiment in EXPERIMENTS:
        for log in (store / experiment).glob("*/run.jsonl"):
            shutil.rmtree(log.parent)
    for model in (registry_story.READER, registry_story.SCREEN):
        shutil.rmtree(store / "models" / model, ignore_errors=True)


def forget_the_kernel(store: Path) -> None:
    """Cut the kernel's release from the platform: it names the maker's machine and explains no result."""
    release = re.compile(r"^(\w+) \S+ (\w+)$")
    for log in logs(store):
        lines = log.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            if line.startswith('{"type":"environment"'):
                record = json.loads(line)
                record["platform"] = release.sub(r"\1 \2", record["platform"])
                lines[number] = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        log.write_text("\n".join(lines) + "\n", encoding="utf-8")


def logs(store: Path) -> list[Path]:
    """List all logs of the store."""
    return sorted(log for experiment in EXPERIMENTS for log in (store / experiment).glob("*/run*.jsonl"))


def store_bytes(store: Path) -> int:
    """Return how much the store holds."""
    return sum(path.stat().st_size for path in store.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


if __name__ == "__main__":
    main()
