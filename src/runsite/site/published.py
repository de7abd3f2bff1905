"""Which files of a store go into the site: read inside the store only, bounded in size, equal content once.

A file is published if a browser can show it without running it (`pages.artifacts` says which and under which
ending), if it is no larger than the limit, and if neither its path nor a symbolic link leads out of the store. All
others are listed with size, digest and the reason. Patches are kept back with the other private things.

A digest that the log names stands as it was logged. A file without one is read for it, in blocks, up to 1 GB: hashing
that takes a second or two, and whoever logs more should log its digest.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from runsite.file_digests import file_digest
from runsite.model import Artifact, RunKey
from runsite.pages.artifacts import ArtifactFile, published_suffix, wanted_text_bytes
from runsite.site.magic_bytes import MAGIC_BYTES, wrong_content
from runsite.site_paths import artifact_file
from runsite.sources import LOG_NAME
from runsite.sources.links import folders_on_the_way

_LFS_MARK = b"version https://git-lfs.github.com/spec/"
# A pointer is some 130 bytes.
_LFS_BYTES = 1_024
LFS_POINTER = "a Git-LFS pointer; run `git lfs pull` before the build"
_PATCH_SUFFIXES = (".patch", ".diff")
MAX_DIGESTED_BYTES = 1_000_000_000
NOT_DIGESTED = "not digested: over 1 GB"
NO_PREVIEW = "no preview for this kind of file; not copied"
TOO_LARGE = "larger than the limit of {limit:,} bytes ([site] artifact_limit); not copied"
KEPT_BACK = "lies in the folder of a run that is left out; not copied"

Stage = Callable[[str, bytes], str]


@dataclass(frozen=True, slots=True)
class RunArtifacts:
    """A run's artifacts as its log names them and as the site may show them, side by side."""

    store: Path
    folder: Path
    logged: tuple[Artifact, ...]
    shown: tuple[Artifact, ...]
    patch: str | None = None


