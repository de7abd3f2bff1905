"""What `serve` adds to a page on its way out: script, style, and leave to listen; the file stays as it was built."""

import re
from html import escape

LIVE_FOLDER = "live/"
"""Below the site's root; no site has a folder of that name."""
EVENTS = LIVE_FOLDER + "events"
SCRIPT = LIVE_FOLDER + "live.js"
STYLE = LIVE_FOLDER + "live.css"
_POLICY = re.compile(rb"""<meta http-equiv="Content-Security-Policy" content="default-src 'none';([^">]*)">""")
_HEAD = re.compile(rb"<head[^>]*>")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
    "frame-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""What any answer may do; a page's own policy is as strict, but for listening."""


def live_page(content: bytes, *, path: str, generation: str) -> bytes:
    """Let a page listen: its script comes before all others, which change the page after it was parsed."""
    root = "../" * path.count("/")
    tags = (
        f'<link rel="stylesheet" href="{root}{STYLE}">\n'
        f'<script defer src="{root}{SCRIPT}" data-page="{escape(path)}" data-root="{root}"'
        f' data-generation="{escape(generation)}"></script>'
    ).encode()
    policy = _POLICY.search(content)
    if policy is not None:
        allowed = b"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; connect-src 'self';"
        return content[: policy.start()] + allowed + policy[1] + b'">\n' + tags + content[policy.end() :]
    head = _HEAD.search(content)
    return content if head is None else content[: head.end()] + tags + content[head.end() :]


def waiting_page(text: str, *, path: str, generation: str) -> bytes:
    """Make the page that stands until there is a site."""
    page = (
        "<!doctype html>\n"
        '<html lang="en">\n'
        '<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>Waiting for runs</title>\n</head>\n"
        '<body class="live_waiting">\n<main>\n<h1>Waiting for runs</h1>\n'
        f'<p class="live_reason">{escape(text)}</p>\n<p>This page becomes the site as soon as there is one.</p>\n'
        "</main>\n</body>\n</html>\n"
    )
    return live_page(page.encode(), path=path, generation=generation)
