"""The compiled charts and Vega itself as assets of the site: from the cache, else made in a process of their own.

Altair and V8 take 130 MB that no process gives back while it lives, half as much as all else of a build of 10,000 runs.
So they are loaded by a fresh interpreter that ends when the scripts are made. A command line starts it, not
multiprocessing, which would load the main module of whoever calls us, and that may be anything. Where we are to stop
meanwhile, it is killed. Where no interpreter can be started, or it makes nothing, the scripts are made in this process:
more memory, the same bytes.

In the cache a script's first line is a digest of all others: what is not whole, or not as it was made, is made again.
"""

import contextlib
import hashlib
import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from runsite.charts.specs import make_script
from runsite.data_script import DataFile
from runsite.reporter import Reporter, SilentReporter
from runsite.site_paths import RELATION_SPECS_ASSET, SPECS_ASSET, VEGA_ASSET

PATHS = {"vega": VEGA_ASSET, "chart_specs": SPECS_ASSET, "relation_specs": RELATION_SPECS_ASSET}
"""Where the scripts lie in the site, by the names of their makers."""
_MODULES = {"vega": "kinds.py", "chart_specs": "kinds.py", "relation_specs": "relation_kinds.py"}
_PROGRAM = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from runsite.charts.specs import make_script
json.dump({name: make_script(name).decode() for name in sys.argv[2:]}, sys.stdout)
"""
# How often is asked whether we are to stop; all three scripts take some 3 s.
_TICK_SECONDS = 0.05
_USUAL_TICKS = 60
Make = Callable[[Sequence[str]], Mapping[str, bytes]]
"""Makes scripts by their names."""


def make_apart(names: Sequence[str], reporter: Reporter | None = None) -> dict[str, bytes]:
    """Make scripts in a fresh interpreter; in this one where that fails."""
    command = [sys.executable or "python", "-c", _PROGRAM, json.dumps(sys.path), *names]
    try:
        # In a program packed into one file the executable is that program, not Python.
        if not getattr(sys, "frozen", False):
            printed = _output_of(command, reporter or SilentReporter())
            return {name: text.encode() for name, text in json.loads(printed).items()}
    except (OSError, ValueError):
        pass
    return make_here(names)


def _output_of(command: Sequence[str], reporter: Reporter) -> bytes:
    """Run a command and return what it prints; it ends with us, however we end."""
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    # In a session of its own, Ctrl-C of a terminal does not end it before we hear of that too.
    with subprocess.Popen(command, stdin=nothing, stdout=pipe, stderr=nothing, start_new_session=True) as process:
        try:
            ticks = itertools.repeat(_TICK_SECONDS)
            for seconds in reporter.progress(ticks, label="Compiling charts", total=_USUAL_TICKS):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    return process.communicate(timeout=seconds)[0]
        finally:
            process.kill()
    return b""


def make_here(names: Sequence[str]) -> dict[str, bytes]:
    """Make scripts in this process."""
    return {name: make_script(name) for name in names}


def chart_assets(cache: Path | None, *, make: Make = make_apart) -> tuple[DataFile, ...]:
    """Return the scripts every chart needs, from the cache folder as far as it has them."""
    kept = {name: _file_name(name) for name in PATHS}
    found = {name: content for name, file in kept.items() if (content := _read(cache, file))}
    missing = [name for name in PATHS if name not in found]
    for name, content in make(missing).items() if missing else ():
        _keep(cache, kept[name], content, older=f"{name}-*.js")
        found[name] = content
    return tuple(DataFile(path, found[name]) for name, path in PATHS.items())


def _file_name(name: str) -> str:
    """Name the file that keeps a script by all that it is made from."""
    libraries = ["vl-convert-python"] if name == "vega" else ["vl-convert-python", "altair"]
    key = " ".join([*map(version, libraries), _digest(_MODULES[name])])
    return f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.js"


def _digest(module: str) -> str:
    """Digest a module of charts, what compiles them, and what all charts have in common."""
    sources = (Path(__file__).with_name(name) for name in ("specs.py", module, "chart_frame.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _read(cache: Path | None, name: str) -> bytes:
    """Read what the cache has; nothing where that is not as it was made."""
    try:
        kept = (cache / name).read_bytes() if cache is not None else b""
    except OSError:
        return b""
    content = kept.partition(b"\n")[2]
    return content if kept == _sealed(content) else b""


def _sealed(content: bytes) -> bytes:
    return f"// sha256 {hashlib.sha256(content).hexdigest()}\n".encode() + content


def _keep(cache: Path | None, name: str, content: bytes, *, older: str) -> None:
    """Keep a script for the next build; a cache that fails means slower, never wrong."""
    if cache is None:
        return
    partial = (cache / name).with_suffix(".partial")
    try:
        cache.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(_sealed(content))
        for stale in cache.glob(older):
            stale.unlink()
        partial.replace(cache / name)
    except OSError:
        return
