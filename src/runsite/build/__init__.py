"""Build a site: find out whether anything changed since the last build, and only then what.

A build remembers the status of every file and folder that it looked at, and of every folder that it wrote to. If all
of them are as they were, there is nothing to do, and nothing heavy is imported to find that out. If only logs of a few
known runs grew, `narrow` makes what these change. Otherwise `whole` looks at everything and makes what is not as it
was. What is remembered is only ever a short cut: without it, or with a part of it, the same bytes come out.
"""

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runsite.build.reasons import (
    CACHE_CLOSED,
    CACHE_LOST,
    CODE_CHANGED,
    NOTHING_CHANGED,
    NOTHING_DIFFERS,
    nothing_for,
    why_nothing,
)
from runsite.build.status import (
    SITE_BUCKET,
    Changes,
    Remembered,
    asked_for,
    bucket_of,
    code_signature,
    encode_json_bytes,
    file_digest,
    list_signature,
)
from runsite.build.turns import in_turn
from runsite.cache import open_cache
from runsite.number_format import format_count_of
from runsite.reporter import Reporter
from runsite.shown_names import shown_name
from runsite.signatures import NEVER, Signature, signature
from runsite.site.written import NOT_AS_WRITTEN, SITE_FILE, ListedPaths, Written

if TYPE_CHECKING:  # bring the nouns (30 ms), the readers, and with them numpy
    from runsite.build.kept import Kept
    from runsite.build.memory import Memory
    from runsite.build.narrow import Narrowed
    from runsite.build.whole import Outcome
    from runsite.model import Problem
    from runsite.sources import StoreListing

