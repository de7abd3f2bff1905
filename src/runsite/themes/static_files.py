"""The static files of a theme as they go into the site: single files, and the bundles that its theme.toml names."""

import codecs
import hashlib
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from runsite.errors import ThemeError
from runsite.themes.places import find_files, read_theme_file, read_theme_toml

ASSETS_FOLDER = "assets/"
# 40 bits: two versions of one file meet once in a million million.
VERSION_DIGITS = 10
LIVE_NAME = re.compile(r"live(_\w+)?\.(css|js)")  # what `serve` adds to pages, and no site that is built holds
_NOT_UTF8 = re.compile(r"[\ud800-\udfff]")  # Python's half surrogates for the bytes of such a name
_BUNDLE_NAME = re.compile(r"[A-Za-z0-9][\w.-]*\.(css|js)", re.ASCII)


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file of a theme's static folder, as it goes into the site's assets/."""

    name: str
    """Relative to the static folder, with `/`."""
    source: Path
    """Where it was found; of a bundle, the theme.toml that lists its parts."""
    content: bytes
    version: str

    @property
    def site_path(self) -> str:
        return ASSETS_FOLDER + self.name


@dataclass(frozen=True, slots=True)
class Bundle:
    """A file of the site that is made of several static files."""

    name: str
    parts: tuple[str, ...]
    theme_toml: Path

    def error(self, problem: str) -> ThemeError:
        """Say what is wrong with it, and where it is declared."""
        return ThemeError(str(self.theme_toml), None, f"bundle {self.name!r}: {problem}")


def static_files(folders: tuple[Path, ...]) -> Mapping[str, StaticFile]:
    """Read the static files that a site may hold, by name."""
    found = find_files(folders, "static").items()
    return {name: _static_file(name, file) for name, file in found if _is_published(file)}


def _is_published(file: Path) -> bool:
    return not file.name.startswith((".", "_")) and not LIVE_NAME.fullmatch(file.name)


def _static_file(name: str, source: Path) -> StaticFile:
    if _NOT_UTF8.search(name):
        raise ThemeError(str(source), None, "its name is not UTF-8, so that no address leads to it; rename it")
    content = read_theme_file(source)
    return StaticFile(name, source, content, content_version(content))


def content_version(content: bytes) -> str:
    """Make the `?v=` of a file whose address stays while its content changes."""
    return hashlib.sha256(content).hexdigest()[:VERSION_DIGITS]


def published_files(
    folders: tuple[Path, ...], found: Mapping[str, StaticFile], made: Mapping[str, str]
) -> Mapping[str, StaticFile]:
    """List what goes into the site: bundles, what is in none, and parts that a template names by themselves."""
    bundles = _read_bundles(folders).values()
    for bundle in bundles:
        _check_name(bundle, found, made)
    parts = {part for bundle in bundles for part in bundle.parts}
    left_out = parts - _named_in_templates(folders, parts)
    files = {name: file for name, file in found.items() if name not in left_out}
    files |= {bundle.name: _join(bundle, found) for bundle in bundles}
    return {name: files[name] for name in sorted(files)}


def _check_name(bundle: Bundle, found: Mapping[str, StaticFile], made: Mapping[str, str]) -> None:
    if not _BUNDLE_NAME.fullmatch(bundle.name):
        raise bundle.error('a bundle is named like "site.css" or "site.js", and stands in no folder')
    if bundle.name in found:
        raise bundle.error(f"{found[bundle.name].source} has the same name; rename one of them")
    if bundle.name in made:
        raise bundle.error("the build makes a file of that name; rename the bundle")


def _named_in_templates(folders: tuple[Path, ...], names: Set[str]) -> set[str]:
    """Tell which names stand in quotes in a template, however it hands them to `asset`."""
    templates = find_files(folders, "templates").values() if names else ()
    texts = [read_theme_file(file).decode("utf-8", "replace") for file in templates]
    return {name for name in names if any(f'"{name}"' in text or f"'{name}'" in text for text in texts)}


def _read_bundles(folders: tuple[Path, ...]) -> Mapping[str, Bundle]:
    """Gather the bundles of all folders; the project's own folder need not hold a theme.toml."""
    files = [folder / "theme.toml" for folder in reversed(folders)]
    return {bundle.name: bundle for file in files if file.is_file() for bundle in _bundles_of(file)}


def _bundles_of(theme_toml: Path) -> Iterator[Bundle]:
    bundles = read_theme_toml(theme_toml).get("bundles", {})
    if not isinstance(bundles, dict):
        raise ThemeError(str(theme_toml), None, "bundles is a table: [bundles]")
    for name, parts in bundles.items():
        if not isinstance(parts, list) or not parts or not all(isinstance(part, str) for part in parts):
            hint = 'write the names in quotes: "site.css" = ["style.css", "table.css"]'
            raise ThemeError(str(theme_toml), None, f"bundle {name!r} is no list of static files; {hint}")
        yield Bundle(name, tuple(parts), theme_toml)


def _join(bundle: Bundle, files: Mapping[str, StaticFile]) -> StaticFile:
    """Make a bundle of its parts; a byte order mark is of use only at the start of a file."""
    missing = [part for part in bundle.parts if part not in files]
    if missing:
        raise bundle.error(f"no static file {missing[0]!r}")
    content = b"\n".join(files[part].content.removeprefix(codecs.BOM_UTF8) for part in bundle.parts)
    return StaticFile(bundle.name, bundle.theme_toml, content, content_version(content))
