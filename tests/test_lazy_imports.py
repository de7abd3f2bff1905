"""What `import runsite` in a training script, and `runsite --help`, must not pay for."""

import subprocess
import sys

import pytest

# Together about two seconds of processor time; see docs/architecture.md.
HEAVY = {
    "altair",
    "jinja2",
    "markdown_it",
    "msgspec",
    "numpy",
    "pandas",
    "py_mini_racer",
    "rich",
    "sqlite3",
    "vl_convert",
    "watchdog",
}


def heavy_after(code: str) -> set[str]:
    """Run code in a fresh Python and return which heavy libraries it has imported."""
    script = f"{code}\nimport sys\nprint('\\n' + ' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return HEAVY & set(done.stdout.splitlines()[-1].split())


def test_import_runsite_pulls_in_nothing_heavy() -> None:
    assert heavy_after("import runsite") == set()


@pytest.mark.parametrize("command", [["--help"], ["build", "--help"], ["--version"]], ids=" ".join)
def test_help_pulls_in_nothing_heavy(command: list[str]) -> None:
    code = f"from runsite.cli import main\ntry:\n    main({command!r})\nexcept SystemExit:\n    pass"

    assert heavy_after(code) == set()
