"""Open a site in the browser; apart, because it brings subprocess, and few builds are opened."""

import webbrowser
from pathlib import Path


def open_page(page: Path) -> None:
    """Open a page of a site."""
    webbrowser.open(page.absolute().as_uri())
