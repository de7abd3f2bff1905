"""Make units of outputs, or keep those of the build before where nothing that they were made from has changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from runsite.build.memory import Memory, Unit
from runsite.build.reasons import CHANGED, FORGOTTEN, GONE, MAY_HAVE_CHANGED, NEW, joined
from runsite.build.status import is_as_it_was
from runsite.signatures import FOLDER_SIZE, NEVER, Signature, signature
from runsite.site.written import NOT_AS_WRITTEN

CONTENT_VERSION_DIGITS = 10


class Outputs(Protocol):
    """Where outputs go: a site that is being written."""

    def stage(self, path: str, content: bytes, *, reason: str = "") -> str: ...
    def keep(self, path: str, digest: str) -> None: ...
    def drop(self, path: str) -> None: ...
    def digest_of(self, path: str) -> str: ...


class Units:
    """The outputs of a site, unit by unit."""

    def __init__(self, site: Outputs, memory: Memory, known: Mapping[str, str]) -> None:
        """`known` are the digests of files that lie in the output as the last build left them."""
        self._site = site
        self._memory = memory
        self._known = known
        self._current = Unit()
        self._reason = ""

    def is_current(self, unit: Unit, keys: Sequence[bytes]) -> bool:
        """Tell whether a unit need not be made: same keys, same files, outputs in place."""
        return (
            bool(unit.keys)
            and unit.keys == keys
            and all(self._known.get(path) == digest for path, digest in unit.outputs)
            and is_as_it_was(unit.files)
        )

    def keep(self, unit: Unit) -> None:
        """Take a unit's outputs into the site as they lie there."""
        for path, digest in unit.outputs:
            self._site.keep(path, digest)

    def drop(self, unit: Unit) -> None:
        """Take a unit's outputs out of the site again."""
        for path, _ in unit.outputs:
            self._site.drop(path)

    def why(self, unit: Unit, keys: Sequence[bytes], reasons: Sequence[str | Callable[[], str]]) -> str:
        """Say in one line why a unit is made: of the `reasons`, which go with the keys, those whose keys changed."""
        if not unit.keys:
            return joined([_said(reasons[0])]) or FORGOTTEN
        pairs = zip(unit.keys, keys, reasons, strict=False)
        told = [_said(reason) for old, new, reason in pairs if old != new]
        told += _changed_files(unit.files)
        return joined(told) or _uncertain_file(unit.files) or NOT_AS_WRITTEN

    @contextmanager
    def making(self, keys: Sequence[bytes], reason: str) -> Iterator[Unit]:
        """Gather what is staged and looked at meanwhile in a new unit."""
        before = self._current, self._reason
        self._current, self._reason = Unit(list(keys)), reason
        try:
            yield self._current
        finally:
            self._current, self._reason = before

    def stage(self, path: str, content: bytes) -> str:
        """Write an output of the unit that is being made; return its digest."""
        digest = self._site.stage(path, content, reason=self._reason)
        if [path, digest] not in self._current.outputs:
            self._current.outputs.append([path, digest])
        return digest

    def look_at(self, path: Path) -> None:
        """Remember the status of a file that the unit is about to look at."""
        name = str(path.absolute())
        if name not in self._current.files and "\0" not in name:  # of which there is no file, nor ever will be
            self._current.files[name] = self._memory.lasting(name)

    def publish_from(self, place: Path) -> None:
        """Remember where a file lies that the unit publishes if its run is not left out."""
        self._current.places.append(str(place))

    def link(self) -> None:
        """Remember that the unit looks up where a link leads."""
        self._current.is_linked = True

    def version(self, path: str) -> str:
        """Return the `?v=` of an output."""
        return self._site.digest_of(path)[:CONTENT_VERSION_DIGITS]


def _changed_files(files: Mapping[str, Signature]) -> list[str]:
    """Say of files how they changed, and of folders where no file in them tells it."""
    found = {path: (old, now) for path, old in files.items() if old != NEVER and (now := signature(path)) != old}
    above = {str(folder) for path in found for folder in Path(path).parents}
    return [f"{Path(path).name}{_how(*statuses)}" for path, statuses in found.items() if path not in above]


def _how(old: Signature, now: Signature) -> str:
    is_folder = any(found and found[0] == FOLDER_SIZE for found in (old, now))
    return f"{'/' if is_folder else ''} {NEW if old is None else GONE if now is None else CHANGED}"


def _uncertain_file(files: Mapping[str, Signature]) -> str:
    """Name a file that was so young when it was looked at that its status proves nothing."""
    return next((f"{Path(path).name} {MAY_HAVE_CHANGED}" for path, old in files.items() if old == NEVER), "")


def _said(reason: str | Callable[[], str]) -> str:
    return reason if isinstance(reason, str) else reason()
