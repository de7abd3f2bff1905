"""Gather where a run's code comes from: the command, and the commit it was started at.

The repository is that of the main script, or of the working directory where there is no script (a notebook) or it is
in no repository. Git is asked twice, read-only, for at most a few seconds; without Git those fields are left out. Runs
that lie in the repository do not make it dirty, nor do untracked files.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runsite.recorder.redaction import Redaction
from runsite.store_place import nearest_above

# A status of a large working tree on a network disk; a run should not wait longer to begin.
GIT_SECONDS = 10.0


def source_record(
    *, store: Path, cwd: Path, script: Path | None, arguments: Sequence[str], redaction: Redaction
) -> dict[str, Any]:
    """Make the record that says which code and command this run is."""
    record: dict[str, Any] = {"type": "source", "command": redaction.command(shown_arguments(arguments, cwd=cwd))}
    repository = code_repository(cwd=cwd, script=script)
    if repository is not None:
        record |= git_facts(repository, store=store)
        if "remote" in record:
            record["remote"] = redaction.remote(record["remote"])
    return record


def shown_arguments(arguments: Sequence[str], *, cwd: Path) -> list[str]:
    """Return a command as people type it: the interpreter by its name, paths from here."""
    if not arguments:
        return []
    here = str(cwd).rstrip("/\\") + "/"
    program = Path(arguments[0]).name or arguments[0]
    return [program, *(argument.replace(here, "") for argument in arguments[1:])]


def main_script() -> Path | None:
    """Return the file this process runs, if it is one."""
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    return Path(file).absolute() if file else None


def code_repository(*, cwd: Path, script: Path | None) -> Path | None:
    """Return the root of the repository that holds the code, if there is one."""
    installed = script is None or script.is_relative_to(sys.prefix)
    of_script = None if script is None or installed else nearest_above(script.parent, ".git")
    return of_script or nearest_above(cwd, ".git")


def git_facts(repository: Path, *, store: Path) -> dict[str, Any]:
    """Ask Git for commit, branch, remote and whether tracked files differ from the commit."""
    status = ask_git(
        repository, "status", "--porcelain=v2", "--branch", "--untracked-files=no", *_but(store, repository)
    )
    if status is None:
        return {}
    lines = status.splitlines()
    head = dict(line[2:].split(" ", 1) for line in lines if line.startswith("# ") and " " in line[2:])
    remote = ask_git(repository, "config", "--get", "remote.origin.url")
    facts = {
        "commit": _unless(head.get("branch.oid"), "(initial)"),
        "branch": _unless(head.get("branch.head"), "(detached)"),
        "remote": remote.strip() if remote else None,
        "dirty": any(not line.startswith("# ") for line in lines),
    }
    return {name: value for name, value in facts.items() if value is not None}


def git_patch(repository: Path, *, store: Path) -> str | None:
    """Ask Git how tracked files differ from the commit; None if they do not."""
    return ask_git(repository, "diff", "HEAD", "--no-color", "--no-ext-diff", *_but(store, repository)) or None


def ask_git(folder: Path, *arguments: str) -> str | None:
    """Run one reading Git command in a folder; None if Git is not there or refuses."""
    command = ["git", "--no-optional-locks", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=GIT_SECONDS, check=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode(errors="replace")


def _but(store: Path, repository: Path) -> list[str]:
    if not store.is_relative_to(repository) or store == repository:
        return []
    return ["--", ".", f":(exclude){store.relative_to(repository).as_posix()}"]


def _unless(value: str | None, nothing: str) -> str | None:
    return None if value == nothing else value
