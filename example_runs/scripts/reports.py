"""The Markdown reports: what the runs teach, with figures taken from the runs themselves."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import autoencoder
import digits_search
import long_run
import registry_story
import results
import tree_sweep
from results import Result, mean_and_spread


def write_reports(store: Path) -> None:
    """Write both reports anew."""
    folder = store / "reports"
    folder.mkdir(exist_ok=True)
    (folder / "what-the-runs-say.md").write_text(_findings(store), encoding="utf-8")
    (folder / "why-version-3-went-back.md").write_text(_roll_back_report(store), encoding="utf-8")


def _findings(store: Path) -> str:
    return (
        "\n\n".join(
            [
                "# What the runs say",
                "Four small experiments on data that comes with scikit-learn. Each taught something that one number "
                "would have hidden. Every figure here was read from the runs' logs when this report was written.",
                _digits_section(results.read_experiment(store, digits_search.EXPERIMENT)),
                _diabetes_section(results.read_experiment(store, long_run.EXPERIMENT)),
                _autoencoder_section(results.read_experiment(store, autoencoder.EXPERIMENT)),
                _biopsy_section(results.read_experiment(store, tree_sweep.EXPERIMENT)),
            ]
        )
        + "\n"
    )


def _digits_section(runs: Sequence[Result]) -> str:
    plain = [run for run in runs if run.params["augment"] == "none"]
    steady = [run for run in plain if run.finished and run.params["lr"] < 1.0]
    worst = min(run.last("test/acc_shifted") for run in steady)
    best = max(run.last("test/acc_shifted") for run in steady)
    pruned = sum(run.status == "pruned" for run in runs)
    return f"""## Digits: the seed matters as much as the setting

[{len(runs)} runs](../digits-mlp/) of a network with one hidden layer; mean ± standard deviation between the seeds that
were not stopped early, in per cent.

{_digits_table(runs)}

- In validation, learning rates from 0.03 to 0.3 with 64 or 128 hidden units are {_plateau(plain)}; one
  picture is 0.28 points. **There is no best setting here, there is a plateau.** A rate of 1 falls off its edge.
- Move the test pictures by a single pixel, and every one of the plain networks drops to between {worst:.0f} and
  {best:.0f} %. No learning rate mends that; training with moved pictures does, at no cost on centred ones.
- The median rule stopped {pruned} runs and saved their time. It also stopped all five shifted runs of width 16: their
  task is harder, and the rule compared them with runs of the easier one. **A stopping rule knows only the metric it
  is given.**

{_confusion_pair(runs)}"""


def _plateau(plain: Sequence[Result]) -> str:
    """Say how far the good configurations are apart, and how far their seeds."""
    groups: dict[tuple[float, int], list[float]] = {}
    for run in plain:
        if 0.03 <= run.params["lr"] <= 0.3 and run.params["width"] >= 64:
            groups.setdefault((run.params["lr"], run.params["width"]), []).append(run.last("val/acc"))
    means, spreads = zip(*map(mean_and_spread, groups.values()), strict=True)
    return f"at most {max(means) - min(means):.1f} points apart, and their seeds spread by up to {max(spreads):.1f}"


def _digits_table(runs: Sequence[Result]) -> str:
    groups: dict[tuple[str, float, int], list[Result]] = {}
    for run in runs:
        groups.setdefault((run.params["augment"], run.params["lr"], run.params["width"]), []).append(run)
    rows = [_digits_row(kind, group) for kind, group in sorted(groups.items())]
    head = [
        "| pictures | lr | width | whole runs | val/acc | test/acc | test/acc moved |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    return "\n".join([*head, *rows])


def _digits_row(kind: tuple[str, float, int], group: Sequence[Result]) -> str:
    augment, lr, width = kind
    whole = [run for run in group if run.finished]
    cells = [_spread([run.last(name) for run in whole]) for name in ("val/acc", "test/acc", "test/acc_shifted")]
    pictures = "moved" if augment == "shift" else "as they are"
    return f"| {pictures} | {lr:g} | {width} | {len(whole)} of {len(group)} | {' | '.join(cells)} |"


def _confusion_pair(runs: Sequence[Result]) -> str:
    chosen = [
        next(run for run in runs if run.params.items() >= {"lr": 0.1, "width": 128, "seed": 0, "augment": kind}.items())
        for kind in ("none", "shift")
    ]
    return "\n\n".join(
        f"![Confusion matrix: {run.name}](../{run.key}/artifacts/confusion.png)\n\n"
        f"*Test digits of [{run.name}](../{run.key}/): {run.last('test/acc'):.1f} % right, "
        f"{run.last('test/acc_shifted'):.1f} % when moved.*"
        for run in chosen
    )


def _diabetes_section(runs: Sequence[Result]) -> str:
    line = next(run for run in runs if run.name == "linear regression")
    trained = [run for run in runs if run is not line]
    diverged = next(run for run in trained if not math.isfinite(run.last("val/rmse")))
    steady = [run for run in trained if run is not diverged]
    best = [run.best("val/rmse", min) for run in steady]
    if min(value for _, value in best) < line.last("val/rmse"):
        raise SystemExit("a network beats the line now: the report must say something else")
    steps = sorted(step or 0 for step, _ in best)
    last_finite = max(step or 0 for step, value in diverged.series["train/loss"] if math.isfinite(value))
    rows = "\n".join(_diabetes_row(run) for run in trained)
    return f"""## Diabetes: 5,000 steps, and hardly any of them needed

[One small network, four optimizers](../diabetes-optimizers/), against a [straight line](../{line.key}/) with eleven
numbers, which is off by **{line.last("val/rmse"):.1f} points** in validation.

