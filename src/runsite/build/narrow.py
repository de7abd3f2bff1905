"""The short way of a build where nothing but logs or artifacts of a few known runs changed.

This is what happens once a second while something trains: a line is appended to one log of ten thousand. Then nothing
is listed, and nothing of other runs is decoded but of those in the same shard. Made again are the run's curves, its
page and its shard. The way is taken only where the outcome is certainly that of the whole build: what may be said of
the run beside others is as it was, and so are the paths of its outputs, its links and its faults. Everything is made
before a byte is written; whatever does not fit sends the build the whole way round.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from runsite.build.assets import Assets
from runsite.build.experiments import goals_of, layout_of, steady_digest, without_runs
from runsite.build.memory import NOTHING_BESIDE, ExperimentFacts, Memory, RunFacts, Unit, by_path, digest_of
from runsite.build.pages import PagePrinter
from runsite.build.reading import read_one
from runsite.build.reasons import CHANGED, changed_logs, joined, said_of
from runsite.build.runs import SiteRuns
from runsite.build.shards import stage_shard
from runsite.build.status import SITE_BUCKET, Changes, bucket_of
from runsite.build.units import Units
from runsite.config import Settings, read_settings
from runsite.model import RUNNING, RunKey, RunSummary
from runsite.notes import Resolver
from runsite.pages.beside import Relations, make_run, version_runs
from runsite.pages.page import Frame
from runsite.privacy import cleaner
from runsite.signatures import FOLDER_SIZE, Signature, signature
from runsite.sources import RunFolder
from runsite.summaries.packed import run_of_plain
from runsite.summaries.settled import settled_run

# Beyond, most of the site is looked at anyway.
MAX_CHANGED = 16
_SAME = ("name", "status", "parent", "shape", "artifacts", "secrets", "lost", "skipped")
"""Facts of a run that others' pages, or the last line of the build, may depend on."""


class _WholeWayError(Exception):
    """The whole build must be done."""


@dataclass(slots=True)
class Drafts:
    """Outputs that are made and not written yet; stands in for a site writer."""

    known: dict[str, str]
    """Digests of what lies in the output."""
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    """Content and reason."""
    digests: dict[str, str] = field(default_factory=dict)

    def stage(self, path: str, content: bytes, *, reason: str = "") -> str:
        """Take a file that is already known, by this content or another; return its digest."""
        if path not in self.known:
            raise _WholeWayError
        digest = self.digests[path] = hashlib.sha256(content).hexdigest()
        if digest != self.known[path]:
            self.files[path] = (content, reason)
        return digest

    def keep(self, path: str, digest: str) -> None:
        """Take a file as it lies there."""
        self.digests[path] = digest

    def drop(self, path: str) -> None:
        """Nothing is ever dropped on the short way."""
        raise _WholeWayError(path)

    def digest_of(self, path: str) -> str:
        return self.digests.get(path) or self.known[path]


@dataclass(slots=True)
class Narrowed:
    """What the short way made."""

    drafts: Drafts
    inputs: dict[str, dict[str, Signature]]
    """New signatures, by bucket."""
    summaries: dict[str, bytes]


def narrow_build(memory: Memory, changes: Changes, *, stores: Sequence[Path], cache: Path | None) -> Narrowed | None:
    """Make what a few changed runs change; None if the whole build must be done."""
    if changes.outputs or SITE_BUCKET in changes.inputs or sum(map(len, changes.inputs.values())) > MAX_CHANGED:
        return None
    memory.load_site()
    settings = read_settings(stores[0])
    try:
        return _Narrow(memory, changes, stores=stores, settings=settings, cache=cache).make()
    except _WholeWayError:
        return None


