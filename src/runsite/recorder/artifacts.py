"""Copy files into a run's `artifacts/` folder, each under a path that is valid on every disk.

The file's path is its name; of a file logged at a step, `confusion.step-120.png`. A path that is taken by other content
stays as it is, because an earlier record speaks of it: the new file gets eight digits of its sha256. Files that already
lie in the run's folder are recorded where they are.
"""

import hashlib
import io
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from runsite.file_digests import BLOCK_BYTES, Digest, file_digest
from runsite.model import Step
from runsite.recorder.names import ARTIFACTS_FOLDER

KINDS = {
    "image": "png jpg jpeg gif webp bmp svg avif",
    "audio": "wav mp3 flac ogg m4a",
    "video": "mp4 webm mov mkv",
    "table": "csv tsv",
    "json": "json jsonl",
    "markdown": "md markdown",
    "text": "txt log",
    "html": "html htm",
    "pdf": "pdf",
    "code": "py js ts c cc cpp h rs go java jl r sh toml yaml yml ini cfg",
    "model": "pt pth ckpt safetensors onnx pkl pickle joblib h5 keras tflite gguf",
}
_KIND_OF_SUFFIX = {suffix: kind for kind, suffixes in KINDS.items() for suffix in suffixes.split()}

# With the store's path and Windows' limit of 260 in mind; the name in the record stays whole.
MAX_PART = 80
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"\\|?*\ud800-\udfff]')
_WINDOWS_NAMES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a run's folder."""

    path: str
    """Relative to the run's folder, with `/`."""
    digest: Digest


def kind_of(path: str) -> str | None:
    """Say what a file is, by its ending."""
    return _KIND_OF_SUFFIX.get(path.rpartition(".")[2].lower())


def artifact_path(name: str, *, suffix: str, step: Step | None) -> str:
    """Return where a file of this name goes, relative to the artifacts folder."""
    parts = [_safe_part(part) for part in name.split("/") if part not in ("", ".", "..")] or ["file"]
    *folders, last = parts
    stem = last[: -len(suffix)] if suffix and last.lower().endswith(suffix.lower()) else last
    at_step = "" if step is None else f".step-{step}"
    return "/".join([*folders, f"{stem}{at_step}{_UNSAFE.sub('_', suffix)}"])


def store_file(source: Path, *, run_folder: Path, wanted: str) -> StoredFile:
    """Copy a file into a run's artifacts, or find it there; raise OSError if that fails."""
    inside = _inside(source, run_folder)
    if inside is not None:
        return StoredFile(inside, file_digest(source))
    target = run_folder / ARTIFACTS_FOLDER / wanted
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as content:
        return _store(content, target, run_folder=run_folder)


def store_text(text: str, *, run_folder: Path, wanted: str) -> StoredFile:
    """Write a text as a file of a run's artifacts; raise OSError if that fails."""
    target = run_folder / ARTIFACTS_FOLDER / wanted
    target.parent.mkdir(parents=True, exist_ok=True)
    return _store(io.BytesIO(text.encode(errors="replace")), target, run_folder=run_folder)


def _store(content: BinaryIO, target: Path, *, run_folder: Path) -> StoredFile:
    temporary = target.with_name(f".tmp-{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as copy:
            digest = _copy(content, copy)
        place = _free_place(target, digest)
        temporary.replace(place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return StoredFile(place.relative_to(run_folder).as_posix(), digest)


def _copy(content: BinaryIO, copy: BinaryIO) -> Digest:
    total, size = hashlib.sha256(), 0
    while block := content.read(BLOCK_BYTES):
        copy.write(block)
        total.update(block)
        size += len(block)
    return Digest(total.hexdigest(), size)


def _free_place(target: Path, digest: Digest) -> Path:
    if not target.exists() or (target.is_file() and file_digest(target) == digest):
        return target
    return target.with_name(f"{target.stem}-{digest.sha256[:8]}{target.suffix}")


def _inside(source: Path, run_folder: Path) -> str | None:
    resolved, folder = source.resolve(), run_folder.resolve()
    return resolved.relative_to(folder).as_posix() if resolved.is_relative_to(folder) else None


def _safe_part(part: str) -> str:
    part = _UNSAFE.sub("_", part).strip(" ").rstrip(". ")
    if _WINDOWS_NAMES.match(part):
        part = "_" + part
    stem, dot, suffix = part.rpartition(".")
    if len(part.encode()) <= MAX_PART:
        return part or "file"
    ending = dot + suffix if dot and len(suffix) <= 12 else ""
    kept = (stem if ending else part).encode()[: MAX_PART - len(ending.encode())].decode(errors="ignore")
    return kept + ending
