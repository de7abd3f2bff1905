"""Hold a site against a clean build: the proof that nothing of what is remembered changes what comes out.

Where both differ and an input was written since the site's build began, that proves nothing: each may be right of its
own moment. Then it is said so, and what is remembered is kept. It is not tried again: where a training logs every few
seconds, each try would meet the next line.
"""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from runsite import interrupts
from runsite.build import build
from runsite.build.reasons import VERIFY_DIFFERED
from runsite.build.status import Remembered, decode_statuses
from runsite.cache import open_cache
from runsite.errors import OutputError, StoreError
from runsite.reporter import SilentReporter
from runsite.signatures import is_written_since, signature
from runsite.site.written import LIST_FILE, SITE_FILE, listed_paths


def differing_files(
    stores: Sequence[Path],
    output: Path,
    *,
    cache: Path | None,
    began_ns: int,
    filter: str | None = None,
    allow_code: bool = False,
) -> list[str]:
    """Build once more, cleanly and beside the site, and name the files that are not the same bytes in both.

    `began_ns` is when the site's build began; StoreError where they differ and the store changed since then.
    """
    with contextlib.ExitStack() as stack:
        parent = output.absolute().parent
        try:
            folder = stack.enter_context(_second_place(parent))
            clean, charts = _furnish(folder, cache)
        except OSError as error:
            problem = f"--verify cannot build a second site in this folder ({error.strerror})"
            raise OutputError(parent, problem, "make room and let it be written to") from error
        reporter = SilentReporter()
        build(stores, clean, cache=charts, reporter=reporter, filter=filter, allow_removals=True, allow_code=allow_code)
        different = compare_sites(output, clean)
        # Both sites and the cache may lie in the store, and were written to.
        own = (parent, folder, *(each.absolute() for each in (output, cache) if each is not None))
        changed = _changed_inputs(clean, charts, began_ns=began_ns, leave_out=own) if different else []
        if changed:
            problem = "changed while the site was verified, so nothing can be told"
            raise StoreError(changed[0], problem, "verify again while nothing is written there")
        return different


@contextlib.contextmanager
def _second_place(parent: Path) -> Iterator[Path]:
    made = tempfile.TemporaryDirectory(prefix="runsite-verify-", dir=parent)
    try:
        yield Path(made.name)
    finally:
        with interrupts.Unbroken():  # nobody else would remove the rest of it
            made.cleanup()


def _furnish(folder: Path, cache: Path | None) -> tuple[Path, Path]:
    """Name the places of a clean site and of its cache, which holds compiled charts and nothing else."""
    (folder / LIST_FILE).write_bytes(b"[]")  # in a store, this is passed over without a count as the site itself is
    charts = folder / ".runsite"
    charts.mkdir()
    for compiled in cache.glob("*.js") if cache is not None else ():
        with contextlib.suppress(PermissionError, IsADirectoryError):  # what cannot be read is made anew
            shutil.copyfile(compiled, charts / compiled.name)
    return folder / "site", charts


def _changed_inputs(output: Path, cache: Path, *, began_ns: int, leave_out: Collection[Path]) -> list[Path]:
    """List the files and folders that the build of a site looked at and that were written since then."""
    with open_cache(cache) as blobs:
        inputs = Remembered(blobs, output).get_all("inputs/").values()
    now_ns = time.time_ns()
    paths = {Path(path) for content in inputs for path in decode_statuses(content)}.difference(leave_out)
    return sorted(path for path in paths if is_written_since(signature(path), began_ns=began_ns, now_ns=now_ns))


def forget_site(output: Path, cache: Path) -> None:
    """Forget what is remembered of a site, so that the next build makes every file of it."""
    with open_cache(cache) as blobs:
        remembered = Remembered(blobs, output)
        remembered.forget_for(VERIFY_DIFFERED)
        remembered.commit()


def compare_sites(site: Path, clean: Path) -> list[str]:
    """Name the files of a site, by the lists of both, that are missing in one of them or differ."""
    paths = {path for each in (site, clean) for path in listed_paths(each) or ()}
    return [path for path in sorted({*paths, SITE_FILE, LIST_FILE}) if _bytes(site / path) != _bytes(clean / path)]


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
