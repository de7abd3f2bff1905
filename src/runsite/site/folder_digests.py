"""The digest of each folder that site.json holds: a sum, so that one file that changes changes it at once."""

import hashlib
from collections.abc import Mapping
from typing import Any


def digest_folders(digests: Mapping[str, str]) -> dict[str, Any]:
    """Count files and digest each folder: one file that changes need not mean to go through all others again."""
    folders: dict[str, int] = {}
    for path, digest in digests.items():
        folder = folder_of(path)
        folders[folder] = folders.get(folder, 0) + file_number(path, digest)
    return {"files": len(digests), "folders": {folder: sum_text(total) for folder, total in sorted(folders.items())}}


def folder_of(path: str) -> str:
    """Name the folder of the site that site.json has a digest for: an experiment's, or one of the root's."""
    parts = path.split("/")[:-1]
    return "/".join(parts[:2] if parts[:1] == ["experiments"] else parts[:1]) or "."


def file_number(path: str, digest: str) -> int:
    """Make of a file what it adds to the sum."""
    return int.from_bytes(hashlib.sha256(f"{path}\0{digest}".encode()).digest())


def sum_text(total: int) -> str:
    """Write a sum as a digest."""
    return f"{total % 2**256:064x}"
