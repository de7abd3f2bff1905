"""A format-1 store, frozen with the figures it held: every later version of runsite must read it the same.

`frozen/runs` is never changed. `frozen/expected.json` was checked by hand against the logs; later versions may add keys
to what they say of a run, and word their reasons otherwise, but what stands there stays.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from runsite.answers import read_summaries
from runsite.config import read_settings
from runsite.model import RunSummary
from runsite.readers import list_stores
from runsite.registry import read_models
from runsite.summaries.run_json import run_json

FROZEN = Path(__file__).parent / "frozen"
STORE = FROZEN / "runs"
EXPECTED: dict[str, Any] = json.loads((FROZEN / "expected.json").read_text("utf-8"))


@pytest.fixture(scope="module", name="runs")
def read_runs() -> dict[str, RunSummary]:
    (listing,) = list_stores([STORE])
    return {str(run.key): run for run in read_summaries(listing.runs, read_settings(STORE))}


def as_text(value: object) -> str:
    """Write JSON so that 1, 1.0 and true are three things."""
    return json.dumps(value, allow_nan=False, sort_keys=True, indent=1)


def test_the_frozen_store_holds_the_same_runs(runs: dict[str, RunSummary]) -> None:
    assert list(runs) == list(EXPECTED["runs"])


@pytest.mark.parametrize("key", EXPECTED["runs"])
def test_a_frozen_run_has_the_same_figures(runs: dict[str, RunSummary], key: str) -> None:
    found, expected = run_json(runs[key], status=runs[key].status), EXPECTED["runs"][key]

    assert as_text({name: found[name] for name in expected}) == as_text(expected)


@pytest.mark.parametrize("key", EXPECTED["problems"])
def test_a_frozen_run_has_the_same_problems_at_the_same_places(runs: dict[str, RunSummary], key: str) -> None:
    problems = [[problem.file, problem.line, problem.kind] for problem in runs[key].problems]

    assert problems == EXPECTED["problems"][key]


def test_what_else_a_frozen_run_says_is_read(runs: dict[str, RunSummary]) -> None:
    plain, several = runs["digits/plain"], runs["digits/several"]

    assert [dataset.digest for dataset in plain.datasets] == ["sha256:00"]
    assert [artifact.name for artifact in plain.artifacts] == ["confusion", "weights.safetensors"]
    assert [note.text for note in plain.notes] == ["Looked **well**."]
    assert [model.flavor for model in plain.models] == ["sklearn"]
    assert plain.source is not None
    assert plain.source.branch == "main"
    assert plain.environment is not None
    assert plain.environment.packages == {"numpy": "2.0.0"}
    assert (plain.metrics["val/acc"].unit, plain.metrics["val/acc"].step_metric) == ("%", "epoch")
    assert (several.attempts, several.metrics["loss"].best_in_last_attempt) == (2, False)
    assert several.failure is not None
    assert several.failure.message == "loss is high"


def test_frozen_models_stand_where_their_events_left_them() -> None:
    (model,) = read_models(STORE)

    assert model.name == "digits mlp"
    assert model.card.startswith("# Digits MLP")
    assert [(version.label, version.stage, list(version.aliases)) for version in model.versions] == [
        ("2 (conflict)", "None", []),
        ("2", "Archived", ["champion"]),
        ("1", "Production", []),
    ]
    assert [problem.reason for problem in model.problems] == [
        "version 2 is registered more than once; this one is shown as 2 (conflict)"
    ]


def test_frozen_reports_and_descriptions_are_listed() -> None:
    (listing,) = list_stores([STORE])

    assert [path.relative_to(STORE).as_posix() for path in listing.reports] == ["reports/first.md"]
    assert list(listing.experiments) == ["digits"]
