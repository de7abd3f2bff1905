"""What is built from where to where, and what has to be watched for it."""

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runsite.build.assets import theme_place
from runsite.config import read_settings
from runsite.errors import RunsiteError
from runsite.signatures import Signature, signature
from runsite.themes import DEFAULT_THEME, content_version, find_files, theme_folders

DIGEST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Place:
    """What is built from where to where."""

    stores: Sequence[Path]
    output: Path
    cache: Path

    def theme_folders(self) -> tuple[Path, ...]:
        """Name the folders of the theme; those of the default theme if the settings cannot be read."""
        try:
            chosen, own = theme_place(self.stores[0], read_settings(self.stores[0]).theme)
            return theme_folders(chosen, project_folder=own)
        except RunsiteError:
            return theme_folders(DEFAULT_THEME)

    def watched(self) -> list[Path]:
        """Name the folders whose changes change the site: the stores, and what the theme is made of."""
        places = [*map(Path.absolute, self.stores), *self.theme_folders()]
        return [
            place for place in places if not any(place != other and place.is_relative_to(other) for other in places)
        ]


class Look:
    """What the theme makes of pages beside what is logged: its templates, styles and scripts."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._seen = self._templates()

    def _templates(self) -> dict[str, Signature]:
        folders = self._place.theme_folders()
        files = (file for folder in folders for file in (folder / "templates").rglob("*.html"))
        return {str(file): signature(file) for file in files}

    def has_new_templates(self) -> bool:
        """Tell whether templates changed since this was asked last."""
        before, self._seen = self._seen, self._templates()
        return before != self._seen

    def digest(self) -> str:
        """Digest it all: pages of equal digests differ by what was logged alone."""
        digest = hashlib.sha256()
        for kind in ("templates", "static"):
            for name, file in find_files(self._place.theme_folders(), kind).items():
                with contextlib.suppress(OSError):  # is being edited
                    digest.update(f"{kind}/{name}\0{content_version(file.read_bytes())}\n".encode())
        return digest.hexdigest()[:DIGEST_DIGITS]
