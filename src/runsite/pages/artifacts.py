"""Artifacts as a page shows them: which kind of preview a file gets, and what is published of it.

Nothing that a browser would execute is published. HTML, SVG, XML and JavaScript files get a `.txt` ending, so that no
server and no double click runs them; of the rest only kinds with a preview are published. HTML is shown without its
scripts and styles in a frame with an empty `sandbox`, SVG only as a `data:` image, where neither scripts nor requests
work. All values are handed in; nothing here opens a file.
"""

import csv
import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple

from runsite.data_script import script_safe
from runsite.model import Artifact
from runsite.notes import Html, is_safe_address, render_markdown
from runsite.number_format import format_bytes, format_count, format_step
from runsite.pages.inert_html import inert_html
from runsite.site_paths import relative

_SUFFIXES = {
    "image": "png jpg jpeg gif webp avif bmp",
    "svg": "svg",
    "html": "html htm xhtml",
    "pdf": "pdf",
    "audio": "mp3 wav ogg oga m4a flac opus aac",
    "video": "mp4 webm ogv m4v mov",
    "table": "csv tsv",
    "json": "json",
    "markdown": "md markdown",
    "code": "py pyi ipynb r jl sh bash c h cc cpp hpp cu rs go java js mjs cjs ts css sql yaml yml toml ini cfg lua m",
    "text": "txt log out err patch diff jsonl ndjson xml rst tex gitignore",
}
KINDS = MappingProxyType({f".{suffix}": kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()})
"""From a file's ending to the kind of its preview."""
OTHER = "other"
TEXT_KINDS = frozenset({"svg", "html", "table", "json", "markdown", "code", "text"})
"""Kinds whose preview is made from the file's text."""
# Endings under which text may be served as it is; every other text file is published as .txt.
_PLAIN_SUFFIXES = frozenset({".csv", ".tsv", ".json", ".md", ".txt", ".log"})
# A screen holds 50 lines of 100 characters; four of them are a preview, more is what the download is for.
MAX_PREVIEW_CHARACTERS = 20_000
MAX_PREVIEW_LINES = 200
# HTML and SVG are shown whole or not at all; this much rides in the run's page. JSON is set out if it is no larger.
MAX_WHOLE_BYTES = 128_000
MAX_TABLE_ROWS = 50
MAX_TABLE_COLUMNS = 20
MAX_CELL = 200
# A page with more previews than this is heavy to open; the rest is listed.
MAX_IMAGES = 60
MAX_PREVIEWS = 30


@dataclass(frozen=True, slots=True)
class ArtifactFile:
    """An artifact and what the build found where it should lie."""

    artifact: Artifact
    published: str | None = None
    """Its path in the site; None when it is not published."""
    sha256: str | None = None
    size_bytes: int | None = None
    text: str | None = None
    """Decoded head of a text file, at least `wanted_text_bytes` of it, for the preview."""
    whole: bool = True
    """`text` is all of the file."""
    problem: str | None = None
    """Why it is not shown: no kind for a preview, too large, missing, a Git-LFS pointer, a symlink out of the store."""
    digest_problem: str | None = None
    """Why a file that lies in the store has no digest."""


class TablePreview(NamedTuple):
    """The first rows of a CSV file; each cell with its class."""

    header: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[tuple[str, str]]]
    note: str


class ArtifactCell(NamedTuple):
    """One artifact as a template prints it."""

    name: str
    kind: str
    step: str
    size: str
    digest: str
    href: str | None
    """To the published file or the address."""
    place: str
    """Where it lies in the store, or the address."""
    problem: str
    preview: str
    """Which preview the template prints; empty for none."""
    value: Any
    note: str


class ArtifactSection(NamedTuple):
    """A run's artifacts: pictures as a gallery, files with a preview, and the rest as a list."""

    images: Sequence[ArtifactCell]
    previews: Sequence[ArtifactCell]
    others: Sequence[ArtifactCell]
    frames: Html | None
    """JSON island with the HTML files that page.js puts into frames."""
    number: str


def artifact_kind(name: str) -> str:
    """Tell from its ending how a file is previewed."""
    return KINDS.get(_suffix(name), OTHER)


def published_suffix(name: str) -> str | None:
    """Return the ending under which a file may be published; None if it may not."""
    suffix, kind = _suffix(name), artifact_kind(name)
    if kind == OTHER:
        return None
    return f"{suffix}.txt" if kind in TEXT_KINDS and suffix not in _PLAIN_SUFFIXES else suffix


def wanted_text_bytes(name: str) -> int:
    """Say how many bytes of a file's head its preview needs; 0 for none."""
    kind = artifact_kind(name)
    if kind in ("html", "svg", "json"):
        return MAX_WHOLE_BYTES
    return 4 * MAX_PREVIEW_CHARACTERS if kind in TEXT_KINDS else 0


def artifact_section(files: Sequence[ArtifactFile], *, page: str, store_path: str) -> ArtifactSection | None:
    """Arrange a run's artifacts; None without any."""
    if not files:
        return None
    cells = [_artifact_cell(file, page=page, store_path=store_path) for file in files]
    images = [cell for cell in cells if cell.preview == "image"]
    previews = [cell for cell in cells if cell.preview not in ("", "image")]
    others = [cell for cell in cells if not cell.preview] + images[MAX_IMAGES:] + previews[MAX_PREVIEWS:]
    shown = previews[:MAX_PREVIEWS]
    return ArtifactSection(images[:MAX_IMAGES], shown, others, _frames(shown), format_count(len(files)))


