"""What is built from where to where, and what has to be watched for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runsite.build.assets import theme_place
from runsite.config import read_settings
from runsite.errors import RunsiteError
from runsite.signatures import Signature, signature
from runsite.themes import DEFAULT_THEME, theme_folders


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


class Templates:
    """Tells of a theme's templates whether they are as they were."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._seen = self._look()

    def _look(self) -> dict[str, Signature]:
        folders = self._place.theme_folders()
        files = (file for folder in folders for file in (folder / "templates").rglob("*.html"))
        return {str(file): signature(file) for file in files}

    def have_changed(self) -> bool:
        """Tell whether they changed since this was asked last."""
        before, self._seen = self._seen, self._look()
        return before != self._seen
