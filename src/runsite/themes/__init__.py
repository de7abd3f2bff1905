"""A theme: the templates that print pages and the static files beside them; the home of jinja2.

A theme is a folder with `theme.toml`, `templates/` and `static/`. Files are looked up in the project's own folder,
then in the chosen theme, then in `default`: so a project overrides one template or one stylesheet and keeps the rest.

Small files are good to read and slow to send: each costs a request. So a theme may join some. A *bundle* is a file of
the site that `theme.toml` makes of several static files:

    [bundles]
    "site.css" = ["style.css", "table.css"]

It is their plain text in the listed order, each found by the lookup above, so that an overridden part takes effect.
Of two bundles of one name the nearer folder's counts, as with files. A part goes into the site by itself only where a
template names it in quotes. Nothing is minified: hosts compress, and people read.

Printing is strict. Autoescape is always on; what is already HTML says so with `__html__`. An undefined name, a fault
of syntax or a failing expression is a ThemeError with file and line, never an empty cell. Templates get a page's
context and three names of ours: `root` ("../../", the way from the page to the site's root), `asset("style.css")` (a
link to a static file that carries its content hash, because hosts cache for ten minutes) and `inline("x.css")` (the
text of a static file and the hash that a Content-Security-Policy wants, for the one page that must carry its own).
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from runsite.errors import ThemeError
from runsite.themes.places import (
    DEFAULT_THEME,
    builtin_themes,
    builtin_themes_dir,
    check_theme_name,
    find_files,
    read_theme_file,
    theme_folder,
    theme_folders,
    theme_places,
)
from runsite.themes.static_files import (
    ASSETS_FOLDER,
    LIVE_NAME,
    StaticFile,
    content_version,
    published_files,
    static_files,
)
from runsite.themes.templates import CompiledTemplates, environment, escape_text, with_parts

__all__ = [
    "ASSETS_FOLDER",
    "DEFAULT_THEME",
    "LIVE_NAME",
    "CompiledTemplates",
    "Theme",
    "builtin_themes",
    "builtin_themes_dir",
    "content_version",
    "escape_text",
    "find_files",
    "theme_folders",
    "theme_places",
]

# The deepest page is a run's, experiments/<e>/runs/<r>/index.html; two more for themes and later pages.
MAX_DEPTH = 6


class Printable(Protocol):
    """What a theme needs to know of a page."""

    @property
    def path(self) -> str: ...
    @property
    def template(self) -> str: ...
    @property
    def context(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class InlineText:
    """A static file's text for a page that carries it, and its hash as a Content-Security-Policy names it."""

    text: "InlineHtml"
    csp_hash: str


class InlineHtml(str):
    """Text that templates print as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


class AssetUrls(dict[str, str]):
    """Links of static files by name, for one depth; a name that is not there is the template's fault."""

    def __missing__(self, name: str) -> str:
        raise LookupError(f"no static file {name!r}")


class Theme:
    """Templates compiled once, and the list of static files; made by `Theme.load`."""

    def __init__(
        self,
        folders: tuple[Path, ...],
        made_assets: Mapping[str, str],
        compiled: CompiledTemplates | None,
        versions: Mapping[str, str] | None,
    ) -> None:
        self._folders = folders
        self._made_assets = made_assets
        self.versions = (
            {name: file.version for name, file in self.static_files.items()} if versions is None else versions
        )
        """Of the static files, by name."""
        self._environment = environment(folders, compiled)
        self._templates_folders = tuple(str(folder / "templates") for folder in folders)
        self._urls = _asset_urls({**self.versions, **made_assets})

    @classmethod
    def load(
        cls,
        theme: str | Path = DEFAULT_THEME,
        *,
        project_folder: Path | None = None,
        made_assets: Mapping[str, str] | None = None,
        compiled: CompiledTemplates | None = None,
        versions: Mapping[str, str] | None = None,
    ) -> "Theme":
        """Find a theme by its name or folder; `made_assets` are the versions of assets that the build makes itself.

        `versions` are those of its static files, where they are as they were: to print a page they need not be read.
        """
        if versions is None:
            check_theme_name(theme_folder(theme) / "theme.toml")
        folders = theme_folders(theme, project_folder=project_folder)
        return cls(folders, made_assets or {}, compiled, versions)

    @cached_property
    def static_files(self) -> Mapping[str, StaticFile]:
        """By name, sorted: what goes into the site's assets/, bundles included."""
        return published_files(self._folders, self._found_files, self._made_assets)

    @cached_property
    def _found_files(self) -> Mapping[str, StaticFile]:
        return static_files(self._folders)

    def places(self) -> Iterator[Path]:
        """Yield every folder and file that the theme is made of, and those that it would be made of if they came."""
        return theme_places(self._folders)

    def digests(self) -> dict[str, str]:
        """Digest for each template all that its pages are printed with: itself, what it includes, and the assets."""
        files = find_files(self._folders, "templates").items()
        texts = {name: read_theme_file(file).decode("utf-8", "replace") for name, file in files}
        assets = repr(sorted(self._urls[0].items())) + repr([file.version for file in self._found_files.values()])
        joined = {name: "\0\0".join([assets, *with_parts(name, texts)]) for name in texts}
        return {
            name: hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for name, text in joined.items()
        }

    def render(self, page: Printable) -> bytes:
        """Print a page; a template's fault is a ThemeError with file and line."""
        import jinja2  # heavy, see the top

        depth = page.path.count("/")
        own = {"root": "../" * depth, "asset": self._urls[depth].__getitem__, "inline": self._inline}
        try:
            return self._environment.get_template(page.template).render(page.context, **own).encode()
        except jinja2.TemplateSyntaxError as error:
            raise ThemeError(error.filename or page.template, error.lineno, error.message or "syntax") from error
        except (jinja2.TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
            raise self._theme_error(error, page.template) from error
        except OSError as error:  # last: jinja2's TemplateNotFound is one too
            problem = f"cannot be read ({error.strerror}); make it readable"
            raise ThemeError(str(error.filename or page.template), None, problem) from error

    def _inline(self, name: str) -> InlineText:
        content = self._found_files[name].content.replace(b"\r\n", b"\n")
        digest = b64encode(hashlib.sha256(content).digest()).decode()
        return InlineText(InlineHtml(content.decode()), f"'sha256-{digest}'")

    def _theme_error(self, error: Exception, template: str) -> ThemeError:
        file, line = next(self._template_frames(error), (template, None))
        return ThemeError(file, line, _problem(error))

    def _template_frames(self, error: Exception) -> Iterator[tuple[str, int]]:
        """Yield the places in templates that the error passed through, innermost first."""
        frames, traceback = [], error.__traceback__
        while traceback is not None:
            frames.append((traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
            traceback = traceback.tb_next
        return (frame for frame in reversed(frames) if frame[0].startswith(self._templates_folders))


def _asset_urls(versions: Mapping[str, str]) -> tuple[AssetUrls, ...]:
    """Make the links of all assets once for each depth a page can have."""
    return tuple(
        AssetUrls({name: f"{'../' * depth}{ASSETS_FOLDER}{name}?v={version}" for name, version in versions.items()})
        for depth in range(MAX_DEPTH + 1)
    )


def _problem(error: Exception) -> str:
    if type(error).__module__.startswith("jinja2"):
        name = getattr(error, "name", None)
        return f"no template {name!r}" if type(error).__name__ == "TemplateNotFound" else str(error)
    return f"{type(error).__name__}: {error}"