# New objects between two collections; Python's own 700 come with every third line of a log.
RARE_COLLECTION = 70_000


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did, for its last line."""

    written: Written
    runs: int
    runs_read: int
    """More than `runs` where a filter left some out."""
    skipped_lines: int
    skipped_values: int
    artifacts_left_out: int
    pages: int
    """How many the site has."""
    problems: "tuple[Problem, ...]"
    """What `--strict` fails for: skipped lines and values, dead links."""
    notes: tuple[str, ...] = ()
    """What stores hold or settings name in vain: nothing else would tell of a typo."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why each output was written or removed; under the empty path, why nothing was. `written.lists` is not in it."""
    site_found: Signature = None
    """site.json when the build's turn came: another build may have written it while this one waited."""
    site_left: Signature = None
    """site.json at the end of the turn."""

    def in_words(self) -> str:
        """Say it in one line: runs, pages written and kept, what was skipped and left out."""
        written = self.written.pages(self.written.written)
        of = f"{self.runs:,} of " if self.runs < self.runs_read else ""
        pages, kept = format_count_of(written, "page"), self.pages - written
        skipped = f"{format_count_of(self.skipped_lines, 'line')} and {format_count_of(self.skipped_values, 'value')}"
        left_out = format_count_of(self.artifacts_left_out, "artifact")
        runs = f"{of}{format_count_of(self.runs_read, 'run')}"
        return f"{runs}, {pages} written, {kept:,} kept, {skipped} skipped, {left_out} left out"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a build was asked for."""

    stores: list[Path]
    output: Path
    cache: Path | None
    filter: str
    workers: int
    allow_removals: bool
    allow_code: bool
    reporter: Reporter
    began_ns: int
    kept: "Kept | None"
    hints: frozenset[str] | None


def build(
    stores: Sequence[Path],
    output: Path,
    *,
    cache: Path | None,
    reporter: Reporter,
    filter: str | None = None,
    workers: int = 1,
    allow_removals: bool = False,
    allow_code: bool = False,
    clock: Callable[[], int] = time.time_ns,
    kept: "Kept | None" = None,
    hints: frozenset[str] | None = None,
) -> BuildResult:
    """Compile stores into a site, or those of their runs that a filter finds; the first store's settings hold.

    `clock` gives nanoseconds; what was written after the build began is looked at again by the next one. `kept` is
    what a process keeps that builds the same site again and again; `hints` are the only inputs that it must look at.
    """
    stores = list(dict.fromkeys(stores))
    wanted = _Wanted(
        stores, output, cache, filter or "", workers, allow_removals, allow_code, reporter, clock(), kept, hints
    )
    with in_turn(output, reporter), _rare_collections(), open_cache(cache) as blobs:
        found = signature(output / SITE_FILE)
        result = _build_what_differs(wanted, Remembered(blobs, output))
        return replace(result, site_found=found, site_left=signature(output / SITE_FILE))


def _build_what_differs(wanted: _Wanted, remembered: Remembered) -> BuildResult:
    stores, output, cache, kept = wanted.stores, wanted.output, wanted.cache, wanted.kept
    code = kept.code_signature() if kept is not None else code_signature()
    asked = asked_for(code, stores, wanted.filter, allow_code=wanted.allow_code, title_of=default_title)
    last, nothing = remembered.last(), NOTHING_DIFFERS
    if last is not None and last["asked"] == asked:
        changes = remembered.changes(last, hints=wanted.hints)
        if changes is not None and not changes:
            unchanged = Written(kept=ListedPaths(output), paths=ListedPaths(output))
            return _result(last, unchanged, NOTHING_CHANGED, stores=stores)
        nothing = why_nothing(is_whole=changes is not None, is_certain=bool(changes and changes.are_certain))
        written = None if changes is None else _try_narrow(wanted, remembered, changes, last)
        if written is not None:
            return _result(last, written, nothing, stores=stores)
    forgotten = ""
    if last is None or last["asked"][0] != asked[0]:
        forgotten = CODE_CHANGED if last is not None else remembered.why_forgotten()
        forgotten = forgotten or (CACHE_LOST if remembered.is_lasting or cache is None else CACHE_CLOSED)
        remembered.clear()
        nothing = nothing_for(forgotten)
    return _build_whole(wanted, remembered, asked, forgotten=forgotten, nothing=nothing)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for reference cycles less often: a build makes hardly any, and looking for them took a sixth of it."""
    before = gc.get_threshold()
    gc.set_threshold(RARE_COLLECTION, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _result(last: Mapping[str, Any], written: Written, nothing: str, *, stores: Sequence[Path]) -> BuildResult:
    reasons = {path: written.reasons[path] for path in written.written}
    reasons |= dict.fromkeys(written.removed, "it is no longer part of the site")
    runs, runs_read, lines, values, left_out, pages = last["counts"]
    return BuildResult(
        written=written,
        runs=runs,
        runs_read=runs_read,
        skipped_lines=lines,
        skipped_values=values,
        artifacts_left_out=left_out,
        pages=pages,
        problems=_problems(last["problems"]),
        notes=tuple(_notes(last, stores)),
        reasons=reasons if reasons or written.lists else {"": nothing},
    )


def _problems(rows: Sequence[Sequence[Any]]) -> "tuple[Problem, ...]":
    if not rows:
        return ()
    from runsite.model import Problem  # see the top

    return tuple(Problem(*row) for row in rows)


def _try_narrow(wanted: _Wanted, remembered: Remembered, changes: Changes, last: Mapping[str, Any]) -> Written | None:
    from runsite.build.memory import Memory  # these bring numpy and most of the site
    from runsite.build.narrow import narrow_build

    if wanted.filter:
        return None
    memory = Memory(remembered, began_ns=wanted.began_ns, kept=wanted.kept)
    made = narrow_build(memory, changes, stores=wanted.stores, cache=wanted.cache)
    if made is None:
        return None
    folders = {"", *(path.rpartition("/")[0] for path in made.drafts.files)}
    if wanted.hints is not None and not remembered.are_as_left(folders):  # nobody has looked at them yet
        return None
    return _write_narrow(wanted, remembered, memory, made, last)


def _write_narrow(
    wanted: _Wanted, remembered: Remembered, memory: "Memory", made: "Narrowed", last: Mapping[str, Any]
) -> Written:
    from runsite.site.writer import SiteWriter  # brings shutil

    written = Written(kept=ListedPaths(wanted.output), paths=ListedPaths(wanted.output))
    if made.drafts.files:
        with SiteWriter(wanted.output, made.drafts.known) as site:
            for path, (content, reason) in made.drafts.files.items():
                site.stage(path, content, reason=reason)
            written = site.finish_alike(made.drafts.known)
    for key, summary in made.summaries.items():
        memory.put_summary(key, summary)
    memory.save()
    for bucket, found in made.inputs.items():
        memory.update_statuses("inputs", bucket, found)
    for bucket, folders in _output_folders(wanted.output, written.written).items():
        memory.update_statuses("folders", bucket, folders)
    remembered.put("last", encode_json_bytes({**last, "site": file_digest(str(wanted.output / SITE_FILE))}))
    remembered.commit()
    return written


def _output_folders(output: Path, paths: Iterable[str]) -> dict[str, dict[str, Signature]]:
    """Look at the folders in which files were written, and at the root, where site.json always is."""
    before = f"{output.absolute()}/"
    buckets: dict[str, dict[str, Signature]] = {}
    for folder in {"", *(path.rpartition("/")[0] for path in paths)}:
        buckets.setdefault(bucket_of(folder), {})[folder] = signature(before + folder)
    return buckets


def _build_whole(
    wanted: _Wanted, remembered: Remembered, asked: list[Any], *, forgotten: str, nothing: str
) -> BuildResult:
    from runsite.build.memory import Memory  # these bring numpy and all of the site
    from runsite.build.vanished import refuse_vanished
    from runsite.build.whole import WholeSite
    from runsite.config import read_settings
    from runsite.readers import list_stores
    from runsite.site.writer import SiteWriter
    from runsite.sources import empty_store_error
    from runsite.tables.filter_grammar import parse_filter

    query = parse_filter(wanted.filter)
    listings = list_stores(wanted.stores)
    settings = read_settings(listings[0].store.path)
    memory = Memory(remembered, began_ns=wanted.began_ns, kept=wanted.kept, forgotten=forgotten)
    memory.load()
    # A page that teaches is better than none, but it must not take the place of a site whose disk went away.
    is_empty = all(listing.is_empty for listing in listings)
    if not wanted.allow_removals:
        refuse_vanished(listings, memory.runs, wanted.output)
        if is_empty and (wanted.output / SITE_FILE).exists():
            raise empty_store_error(listings[0])
    known, harmed = _left_outputs(memory, wanted.output)
    with SiteWriter(wanted.output, known, lost=_lost_outputs(remembered, known, harmed)) as site:
        whole = WholeSite(
            listings,
            settings,
            title=settings.title or shown_name(default_title(listings[0].store.path)),
            code=asked[0],
            filter=query if query.root is not None else None,
            memory=memory,
            known=known,
            site=site,
            reporter=wanted.reporter,
            cache=wanted.cache,
            allow_code=wanted.allow_code,
        )
        outcome = whole.make(workers=wanted.workers)
        written = site.finish(_facts(outcome))
        as_before = [path for path in written.written if harmed.get(path) == site.digest_of(path)]
        written.reasons = {**written.reasons, **dict.fromkeys(as_before, NOT_AS_WRITTEN)}
    if is_empty:
        raise empty_store_error(listings[0])
    memory.save()
    folders, inputs = _output_folders(wanted.output, written.paths), _inputs(memory, listings)
    memory.save_statuses("folders", folders)
    memory.save_statuses("inputs", inputs)
    last = _last(outcome, written, asked=asked, output=wanted.output)
    last["foreign"] = [[] if listing.is_empty else listing.foreign for listing in listings]
    last["buckets"] = [sorted(folders), sorted(inputs)]
    remembered.put("last", encode_json_bytes(last))
    remembered.commit()
    return _result(last, written, nothing, stores=wanted.stores)


def default_title(store: Path) -> str:
    """Name the site after the Git repository the store lies in, else after the folder above the store."""
    store = store.resolve()
    repository = next((folder for folder in (store, *store.parents) if signature(folder / ".git")), None)
    return (repository or store.parent).name or store.name


def _notes(last: Mapping[str, Any], stores: Sequence[Path]) -> Iterator[str]:
    for store, tools in zip(stores, last["foreign"], strict=True):
        for tool in tools:
            yield f"{store}: holds what looks like logs of {tool}; not read yet"
    yield from last["notes"]


def _left_outputs(memory: "Memory", output: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return the digests of outputs whose folders are as the last build left them, and those of the others."""
    before = f"{output.absolute()}/"
    intact = {folder for folder, old in memory.folders().items() if old and signature(before + folder) == old}
    known: dict[str, str] = {}
    harmed: dict[str, str] = {}
    for unit in memory.all_units():
        for path, digest in unit.outputs:
            (known if path.rpartition("/")[0] in intact else harmed)[path] = digest
    return known, harmed


def _lost_outputs(remembered: Remembered, *outputs: Mapping[str, str]) -> dict[str, str]:
    """Return the digests of all outputs where somebody touched the list of them, which may name some no more."""
    last = remembered.last()
    is_whole = last is None or remembered.has_list_of(last)
    return {} if is_whole else {path: digest for each in outputs for path, digest in each.items()}


def _inputs(memory: "Memory", listings: "Sequence[StoreListing]") -> dict[str, dict[str, Signature]]:
    """Gather the status of all that was looked at, by run where it is a single run's."""
    from runsite.config import FILE_NAME  # see the top

    site: dict[str, Signature] = {}
    buckets: dict[str, dict[str, Signature]] = {SITE_BUCKET: site}
    owned = {}
    for listing in listings:
        for folder in listing.runs:
            key = str(folder.key)
            facts = memory.runs.get(key)
            own = owned[str(folder.path)] = buckets.setdefault(bucket_of(key), {})
            for log in folder.logs:
                known = facts.logs.get(log.name) if facts is not None else None
                own[str(log.absolute())] = NEVER if known is None else known[0]
            if facts is not None:
                own.update(facts.page.files)
        for path, found in (*listing.folders.items(), *listing.links.items()):
            owned.get(path, site)[str(Path(path).absolute())] = memory.kept(found)
        store = listing.store.path.absolute()
        charts = [path for paths in listing.charts.values() for path in paths]
        texts = [*listing.experiments.values(), *charts, *listing.reports, *_below(store / "models"), store / FILE_NAME]
        for text in (*texts, store / "models", store / "reports"):
            site[str(text.absolute())] = memory.lasting(text.absolute())
    for unit in (*memory.units.values(), *(facts.page for facts in memory.experiments.values())):
        site |= unit.files
    buckets[SITE_BUCKET] = site
    return buckets


def _below(folder: Path) -> list[Path]:
    return [] if folder.is_symlink() else sorted(folder.rglob("*"))


def _last(outcome: "Outcome", written: Written, *, asked: list[Any], output: Path) -> dict[str, Any]:
    """Say of this build what the next one may have to say again."""
    return {
        "asked": asked,
        "site": file_digest(str(output / SITE_FILE)),
        "list": list_signature(output),
        "counts": [
            outcome.runs,
            outcome.runs_read,
            outcome.skipped_lines,
            outcome.skipped_values,
            outcome.artifacts_left_out,
            written.pages(written.paths),
        ],
        "problems": [[p.file, p.line, p.reason, p.kind] for p in outcome.problems],
        "notes": outcome.notes,
    }


def _facts(outcome: "Outcome") -> dict[str, object]:
    return {
        "counts": {
            "experiments": outcome.experiments,
            "runs": outcome.runs,
            "models": outcome.models,
            "reports": outcome.reports,
        }
    }
