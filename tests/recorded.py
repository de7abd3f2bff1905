"""What tests of the recorder share: read back a log, run a training script as its own process."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parent.parent / "src"

# No site-packages, no environment variables, nothing but the standard library and our own source.
BARE = ("-I", "-S")
_PRELUDE = f"import sys; sys.path.insert(0, {str(SOURCE)!r})\n"


def recorded(folder: Path, file: str = "run.jsonl") -> list[dict[str, Any]]:
    """Read a log as its reader would, strictly: every line whole, every line JSON."""
    content = (folder / file).read_bytes()
    assert content.endswith(b"\n")
    return [json.loads(line) for line in content.splitlines()]


def records_of_type(folder: Path, kind: str, file: str = "run.jsonl") -> list[dict[str, Any]]:
    """Return the records of one type, without their time."""
    found = [record for record in recorded(folder, file) if record["type"] == kind]
    return [{name: value for name, value in record.items() if name not in ("type", "time")} for record in found]


def other_logs(folder: Path) -> list[str]:
    """Return the names of the logs beside run.jsonl."""
    return sorted(path.name for path in folder.glob("run.*.jsonl"))


def only_run(store: Path, experiment: str = "digits") -> Path:
    """Return the folder of the one run of an experiment."""
    (folder,) = (store / experiment).iterdir()
    return folder


def run_script(
    text: str,
    *,
    cwd: Path,
    flags: tuple[str, ...] = (),
    arguments: tuple[str, ...] = (),
    environ: Mapping[str, str] = {},
) -> "subprocess.CompletedProcess[str]":
    """Run a script to its end, in `cwd`, quietly."""
    return subprocess.run(
        script_command(text, cwd=cwd, flags=flags, arguments=arguments),
        cwd=cwd,
        env={**os.environ, "RUNSITE_QUIET": "1", **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def start_script(text: str, *, cwd: Path) -> "subprocess.Popen[str]":
    """Start a script that says on stdout when it is ready."""
    command = script_command(text, cwd=cwd)
    environ = {**os.environ, "RUNSITE_QUIET": "1"}
    return subprocess.Popen(command, cwd=cwd, env=environ, stdout=subprocess.PIPE, text=True)


def script_command(text: str, *, cwd: Path, flags: tuple[str, ...] = (), arguments: tuple[str, ...] = ()) -> list[str]:
    """Write a script and return the command that runs it."""
    script = cwd / "train.py"
    script.write_text(_PRELUDE + text)
    return [sys.executable, *flags, str(script), *arguments]
