"""The colours of a site, light or dark: the custom properties of its stylesheet, as a browser would find them."""

import re
from pathlib import Path

from runsite.themes import ASSETS_FOLDER

STYLESHEET = f"{ASSETS_FOLDER}site.css"
_LIGHT = re.compile(r"(?m)^:root\s*\{([^}]*)\}")
_DARK = re.compile(r"(?m)^:root\[data-theme=[\"']?dark[\"']?\]\s*\{([^}]*)\}")
_PROPERTY = re.compile(r"(--[\w-]+)\s*:\s*([^;}]+)")


def read_look(site: Path, *, theme: str) -> list[tuple[str, str]]:
    """Return the custom properties for `light` or `dark`, as pairs."""
    file = site / STYLESHEET
    style = file.read_text(encoding="utf-8") if file.is_file() else ""
    blocks = [*_LIGHT.findall(style), *(_DARK.findall(style) if theme == "dark" else ())]
    properties = {name: value.strip() for block in blocks for name, value in _PROPERTY.findall(block)}
    return list(properties.items())
