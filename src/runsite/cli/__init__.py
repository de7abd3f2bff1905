"""The command line: words in, words out; every decision is made below."""

import argparse
import codecs
import errno
import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from runsite import __version__, interrupts
from runsite.cli.parser import build_parser
from runsite.errors import CheckError, RunsiteError, UsageError
from runsite.shown_names import shown_text

__all__ = ["build_parser", "main"]

HOMES = {
    "run_build": "build_command",
    "run_build_watch": "serve_command",
    "run_figure": "figure_command",
    "run_serve": "serve_command",
}
"""Where a command lies, if not in `commands`."""


def main(arguments: Sequence[str] | None = None, *, begins: Callable[[], None] = lambda: None) -> int:
    """Run one command; return its exit code: 0 well, 1 input at fault, 2 usage, 3 a check failed.

    `begins` is called once all is imported.
    """
    if arguments is None:
        _read_names_as_utf8()
        _print_any_name()
    parser = build_parser(version=__version__)
    options = parser.parse_args(arguments)
    try:
        return _run(options, begins)
    except CheckError as error:
        return _complain(error, code=3)
    except UsageError as error:
        return _complain(error, code=2)
    except RunsiteError as error:
        return _complain(error, code=1)
    except BrokenPipeError:
        # The reader of our output went away (`runsite runs | head`); Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.filename is not None or error.errno != errno.ENOSPC:
            raise
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  # else Python complains once more at exit
        return _complain(RunsiteError("the output cannot be written (no space left); make room and try again"), code=1)
    except KeyboardInterrupt:
        return _complain(RunsiteError("stopped"), code=interrupts.EXIT_CODE)


def _read_names_as_utf8() -> None:
    """Start again in Python's UTF-8 mode where the locale's encoding is another: a store's names are UTF-8."""
    if os.name == "posix" and sys.getfilesystemencoding().lower().replace("-", "") != "utf8":
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def _print_any_name() -> None:
    """Print bytes of names that are not UTF-8, and what the terminal's encoding lacks, escaped, as pages do."""
    codecs.register_error("shown", _shown)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="shown")


def _shown(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    letter = error.object[error.start]
    shown = shown_text(letter)
    return shown if shown != letter else ascii(letter)[1:-1], error.start + 1


def _run(options: argparse.Namespace, begins: Callable[[], None]) -> int:
    try:
        os.getcwd()  # noqa: PTH109  # costs nothing to import
    except FileNotFoundError:
        raise RunsiteError("the folder that this was started in is gone; change to another and try again") from None
    # The algebra library of numpy starts threads as it is imported: 0.05 s, and nothing here needs it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What a command needs takes 0.2 s to import; `--help` needs none of it, and a build with nothing to do little.
    home = import_module(f"runsite.cli.{HOMES.get(options.run, 'commands')}")
    begins()
    code = getattr(home, options.run)(options)
    sys.stdout.flush()
    return int(code)


def _complain(error: RunsiteError, *, code: int) -> int:
    print(f"runsite: {' '.join(str(error).split())}", file=sys.stderr)
    return code
