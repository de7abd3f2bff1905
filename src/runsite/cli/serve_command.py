"""What `runsite serve` and `runsite build --watch` do with their words."""

import argparse
import os
import webbrowser
from pathlib import Path

from runsite.cli.build_command import cache_of, find_stores
from runsite.errors import UsageError
from runsite.live.listening import Listening
from runsite.live.place import Place
from runsite.live.serving import serve, watch
from runsite.reporter import reporter_for

ONCE = ("strict", "manifest", "explain", "verify", "open")
"""Options that say what one build is to do in the end."""


def run_serve(options: argparse.Namespace) -> int:
    """Serve until interrupted, which is how it ends well."""
    serve(
        _place(options),
        Listening(options.host, options.port),
        watches=options.watch,
        polls=options.poll,
        reporter=reporter_for(),
        opens=webbrowser.open if options.open else lambda _: None,
        environ=os.environ,
    )
    return 0


def run_build_watch(options: argparse.Namespace) -> int:
    """Build on every change until interrupted."""
    given = [name for name in ONCE if getattr(options, name)]
    if given:
        raise UsageError(f"--{given[0]} is for one build; type it without --watch")
    chosen = {name: getattr(options, name) for name in ("filter", "workers", "allow_removals", "allow_code")}
    watch(_place(options), reporter=reporter_for(), build_options=chosen)
    return 0


def _place(options: argparse.Namespace) -> Place:
    output = Path(options.output)
    return Place(find_stores(options.stores), output, cache_of(options, output))
