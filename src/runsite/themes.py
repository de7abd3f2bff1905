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

import codecs
import hashlib
import re
import tomllib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from runsite.errors import ThemeError

if TYPE_CHECKING:  # jinja2 takes 0.06 s to import; an up-to-date build and `--help` never need it
    import jinja2

DEFAULT_THEME = "default"
ASSETS_FOLDER = "assets/"
# 40 bits: two versions of one file meet once in a million million.
VERSION_DIGITS = 10
# The deepest page is a run's, experiments/<e>/runs/<r>/index.html; two more for themes and later pages.
MAX_DEPTH = 6
_SPECIAL = re.compile("[&<>\"']")
# The name stands in quotes; without one it is worked out when the page is printed.
_REFERENCE = re.compile(r"""\{%[-+]?\s*(extends|include|import|from)\s+(?:["']([^"']+)["'])?""")
LIVE_NAME = re.compile(r"live(_\w+)?\.(css|js)")  # what `serve` adds to pages, and no site that is built holds
_BUNDLE_NAME = re.compile(r"[A-Za-z0-9][\w.-]*\.(css|js)", re.ASCII)


class Printable(Protocol):
    """What a theme needs to know of a page."""

    @property
    def path(self) -> str: ...
    @property
    def template(self) -> str: ...
    @property
    def context(self) -> Mapping[str, Any]: ...


class CompiledTemplates(Protocol):
    """Where compiled templates are kept from build to build: compiling those of a run's page costs as 100 pages do."""

    def get(self, key: str) -> bytes | None: ...
    def put(self, key: str, content: bytes) -> None: ...


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
        self, name: str, folders: tuple[Path, ...], made_assets: Mapping[str, str], compiled: CompiledTemplates | None
    ) -> None:
        self.name = name
        self._folders = folders
        self._found_files = _static_files(folders)
        self.static_files = _published_files(folders, self._found_files, made_assets)
        """By name, sorted: what goes into the site's assets/, bundles included."""
        self._environment = _environment(folders, compiled)
        self._templates_folders = tuple(str(folder / "templates") for folder in folders)
        self._urls = _asset_urls(self.static_files, made_assets)

    @classmethod
    def load(
        cls,
        theme: str | Path = DEFAULT_THEME,
        *,
        project_folder: Path | None = None,
        made_assets: Mapping[str, str] | None = None,
        compiled: CompiledTemplates | None = None,
    ) -> "Theme":
        """Find a theme by its name or folder; `made_assets` are the versions of assets that the build makes itself."""
        folders = theme_folders(theme, project_folder=project_folder)
        return cls(_theme_name(_theme_folder(theme) / "theme.toml"), folders, made_assets or {}, compiled)

    def places(self) -> Iterator[Path]:
        """Yield every folder and file that the theme is made of, and those that it would be made of if they came."""
        for folder in self._folders:
            yield from (folder, folder / "theme.toml")
            for kind in ("templates", "static"):
                yield from (folder / kind, *sorted((folder / kind).rglob("*")))

    def digests(self) -> dict[str, str]:
        """Digest for each template all that its pages are printed with: itself, what it includes, and the assets."""
        files = find_files(self._folders, "templates").items()
        texts = {name: file.read_text("utf-8", "replace") for name, file in files}
        assets = repr(sorted(self._urls[0].items())) + repr([file.version for file in self._found_files.values()])
        joined = {name: "\0\0".join([assets, *_with_parts(name, texts)]) for name in texts}
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


def theme_folders(theme: str | Path, *, project_folder: Path | None = None) -> tuple[Path, ...]:
    """Name the folders in which a theme's files are looked up, the nearest first."""
    folders = (project_folder, _theme_folder(theme), builtin_themes_dir() / DEFAULT_THEME)
    return tuple(dict.fromkeys(filter(None, folders)))


def builtin_themes_dir() -> Path:
    """Find the themes that come with runsite: inside the wheel, else in the repository of an editable install."""
    installed = Path(__file__).parent / "_themes"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "themes"


def builtin_themes() -> tuple[str, ...]:
    """List the names of the themes that come with runsite."""
    return tuple(sorted(file.parent.name for file in builtin_themes_dir().glob("*/theme.toml")))


def content_version(content: bytes) -> str:
    """Make the `?v=` of a file whose address stays while its content changes."""
    return hashlib.sha256(content).hexdigest()[:VERSION_DIGITS]


def _theme_folder(theme: str | Path) -> Path:
    folder = builtin_themes_dir() / theme if isinstance(theme, str) and theme in builtin_themes() else Path(theme)
    if not (folder / "theme.toml").is_file():
        raise ThemeError(str(theme), None, f"no theme here; built in: {', '.join(builtin_themes())}")
    return folder


