"""Find out that nothing changed, with little more than the status of files: no numpy, no msgspec, no nouns.

A build leaves behind the signature of each file and folder that it looked at (*inputs*, in buckets by run), of each
folder that it wrote to, and a few figures for its last line. Of 10,000 runs these are 40,000 signatures, so they lie
flat: paths joined by NUL, which no path holds, and four integers each.
"""

import hashlib
import json
import os
import sys
from array import array
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from runsite import __version__
from runsite.cache import Cache
from runsite.signatures import NEVER, Signature, signature
from runsite.site.written import LIST_FILE, SITE_FILE

FORMAT = 1
"""Counts up when the same input would give other outputs or other facts; the status of our own files does so too."""
# Of 10,000 runs 160 a bucket: 100 KB are rewritten for a line, and 64 rows are read in a millisecond.
BUCKETS = 64
SITE_BUCKET = "site"
"""Of inputs: those of no single run."""
LIBRARIES = ("altair", "jinja2", "markdown_it_py", "mdit_py_plugins", "msgspec", "numpy", "vl_convert_python")
"""Whose versions may change an output, as their folders in site-packages begin."""
_GONE = -3
"""In place of a size: there was no such file."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Inputs that are not, or not certainly, as they were, by bucket."""

    inputs: Mapping[str, Mapping[str, bool]]
    """By path, whether one is certainly not as it was."""
    outputs: bool
    """Whether something in the output is not as it was left."""

    def __bool__(self) -> bool:
        return self.outputs or bool(self.inputs)

    @property
    def are_certain(self) -> bool:
        """Tell whether anything is certainly not as it was."""
        return self.outputs or any(any(paths.values()) for paths in self.inputs.values())


class Remembered:
    """What the last build of a site left in the cache, as bytes."""

    def __init__(self, cache: Cache, output: Path) -> None:
        self._cache = cache
        self._prefix = hashlib.sha256(os.fsencode(output.absolute())).hexdigest()[:16] + "/"
        self.output = output

    def get(self, name: str) -> bytes | None:
        return self._cache.get(self._prefix + name)

    def get_all(self, start: str) -> dict[str, bytes]:
        return self._cache.get_all(self._prefix + start)

    def put(self, name: str, content: bytes) -> None:
        self._cache.put(self._prefix + name, content)

    def forget(self, name: str) -> None:
        self._cache.forget(self._prefix + name)

    def clear(self) -> None:
        """Forget everything: it was written by other code."""
        self._cache.forget_all(self._prefix)

    def forget_for(self, reason: str) -> None:
        """Forget everything but why that is."""
        self.clear()
        self.put("forgotten", reason.encode())

    def why_forgotten(self) -> str:
        """Say why everything was forgotten, if that is remembered."""
        return (self.get("forgotten") or b"").decode()

    @property
    def is_lasting(self) -> bool:
        """Tell whether a later build will find what this one puts here."""
        return self._cache.is_lasting

    def commit(self) -> None:
        self._cache.commit()

    def last(self) -> dict[str, Any] | None:
        """Return the figures of the last build; None if there was none."""
        content = self.get("last")
        return None if content is None else json.loads(content)

    def changes(self, last: Mapping[str, Any], *, hints: frozenset[str] | None = None) -> Changes | None:
        """Look again at all that the last build looked at or wrote; None if it is not remembered whole.

        With hints, look only at these paths and the folders they lie in, and of the output at site.json and its list.
        """
        before = f"{self.output.absolute()}/"
        is_told = file_digest(f"{before}{SITE_FILE}") == last["site"] and self.has_list_of(last)
        if hints is not None:
            return Changes(self._hinted(hints), not is_told)
        folders, inputs = self.get_all("folders/"), self.get_all("inputs/")
        if [sorted(folders), sorted(inputs)] != last["buckets"]:
            return None
        outputs = not is_told or any(
            next(changed_paths(content, before=before), None) is not None for content in folders.values()
        )
        found = {bucket: dict(changed_paths(content)) for bucket, content in inputs.items()}
        return Changes({bucket: paths for bucket, paths in found.items() if paths}, outputs)

    def has_list_of(self, last: Mapping[str, Any]) -> bool:
        """Tell whether the list of files lies there as the last build left it."""
        return bool(list_signature(self.output) == last["list"])

    def _hinted(self, hints: frozenset[str]) -> dict[str, dict[str, bool]]:
        names = {name for hint in hints for name in (hint, os.path.dirname(hint))}  # noqa: PTH120  # no Path is wanted
        wanted = {os.fsencode(name): name for name in names}
        found: dict[str, dict[str, bool]] = {}
        for bucket, content in self.get_all("inputs/").items():
            if any(name in content for name in wanted):
                changed = dict(changed_paths(content, only=names))
                if changed:
                    found[bucket] = changed
        return found

    def are_as_left(self, folders: Iterable[str]) -> bool:
        """Tell of folders of the output whether they are as the last build left them."""
        before = f"{self.output.absolute()}/"
        buckets: dict[str, set[str]] = {}
        for folder in folders:
            buckets.setdefault(bucket_of(folder), set()).add(folder)
        for bucket, wanted in buckets.items():
            known = decode_statuses(self.get(f"folders/{bucket}") or encode_statuses({}))
            if any(folder not in known or signature(before + folder) != known[folder] for folder in wanted):
                return False
        return True


