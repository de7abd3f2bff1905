"""The script and the style that `serve` adds to pages: parts of the theme that no site that is built holds."""

from collections.abc import Iterable
from pathlib import Path

from runsite.themes import LIVE_NAME, find_files

STYLE_NAME, SCRIPT_NAME = "live.css", "live.js"


def live_files(folders: Iterable[Path]) -> dict[str, bytes]:
    """Join what lies in a theme's folders, the nearest first; live.js itself, which starts the work, stands last."""
    found = {name: file for name, file in find_files(tuple(folders), "static").items() if LIVE_NAME.fullmatch(name)}
    scripts = sorted((name for name in found if name.endswith(".js")), key=lambda name: (name == SCRIPT_NAME, name))
    styles = sorted(name for name in found if name.endswith(".css"))
    joined = {STYLE_NAME: styles, SCRIPT_NAME: scripts}
    return {name: b"\n".join(found[part].read_bytes() for part in parts) for name, parts in joined.items()}
