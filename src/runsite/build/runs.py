"""The runs of a site: which must be read, what is known of the others, and what a filter leaves out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runsite.build.memory import Memory, RunFacts, Unit, digest_of
from runsite.build.reading import ReadingRules, ReadRun, read_one, same_content
from runsite.build.reasons import CHANGED, FOUND, GONE, LEFT_OUT, NEW, changed_logs, changed_rules, joined, said_of
from runsite.build.units import Units
from runsite.config import Settings
from runsite.errors import LogsGoneError, NothingFoundError
from runsite.model import RunSummary, SiteFilter
from runsite.readers.log_memo import KeptLogs
from runsite.records.pack import unpack
from runsite.reporter import Reporter
from runsite.signatures import NEVER, Signature, signature
from runsite.site.published import RunArtifacts
from runsite.site_paths import run_page
from runsite.sources import RunFolder
from runsite.summaries.packed import artifacts_of_plain, artifacts_of_run, run_of_plain

if TYPE_CHECKING:  # the language of filters takes 20 ms to import, and few builds have one
    from runsite.tables.filter_grammar import Filter


class SiteRuns:
    """All runs of the stores, read as far as they changed."""

    def __init__(
        self,
        folders: Mapping[str, RunFolder],
        stores: Sequence[Path],
        settings: Settings,
        *,
        memory: Memory,
        units: Units,
        filter: "Filter | None" = None,
    ) -> None:
        """`folders` are those of all runs, by key."""
        self._memory = memory
        self._units = units
        self._settings = settings
        self._filter = filter
        self.folders = folders
        self.store_paths = stores
        self.fresh: dict[str, bytes] = {}
        """Packed summaries that are not in the memory yet."""
        self._rules = ReadingRules(settings.private, settings.metrics, filter is not None)
        self.facts: dict[str, RunFacts] = {}
        """Of the runs that the site has, by key."""
        self.moved: list[str] = []
        """Runs that lie in another folder than they did: their logs may be as they were."""
        self.left_out: set[str] = set()
        self._became: dict[str, str] = {}
        """What became of runs of the site since the last build, where anything did."""
        self._rules_reasons: list[str] = []
        self._reruled: set[str] = set()
        """Runs that read otherwise and are read by other settings."""

    def read(self, reporter: Reporter, *, workers: int) -> None:
        """Read what changed, and write the curves of it."""
        rules = digest_of(
            [self._rules.private, self._rules.keeps_logged, repr(sorted(self._rules.definitions.items()))]
        )
        told = [self._rules.private, {name: repr(each) for name, each in self._rules.definitions.items()}]
        self._rules_reasons = changed_rules(self._memory.facts.get("rules"), told)
        self._memory.facts["rules"] = told
        self._follow_moved()
        shown = {key for key, run in self._memory.runs.items() if run.series.keys}
        changed = [key for key in self.folders if not self._is_known(key, rules)]
        chosen = [self.folders[key] for key in changed]
        from runsite.build.executors import executor_of, read_all, useful_workers  # an appended line needs no pool

        workers = useful_workers(workers, runs=len(chosen))
        if workers > 1:  # they read every log whole
            self._forget_logs(chosen)
        with executor_of(workers) as executor:
            found = read_all(chosen, self._rules, executor=executor, workers=workers, kept=self.kept)
            for read in reporter.progress(found, label="Reading runs", total=len(chosen)):
                self._take(read, rules)
        self.facts = {key: self._memory.runs[key] for key in self.folders if key in self._memory.runs}
        for key in self._memory.runs.keys() - self.facts.keys():
            self._memory.forget_run(key)
        self._memory.runs = dict(self.facts)
        if self._filter is not None and self.facts:
            self._leave_out_unmatched()
        for key in self.left_out - shown:
            self._became.pop(key, None)
        self._became |= {key: LEFT_OUT if key in self.left_out else GONE for key in shown - self.facts.keys()}
        for facts in self.facts.values():
            self._units.keep(facts.series)

    def _follow_moved(self) -> None:
        for key, folder in self.folders.items():
            known, path = self._memory.runs.get(key), str(folder.path.absolute())
            if known is not None and known.path != path:
                known.path = path
                self.moved.append(key)

    def _is_known(self, key: str, rules: bytes) -> bool:
        known, folder = self._memory.runs.get(key), self.folders[key]
        if known is None or known.listed != self._listed(folder, rules):
            return False
        if not self._units.is_current(known.series, known.series.keys):
            return False
        if known.logs.keys() == {log.name for log in folder.logs} and all(
            known.logs[log.name][0] != NEVER and _same(known.logs[log.name][0], signature(log)) for log in folder.logs
        ):
            return True
        found = same_content(folder, known.logs)
        if found is None:
            return False
        for name, now in found.items():
            known.logs[name] = [self._memory.kept(now), known.logs[name][1], known.logs[name][2]]
        return True

    def _listed(self, folder: RunFolder, rules: bytes) -> bytes:
        return digest_of([rules, folder.store_path, [[p.file, p.line, p.reason, p.kind] for p in folder.problems]])

    def _take(self, read: ReadRun, rules: bytes) -> None:
        folder = read.folder
        key = str(folder.key)
        old = self._memory.runs.get(key)
        self._memory.put_summary(key, read.summary)
        listed = self._listed(folder, rules)
        is_known = old is not None and bool(old.series.keys)
        reasons = self._why_again(read, old, listed) if old and is_known else [self._why_first(read, old)]
        settings = self._rules_reasons if is_known else []
        reason = joined([*reasons, *settings]) or "a filter asks for more of its log, or none does any more"
        new = self._memory.runs[key] = self.facts_of(read, old or _Unknown(Unit()), listed=listed, reason=reason)
        if old and is_known and new.summary != old.summary:
            if reasons:
                self._became[key] = CHANGED
            if settings:
                self._reruled.add(key)

    def _why_first(self, read: ReadRun, old: RunFacts | None) -> str:
        """Say why a run is read that the site had not, or of which nothing is remembered."""
        key = str(read.folder.key)
        reason = first = said_of("run", [key], NEW if old is None else FOUND)
        if old is None:
            reason = self._memory.why_new(run_page(read.folder.key), first)
        if reason == first:
            self._became[key] = NEW if old is None else FOUND
        return reason

    def _why_again(self, read: ReadRun, old: RunFacts, listed: bytes) -> list[str]:
        """Say why a known run is read again, but for the settings that all are read by."""
        told = changed_logs(old.logs, read.logs)
        if read.folder.store_path != old.store_path:
            told.append(f"run {old.key} lies elsewhere in the store")
        if [[p.file, p.line, p.reason, p.kind] for p in read.folder.problems] != old.problems:
            told.append(f"another log of run {old.key} is not read")
        if not told and listed == old.listed:
            told.append(f"a curve of run {old.key} is not there as it was written")
        return told

    def tell(self, keys: Sequence[str], changed: Callable[[RunFacts], str] = lambda _: CHANGED) -> list[str]:
        """Say what became of some runs, and which of the settings changed that they are read by."""
        found: dict[str, list[str]] = {}
        for key in dict.fromkeys(keys):
            what = self.became(key)
            found.setdefault(changed(self.facts[key]) if what == CHANGED else what, []).append(key)
        rules = self._rules_reasons if any(key in self._reruled for key in keys) else []
        return [*(said_of("run", runs, what) for what, runs in found.items() if what), *rules]

    def tell_rows(self, keys: Sequence[str]) -> list[str]:
        """Say what became of the runs of a shard; of one that changed, how."""
        changed = {key for key in keys if self.became(key) == CHANGED}
        if len(changed) != 1:
            return self.tell(keys)
        return [*(self.facts[key].reason for key in changed), *self.tell([key for key in keys if key not in changed])]

    def became(self, key: str) -> str:
        """Say what became of one run; nothing if it reads as before."""
        return self._became.get(key, "")

    def gone(self) -> list[str]:
        """Name the runs that the site had and has no more."""
        return sorted(key for key, what in self._became.items() if what in (GONE, LEFT_OUT))

    def facts_of(self, read: ReadRun, old: "RunFacts | _Unknown", *, listed: bytes, reason: str) -> RunFacts:
        """Write a run's curves and gather what is known of it, its page being the old one so far."""
        with self._units.making([b"read"], reason) as series:
            for script in read.series:
                self._units.stage(script.path, script.content)
        folder = read.folder
        return RunFacts(
            experiment=folder.key.experiment,
            run=folder.key.run,
            store_path=folder.store_path,
            path=str(folder.path.absolute()),
            listed=listed,
            logs={
                name: [self._memory.kept(log.signature), log.digest, log.signature[0] if log.signature else 0]
                for name, log in read.logs.items()
            },
            problems=[[p.file, p.line, p.reason, p.kind] for p in folder.problems],
            summary=digest_of([read.shown, [digest for _, digest in series.outputs]]),
            steady=old.steady,
            shard=old.shard,
            children=list(old.children),
            reason=reason,
            series=series,
            page=old.page,
            **read.facts,
        )

    def summary(self, key: str) -> RunSummary:
        """Return what a run says, decoded."""
        return run_of_plain(self.packed(key)[0])

    def summary_beside_others(self, key: str) -> RunSummary:
        """Return a run without its values at extremes, which are half of it: of 10,000 runs 100 MB."""
        plain = self.packed(key)[0]
        plain[-1] = None  # the last field of a RunSummary
        return run_of_plain(plain)

    def artifacts(self, key: str) -> RunArtifacts | None:
        """Return a run's artifacts and patch as its log names them and as they may be shown; None without any."""
        if not self.facts[key].artifacts:
            return None
        plain, logged, patch, _ = self.packed(key)
        shown = artifacts_of_run(plain)
        folder = self.folders[key]
        store = folder.path.parents[folder.store_path.count("/")]
        return RunArtifacts(store, folder.path, shown if logged is None else artifacts_of_plain(logged), shown, patch)

    def packed(self, key: str) -> Any:
        """Return what was read of a run, as plain values."""
        packed = unpack(self.fresh[key]) if key in self.fresh else self._memory.summary(key)
        if packed is None:  # the cache lost it meanwhile
            read = read_one(self.folders[key], self._rules)
            if read is None:
                raise LogsGoneError(key)
            self._memory.put_summary(key, read.summary)
            packed = unpack(read.summary)
        return packed

    @property
    def rules(self) -> ReadingRules:
        return self._rules

    @property
    def secrets(self) -> frozenset[str]:
        """Hosts and users that any run's log names: no card, report or description may say them either."""
        return frozenset(secret for facts in self._memory.runs.values() for secret in facts.secrets)

    def _leave_out_unmatched(self) -> None:
        """Forget the runs that the filter does not find; NothingFoundError if that is all of them."""
        from runsite.build.filtering import matching_runs  # brings the language of filters

        assert self._filter is not None
        kept = matching_runs(self._filter, list(map(self._logged, self.facts)), self._settings)
        if not kept:
            raise NothingFoundError(len(self.facts))
        self.left_out = self.facts.keys() - kept
        for key in self.left_out:
            facts = self.facts.pop(key)
            self._units.drop(facts.series)
            facts.series, facts.page = Unit(), Unit()  # what they wrote is taken away

    def _logged(self, key: str) -> RunSummary:
        plain, _, _, logged = self.packed(key)
        return run_of_plain(plain if logged is None else logged)

    @property
    def kept(self) -> KeptLogs | None:
        """What earlier builds kept of long logs."""
        return None if self._memory.logs is None else KeptLogs(self._memory.logs, was_rewritten=self._was_rewritten)

    def _forget_logs(self, folders: Sequence[RunFolder]) -> None:
        if (memos := self._memory.logs) is None:
            return
        for folder in folders:
            for log in folder.logs:
                memos.forget(f"{folder.key}/{log.name}")

    def _was_rewritten(self, log_key: str, found: Signature) -> bool:
        key, _, name = log_key.rpartition("/")
        facts = self._memory.runs.get(key)
        known = None if facts is None else facts.logs.get(name)
        if known is None or found is None:
            return True
        return found[0] == known[2] and not _same(known[0], found)

    def site_filter(self) -> SiteFilter | None:
        """Say of which runs the site is built; None if of all."""
        if self._filter is None:
            return None
        runs = len(self.facts) + len(self.left_out)
        return SiteFilter(self._filter.text, runs) if runs else None

    def is_kept_back(self, place: Path) -> bool:
        """Tell of where a file of a store lies whether that is in a run that is left out; runs may lie below runs."""
        if not self.left_out:
            return False
        return next((self._owners[folder] for folder in place.parents if folder in self._owners), None) in self.left_out

    @cached_property
    def _owners(self) -> dict[Path, str]:
        return {folder.path.resolve(): key for key, folder in self.folders.items()}


@dataclass(frozen=True, slots=True)
class _Unknown:
    """A run of which nothing is known."""

    page: Unit
    steady: bytes = b""
    shard: str = ""
    children: Sequence[str] = ()


def _same(old: Sequence[int] | None, now: Signature) -> bool:
    return now is not None and old is not None and tuple(old) == now
