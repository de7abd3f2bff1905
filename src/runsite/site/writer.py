"""Write a site into a folder so that a reader, a full disk or kill -9 never meets half of one.

Order of writing:
1. site.json with `"building": true`; from now on the staging folder inside the output is ours. This waits for the
   first file that must be written: a build that finds nothing to write leaves the output untouched.
2. Every new or changed file goes to the staging folder. A page that cannot be made, or a disk that is full, ends the
   build here: the staging folder goes, the old site stands untouched.
3. Whatever else needs room: the folders of the new files, site-files.json and site.json in their final form under
   temporary names, and in the staging folder a list of the old and the new paths together. A folder that refuses us is
   found out here, and the old site stands untouched still.
4. Renames into place: first that list, so that whatever happens next, the following build knows each file that may be
   ours; then what is new before what may link to it, data before the pages that refer to it (`moving_order.py`).
5. Removal, the other way round, of what only the old list names. What is not listed is never deleted, unless somebody
   edited the list and the file is, byte for byte, what an earlier build is remembered to have written there.
6. site-files.json and site.json get their final form, by renames too.
A build that finds `"building": true` throws the staging folder away and goes through the same steps; since equal
bytes are never written again, it ends with the bytes of a clean build. Which bytes lie there is read from the file, or
known by digest from the build that wrote it, where its folder is as that build left it. An equal list of files is not
written. Nothing is written, replaced or deleted through a symbolic link inside the output: what it leads to is not
ours.

The temporaries stand in one flat folder, not beside their targets, because their names are then ours without a list:
what will be written is not known before everything is rendered, and holding it back would mean rendering twice or
keeping all pages in memory. Flat, because a folder made, emptied and removed costs as much as a page.
"""

import contextlib
import errno
import hashlib
import itertools
import json
import os
import shutil
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from runsite import interrupts
from runsite.errors import OutputError
from runsite.file_digests import file_digest
from runsite.site.folder_digests import digest_folders, file_number, folder_of, sum_text
from runsite.site.folders import is_folder, make_folder, remove_made, removed_if_empty
from runsite.site.moving_order import moving_order
from runsite.site.written import LIST_FILE, SITE_FILE, ListedPaths, Written, list_bytes, listed_paths, why_lists

STAGING = "runsite-staging"
GENERATOR = "runsite"
SITE_FORMAT = 1
# O_BINARY: else Windows would write each newline as two bytes.
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


