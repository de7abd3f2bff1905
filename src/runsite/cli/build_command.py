"""What `runsite build` does with its words; nothing heavy is imported here, as there may be nothing to do."""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from runsite.build import BuildResult, build
from runsite.errors import CheckError, UsageError
from runsite.reporter import reporter_for
from runsite.store_place import find_store

# Enough to see what kind of file differs.
MAX_NAMED = 10


def run_build(options: argparse.Namespace) -> int:
    """Build the site and say in one line what was done."""
    started, began_ns = time.monotonic(), time.time_ns()
    output = Path(options.output)
    cache = cache_of(options, output)
    stores = find_stores(options.stores)
    result = build(
        stores,
        output,
        cache=cache,
        reporter=reporter_for(),
        filter=options.filter,
        workers=options.workers,
        allow_removals=options.allow_removals,
        allow_code=options.allow_code,
    )
    for note in result.notes:
        print(note, file=sys.stderr)
    if options.manifest:
        print_lines(result.written.paths)
    if options.explain:
        print_lines(explanations(result))
    seconds = time.monotonic() - started
    print(f"{output / 'index.html'}: {result.in_words()}, {seconds:.1f} s", file=sys.stderr)
    if options.verify:
        _verify(stores, output, options=options, cache=cache, began_ns=began_ns)
    if options.strict and result.problems:
        more = f", and {len(result.problems) - 1:,} more" if len(result.problems) > 1 else ""
        raise CheckError(f"--strict: {result.problems[0].text}{more}")
    if options.open:
        from runsite.cli.browser import open_page  # brings subprocess, 15 ms

        open_page(output / "index.html")
    return 0


def cache_of(options: argparse.Namespace, output: Path) -> Path:
    """Say where the cache of a site is; never inside the site, whose folder must be new or our own."""
    if not options.cache:
        return output.absolute().parent / ".runsite"
    if Path(os.path.realpath(options.cache)).is_relative_to(os.path.realpath(output)):
        raise UsageError(f"--cache {options.cache} lies in the folder of the site, {output}; name one beside it")
    return Path(options.cache)


def explanations(result: BuildResult) -> list[str]:
    """Write why each output was written, a line each; why nothing was, if so."""
    told = {**result.reasons, **result.written.lists}
    return [f"{path}: {reason}" if path else reason for path, reason in sorted(told.items())]


def _verify(stores: Sequence[Path], output: Path, *, options: argparse.Namespace, cache: Path, began_ns: int) -> None:
    from runsite.build.verify import differing_files, forget_site  # brings tempfile and all that a clean build needs

    choices = {"filter": options.filter, "allow_code": options.allow_code}
    different = differing_files(stores, output, cache=cache, began_ns=began_ns, **choices)
    if different:
        more = f" and {len(different) - MAX_NAMED:,} more" if len(different) > MAX_NAMED else ""
        forget_site(output, cache)
        named = f"{', '.join(different[:MAX_NAMED])}{more}"
        raise CheckError(f"--verify: a clean build differs in {named}; the next build makes all anew")
    print("verified: a clean build gives the same bytes", file=sys.stderr)


def find_stores(arguments: Sequence[str]) -> list[Path]:
    """Return the stores that are meant, each once, shown as they were typed where possible."""
    meant: Sequence[str | None] = arguments or [None]
    first: dict[Path, Path] = {}
    for argument in meant:
        path = find_store(argument, cwd=Path.cwd(), environ=os.environ)
        first.setdefault(path.resolve(), _shortened(path))
    return list(first.values())


def _shortened(path: Path) -> Path:
    """Name a path from the working directory if it lies below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def print_lines(lines: Iterable[str]) -> None:
    """Print lines to stdout."""
    for line in lines:
        print(line)
