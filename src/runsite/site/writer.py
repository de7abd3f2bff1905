"""Write a site into a folder so that a reader, a full disk or kill -9 never meets half of one.

Order of writing:
1. site.json with `"building": true`; from now on the staging folder inside the output is ours.
2. Every new or changed file goes to the staging folder. A page that cannot be made, or a disk that is full, ends the
   build here: the staging folder goes, the old site stands untouched.
3. site-files.json lists the union of the old and the new paths, so that whatever happens next, the following build
   knows each file that may be ours.
4. Renames into place: data before the pages that refer to it.
5. Removal of what only the old list names. Nothing that is not listed is ever deleted.
6. site-files.json and site.json in their final form.
A build that finds `"building": true` throws the staging folder away and goes through the same steps; since equal
bytes are never written again, it ends with the bytes of a clean build.

The temporaries stand in one flat folder, not beside their targets, because their names are then ours without a list:
what will be written is not known before everything is rendered, and holding it back would mean rendering twice or
keeping all pages in memory. Flat, because a folder made, emptied and removed costs as much as a page.
"""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runsite.errors import OutputError

SITE_FILE = "site.json"
LIST_FILE = "site-files.json"
STAGING = "runsite-staging"
GENERATOR = "runsite"
SITE_FORMAT = 1
_PAGE_ENDINGS = (".html",)


@dataclass(slots=True)
class Written:
    """What a finished build did to the output folder."""

    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    """All files of the site, sorted."""

    def pages(self, paths: list[str]) -> int:
        return sum(path.endswith(_PAGE_ENDINGS) for path in paths)


class SiteWriter:
    """A site being written; use as a context manager: leaving by an exception leaves the old site whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._staging = folder / STAGING
        self._digests: dict[str, str] = {}
        self._staged: dict[str, Path] = {}
        self._old_site: bytes | None = None
        self._old_paths: list[str] = []
        self._created = False
        self._moving = False
        self._finished = False

    def __enter__(self) -> "SiteWriter":
        with self._disk_errors():
            self._created = not self.folder.exists()
            self._old_site = self._own_site_file()
            self._old_paths = self._read_list() if self._old_site is not None else []
            self.folder.mkdir(parents=True, exist_ok=True)
            self._replace(SITE_FILE, _json_bytes(_marker(building=True)))
            shutil.rmtree(self._staging, ignore_errors=True)
            self._staging.mkdir(exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        if not self._finished and not self._moving:
            self._abandon()

    def stage(self, path: str, content: bytes) -> str:
        """Keep the file if it has these bytes already, else write them to the staging folder; return their digest."""
        digest = hashlib.sha256(content).hexdigest()
        known = self._digests.get(path)
        if known is not None and known != digest:
            raise AssertionError(f"two different files were planned for {path}")
        self._digests[path] = digest
        if known is None and not self._has_bytes(path, content):
            place = self._staging / str(len(self._staged))
            with self._disk_errors():
                _write_bytes(place, content)
            self._staged[path] = place
        return digest

    def _has_bytes(self, path: str, content: bytes) -> bool:
        if self._old_site is None:
            return False
        target = self.folder / path
        try:
            return target.stat().st_size == len(content) and target.read_bytes() == content
        except OSError:
            return False

    def finish(self, facts: dict[str, Any]) -> Written:
        """Move everything into place; `facts` go into site.json. The site is complete when this returns."""
        paths = sorted(self._digests)
        stale = sorted(set(self._old_paths) - set(paths))
        self._refuse_foreign_targets()
        with self._disk_errors():
            self._replace(LIST_FILE, _json_bytes(sorted({*self._old_paths, *paths})))
            self._moving = True
            for path in sorted(self._staged, key=lambda path: (path.endswith(_PAGE_ENDINGS), path)):
                self._move(path)
            for path in stale:
                self._remove(path)
            shutil.rmtree(self._staging)
            self._replace(LIST_FILE, _json_bytes(paths))
            self._replace(SITE_FILE, _json_bytes({**_marker(building=False), **facts, **self._folder_digests()}))
        self._finished = True
        return Written(sorted(self._staged), [path for path in paths if path not in self._staged], stale, paths)

    def _folder_digests(self) -> dict[str, Any]:
        folders: dict[str, Any] = {}
        for path, digest in sorted(self._digests.items()):
            parts = path.split("/")[:-1]
            folder = "/".join(parts[:2]) if parts[:1] == ["experiments"] else "/".join(parts[:1])
            folders.setdefault(folder or ".", hashlib.sha256()).update(f"{path}\0{digest}\n".encode())
        return {
            "files": len(self._digests),
            "folders": {folder: digest.hexdigest() for folder, digest in folders.items()},
        }

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
        if {entry.name for entry in self.folder.iterdir()} - {SITE_FILE + ".tmp"}:
            raise OutputError(
                self.folder, "is not empty and was not written by runsite", "use -o to write the site elsewhere"
            )
        return None

    def _read_list(self) -> list[str]:
        try:
            paths = json.loads((self.folder / LIST_FILE).read_bytes())
        except (OSError, ValueError):
            return []
        return [path for path in paths if isinstance(path, str) and _stays_inside(path)]

    def _refuse_foreign_targets(self) -> None:
        known = set(self._old_paths)
        for path in self._staged:
            if path not in known and (self.folder / path).exists():
                raise OutputError(self.folder / path, "was not written by runsite", "move it away or use -o")

    def _replace(self, name: str, content: bytes) -> None:
        temporary = self.folder / (name + ".tmp")
        _write_bytes(temporary, content)
        temporary.replace(self.folder / name)

    def _move(self, path: str) -> None:
        target = self.folder / path
        try:
            self._staged[path].replace(target)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._staged[path].replace(target)

    def _remove(self, path: str) -> None:
        (self.folder / path).unlink(missing_ok=True)
        for parent in (self.folder / path).parents:
            if parent == self.folder or not _removed_if_empty(parent):
                break

    def _abandon(self) -> None:
        """Put the folder back as it was found."""
        with contextlib.suppress(OSError):
            shutil.rmtree(self._staging, ignore_errors=True)
            if self._old_site is not None:
                self._replace(SITE_FILE, self._old_site)
            else:
                (self.folder / SITE_FILE).unlink(missing_ok=True)
            if self._created:
                self.folder.rmdir()

    @contextlib.contextmanager
    def _disk_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._output_error(error) from error

    def _output_error(self, error: OSError) -> OutputError:
        place = self.folder if error.filename is None else Path(str(error.filename))
        remedy = "make room or rights there and build again, or use -o"
        return OutputError(place, f"cannot be written ({error.strerror})", remedy)


def _marker(*, building: bool) -> dict[str, Any]:
    return {"generator": GENERATOR, "format": SITE_FORMAT, "building": building}


def _json_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, indent=1).encode() + b"\n"


def _stays_inside(path: str) -> bool:
    return bool(path) and not path.startswith("/") and ".." not in path.split("/")


def _removed_if_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def _write_bytes(target: Path, content: bytes) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)
