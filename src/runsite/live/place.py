"""What is built from where to where, and what has to be watched for it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runsite.build.assets import theme_place
from runsite.config import FILE_NAME, read_settings
from runsite.errors import RunsiteError
from runsite.themes import DEFAULT_THEME, theme_folders, theme_places


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

    def is_led_out(self) -> bool:
        """Tell whether settings or a part of the theme lie, by a link, where nothing is watched; logs never do."""
        watched = [Path(os.path.realpath(place)) for place in self.watched()]
        try:
            read = (*(store / FILE_NAME for store in self.stores), *theme_places(self.theme_folders()))
        except OSError:  # a folder that was there a moment ago: nobody knows
            return True
        places = (Path(os.path.realpath(file)) for file in read)
        return any(not any(place.is_relative_to(folder) for folder in watched) for place in places)