def _artifact_cell(file: ArtifactFile, *, page: str, store_path: str) -> ArtifactCell:
    artifact = file.artifact
    preview, value, note = _preview(file, page)
    return ArtifactCell(
        name=artifact.name or artifact.path or artifact.uri or "artifact",
        kind=artifact.kind or artifact_kind(artifact.path or artifact.name),
        step="" if artifact.step is None else format_step(artifact.step),
        size=format_bytes(file.size_bytes if file.size_bytes is not None else artifact.size_bytes),
        digest=file.sha256 or artifact.sha256 or "",
        href=_href(file, page),
        place=artifact.uri or f"{store_path}/{artifact.path or artifact.name}",
        problem="; ".join(filter(None, (file.problem, file.digest_problem))),
        preview=preview,
        value=value,
        note=note,
    )


def _href(file: ArtifactFile, page: str) -> str | None:
    if file.published is not None:
        return relative(file.published, page=page)
    uri = file.artifact.uri
    return uri if uri is not None and uri.lower().startswith(("http:", "https:")) and is_safe_address(uri) else None


def _preview(file: ArtifactFile, page: str) -> tuple[str, Any, str]:
    """Choose a file's preview: its name, its value, and what is not shown."""
    kind = artifact_kind(file.artifact.path or file.artifact.name)
    if file.problem is not None:
        return "", None, ""
    if file.text is not None and kind in TEXT_KINDS:
        return _text_preview(kind, file.text, file) if file.text else ("text", "", "empty file")
    if file.published is not None and kind in ("image", "audio", "video", "pdf"):
        return kind, relative(file.published, page=page), ""
    return "", None, ""


def _text_preview(kind: str, text: str, file: ArtifactFile) -> tuple[str, Any, str]:
    if kind == "svg" and file.whole:
        return "image", "data:image/svg+xml;base64," + b64encode(text.encode()).decode(), ""
    if kind == "html" and file.whole:
        return "html", inert_html(text), "without its scripts, styles and links"
    if kind == "table":
        return _table_preview(text, _delimiter(file.artifact.path or file.artifact.name, text), file.whole)
    if kind == "markdown":
        return "markdown", render_markdown(text, heading_level=4, anchor_prefix="artifact-").html, ""
    if kind == "json" and file.whole:
        return _json_preview(text)
    return _head("text", text, file.whole)


def _head(preview: str, text: str, whole: bool) -> tuple[str, str, str]:
    head = "\n".join(islice(text[:MAX_PREVIEW_CHARACTERS].splitlines(), MAX_PREVIEW_LINES))
    cut = not whole or len(text) > MAX_PREVIEW_CHARACTERS or len(text.splitlines()) > MAX_PREVIEW_LINES
    return preview, head, _head_note(head) if cut else ""


def _head_note(head: str) -> str:
    lines = head.count("\n") + 1
    if lines == 1:
        return f"the first {format_count(len(head))} characters of its first line"
    return f"the first {format_count(lines)} lines"


def _json_preview(text: str) -> tuple[str, str, str]:
    try:
        return _head("text", json.dumps(json.loads(text), indent=2, ensure_ascii=False), whole=True)
    except RecursionError:  # too deep to be set out: as it stands
        return _head("text", text, whole=True)
    except ValueError:
        preview, head, note = _head("text", text, whole=True)
        return preview, head, f"not valid JSON{', ' if note else ''}{note}"


def _table_preview(text: str, delimiter: str, whole: bool) -> tuple[str, Any, str]:
    lines = text.splitlines()
    # The last line of a head may be torn.
    rows = _rows(lines if whole else lines[:-1], delimiter)
    if len(rows) < 2:
        return _head("text", text, whole)
    total = max(len(row) for row in rows)
    width = min(total, MAX_TABLE_COLUMNS)
    header, body = _fit(rows[0], width), [_fit(row, width) for row in rows[1 : MAX_TABLE_ROWS + 1]]
    classes = ["number" if _is_numeric(row[column] for row in body) else "" for column in range(width)]
    cells = [list(zip(row, classes, strict=True)) for row in body]
    note = _table_note(len(rows) - 1, total, whole)
    return "table", TablePreview(list(zip(header, classes, strict=True)), cells, note), note


def _rows(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    try:
        return [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return []


def _fit(row: Sequence[str], width: int) -> list[str]:
    cells = [cell if len(cell) <= MAX_CELL else cell[: MAX_CELL - 1] + "…" for cell in row[:width]]
    return cells + [""] * (width - len(cells))


def _table_note(rows: int, columns: int, whole: bool) -> str:
    parts = []
    if rows > MAX_TABLE_ROWS or not whole:
        of = f" of {format_count(rows)}" if whole else ""
        parts.append("the first row" if rows == 1 else f"the first {min(rows, MAX_TABLE_ROWS)}{of} rows")
    if columns > MAX_TABLE_COLUMNS:
        parts.append(f"{MAX_TABLE_COLUMNS} of {format_count(columns)} columns")
    return ", ".join(parts)


def _is_numeric(cells: Iterable[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and all(_is_number(cell) for cell in filled)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _delimiter(name: str, text: str) -> str:
    if _suffix(name) == ".tsv":
        return "\t"
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _frames(cells: Sequence[ArtifactCell]) -> Html | None:
    frames = [cell.value for cell in cells if cell.preview == "html"]
    return Html(script_safe(frames).decode()) if frames else None


def _suffix(name: str) -> str:
    base = name.rpartition("/")[2]
    return f".{base.rpartition('.')[2].lower()}" if "." in base else ""