class PublishedFiles:
    """The store's files as they go into the site; a file is read when a page asks for it."""

    def __init__(
        self,
        runs: Mapping[RunKey, RunArtifacts],
        *,
        stores: tuple[Path, ...],
        limit: int,
        private: bool,
        stage: Stage,
        is_kept_back: Callable[[Path], bool] = lambda _: False,
        look_at: Callable[[Path], object] = lambda _: None,
    ) -> None:
        """`is_kept_back` tells of where a file lies whether it belongs to a run that the site does not have.

        `look_at` is told of each file before it is looked at, and of the folders that say where it lies.
        """
        self._runs = runs
        self._stores = stores
        self._limit = limit
        self._private = private
        self._stage = stage
        self._is_kept_back = is_kept_back
        self._look_at = look_at
        self._digests: dict[Path, str] = {}
        self._resolved = cache(Path.resolve)
        self._last: tuple[RunKey, tuple[ArtifactFile, ...]] | None = None
        self.left_out: dict[RunKey, set[str]] = {}
        """Artifacts that are not copied, by the runs that log them."""

    def of_run(self, key: RunKey) -> tuple[ArtifactFile, ...]:
        """Publish a run's artifacts and return them in log order."""
        if key not in self._runs:
            return ()
        if self._last is None or self._last[0] != key:
            found = self._runs[key]
            pairs = zip(found.logged, found.shown, strict=True)
            self._last = (key, tuple(self._publish(logged, shown, key, found) for logged, shown in pairs))
        return self._last[1]

    def patch_of(self, key: RunKey) -> ArtifactFile | None:
        """Publish the patch that a run's source names; None without one, and while the site is private."""
        found = self._runs.get(key)
        if found is None or found.patch is None or self._private:
            return None
        return self._published_file(found.patch, Artifact(found.patch, path=found.patch), found)

    def forget(self) -> None:
        """Look at everything again, for the next page."""
        self._last = None

    def beside(self, store_path: str) -> str | None:
        """Publish a file that a report links to, by its path in the store; None if there is none or it may not be."""
        suffix = published_suffix(store_path)
        if suffix is None or LOG_NAME.fullmatch(store_path.rpartition("/")[2]):
            return None
        for store in self._stores:
            target = store / store_path
            place = self._find(target, store, store)
            content = place if isinstance(place, str) else self._content(place, _size_of(target))
            if isinstance(content, bytes):
                return self._copy(content, suffix, digest=hashlib.sha256(content).hexdigest())
        return None

    def _publish(self, logged: Artifact, shown: Artifact, key: RunKey, found: RunArtifacts) -> ArtifactFile:
        if logged.path is None:
            return ArtifactFile(shown)
        file = self._published_file(logged.path, shown, found)
        if file.published is None:
            self.left_out.setdefault(key, set()).add(logged.path)
        return file

    def _published_file(self, path: str, shown: Artifact, found: RunArtifacts) -> ArtifactFile:
        target = found.folder / path
        place = self._find(target, found.folder, found.store)
        if isinstance(place, str):
            return ArtifactFile(shown, problem=place)
        size = _size_of(target)
        if isinstance(size, str):
            return ArtifactFile(shown, problem=size)
        suffix = published_suffix(path)
        if suffix is None:
            return self._listed(place, shown, size, problem=NO_PREVIEW)
        if self._private and (path == found.patch or path.lower().endswith(_PATCH_SUFFIXES)):
            return self._listed(place, shown, size, problem="a patch; not published while [site] private is true")
        content = self._content(place, size)
        if isinstance(content, str):
            return self._listed(place, shown, size, problem=content)
        wrong = wrong_content(suffix, content[:MAGIC_BYTES])
        if wrong is not None:
            return self._listed(place, shown, size, problem=wrong)
        digest = hashlib.sha256(content).hexdigest()
        wanted = wanted_text_bytes(path)
        head = content[:wanted].decode("utf-8", "replace") if wanted else None
        return ArtifactFile(
            shown,
            published=self._copy(content, suffix, digest=digest),
            sha256=digest,
            size_bytes=len(content),
            text=None if head is None or "\0" in head else head,
            whole=len(content) <= wanted,
        )

    def _listed(self, place: Path, shown: Artifact, size: int, *, problem: str) -> ArtifactFile:
        """List a file that lies in the store and is not copied, with a digest if the log names none."""
        if shown.sha256:
            return ArtifactFile(shown, size_bytes=size, problem=problem)
        if size > MAX_DIGESTED_BYTES:
            return ArtifactFile(shown, size_bytes=size, problem=problem, digest_problem=NOT_DIGESTED)
        try:
            if size < _LFS_BYTES and _is_lfs_pointer(place.read_bytes()):
                return ArtifactFile(shown, size_bytes=size, problem=LFS_POINTER)
            if place not in self._digests:
                self._digests[place] = file_digest(place).sha256
        except OSError as error:
            return ArtifactFile(shown, size_bytes=size, problem=f"cannot be read ({error.strerror})")
        return ArtifactFile(shown, size_bytes=size, problem=problem, sha256=self._digests[place])

    def _find(self, target: Path, start: Path, store: Path) -> Path | str:
        """Say where a file lies that is read from there alone, if inside the store; else what is in the way.

        Looks at it first, and at the folders below a start in which a link that leads it elsewhere may come.
        A link in the place of a folder changes the folder above, but not what is seen of the file through it; a link
        in the place of a file changes what is seen of that.
        """
        for folder in target.parent.parents:
            if folder.is_relative_to(start):
                self._look_at(folder)
        self._look_at(target)
        resolved_store = self._resolved(store)
        try:
            place = target.resolve()
        except (OSError, ValueError, RuntimeError) as error:
            return _unreadable(error)
        if place != resolved_store / os.path.relpath(target, store):
            for folder in folders_on_the_way(target, resolved_store, resolve=self._resolved):
                self._look_at(folder)
        return place if place.is_relative_to(resolved_store) else "its path leaves the store; not read"

    def _content(self, place: Path, size: int | str) -> bytes | str:
        """Read a file that may be published, from where it lies; else say why not."""
        if isinstance(size, str):
            return size
        if size > self._limit:
            return TOO_LARGE.format(limit=self._limit)
        try:
            content = place.read_bytes()
        except OSError as error:
            return f"cannot be read ({error.strerror})"
        if self._is_kept_back(place):
            return KEPT_BACK
        return LFS_POINTER if _is_lfs_pointer(content) else content

    def _copy(self, content: bytes, suffix: str, *, digest: str) -> str:
        path = artifact_file(digest, suffix)
        self._stage(path, content)
        return path


def _size_of(target: Path) -> int | str:
    """Return the size of a regular file, else what is in the way."""
    try:
        found = target.stat()
    except (FileNotFoundError, NotADirectoryError):
        return "missing in the store"
    except (OSError, ValueError, RuntimeError) as error:
        return _unreadable(error)
    if stat.S_ISDIR(found.st_mode):
        return "a folder; log its files to see them here"
    return found.st_size if stat.S_ISREG(found.st_mode) else "not a regular file; not read"


def _unreadable(error: Exception) -> str:
    return f"cannot be read ({getattr(error, 'strerror', None) or error})"


def _is_lfs_pointer(content: bytes) -> bool:
    return len(content) < _LFS_BYTES and content.startswith(_LFS_MARK)