class SiteWriter:
    """A site being written; use as a context manager: leaving by an exception leaves the old site whole."""

    def __init__(
        self, folder: Path, known: Mapping[str, str] | None = None, *, lost: Mapping[str, str] | None = None
    ) -> None:
        """`known` are the digests of files that certainly lie in the folder.

        `lost` are those of files that an earlier build wrote and that the list may have lost.
        """
        self.folder = folder
        self._known = known or {}
        self._lost = lost or {}
        self._reasons: dict[str, str] = {}
        self._bytes_written = 0
        self._begun = False
        self._staging = folder / STAGING
        self._digests: dict[str, str] = {}
        self._staged: dict[str, str] = {}
        self._numbers = itertools.count()
        """Names in the staging folder: a file that was dropped gives its name to no other."""
        self._old_site: bytes | None = None
        self._made_folders: list[Path] = []
        """Folders that this build made, outermost first."""
        self._moving = False
        self._finished = False

    def __enter__(self) -> "SiteWriter":
        with self._disk_errors():
            self._old_site = self._own_site_file()
            if self._staging.is_symlink():
                raise _foreign(self._staging)
            if self._old_site is None or _is_building(self._old_site) or self._staging.exists():
                self._begin()
        return self

    @cached_property
    def _listed(self) -> list[str]:
        return (listed_paths(self.folder) or []) if self._old_site is not None else []

    @cached_property
    def _old_paths(self) -> set[str]:
        """All that is ours: what the list names, and what it lost and lies there as we wrote it."""
        listed = set(self._listed)
        lost = {path: digest for path, digest in self._lost.items() if path not in listed}
        return listed | {path for path, digest in lost.items() if self._lies_there(path, digest)}

    def _lies_there(self, path: str, digest: str) -> bool:
        try:
            return file_digest(self.folder / path).sha256 == digest
        except OSError:
            return False

    def _begin(self) -> None:
        if self._begun:
            return
        self._begun = True
        try:
            with interrupts.Unbroken():  # else a folder could be made and not remembered
                self._mark_as_building()
        except BaseException:
            with interrupts.Unbroken():
                self._abandon()
            raise

    def _mark_as_building(self) -> None:
        make_folder(self.folder, self._made_folders)
        kept = _temporary(self.folder / LIST_FILE)
        if not kept.is_symlink():
            kept.unlink(missing_ok=True)  # of a build that was killed
        if self._old_site is not None:
            _write_bytes(kept, self._old_site)
        self._replace_site_file(_json_bytes(_marker(building=True)))
        shutil.rmtree(self._staging, ignore_errors=True)
        self._staging.mkdir(exist_ok=True)
        if self._old_site is not None:
            kept.replace(self._staging / SITE_FILE)

    def __exit__(self, *_: object) -> None:
        if self._begun and not self._finished and not self._moving:
            with interrupts.Unbroken():
                self._abandon()

    def stage(self, path: str, content: bytes, *, reason: str = "") -> str:
        """Keep the file if it has these bytes already, else write them to the staging folder; return their digest."""
        digest = hashlib.sha256(content).hexdigest()
        known = self._digests.get(path)
        if known is not None and known != digest:
            raise AssertionError(f"two different files were planned for {path}")
        self._digests[path] = digest
        if known is None and not self._has_bytes(path, content, digest):
            place = f"{self._staging}/{next(self._numbers)}"
            with self._disk_errors():
                self._begin()
                _write_bytes(place, content)
            self._staged[path] = place
            self._reasons[path] = reason
            self._bytes_written += len(content)
        return digest

    def keep(self, path: str, digest: str) -> None:
        """Take a file that lies in the folder into the site as it is; its digest must be among the known ones."""
        self._digests[path] = digest

    def digest_of(self, path: str) -> str:
        """Return the digest of a file that was staged or kept."""
        return self._digests[path]

    def drop(self, path: str) -> None:
        """Forget a staged file: the site shall not have it after all."""
        self._digests.pop(path, None)
        place = self._staged.pop(path, None)
        if place is not None:
            with self._disk_errors():
                Path(place).unlink(missing_ok=True)

    def _has_bytes(self, path: str, content: bytes, digest: str) -> bool:
        if self._old_site is None:
            return False
        if path in self._known:
            return self._known[path] == digest
        target = self.folder / path
        try:
            found = target.lstat()
            same_size = stat.S_ISREG(found.st_mode) and found.st_size == len(content)
            return same_size and target.read_bytes() == content
        except OSError:
            return False

    def finish(self, facts: dict[str, Any]) -> Written:
        """Move everything into place; `facts` go into site.json. The site is complete when this returns."""
        paths = sorted(self._digests)
        stale = sorted(self._old_paths - set(paths))
        document = _json_bytes({**_marker(building=False), **facts, **digest_folders(self._digests)})
        is_same_list = list_bytes(self.folder) == _json_bytes(paths)
        with self._disk_errors():
            if is_same_list and not stale and not self._staged and document == self._old_site:
                if self._begun:  # all that was staged was dropped again, as curves of runs that a filter leaves out
                    self._abandon()
                self._finished = True
                return Written(kept=paths, paths=paths)
            self._begin()
            there = self._replaced(self._old_paths)
            self._prepare(None if is_same_list else paths, document, stale)
            lists = why_lists(is_same_list=is_same_list, is_same_site=not (self._staged or stale))
            self._move(stale, there=there, lists=lists)
        return Written(
            written=sorted(self._staged),
            kept=[path for path in paths if path not in self._staged],
            removed=stale,
            paths=paths,
            reasons=self._reasons,
            lists=lists,
            bytes_written=self._bytes_written,
        )

    def finish_alike(self, old: Mapping[str, str]) -> Written:
        """Move everything into place where each staged file only replaces one of ours; `old` are their digests.

        The old site must be whole and as it was left: its list and what else it says of itself stay.
        """
        assert self._old_site is not None
        document = json.loads(self._old_site)
        sums = {folder: int(total, 16) for folder, total in document["folders"].items()}
        for path in self._staged:
            sums[folder_of(path)] += file_number(path, self._digests[path]) - file_number(path, old[path])
        document["folders"] = {folder: sum_text(total) for folder, total in sums.items()}
        with self._disk_errors():
            self._begin()
            there = self._replaced(old.keys())
            self._prepare(None, _json_bytes(document), ())
            self._move((), there=there, lists=(SITE_FILE,))
        written = sorted(self._staged)
        return Written(
            written=written,
            kept=ListedPaths(self.folder, leave_out=written),
            paths=ListedPaths(self.folder),
            reasons=self._reasons,
            lists=why_lists(is_same_list=True, is_same_site=False),
            bytes_written=self._bytes_written,
        )

    def _move(self, stale: Collection[str], *, there: Collection[str], lists: Collection[str]) -> None:
        with interrupts.Unbroken():
            if LIST_FILE in lists:
                (self._staging / LIST_FILE).replace(self.folder / LIST_FILE)
            self._moving = True
            for path in moving_order(self._staged, there=there):
                os.replace(self._staged[path], f"{self.folder}/{path}")  # noqa: PTH105  # a Path costs as much
            for path in reversed(moving_order(stale, there=())):
                self._remove(path)
            shutil.rmtree(self._staging)
            for name in lists:
                _temporary(self.folder / name).replace(self.folder / name)
            self._finished = True

    def _prepare(self, paths: list[str] | None, document: bytes, stale: Iterable[str]) -> None:
        """Take all the room and rights that moving everything into place needs; no paths are the same as before."""
        with interrupts.Unbroken():
            for folder in sorted({path.rpartition("/")[0] for path in self._staged}):
                make_folder(self.folder / folder, self._made_folders)
        for folder in sorted({path.rpartition("/")[0] for path in (*self._staged, *stale)}):
            _refuse_closed(self.folder / folder)
        if paths is not None:
            _write_bytes(self._staging / LIST_FILE, _json_bytes(sorted({*self._old_paths, *paths})))
            _write_bytes(_temporary(self.folder / LIST_FILE), _json_bytes(paths))
        _write_bytes(_temporary(self.folder / SITE_FILE), document)

    def _own_site_file(self) -> bytes | None:
        """Return the old site.json; None for a new or empty folder; OutputError for a folder that is not ours."""
        if not self.folder.exists():
            return None
        if not self.folder.is_dir():
            raise OutputError(self.folder, "is a file, not a folder", "use -o to write the site elsewhere")
        try:
            old = (self.folder / SITE_FILE).read_bytes()
            document = json.loads(old)
        except (OSError, ValueError):
            document = None
        if isinstance(document, dict) and document.get("generator") == GENERATOR:
            return old
        # A first build that was killed while it wrote its very first file leaves that file's temporary name.
        if {entry.name for entry in self.folder.iterdir()} - {_temporary(Path(SITE_FILE)).name}:
            raise OutputError(
                self.folder, "is not empty and was not written by runsite", "use -o to write the site elsewhere"
            )
        return None

    def _replaced(self, known: Collection[str]) -> set[str]:
        """Return which staged files take the place of another; OutputError where that, or a way there, is not ours."""
        if self._old_site is None:  # the folder was empty a moment ago
            return set()
        targets = {path: self.folder / path for path in self._staged}
        for place in sorted({place for target in targets.values() for place in self._on_the_way(target)}):
            if os.path.lexists(place) and not is_folder(place):
                raise _foreign(place)
        there = {path for path, target in targets.items() if os.path.lexists(target)}
        for path, target in targets.items():
            if path in there and (path not in known or is_folder(target)):
                raise _foreign(target)
        return there

    def _on_the_way(self, target: Path) -> list[Path]:
        """Name the folders between the output folder and a file in it."""
        return list(target.parents)[: -len(self.folder.parents) - 1]

    def _replace_site_file(self, content: bytes) -> None:
        temporary = _temporary(self.folder / SITE_FILE)
        try:
            _write_bytes(temporary, content)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        temporary.replace(self.folder / SITE_FILE)

    def _remove(self, path: str) -> None:
        target = self.folder / path
        if is_folder(target) or not all(map(is_folder, self._on_the_way(target))):
            return
        target.unlink(missing_ok=True)
        for folder in self._on_the_way(target):
            if not removed_if_empty(folder):
                break

    def _abandon(self) -> None:
        """Put the folder back as it was found."""
        with contextlib.suppress(OSError):
            for name in (LIST_FILE, SITE_FILE):
                _temporary(self.folder / name).unlink(missing_ok=True)
            self._restore_site_file()
        shutil.rmtree(self._staging, ignore_errors=True)
        remove_made(self._made_folders)

    def _restore_site_file(self) -> None:
        if self._old_site is None:
            (self.folder / SITE_FILE).unlink(missing_ok=True)
            return
        try:
            (self._staging / SITE_FILE).replace(self.folder / SITE_FILE)  # needs no room on a full disk
        except OSError:
            self._replace_site_file(self._old_site)

    @contextlib.contextmanager
    def _disk_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._output_error(error) from error

    def _output_error(self, error: OSError) -> OutputError:
        refuses = error.filename2 or error.filename  # of a rename, where the file was to go
        place = self.folder if refuses is None else Path(str(refuses))
        remedy = "make room or rights there and build again, or use -o"
        return OutputError(place, f"cannot be written ({error.strerror})", remedy)


def _is_building(site_file: bytes) -> bool:
    return bool(json.loads(site_file).get("building", True))


def _marker(*, building: bool) -> dict[str, Any]:
    return {"generator": GENERATOR, "format": SITE_FORMAT, "building": building}


def _json_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, indent=1).encode() + b"\n"


def _temporary(target: Path) -> Path:
    return target.with_name(target.name + ".tmp")


def _foreign(place: Path) -> OutputError:
    return OutputError(place, "was not written by runsite", "move it away or use -o")


def _refuse_closed(folder: Path) -> None:
    if is_folder(folder) and not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def _write_bytes(target: Path | str, content: bytes) -> None:
    descriptor = os.open(target, _NEW_FILE, 0o644)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)
