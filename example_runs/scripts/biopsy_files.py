"""The files a trial of the biopsy sweeps leaves behind: pictures, tables, a page, and the model itself as JSON."""

import csv
import json
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.inspection import permutation_importance
from sklearn.metrics import confusion_matrix, roc_curve

import datasets
import network
import pictures
import plots

Model = Any
"""A fitted scikit-learn classifier; the library has no types."""


def write_files(folder: Path, model: Model, name: str, *, data: datasets.Data, shares: network.Array) -> list[Path]:
    """Write pictures, tables and a page about one trial; `shares` are the test biopsies' shares for benign."""
    test = data.test
    counts = confusion_matrix(test.targets, shares >= 0.5)
    matrix = pictures.confusion_matrix(counts, ("mal", "ben"), "test biopsies")
    wrong, right, _ = roc_curve(test.targets, shares)
    axes = {"x_label": "malignant called benign", "y_label": "benign called benign"}
    (folder / "roc.svg").write_text(
        plots.line_plot([("test", wrong, right)], title=f"ROC · {name}", **axes), encoding="utf-8"
    )
    result = permutation_importance(
        model, data.val.inputs, data.val.targets, scoring="neg_log_loss", n_repeats=5, random_state=0, n_jobs=1
    )
    order = np.argsort(-result.importances_mean)[:10]
    ranked = [(data.columns[at], float(result.importances_mean[at]), float(result.importances_std[at])) for at in order]
    _write_predictions(folder / "test_predictions.csv", shares, test.targets)
    (folder / "importance.html").write_text(_importance_page(name, ranked), encoding="utf-8")
    thresholds = {f"{at:.2f}": _calls(shares, test.targets, at) for at in (0.2, 0.5, 0.8, 0.95)}
    (folder / "thresholds.json").write_text(json.dumps(thresholds, indent=2) + "\n", encoding="utf-8")
    return [
        pictures.write_png(folder / "confusion.png", matrix),
        *(folder / file for file in ("roc.svg", "test_predictions.csv", "importance.html", "thresholds.json")),
    ]


def write_model(folder: Path, model: Model, columns: tuple[str, ...]) -> Path:
    """Write what the model has learnt as JSON, which unlike a pickle can be read anywhere and runs nothing."""
    learnt = _line(model, columns) if hasattr(model, "named_steps") else _trees(model, columns)
    path = folder / "model.json"
    path.write_text(json.dumps(learnt, separators=(",", ":")) + "\n", encoding="utf-8")
    return path


def _line(model: Model, columns: tuple[str, ...]) -> dict[str, Any]:
    scaler, line = model.named_steps.values()
    rows = zip(columns, scaler.mean_, scaler.scale_, line.coef_[0], strict=True)
    weights = {name: {"mean": mean, "scale": scale, "weight": weight} for name, mean, scale, weight in rows}
    return {"kind": "logistic regression", "intercept": float(line.intercept_[0]), "measurements": weights}


def _trees(model: Model, columns: tuple[str, ...]) -> dict[str, Any]:
    """List each tree's nodes as columns: the measurement asked for (-1: a leaf), its threshold, children, values."""
    trees = [tree.tree_ for tree in np.ravel(model.estimators_)]
    return {
        "kind": type(model).__name__,
        "learning_rate": getattr(model, "learning_rate", None),
        "measurements": columns,
        "trees": [
            {
                "measurement": np.maximum(tree.feature, -1).tolist(),
                "threshold": [network.significant(value) for value in tree.threshold],
                "left": tree.children_left.tolist(),
                "right": tree.children_right.tolist(),
                "value": [network.significant(value) for value in tree.value[:, 0, -1]],
            }
            for tree in trees
        ],
    }


def _write_predictions(path: Path, shares: network.Array, targets: network.Array) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["row", "benign", "share_benign"])
        pairs = zip(targets, shares, strict=True)
        writer.writerows([row, int(kind), f"{share:.4f}"] for row, (kind, share) in enumerate(pairs))


def _calls(shares: network.Array, targets: network.Array, threshold: float) -> dict[str, int]:
    """Count the two kinds of mistake when benign is called from `threshold` on."""
    called = shares >= threshold
    missed, alarms = called & (targets == 0), ~called & (targets == 1)
    return {"malignant_called_benign": int(missed.sum()), "benign_called_malignant": int(alarms.sum())}


def _importance_page(name: str, ranked: list[tuple[str, float, float]]) -> str:
    rows = "\n".join(f"<tr><td>{escape(at)}<td>{mean:.4f}<td>± {std:.4f}</tr>" for at, mean, std in ranked)
    return (
        f'<!doctype html>\n<meta charset="utf-8">\n<title>Importance · {escape(name)}</title>\n'
        f"<h1>What {escape(name)} looks at</h1>\n"
        "<p>How much the validation log loss grows when a measurement is shuffled (mean of 5).</p>\n"
        f"<table><tr><th>measurement<th>loss added<th>spread</tr>\n{rows}\n</table>\n"
    )
