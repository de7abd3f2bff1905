"""What `runsite serve` and `runsite build --watch` do with their words."""

import argparse
import os
import webbrowser
from pathlib import Path
from typing import Any

from runsite.cli.build_command import cache_of, find_stores
from runsite.errors import UsageError
from runsite.live.listening import Listening
from runsite.live.place import Place
from runsite.live.serving import serve, watch
from runsite.reporter import reporter_for
from runsite.tables.filter_grammar import parse_filter

ONCE = ("strict", "manifest", "explain", "verify", "open")
"""Options that say what one build is to do in the end."""
CHOICES = ("filter", "workers", "allow_removals", "allow_code")
"""Options that hold for each of many builds."""


def run_serve(options: argparse.Namespace) -> int:
    """Serve until interrupted, which is how it ends well."""
    serve(
        _place(options),
        Listening(options.host, options.port),
        watches=options.watch,
        polls=options.poll,
        reporter=reporter_for(),
        build_options=_choices(options),
        opens=webbrowser.open if options.open else lambda _: None,
        environ=os.environ,
    )
    return 0


def run_build_watch(options: argparse.Namespace) -> int:
    """Build on every change until interrupted."""
    given = [name for name in ONCE if getattr(options, name)]
    if given:
        raise UsageError(f"--{given[0]} is for one build; type it without --watch")
    watch(_place(options), reporter=reporter_for(), build_options=_choices(options))
    return 0


def _choices(options: argparse.Namespace) -> dict[str, Any]:
    parse_filter(options.filter or "")  # one that cannot be read is said at once, not with each build
    return {name: getattr(options, name) for name in CHOICES}


def _place(options: argparse.Namespace) -> Place:
    output = Path(options.output)
    return Place(find_stores(options.stores), output, cache_of(options, output))
