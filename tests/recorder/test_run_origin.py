"""Which code a run came from and what it was started with."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from recorded import only_run, records_of_type, run_script
from runsite.recorder.environment import environment_record, imported_packages

START = "import runsite, sys\nwith runsite.start_run('digits', patch='--patch' in sys.argv): pass\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with one commit, whose training script is tracked."""
    git(tmp_path, "init", "-q", "-b", "main")
    run_script(START, cwd=tmp_path, environ={"RUNSITE_STORE": "elsewhere"})
    git(tmp_path, "add", "train.py")
    git(tmp_path, "commit", "-q", "-m", "Train")
    return tmp_path


def test_a_clean_checkout_is_named_by_its_commit(project: Path) -> None:
    run_script(START, cwd=project)

    (source,) = records_of_type(only_run(project / "runs"), "source")
    assert source["commit"] == git(project, "rev-parse", "HEAD").strip()
    assert source["branch"] == "main"
    assert source["dirty"] is False
    assert source["command"].endswith(" train.py")
    assert "remote" not in source
    assert "patch" not in source


def test_changed_code_is_dirty_and_its_patch_kept_when_asked(project: Path) -> None:
    run_script(START + "# changed\n", cwd=project, arguments=("--patch",))

    folder = only_run(project / "runs")
    (source,) = records_of_type(folder, "source")
    assert source["dirty"] is True
    assert "+# changed" in (folder / source["patch"]).read_text()


def test_runs_that_are_tracked_do_not_make_the_code_dirty(project: Path) -> None:
    tracked = project / "runs" / "notes.txt"
    tracked.parent.mkdir()
    tracked.write_text("one")
    git(project, "add", "runs")
    git(project, "commit", "-q", "-m", "Keep runs")
    tracked.write_text("two")

    run_script(START, cwd=project)

    (source,) = records_of_type(only_run(project / "runs"), "source")
    assert source["dirty"] is False


def test_a_script_started_from_elsewhere_names_its_own_repository(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    subprocess.run(
        [sys.executable, str(project / "train.py")],
        cwd=elsewhere,
        env={"RUNSITE_QUIET": "1", "PATH": "/usr/bin:/bin"},
        check=True,
    )

    (source,) = records_of_type(only_run(elsewhere / "runs"), "source")
    assert source["commit"] == git(project, "rev-parse", "HEAD").strip()


def test_outside_a_repository_only_the_command_is_said(tmp_path: Path) -> None:
    run_script(START, cwd=tmp_path)

    (source,) = records_of_type(only_run(tmp_path / "runs"), "source")
    assert list(source) == ["command"]


def test_the_environment_names_versions_and_no_host() -> None:
    record = environment_record()

    assert record["python"] == ".".join(map(str, sys.version_info[:3]))
    assert record["packages"]["pytest"] == pytest.__version__
    assert list(record["packages"]) == sorted(record["packages"])


def test_packages_are_the_distributions_of_imported_modules() -> None:
    homemade = ModuleType("homemade")
    homemade.__dict__["__version__"] = "1.2"
    modules = {name: ModuleType(name) for name in ("json", "_private", "pytest", "pytest.sub", "nameless")}

    assert imported_packages(modules | {"homemade": homemade}) == {"homemade": "1.2", "pytest": pytest.__version__}


def git(folder: Path, *arguments: str) -> str:
    """Run Git as somebody, without the machine's own settings."""
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout
