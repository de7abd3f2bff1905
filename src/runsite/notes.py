"""Markdown that strangers wrote, as HTML that can do no harm; the home of markdown-it-py.

CommonMark with tables and strikethrough. Raw HTML is text. A link goes to http, https or mailto, to a heading of the
same text, or to what the caller's resolver makes of it (a page or a published file of this site); anything else, a
dead link or `javascript:`, is printed as its text with a title that says why, and is told to the caller. Pictures come
only from the site itself: one from another host would be a request to it, and is a link instead. Nothing carries a
style attribute, because the pages' Content-Security-Policy has no room for one. Ids of headings have a prefix, so
that no text can take the place of an element our scripts look for.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:  # markdown-it-py takes 0.05 s to import; most runs have no notes
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Resolver = Callable[[str], str | None]
"""From a link's target as written to an address for the page, or None when nothing answers to it."""

SAFE_SCHEMES = ("http", "https", "mailto")
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp")
# A long report is 50 kB; beyond this the text is a log in the wrong place, and parsing it takes seconds.
MAX_TEXT = 200_000
# Deeper quotes and lists than anyone reads; bounds the parser's recursion.
MAX_NESTING = 40
MAX_HEADING_LEVEL = 6
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
_ALIGNED = re.compile(r"text-align:(left|center|right)")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")


class Html(str):
    """Text that is HTML already: templates print it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of a text, for a list of contents."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class DeadLink:
    """A link that could not be kept, and why."""

    target: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """A Markdown text as HTML, and what was found on the way."""

    html: Html
    headings: tuple[Heading, ...] = ()
    dead_links: tuple[DeadLink, ...] = ()


def render_markdown(
    text: str, *, resolve: Resolver | None = None, heading_level: int = 3, anchor_prefix: str = "text-"
) -> Note:
    """Turn Markdown into safe HTML whose `#` headings have the given level."""
    shown = text[:MAX_TEXT]
    tokens = _parser().parse(shown)
    walk = _Walk(resolve or _resolve_nothing, heading_level, anchor_prefix, _headings(tokens, anchor_prefix))
    walk.rewrite(tokens)
    _rewrite_empty_headers(tokens)
    html = _parser().renderer.render(tokens, _parser().options, {})
    cut = f'<p class="muted">Cut after {MAX_TEXT:,} characters.</p>\n' if len(shown) < len(text) else ""
    return Note(Html(html + cut), tuple(walk.headings), tuple(walk.dead_links))


def split_title(text: str) -> tuple[str | None, str]:
    """Take a leading `# title` off a text."""
    first, _, rest = text.lstrip("\ufeff\r\n ").partition("\n")
    if first.startswith("# ") and first[2:].strip(" #\r"):
        return first[2:].strip(" #\r"), rest.strip("\n")
    return None, text


def split_first_paragraph(text: str) -> tuple[str, str]:
    """Part a text into its first paragraph, empty if it begins with something else, and the rest."""
    tokens = _parser().parse(text[:MAX_TEXT])
    if not tokens or tokens[0].type != "paragraph_open" or tokens[0].map is None:
        return "", text
    lines = text.splitlines(keepends=True)
    end = tokens[0].map[1]
    return "".join(lines[:end]).strip(), "".join(lines[end:]).strip()


def relative_targets(text: str) -> tuple[str, ...]:
    """List what a text links to inside its store, in order: the files a build may have to publish for it."""
    tokens = _parser().parse(text[:MAX_TEXT])
    targets = (_target(token) for token in _inline_tokens(tokens))
    return tuple(dict.fromkeys(unquote(t) for t in targets if t and not t.startswith("#") and not _is_absolute(t)))


def is_safe_address(address: str) -> bool:
    """Tell whether an address that a stranger wrote may stand in a link."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    has_place = bool(parts.path if parts.scheme.lower() == "mailto" else parts.netloc)
    return parts.scheme.lower() in SAFE_SCHEMES and has_place and not _CONTROL.search(address)


