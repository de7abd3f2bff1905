"""What the theme makes of pages beside what is logged: its templates, styles and scripts."""

import hashlib
import time
from collections.abc import Mapping
from pathlib import Path

from runsite.live.place import Place
from runsite.signatures import Signature, lasting, signature
from runsite.themes import content_version, find_files

DIGEST_DIGITS = 12


class Look:
    """What is in a theme's files; one is read again only where its signature is another."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._known: dict[Path, tuple[Signature, str]] = {}
        self._templates: Mapping[str, str] = {}
        self._static: Mapping[str, str] = {}
        self.digest = ""
        """Pages of equal digests differ by what was logged alone."""
        self.renew()

    def renew(self, *, has_other_assets: bool = True) -> bool:
        """Look again, at styles and scripts if need be; tell whether a template says something else than before."""
        before = self._templates
        self._templates = self._versions("templates")
        if has_other_assets:
            self._static = self._versions("static")
        text = repr([sorted(self._templates.items()), sorted(self._static.items())])
        self.digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_DIGITS]
        return self._templates != before

    def _versions(self, kind: str) -> dict[str, str]:
        try:
            files = find_files(self._place.theme_folders(), kind).items()
        except OSError:  # a folder that was there a moment ago
            files = {}.items()
        return {name: self._version(file) for name, file in files}

    def _version(self, file: Path) -> str:
        began_ns = time.time_ns()
        found, version = self._known.get(file, (None, ""))
        now = signature(file)
        if now is not None and now == found:
            return version
        try:
            version = content_version(file.read_bytes())
        except OSError:  # is being edited, and looked at again with the next build
            return ""
        self._known[file] = lasting(now, began_ns=began_ns), version
        return version