def list_signature(output: Path) -> list[int] | None:
    """Look at the list of a site's files; the signature is as JSON gives it back."""
    found = signature(output / LIST_FILE)
    return None if found is None else list(found)


def encode_json_bytes(value: Mapping[str, Any]) -> bytes:
    """Write figures as JSON, which can be read before anything is imported."""
    return json.dumps(value).encode()


def file_digest(path: str) -> str:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def bucket_of(name: str) -> str:
    """Choose the bucket of a run by its key, or of a folder by its path."""
    return str(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[0] % BUCKETS)


def encode_statuses(statuses: Mapping[str, Signature]) -> bytes:
    """Write signatures by path."""
    paths = b"\0".join(map(os.fsencode, statuses))
    numbers = array("q")
    for found in statuses.values():
        numbers.extend((_GONE, 0, 0, 0) if found is None else found)
    return len(paths).to_bytes(8) + paths + numbers.tobytes()


def decode_statuses(content: bytes) -> dict[str, Signature]:
    """Read what `encode_statuses` wrote."""
    return {path: None if found[0] == _GONE else found for path, found in _pairs(content)}


def _pairs(content: bytes) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    end = 8 + int.from_bytes(content[:8])
    numbers = array("q")
    numbers.frombytes(content[end:])
    each = iter(numbers)
    paths = os.fsdecode(content[8:end]).split("\0") if numbers else ()
    return zip(paths, zip(each, each, each, each, strict=True), strict=True)


def changed_paths(
    content: bytes, *, before: str = "", only: Container[str] | None = None
) -> Iterator[tuple[str, bool]]:
    """Yield those paths, of all or of some, that are not as they were, and whether that is certain."""
    for path, old in _pairs(content):
        if only is not None and path not in only:
            continue
        now = signature(before + path)
        if now != old and not (now is None and old[0] == _GONE):
            yield path, old != NEVER or now is None


def asked_for(
    code: str, stores: list[Path], filter: str, *, allow_code: bool, title_of: Callable[[Path], str]
) -> list[Any]:
    """Say what a build is asked for, and of which code: a build of the same has the same outputs."""
    return [code, [[str(store.absolute()), title_of(store)] for store in stores], filter, allow_code]


def code_signature() -> str:
    """Name the code that makes a site: our files by their status, Python, and the libraries by their versions."""
    total = hashlib.sha256(f"{FORMAT} {__version__} {sys.version}".encode())
    package = Path(__file__).parents[1]
    for place, folders, names in os.walk(package):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            total.update(f"{place}/{name} {signature(f'{place}/{name}')}".encode("utf-8", "surrogateescape"))
    total.update("\n".join(_library_versions()).encode())
    return total.hexdigest()


def _library_versions() -> list[str]:
    """List the folders in which installers write a library's version; asking each library would import it."""
    spec = find_spec("jinja2")
    places = {str(Path(spec.origin).parents[1])} if spec and spec.origin else set()
    found = {name for place in places | set(sys.path) for name in _listed(place) if name.endswith(".dist-info")}
    return sorted(name for name in found if name.lower().startswith(LIBRARIES))


def _listed(place: str) -> list[str]:
    try:
        return os.listdir(place or ".")  # noqa: PTH208  # names are all that is wanted
    except OSError:
        return []


def is_as_it_was(files: Mapping[str, Signature]) -> bool:
    """Tell whether all files are certainly unchanged."""
    return all(old != NEVER and signature(path) == old for path, old in files.items())