class _Walk:
    """One pass over a text's tokens that puts our addresses, levels and classes in."""

    def __init__(self, resolve: Resolver, level: int, prefix: str, headings: list[Heading]) -> None:
        self.resolve, self.shift, self.prefix = resolve, level - 1, prefix
        self.headings = headings
        self.dead_links: list[DeadLink] = []
        self._anchors = {heading.anchor for heading in headings}

    def rewrite(self, tokens: Sequence["Token"]) -> None:
        anchors = iter(self.headings)
        for token in tokens:
            if token.type == "heading_open":
                heading = next(anchors)
                token.tag = self._tag(heading.level)
                token.attrs["id"] = heading.anchor
            elif token.type == "heading_close":
                token.tag = self._tag(heading.level)
            elif token.type == "inline":
                self._rewrite_inline(token.children or [])
            else:
                _rewrite_block(token)

    def _tag(self, level: int) -> str:
        return f"h{min(level + self.shift, MAX_HEADING_LEVEL)}"

    def _rewrite_inline(self, children: list["Token"]) -> None:
        open_links: list[bool] = []
        for child in children:
            if child.type == "link_open":
                open_links.append(self._rewrite_link(child))
            elif child.type == "link_close" and open_links and not open_links.pop():
                child.tag = "span"
            elif child.type == "image":
                self._rewrite_image(child)

    def _rewrite_link(self, token: "Token") -> bool:
        target = str(token.attrs.get("href", ""))
        address, reason = self._address(target)
        if address is not None:
            token.attrs["href"] = address
            if _is_absolute(address):
                token.attrs["rel"] = "noopener noreferrer"
            return True
        self.dead_links.append(DeadLink(target, reason))
        token.tag, token.attrs = "span", {"class": "dead_link", "title": f"{reason}: {target}"}
        return False

    def _address(self, target: str) -> tuple[str | None, str]:
        if target.startswith("#"):
            anchor = self.prefix + unquote(target.removeprefix("#")).removeprefix(self.prefix)
            return ("#" + anchor, "") if anchor in self._anchors else (None, "No such heading")
        if _is_absolute(target):
            return (target, "") if is_safe_address(target) else (None, "Not a web address")
        resolved = self.resolve(unquote(target))
        return (resolved, "") if resolved is not None else (None, "Not found in this store")

    def _rewrite_image(self, token: "Token") -> None:
        target = str(token.attrs.get("src", ""))
        address, reason = self._address(target)
        token.attrs["alt"] = "".join(child.content for child in token.children or [])
        if address is None:
            self.dead_links.append(DeadLink(target, reason))
            token.attrs = {"alt": token.attrs["alt"], "title": f"{reason}: {target}"}
        elif not is_picture(address):
            token.attrs = {"alt": token.attrs["alt"], "href": address}
        else:
            token.attrs["src"] = address


def is_picture(address: str) -> bool:
    """Tell whether a page may show this address as a picture: a file of the site, or an SVG we made inert."""
    if address.startswith("data:image/svg+xml;base64,"):
        return True
    return not _is_absolute(address) and address.partition("?")[0].lower().endswith(PICTURE_SUFFIXES)


@cache
def _parser() -> "MarkdownIt":
    # A constant made late: it holds rules and no text.
    from markdown_it import MarkdownIt  # heavy, see the top

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    parser.enable(["table", "strikethrough"])
    parser.validateLink = _accept_link  # type: ignore[method-assign]  # _Walk judges every link, with a reason
    parser.add_render_rule("image", _print_image)
    parser.add_render_rule("fence", _print_code)
    parser.add_render_rule("code_block", _print_code)
    parser.add_render_rule("table_open", _print_table_open)
    parser.add_render_rule("table_close", _print_table_close)
    return parser


