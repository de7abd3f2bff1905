"""An HTML artifact as a preview can show it: its text, headings, lists, tables and embedded pictures, nothing else.

The frame it is shown in runs no scripts and loads nothing. Yet whatever is left in that wants to (a style, an event
handler, an address) is an error in the reader's console, for the page's Content-Security-Policy holds in the frame
too, and even in a DOMParser; so it is taken out before it reaches the browser. What stays is written anew, tag by tag.

The reading is our own because html.parser takes a time that grows with the square of hostile input: three minutes for
128 kB of "<a <a <a" in Python 3.11. This one looks at each character a fixed number of times.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple

_KEPT = frozenset(
    "abbr article aside b blockquote br caption code dd del dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 "
    "h6 header hr i ins kbd li main mark ol p pre q s samp section small span strong sub summary sup table tbody td "
    "tfoot th thead tr u ul var wbr".split()
)
_VOID = frozenset({"br", "hr", "wbr", "img"})
_RAW_TEXT = frozenset({"script", "style", "title", "textarea", "xmp", "noembed", "noframes", "iframe"})
"""Elements whose content is not markup; it is dropped with them."""
_DROPPED_WITH_CONTENT = frozenset({"template", "object", "svg", "math", "select"})
_SPANS = frozenset({"colspan", "rowspan", "start"})
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,40})")
_ATTRIBUTE = re.compile(r"""[\s/]+|([^\s"'>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?|[^>]""")
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")


class _Tag(NamedTuple):
    name: str
    is_closing: bool
    attributes: dict[str, str]


def inert_html(text: str) -> str:
    """Write an HTML document anew without anything that runs, styles or loads."""
    written: list[str] = []
    dropping = ""
    depth = 0
    for token in _tokens(text):
        if dropping:
            depth += _nesting(token, dropping)
            dropping = dropping if depth else ""
        elif isinstance(token, str):
            written.append(escape(unescape(token), quote=False))
        elif token.name in _DROPPED_WITH_CONTENT and not token.is_closing:
            dropping, depth = token.name, 1
        else:
            written.append(_print(token))
    return "".join(written)


def _tokens(text: str) -> Iterator[str | _Tag]:
    """Part a document into texts and tags; comments, declarations and raw text are passed over."""
    position = 0
    while (opening := text.find("<", position)) >= 0:
        if opening > position:
            yield text[position:opening]
        tag = _TAG.match(text, opening)
        if tag is not None:
            attributes, position = _attributes(text, tag.end())
            name = tag[2].lower()
            yield _Tag(name, bool(tag[1]), attributes)
            if name in _RAW_TEXT and not tag[1]:
                position = _after(text, re.compile(f"</{name}", re.IGNORECASE), position)
        elif text.startswith(("<!", "<?", "</"), opening):
            position = _after(text, re.compile("-->" if text.startswith("<!--", opening) else ">"), opening + 2)
        else:
            yield "<"
            position = opening + 1
    yield text[position:]


def _attributes(text: str, position: int) -> tuple[dict[str, str], int]:
    """Read attributes until the tag ends; return them and where the text goes on."""
    found: dict[str, str] = {}
    while (match := _ATTRIBUTE.match(text, position)) is not None:
        if match[1]:
            found.setdefault(match[1].lower(), unescape(_unquoted(match[2] or "")))
        position = match.end()
    return found, position + 1


def _unquoted(value: str) -> str:
    return value[1:-1] if value.startswith(("'", '"')) else value


def _after(text: str, end: re.Pattern[str], position: int) -> int:
    match = end.search(text, position)
    return len(text) if match is None else match.end() if match.group()[-1] == ">" else match.start()


def _nesting(token: str | _Tag, dropping: str) -> int:
    if isinstance(token, str) or token.name != dropping:
        return 0
    return -1 if token.is_closing else 1


def _print(tag: _Tag) -> str:
    if tag.name == "img":
        source, alt = tag.attributes.get("src", ""), escape(tag.attributes.get("alt", ""))
        return f'<img src="{source}" alt="{alt}">' if _PICTURE.fullmatch(source) else alt
    if tag.name not in _KEPT or (tag.is_closing and tag.name in _VOID):
        return ""
    return f"</{tag.name}>" if tag.is_closing else f"<{tag.name}{_spans(tag.attributes)}>"


def _spans(attributes: dict[str, str]) -> str:
    kept = ((name, value) for name, value in attributes.items() if name in _SPANS)
    return "".join(f' {name}="{value}"' for name, value in kept if value.isascii() and value.isdigit())
