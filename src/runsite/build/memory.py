"""What a build remembers for the next one: facts of runs, units of outputs, and the status of all that it looked at.

A *unit* is what is made in one go (a run's page with its artifacts, an experiment's page with its table): a key for
each thing it was made from, the files it looked at, and the outputs it gave with their digests. A unit whose keys,
files and outputs are as they were is not made again. Keys are digests of content, never times (but of our own code the
status of its files): so it does not matter in which order, or how often, things changed.

Everything lies in the cache as a few blobs, runs in buckets by their keys, so that a line written for one run rewrites
one bucket. What a run says (its summary) has a blob of its own and is decoded when somebody asks for it.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from operator import attrgetter
from typing import Any

from runsite.build.kept import Kept
from runsite.build.reasons import FORGOTTEN
from runsite.build.status import Remembered, bucket_of, decode_statuses, encode_statuses
from runsite.records.pack import pack, unpack
from runsite.signatures import Signature, lasting, signature
from runsite.site.written import listed_paths

NOTHING_BESIDE = b"-"
"""Key of what stands beside a run where nothing does."""


@dataclass(slots=True)
class Unit:
    """Outputs that are made together."""

    keys: list[bytes] = field(default_factory=list)
    outputs: list[list[str]] = field(default_factory=list)
    """[path, digest] of each."""
    files: dict[str, Signature] = field(default_factory=dict)
    """What was looked at while it was made."""
    places: list[str] = field(default_factory=list)
    """Where the files lie that it publishes, unless they belong to runs that are left out."""
    problems: list[list[Any]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    is_linked: bool = False
    """Whether a link of its texts was looked up among all that the site has."""
    members: list[list[Any]] = field(default_factory=list)
    """Of a shard: key and digest of each run in it."""


@dataclass(slots=True)
class RunFacts:
    """What the build knows of a run without decoding its summary."""

    experiment: str
    run: str
    store_path: str
    path: str
    """Its folder, absolute."""
    listed: bytes
    """Digest of what the listing says of it, and of the settings it was read by."""
    logs: dict[str, list[Any]]
    """By name: signature, digest of the content, and its size, as a signature may be kept that equals none."""
    name: str
    status: str
    parent: list[str] | None
    summary: bytes
    """Digest of all it says."""
    shape: bytes
    """Digest of its metrics' names."""
    artifacts: bytes
    """Digest of the paths of its artifacts and its patch; empty without any."""
    secrets: list[str]
    lost: list[list[Any]]
    """Problems that `--strict` fails for."""
    skipped: list[int]
    """Lines and values."""
    problems: list[list[Any]] = field(default_factory=list)
    """What the listing found wrong with its logs."""
    steady: bytes = b""
    """Digest of what may be said of it beside other runs."""
    shard: str = ""
    children: list[str] = field(default_factory=list)
    reason: str = ""
    """Why it was read again, in this build."""
    series: Unit = field(default_factory=Unit)
    page: Unit = field(default_factory=Unit)

    @property
    def key(self) -> str:
        return f"{self.experiment}/{self.run}"


@dataclass(slots=True)
class ExperimentFacts:
    """What the build knows of an experiment without its runs."""

    digest: bytes = b""
    """Of all that may be said of its runs side by side, and of its texts and settings."""
    runs: bytes = b""
    texts: list[bytes] = field(default_factory=list)
    """Of its description, of its settings, and of those of repeats."""
    title: str = ""
    main: list[Any] | None = None
    leading_value: int | float | None = None
    """What a best value must reach for a run without an end to be judged beside others; None where any does."""
    baseline: str | None = None
    goals: list[list[Any]] = field(default_factory=list)
    """[metric, goal, where from] of those on which its runs disagree."""
    metric_names: list[str] = field(default_factory=list)
    quiet: list[str] = field(default_factory=list)
    columns: list[list[Any]] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    """Those that the settings ask for and no run has."""
    repeat_rule: list[Any] = field(default_factory=list)
    shapes: dict[bytes, bytes] = field(default_factory=dict)
    """What its runs' pages take from it, by the shape of the run."""
    reason: str = ""
    """Why it was summarised again, in this build."""
    charts: list[Any] = field(default_factory=list)
    """[digest of the file, the chart made of it] of each chart that the store brings along."""
    lasting: bytes = b""
    """Digest of what its runs say but for the best values of those without an end."""
    files: Unit = field(default_factory=Unit)
    """Its runs for programs."""
    page: Unit = field(default_factory=Unit)
    shards: dict[str, Unit] = field(default_factory=dict)