def _print_image(_renderer: object, tokens: Sequence["Token"], index: int, _options: object, _env: object) -> str:
    from markdown_it.common.utils import escapeHtml  # heavy, see the top

    attrs = {name: escapeHtml(str(value)) for name, value in tokens[index].attrs.items()}
    alt = attrs["alt"]
    if "href" in attrs:
        return f'<a href="{attrs["href"]}" rel="noopener noreferrer">{alt or attrs["href"]}</a>'
    if "src" not in attrs:
        return f'<span class="dead_link" title="{attrs["title"]}">{alt or attrs["title"]}</span>'
    caption = attrs.get("title") or alt
    if len(tokens) > 1 or not caption:
        return f'<img src="{attrs["src"]}" alt="{alt}" loading="lazy">'
    # Spans, because the paragraph around them cannot hold a figure. A caption that is the alt text is not said twice.
    own_alt = "" if alt == caption else alt
    picture = f'<img src="{attrs["src"]}" alt="{own_alt}" loading="lazy">'
    return f'<span class="figure">{picture}<span class="caption">{caption}</span></span>'


def _print_code(_renderer: object, tokens: Sequence["Token"], index: int, _options: object, _env: object) -> str:
    from markdown_it.common.utils import escapeHtml  # heavy, see the top

    language = _LANGUAGE.match(tokens[index].info)
    class_ = f' class="language-{language.group()}"' if language else ""
    return f'<pre tabindex="0"><code{class_}>{escapeHtml(tokens[index].content)}</code></pre>\n'


def _print_table_open(*_: object) -> str:
    return '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>\n'


def _print_table_close(*_: object) -> str:
    return "</table></div>\n"


def _accept_link(url: str) -> bool:
    return isinstance(url, str)


def _rewrite_block(token: "Token") -> None:
    if token.type in ("th_open", "td_open") and "style" in token.attrs:
        aligned = _ALIGNED.match(str(token.attrs.pop("style")))
        token.attrs["class"] = aligned.group(1) if aligned else "left"


def _rewrite_empty_headers(tokens: Sequence["Token"]) -> None:
    """Make the empty corner of a table an ordinary cell: a header that says nothing confuses screen readers."""
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "th_open" and not inline.content:
            opening.tag = closing.tag = "td"


def _headings(tokens: Sequence["Token"], prefix: str) -> list[Heading]:
    found: list[Heading] = []
    taken: dict[str, int] = {}
    outer: list[int] = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            text = _plain_text(inline)
            slug = _slug(text)
            taken[slug] = taken.get(slug, 0) + 1
            anchor = f"{prefix}{slug}" + (f"-{taken[slug]}" if taken[slug] > 1 else "")
            found.append(Heading(_nested_level(int(opening.tag[1]), outer), text, anchor))
    return found


def _nested_level(written: int, outer: list[int]) -> int:
    """Level a heading by what it stands under, so that none is left out: screen readers stumble over a gap."""
    while outer and outer[-1] >= written:
        outer.pop()
    outer.append(written)
    return len(outer)


def _plain_text(inline: "Token") -> str:
    return "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline"))


def _slug(text: str) -> str:
    """Make an anchor as the hosts of Markdown do: lower case, letters and digits of any script, dashes."""
    words = re.sub(r"[^\w\- ]", "", unicodedata.normalize("NFC", text).lower()).strip()
    return re.sub(r"[\s_]+", "-", words)[:60] or "section"


def _inline_tokens(tokens: Sequence["Token"]) -> Iterator["Token"]:
    for token in tokens:
        yield from token.children or []


def _target(token: "Token") -> str:
    return str(token.attrs.get("href") or token.attrs.get("src") or "") if token.type in ("link_open", "image") else ""


def _is_absolute(target: str) -> bool:
    """Tell an address of its own from a path: a scheme, or a host as in //example.org and its backslash forms."""
    return bool(_SCHEME.match(target)) or target.replace("\\", "/").startswith("//")


def _resolve_nothing(_: str) -> None:
    return None