def _read_theme_toml(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThemeError(str(file), None, f"not TOML: {error}") from error


def _theme_name(theme_toml: Path) -> str:
    name = _read_theme_toml(theme_toml).get("name")
    if not isinstance(name, str):
        raise ThemeError(str(theme_toml), None, 'a theme says its name: name = "..."')
    return name


def _read_bundles(folders: tuple[Path, ...]) -> Mapping[str, Bundle]:
    """Gather the bundles of all folders; the project's own folder need not hold a theme.toml."""
    files = [folder / "theme.toml" for folder in reversed(folders)]
    return {bundle.name: bundle for file in files if file.is_file() for bundle in _bundles_of(file)}


def _bundles_of(theme_toml: Path) -> Iterator[Bundle]:
    bundles = _read_theme_toml(theme_toml).get("bundles", {})
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


def _published_files(
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
    texts = [file.read_text("utf-8", "replace") for file in templates]
    return {name for name in names if any(f'"{name}"' in text or f"'{name}'" in text for text in texts)}


def find_files(folders: tuple[Path, ...], kind: str) -> Mapping[str, Path]:
    """Find the templates or the static files by name; of one name the nearest folder's counts."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        files = [file for file in (folder / kind).rglob("*") if file.is_file()]
        found |= {file.relative_to(folder / kind).as_posix(): file for file in files}
    return {name: found[name] for name in sorted(found)}


def _static_files(folders: tuple[Path, ...]) -> Mapping[str, StaticFile]:
    found = find_files(folders, "static").items()
    return {name: _static_file(name, file) for name, file in found if _is_published(file)}


def _is_published(file: Path) -> bool:
    return not file.name.startswith((".", "_")) and not LIVE_NAME.fullmatch(file.name)


def _static_file(name: str, source: Path) -> StaticFile:
    content = source.read_bytes()
    return StaticFile(name, source, content, content_version(content))


def _asset_urls(static_files: Mapping[str, StaticFile], made: Mapping[str, str]) -> tuple[AssetUrls, ...]:
    """Make the links of all assets once for each depth a page can have."""
    versions = {name: file.version for name, file in static_files.items()} | dict(made)
    return tuple(
        AssetUrls({name: f"{'../' * depth}{ASSETS_FOLDER}{name}?v={version}" for name, version in versions.items()})
        for depth in range(MAX_DEPTH + 1)
    )


def _environment(folders: tuple[Path, ...], compiled: CompiledTemplates | None) -> "jinja2.Environment":
    import jinja2  # heavy, see the top

    class Kept(jinja2.BytecodeCache):
        def load_bytecode(self, bucket: "jinja2.bccache.Bucket") -> None:
            content = None if compiled is None else compiled.get(bucket.key)
            if content is not None:
                bucket.bytecode_from_string(content)  # which checks that it is of this source and this Python

        def dump_bytecode(self, bucket: "jinja2.bccache.Bucket") -> None:
            if compiled is not None:
                compiled.put(bucket.key, bucket.bytecode_to_string())

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([folder / "templates" for folder in folders]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,  # all of them: looking one up among the newest takes longer than in a dict, and pages have 11
        bytecode_cache=Kept(),
    )
    environment.code_generator_class = _code_generator()
    environment.globals["escape_text"] = escape_text
    return environment


def _code_generator() -> "type[jinja2.compiler.CodeGenerator]":
    """Make the generator of templates that print through `escape_text`.

    A run's page prints 500 values. markupsafe 3 wraps each in an object of its own, which takes as long as all the
    rest of printing: with it 540 pages a second, without 1,000. jinja2's native templates hook in at the same place.
    """
    from jinja2.compiler import CodeGenerator  # heavy, see the top

    class EscapingGenerator(CodeGenerator):
        def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
            if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
                super()._output_child_pre(node, frame, finalize)
            else:
                self.write('environment.globals["escape_text"](')

    return EscapingGenerator


def escape_text(value: object) -> str:
    """Write a value so that it stands as text in HTML, in elements and in quoted attributes."""
    if type(value) is str:
        return value if _SPECIAL.search(value) is None else escape(value)
    printed = getattr(value, "__html__", None)
    return str(printed()) if printed is not None else escape(str(value))


def _with_parts(name: str, texts: Mapping[str, str]) -> list[str]:
    """Name and text of a template and of all that it extends, includes and imports; of any, if that is worked out."""
    found = {name}
    ahead = [name]
    while ahead:
        for _, part in _REFERENCE.findall(texts.get(ahead.pop(), "")):
            named = {part} if part in texts else set() if part else set(texts)
            ahead += sorted(named - found)
            found |= named
    return [f"{each}\0{texts[each]}" for each in sorted(found)]


def _problem(error: Exception) -> str:
    if type(error).__module__.startswith("jinja2"):
        name = getattr(error, "name", None)
        return f"no template {name!r}" if type(error).__name__ == "TemplateNotFound" else str(error)
    return f"{type(error).__name__}: {error}"
