"""A store with one run in it, and a clock that is a number."""

from pathlib import Path

import pytest

import runsite
from registered import Registry


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Return a registry of one run, `digits/one`, which holds artifacts/model.pkl."""
    monkeypatch.setenv("RUNSITE_QUIET", "1")
    store = tmp_path / "runs"
    with runsite.start_run("digits", store=store, run_id="one") as run:
        (run.folder / "artifacts" / "folder" / "sub").mkdir(parents=True)
        (run.folder / "artifacts" / "model.pkl").write_bytes(b"weights")
        (run.folder / "artifacts" / "folder" / "b").write_bytes(b"bb")
        (run.folder / "artifacts" / "folder" / "sub" / "a").write_bytes(b"a")
    return Registry(store)