def _plain_unit(unit: Unit) -> list[Any]:
    return list(_unit_row(unit))


_unit_row = attrgetter(*(each.name for each in fields(Unit)))
_run_row = attrgetter(*(each.name for each in fields(RunFacts)))
_experiment_row = attrgetter(*(each.name for each in fields(ExperimentFacts)))


def _unit(row: list[Any]) -> Unit:
    row[2] = {path: _signature(found) for path, found in row[2].items()}
    return Unit(*row)


def _signature(found: Sequence[int] | None) -> Signature:
    return None if found is None else (found[0], found[1], found[2], found[3])


class Shelf:
    """Blobs of one kind, which go with all else when our code, Python or a library is another."""

    def __init__(self, remembered: Remembered, kind: str) -> None:
        self._blobs = remembered
        self._kind = kind

    def get(self, key: str) -> bytes | None:
        return self._blobs.get(f"{self._kind}/{key}")

    def put(self, key: str, content: bytes) -> None:
        self._blobs.put(f"{self._kind}/{key}", content)

    def forget(self, key: str) -> None:
        self._blobs.forget(f"{self._kind}/{key}")


class Memory:
    """What an earlier build of the same site remembered, and what this one adds."""

    def __init__(self, remembered: Remembered, *, began_ns: int, kept: Kept | None = None, forgotten: str = "") -> None:
        """`kept` is what the process keeps from build to build; `forgotten` says why nothing is remembered, if so."""
        self._forgotten = forgotten
        self.process = kept or Kept()
        self._blobs = remembered
        self.templates = Shelf(remembered, "template")
        self.logs = Shelf(remembered, "log") if remembered.is_lasting else None
        """What was read of long logs; None where nothing lasts, as it may be large."""
        self._began_ns = began_ns
        self._loaded: dict[str, bytes] = {}
        """Digest of each bucket that was loaded."""
        self.runs: dict[str, RunFacts] = {}
        self.experiments: dict[str, ExperimentFacts] = {}
        self.units: dict[str, Unit] = {}
        self.facts: dict[str, Any] = {}

    def _get(self, name: str) -> Any:
        content = self._blobs.get(name)
        return None if content is None else unpack(content)

    def load(self) -> None:
        """Fetch everything but summaries."""
        self.load_site()
        for number, content in self._blobs.get_all("runs/").items():
            self._load_bucket(number, content)

    def load_site(self) -> None:
        """Fetch everything but what is of single runs."""
        self.facts = self._get("facts") or {}
        self.experiments = {name: _experiment(row) for name, row in (self._get("experiments") or {}).items()}
        self.units = {name: _unit(row) for name, row in (self._get("units") or {}).items()}

    def load_run(self, key: str) -> RunFacts | None:
        """Fetch the facts of a run, with those of its bucket."""
        self.load_bucket(bucket_of(key))
        return self.runs.get(key)

    def load_bucket(self, number: str) -> None:
        """Fetch the facts of the runs of a bucket."""
        content = None if number in self._loaded else self._blobs.get(f"runs/{number}")
        if content is not None:
            self._load_bucket(number, content)

    def _load_bucket(self, number: str, content: bytes) -> None:
        self._loaded[number] = hashlib.sha256(content).digest()
        for key, row in unpack(content).items():
            row[-2:] = map(_unit, row[-2:])
            self.runs[key] = RunFacts(*row)

    def why_new(self, path: str, otherwise: str) -> str:
        """Say why nothing is remembered of an output: the site has it not yet, or else it was forgotten."""
        return (self._forgotten or FORGOTTEN) if path in self._old_paths else otherwise

    @cached_property
    def _old_paths(self) -> frozenset[str]:
        return frozenset(listed_paths(self._blobs.output) or ())

    def all_units(self) -> Iterator[Unit]:
        """Yield every unit."""
        yield from self.units.values()
        for experiment in self.experiments.values():
            yield experiment.files
            yield experiment.page
            yield from experiment.shards.values()
        for run in self.runs.values():
            yield run.series
            yield run.page

    def lasting(self, path: str | os.PathLike[str]) -> Signature:
        """Look at a file or folder before it is read, for the next build to compare."""
        return lasting(signature(path), began_ns=self._began_ns)

    def kept(self, found: Signature) -> Signature:
        """Return a signature as the next build may trust it."""
        return lasting(found, began_ns=self._began_ns)

    def summary(self, key: str) -> Any:
        """Return a run's summary as it was packed; None if it is lost."""
        return self._get(f"summary/{key}")

    def put_summary(self, key: str, content: bytes) -> None:
        self._blobs.put(f"summary/{key}", content)

    def forget_run(self, key: str) -> None:
        """Drop what was read of a run."""
        self._blobs.forget(f"summary/{key}")
        if self.logs is not None:
            for name in self.runs[key].logs:
                self.logs.forget(f"{key}/{name}")

    def folders(self) -> dict[str, Signature]:
        """Return the folders of the output as the last build left them."""
        blobs = self._blobs.get_all("folders/").values()
        return {path: found for content in blobs for path, found in decode_statuses(content).items()}

    def save(self) -> None:
        """Write what is known of runs, experiments and units."""
        buckets: dict[str, dict[str, Any]] = {number: {} for number in self._loaded}
        for key, run in self.runs.items():
            run.reason = ""
            row = list(_run_row(run))
            row[-2:] = map(_plain_unit, row[-2:])
            buckets.setdefault(bucket_of(key), {})[key] = row
        for number, rows in buckets.items():
            content = pack(rows)
            if hashlib.sha256(content).digest() != self._loaded.get(number):
                self._blobs.put(f"runs/{number}", content)
        experiments = {}
        for name, facts in self.experiments.items():
            facts.reason = ""
            row = list(_experiment_row(facts))
            shards = {shard: _plain_unit(unit) for shard, unit in facts.shards.items()}
            row[-3:] = _plain_unit(facts.files), _plain_unit(facts.page), shards
            experiments[name] = row
        self._blobs.put("facts", pack(self.facts))
        self._blobs.put("experiments", pack(experiments))
        self._blobs.put("units", pack({name: _plain_unit(unit) for name, unit in self.units.items()}))

    def save_statuses(self, kind: str, statuses: Mapping[str, Mapping[str, Signature]]) -> None:
        """Write the status of inputs or folders, by bucket; buckets that are not named are forgotten."""
        for number in self._blobs.get_all(f"{kind}/").keys() - statuses.keys():
            self._blobs.forget(f"{kind}/{number}")
        for number, found in statuses.items():
            self._blobs.put(f"{kind}/{number}", encode_statuses(found))

    def update_statuses(self, kind: str, number: str, changed: Mapping[str, Signature]) -> None:
        """Write the new status of some inputs or folders of a bucket."""
        content = self._blobs.get(f"{kind}/{number}")
        known = {} if content is None else decode_statuses(content)
        self._blobs.put(f"{kind}/{number}", encode_statuses({**known, **changed}))


def _experiment(row: list[Any]) -> ExperimentFacts:
    files, page, shards = row[-3:]
    row[-3:] = _unit(files), _unit(page), {name: _unit(each) for name, each in shards.items()}
    return ExperimentFacts(*row)


def digest_of(value: Any) -> bytes:
    """Digest a plain value: 96 bits, which two of a million million keys share once in a thousand million."""
    return hashlib.sha256(pack(value)).digest()[:12]


def by_path(outputs: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return the digests of outputs by their paths."""
    return {output[0]: output[1] for output in outputs}
