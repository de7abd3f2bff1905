"""Where a theme's files lie: in the project's own folder, then in the chosen theme, then in `default`."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from runsite.errors import ThemeError

DEFAULT_THEME = "default"


def theme_folders(theme: str | Path, *, project_folder: Path | None = None) -> tuple[Path, ...]:
    """Name the folders in which a theme's files are looked up, the nearest first."""
    folders = (project_folder, theme_folder(theme), builtin_themes_dir() / DEFAULT_THEME)
    return tuple(dict.fromkeys(filter(None, folders)))


def builtin_themes_dir() -> Path:
    """Find the themes that come with runsite: inside the wheel, else in the repository of an editable install."""
    installed = Path(__file__).parents[1] / "_themes"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "themes"


def builtin_themes() -> tuple[str, ...]:
    """List the names of the themes that come with runsite."""
    return tuple(sorted(file.parent.name for file in builtin_themes_dir().glob("*/theme.toml")))


def theme_folder(theme: str | Path) -> Path:
    """Find a theme by its name or folder."""
    folder = builtin_themes_dir() / theme if isinstance(theme, str) and theme in builtin_themes() else Path(theme)
    if not (folder / "theme.toml").is_file():
        raise ThemeError(str(theme), None, f"no theme here; built in: {', '.join(builtin_themes())}")
    return folder


def read_theme_toml(file: Path) -> Mapping[str, Any]:
    """Read what a theme says of itself."""
    try:
        return tomllib.loads(read_theme_file(file).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThemeError(str(file), None, f"not TOML: {error}") from error


def read_theme_file(file: Path) -> bytes:
    """Read a file of a theme; ThemeError if it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise ThemeError(str(file), None, f"cannot be read ({error.strerror}); make it readable") from error


def check_theme_name(theme_toml: Path) -> None:
    """Raise ThemeError if a theme says no name."""
    if not isinstance(read_theme_toml(theme_toml).get("name"), str):
        raise ThemeError(str(theme_toml), None, 'a theme says its name: name = "..."')


def find_files(folders: tuple[Path, ...], kind: str) -> Mapping[str, Path]:
    """Find the templates or the static files by name; of one name the nearest folder's counts."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        files = [file for file in (folder / kind).rglob("*") if file.is_file()]
        found |= {file.relative_to(folder / kind).as_posix(): file for file in files}
    return {name: found[name] for name in sorted(found)}


def theme_places(folders: tuple[Path, ...]) -> Iterator[Path]:
    """Yield every folder and file that a theme is made of, and those that it would be made of if they came."""
    for folder in folders:
        yield from (folder, folder / "theme.toml")
        for kind in ("templates", "static"):
            yield from (folder / kind, *sorted((folder / kind).rglob("*")))
