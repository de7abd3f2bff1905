"""Say which data a run used: a digest of the bytes, where they lie, and how many rows when that is cheap.

Rows are counted only where a line is a row for certain: JSON lines, and CSV or TSV (less its header) without a quote,
inside which a line may break. They are counted in the same reading that takes the digest.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runsite.errors import RecordError
from runsite.file_digests import BLOCK_BYTES, folder_digest
from runsite.recorder.names import check_name

_HEADER_LINES = {".csv": 1, ".tsv": 1, ".jsonl": 0, ".ndjson": 0}


def dataset_record(data: str | Path, *, given: Mapping[str, Any], cwd: Path) -> dict[str, Any]:
    """Make the record of a dataset; what the caller gave wins over what is found. Raise OSError if a file fails."""
    path = Path(data)
    if not path.exists():
        if isinstance(data, Path):
            raise RecordError(f"no dataset at {data}; a name without a file is given as a string")
        found: dict[str, Any] = {"name": data}
    else:
        found = {"name": path.resolve().name, "source": shown_path(path, cwd=cwd)}
        if "digest" not in given:
            found |= _folder_facts(path) if path.is_dir() else _file_facts(path)
    name = check_name(given.get("name", found["name"]), "dataset")
    return {"type": "dataset", **found, **given, "name": name}


def shown_path(path: Path, *, cwd: Path) -> str:
    """Return a path as people would write it from here."""
    absolute = path.absolute()
    return absolute.relative_to(cwd).as_posix() if absolute.is_relative_to(cwd) else str(absolute)


def _folder_facts(folder: Path) -> dict[str, Any]:
    return {"digest": f"sha256:{folder_digest(folder).sha256}"}


def _file_facts(path: Path) -> dict[str, Any]:
    total, lines, quoted, last = hashlib.sha256(), 0, False, b""
    with path.open("rb") as content:
        while block := content.read(BLOCK_BYTES):
            total.update(block)
            lines += block.count(b"\n")
            quoted = quoted or b'"' in block
            last = block[-1:]
    facts: dict[str, Any] = {"digest": f"sha256:{total.hexdigest()}"}
    suffix = path.suffix.lower()
    if suffix in _HEADER_LINES and (suffix in (".jsonl", ".ndjson") or not quoted):
        facts["rows"] = max(0, lines + (last not in (b"", b"\n")) - _HEADER_LINES[suffix])
    return facts
