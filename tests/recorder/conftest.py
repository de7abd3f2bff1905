"""Runs started in this process say nothing on stderr, unless a test listens."""

import pytest


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNSITE_QUIET", "1")
