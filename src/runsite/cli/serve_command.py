"""What `runsite serve` and `runsite build --watch` do with their words."""

import argparse
import os
import webbrowser
from pathlib import Path

from runsite.cli.build_command import cache_of, find_stores
from runsite.live.serving import Listening, Place, serve, watch
from runsite.reporter import reporter_for


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
    chosen = {"filter": options.filter, "workers": options.workers, "allow_removals": options.allow_removals}
    watch(_place(options), reporter=reporter_for(), build_options=chosen)
    return 0


def _place(options: argparse.Namespace) -> Place:
    output = Path(options.output)
    return Place(find_stores(options.stores), output, cache_of(options, output))
