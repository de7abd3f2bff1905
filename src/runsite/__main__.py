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
    interrupts.end_at_once()
    from runsite.cli import main  # takes 50 ms, which Ctrl-C may fall into

    code = main(begins=interrupts.unwind)
    if interrupts.is_told_to_end():
        # Python would end by the signal where it was caught within an import or comes once more, or wait for threads.
        os._exit(code)
    gc.freeze()  # else Python looks for reference cycles once more: 0.06 s after a build
    sys.exit(code)


if __name__ == "__main__":  # other processes of `--workers` may load this module too
    start()