class _Narrow:
    def __init__(
        self, memory: Memory, changes: Changes, *, stores: Sequence[Path], settings: Settings, cache: Path | None
    ) -> None:
        self._memory = memory
        self._changes = changes
        self._stores = stores
        self._settings = settings
        if "assets" not in memory.units or not memory.facts.get("theme"):
            raise _WholeWayError
        self._drafts = Drafts(by_path(memory.units["assets"].outputs))
        self._units = Units(self._drafts, memory, {})
        self._folders: dict[str, RunFolder] = {}
        self._runs = SiteRuns(self._folders, stores, settings, memory=memory, units=self._units)
        self._assets = Assets(stores[0], settings, code="", memory=memory, units=self._units, cache=cache)
        self._inputs: dict[str, dict[str, Signature]] = {}

    def make(self) -> Narrowed:
        """Make the outputs of each changed run."""
        inputs = self._changes.inputs.items()
        changed = {run.key: bucket for bucket, paths in inputs for run in self._owners(bucket, paths)}
        for key in changed:
            self._read(self._memory.runs[key])
        for key, bucket in changed.items():
            run = self._memory.runs[key]
            self._make_page(run)
            logs = {f"{run.path}/{name}": log[0] for name, log in run.logs.items()}
            files = {path: found for path, found in run.page.files.items() if found is None or found[0] != FOLDER_SIZE}
            self._inputs.setdefault(bucket, {}).update(logs | files)
        for experiment, shard in {(self._memory.runs[key].experiment, self._memory.runs[key].shard) for key in changed}:
            self._make_shard(experiment, shard)
        return Narrowed(self._drafts, self._inputs, self._runs.fresh)

    def _owners(self, bucket: str, paths: Iterable[str]) -> list[RunFacts]:
        """Find the runs that changed files belong to: logs, and files that their pages looked at."""
        self._memory.load_bucket(bucket)
        here = [run for run in self._memory.runs.values() if bucket_of(run.key) == bucket]
        owners = []
        for path in paths:
            if (now := signature(path)) is not None and now[0] == FOLDER_SIZE:  # whatever came into it must be listed
                raise _WholeWayError
            folder, _, name = path.rpartition("/")
            own = [run for run in here if path in run.page.files or (run.path == folder and name in run.logs)]
            if not own or any(run.page.is_linked or run.problems or not self._is_whole(run) for run in own):
                raise _WholeWayError
            owners += own
        return owners

    def _is_whole(self, run: RunFacts) -> bool:
        """Tell whether all is remembered that goes with a run; the cache may have lost a part of it."""
        beside = [run, *filter(None, map(self._known, run.children))]
        known = self._memory.experiments
        is_there = all(each.experiment in known for each in beside)
        return is_there and run.shard in known[run.experiment].shards and bool(run.page.keys)

    def _read(self, old: RunFacts) -> None:
        self._drafts.known |= by_path([*old.series.outputs, *old.page.outputs])
        key = RunKey(old.experiment, old.run)
        folder = RunFolder(key, Path(old.path), old.store_path, tuple(Path(old.path, name) for name in old.logs))
        self._folders[old.key] = folder
        read = read_one(folder, self._runs.rules, self._runs.kept)
        if read is None or read.logs.keys() != old.logs.keys():
            raise _WholeWayError
        self._runs.fresh[old.key] = read.summary
        new = self._runs.facts_of(read, old, listed=old.listed, reason=joined(changed_logs(old.logs, read.logs)))
        new.steady = old.steady
        if new.summary != old.summary:
            self._require_alike(old, new)
        self._memory.runs[old.key] = new
        self._runs.facts[old.key] = new

    def _require_alike(self, old: RunFacts, new: RunFacts) -> None:
        """Go on only if nothing beside the run itself can have changed."""
        experiment = self._memory.experiments.get(old.experiment)
        if experiment is None or new.status != RUNNING or any(getattr(new, n) != getattr(old, n) for n in _SAME):
            raise _WholeWayError
        summary = run_of_plain(self._runs.packed(old.key)[0])
        if steady_digest(summary, experiment) != old.steady or _paths(new.series) != _paths(old.series):
            raise _WholeWayError

    def _make_page(self, run: RunFacts) -> None:
        old, facts = run.page, self._memory.experiments[run.experiment]
        printer = PagePrinter(
            self._runs,
            self._settings,
            frame=Frame(*self._memory.facts["frame"]),
            experiments=(),
            models=(),
            reports=(),
            assets=self._assets,
            units=self._units,
        )
        keys = [run.summary, *old.keys[1:]]
        with printer.making(keys, self._units.why(old, keys, (run.reason,))) as unit:
            page = make_run(
                self._settled(run.key, facts),
                without_runs(run.experiment, facts),
                frame=printer.frame,
                relations=self._relations(run),
                links=_no_links,
                data=printer.data({}),
            )
            printer.stage(page, unit)
            unit.left_out = printer.left_out(RunKey(run.experiment, run.run))
        if _paths(unit) != _paths(old) or unit.files.keys() != old.files.keys():
            raise _WholeWayError
        if (unit.problems, unit.left_out) != (old.problems, old.left_out):
            raise _WholeWayError
        run.page = unit

    def _relations(self, run: RunFacts) -> Relations:
        if set(run.page.keys[2:5]) == {NOTHING_BESIDE}:
            return Relations()
        parent = self._known("/".join(run.parent)) if run.parent else None
        children = []
        for key in run.children:
            child = self._known(key)
            if child is None:
                raise _WholeWayError
            children.append(self._settled(key, self._memory.experiments[child.experiment]))
        children.sort(key=lambda child: (child.started is None, child.started or 0.0, child.key))
        return Relations(
            None if parent is None else self._summary(parent.key),
            tuple(children),
            version_runs(self._models()).get(RunKey(run.experiment, run.run), ()),
        )

    def _models(self) -> Any:
        if not self._memory.facts["models"]:
            return ()
        from runsite.build.content import models_of  # brings the registry, and few stores have one

        clean = cleaner(frozenset(self._memory.facts["secrets"])) if self._settings.private else str
        return models_of(self._stores, self._settings, clean)

    def _known(self, key: str) -> RunFacts | None:
        return self._memory.runs.get(key) or self._memory.load_run(key)

    def _summary(self, key: str) -> RunSummary:
        if key not in self._runs.fresh and self._memory.summary(key) is None:
            raise _WholeWayError
        return self._runs.summary(key)

    def _settled(self, key: str, facts: ExperimentFacts) -> RunSummary:
        return settled_run(self._summary(key), goals_of(facts))

    def _make_shard(self, experiment: str, shard: str) -> None:
        facts = self._memory.experiments[experiment]
        old = facts.shards[shard]
        now = {run.key: run.summary for run in self._runs.facts.values()}
        members: list[list[Any]] = [[key, now.get(key, digest)] for key, digest in old.members]
        if members == old.members:
            return
        self._drafts.known |= by_path(old.outputs)
        was = dict(old.members)
        changed = [run for run in self._runs.facts.values() if run.key in was and run.summary != was[run.key]]
        reason = changed[0].reason if len(changed) == 1 else said_of("run", [run.key for run in changed], CHANGED)
        with self._units.making([digest_of(members), *old.keys[1:]], reason) as unit:
            unit.members = members
            summaries = [self._settled(key, facts) for key, _ in members]
            names = self._parent_names(summaries)
            stage_shard(shard, summaries, layout_of(experiment, facts), names=names, units=self._units)
        if _paths(unit) != _paths(old):
            raise _WholeWayError
        facts.shards[shard] = unit

    def _parent_names(self, summaries: Sequence[RunSummary]) -> Mapping[RunKey, str]:
        names = {}
        for parent in {run.parent for run in summaries if run.parent is not None}:
            known = self._known(str(parent))
            if known is not None and all(run.key.experiment == known.experiment for run in summaries[:1]):
                names[parent] = known.name or known.run
        return names


def _paths(unit: Unit) -> set[str]:
    return {path for path, _ in unit.outputs}


def _no_links(folder: str, page: str) -> Resolver:
    del folder, page

    def resolve(target: str) -> NoReturn:
        raise _WholeWayError(target)

    return resolve
