"""The command `runsite`, and `python -m runsite`: hears Ctrl-C before anything else, then reads the words."""

import gc
import os
import sys

from runsite import interrupts

TYPE_CHECKING = False
if TYPE_CHECKING:  # see interrupts
    from typing import NoReturn


def start() -> "NoReturn":
    """Run the command that was typed, and end the process."""
    _open_streams()
    interrupts.end_at_once()
    from runsite.cli import main  # takes 50 ms, which Ctrl-C may fall into

    code = main(begins=interrupts.unwind)
    if interrupts.is_told_to_end():
        # Python would end by the signal where it was caught within an import or comes once more, or wait for threads.
        os._exit(code)
    gc.freeze()  # else Python looks for reference cycles once more: 0.06 s after a build
    sys.exit(code)


def _open_streams() -> None:
    """Lead streams that were closed to nowhere: else a file would get their numbers, and what is said with them."""
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(handle)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115  # pathlib takes long to import


if __name__ == "__main__":  # other processes of `--workers` may load this module too
    start()
