"""Hold a site against a clean build: the proof that nothing of what is remembered changes what comes out."""

import contextlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from runsite.build import build
from runsite.build.reasons import VERIFY_DIFFERED
from runsite.build.status import Remembered
from runsite.cache import open_cache
from runsite.errors import OutputError
from runsite.reporter import SilentReporter
from runsite.site.written import LIST_FILE, SITE_FILE


def differing_files(
    stores: Sequence[Path], output: Path, *, cache: Path | None, filter: str | None = None, allow_code: bool = False
) -> list[str]:
    """Build once more, cleanly and beside the site, and name the files that are not the same bytes in both."""
    with contextlib.ExitStack() as stack:
        parent = output.absolute().parent
        try:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="runsite-verify-", dir=parent)))
            clean, charts = _furnish(folder, cache)
        except OSError as error:
            problem = f"--verify cannot build a second site in this folder ({error.strerror})"
            raise OutputError(parent, problem, "make room and let it be written to") from error
        reporter = SilentReporter()
        build(stores, clean, cache=charts, reporter=reporter, filter=filter, allow_removals=True, allow_code=allow_code)
        return compare_sites(output, clean)


def _furnish(folder: Path, cache: Path | None) -> tuple[Path, Path]:
    """Name the places of a clean site and of its cache, which holds compiled charts and nothing else."""
    (folder / LIST_FILE).write_bytes(b"[]")  # in a store, this is passed over without a count as the site itself is
    charts = folder / "cache"
    charts.mkdir()
    for compiled in cache.glob("*.js") if cache is not None else ():
        shutil.copyfile(compiled, charts / compiled.name)
    return folder / "site", charts


def forget_site(output: Path, cache: Path) -> None:
    """Forget what is remembered of a site, so that the next build writes every file of it."""
    with open_cache(cache) as blobs:
        remembered = Remembered(blobs, output)
        remembered.forget_for(VERIFY_DIFFERED)
        remembered.commit()


def compare_sites(site: Path, clean: Path) -> list[str]:
    """Name the files of a site, by the lists of both, that are missing in one of them or differ."""
    paths = {path for each in (site, clean) for path in json.loads((each / LIST_FILE).read_bytes())}
    return [path for path in sorted({*paths, SITE_FILE, LIST_FILE}) if _bytes(site / path) != _bytes(clean / path)]


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