| run | ended | least val/rmse | at step | last val/rmse |
|---|---|---:|---:|---:|
{rows}

- No network ever gets below the line. The optimizer and its rate decide *when* the best moment comes, after
  {steps[0]:,.0f} steps or after {steps[-1]:,.0f}, and hardly how good it is. From there on they fit the 265 training
  patients ever better and everybody else worse.
- [{diverged.name}](../{diverged.key}/) is over at once: step {last_finite:.0f} has the last finite loss, then comes
  infinity, then NaN. The same rule with a thirtieth of the rate is well behaved.
- One run was terminated by hand, one was killed without a word (its log simply ends), and one was killed and taken up
  again from its last checkpoint: its curve goes back by some two hundred steps, and both attempts are kept."""


def _diabetes_row(run: Result) -> str:
    step, least = run.best("val/rmse", min)
    last = run.last("val/rmse")
    shown = f"{last:.1f}" if last == last else "NaN"
    return f"| [{run.name}](../{run.key}/) | {run.status} | {least:.1f} | {step:,.0f} | {shown} |"


def _autoencoder_section(runs: Sequence[Result]) -> str:
    rows = "\n".join(_autoencoder_row(run) for run in runs)
    shown = next(run for run in runs if run.name == "code 8")
    return f"""## Digits in a few numbers

[Autoencoders](../digits-autoencoder/) squeeze 64 grey levels into a short code and draw the digit again. Principal
components do the same with straight lines only.

| run | test error | principal components | saved |
|---|---:|---:|---:|
{rows}

The linear one is the control: it finds what principal components find and nothing more, so what the others save is
what bending is worth. It is worth most where the code is neither tiny nor ample.

![Ten test digits and what eight numbers keep of them](../{shown.key}/{_last_picture(shown)})"""


def _autoencoder_row(run: Result) -> str:
    ours, theirs = run.last("test/mse"), run.last("pca/test_mse")
    saved = round(100 * (1 - ours / theirs))
    return f"| [{run.name}](../{run.key}/) | {ours:.4f} | {theirs:.4f} | {saved} % |"


def _last_picture(run: Result) -> str:
    return sorted(path for path in run.artifacts if "reconstructions" in path)[-1]


def _biopsy_section(runs: Sequence[Result]) -> str:
    trials = [run for run in runs if run.finished and "val/logloss" in run.series]
    ranked = sorted(trials, key=lambda run: run.last("val/logloss"))
    rows = "\n".join(_biopsy_row(run) for run in ranked)
    sure = min(trials, key=lambda run: run.last("train/logloss"))
    return f"""## Biopsies: thirty weights beat 120 trees

[Three sweeps](../biopsy-sweeps/), the best in validation first; log loss in nats.

| trial | train | val | test | malignant called benign |
|---|---:|---:|---:|---:|
{rows}

- With 341 biopsies to learn from, the simplest model is best: a [logistic regression](../{ranked[0].key}/) with enough
  freedom (a large C). It is also the easiest to explain, and now [in Production](../models/{registry_story.SCREEN}/).
- [{sure.name}](../{sure.key}/) is the surest of all on its training data (a loss of {sure.last("train/logloss"):.0e})
  and among the worst on the test. Its AUC, {sure.last("test/auc"):.3f}, hardly shows that: it looks at order alone.
- One trial asked for a subsample of 1.5 and was refused; it stands in the table as failed, with the reason."""


def _biopsy_row(run: Result) -> str:
    losses = " | ".join(_loss(run.last(f"{part}/logloss")) for part in ("train", "val", "test"))
    return f"| [{run.name}](../{run.key}/) | {losses} | {run.last('test/missed_malignant'):.0f} |"


def _loss(value: float) -> str:
    return f"{value:.3f}" if value >= 0.0005 else f"{value:.0e}"


def _roll_back_report(store: Path) -> str:
    second, third = (registry_story.registered_run(store, registry_story.READER, version) for version in (2, 3))
    names = ("val/acc", "test/acc", "test/acc_shifted")
    rows = "\n".join(f"| {name} | {second.last(name):.2f} % | {third.last(name):.2f} % |" for name in names)
    gap = third.last("val/acc") - second.last("val/acc")
    plain = results.read_experiment(store, digits_search.EXPERIMENT)
    others = [run for run in plain if run.finished and run.params["augment"] == "none" and run.params["lr"] < 1.0]
    moved = max(run.last("test/acc_shifted") for run in others)
    return f"""# Why version 3 went back

Version 3 of [digit-reader](../models/{registry_story.READER}/) was in Production for a moment. This is what happened.

| | version 2 | version 3 |
|---|---:|---:|
| run | [{second.name}](../{second.key}/) | [{third.name}](../{third.key}/) |
{rows}

**What was seen.** Version 3 had the better validation accuracy, by {gap:.2f} points: {gap / 100 * 359:.0f} of 359
pictures.

**What was not looked at.** `test/acc_shifted` stood on both runs' pages. It was not the main metric of the experiment,
so the table did not lead with it. Not one of the {len(others)} plain runs that had learnt to read gets past
{moved:.0f} % of moved digits.

**What was done.** A roll-back, which is one more event with its reason; version 3 keeps its number and its history.

**What follows.** The validation pictures are all cut and centred like the training pictures. The next round should
validate on moved pictures as well, and declare *that* as the main metric.
"""


def _spread(values: Iterable[float]) -> str:
    some = list(values)
    if not some:
        return "all stopped"
    mean, spread = mean_and_spread(some)
    return f"{mean:.1f} ± {spread:.1f}" if len(some) > 1 else f"{mean:.1f}"
