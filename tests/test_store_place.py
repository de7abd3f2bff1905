"""The one rule that says where the store is."""

from pathlib import Path

import pytest

from runsite.store_place import find_store


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a working directory three folders down."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "src" / "deep").mkdir(parents=True)
    return tmp_path / "repository"


def test_an_argument_comes_first(project: Path) -> None:
    (project / "runsite.toml").touch()

    assert find_store("here", cwd=project, environ={"RUNSITE_STORE": "there"}) == project / "here"
    assert find_store(project / "x", cwd=Path("/"), environ={}) == project / "x"


def test_then_the_variable(project: Path) -> None:
    (project / "runsite.toml").touch()

    assert find_store(None, cwd=project, environ={"RUNSITE_STORE": "there"}) == project / "there"


def test_then_the_nearest_settings_upward(project: Path) -> None:
    (project / "runsite.toml").touch()
    (project / "src" / "runsite.toml").touch()

    assert find_store(None, cwd=project / "src" / "deep", environ={"RUNSITE_STORE": ""}) == project / "src"


def test_then_runs_at_the_root_of_the_repository(project: Path) -> None:
    assert find_store(None, cwd=project / "src" / "deep", environ={}) == project / "runs"


def test_a_worktree_is_a_repository_too(project: Path) -> None:
    (project / "src" / ".git").write_text("gitdir: elsewhere")

    assert find_store(None, cwd=project / "src" / "deep", environ={}) == project / "src" / "runs"


def test_else_runs_here(tmp_path: Path) -> None:
    assert find_store(None, cwd=tmp_path, environ={}) == tmp_path / "runs"
