"""Markdown: what it becomes, and that nobody's text can do more than say something."""

import re

import pytest

from runsite.notes import (
    MAX_TEXT,
    DeadLink,
    is_safe_address,
    relative_targets,
    render_markdown,
    split_first_paragraph,
    split_title,
)

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](javascript&#58;alert(1))",
    "[a](java&#10;script:alert(1))",
    "[a](\tjavascript:alert(1))",
    "[a](<javascript:alert(1)>)",
    "<javascript:alert(1)>",
    "[a](vbscript:x)",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](file:///etc/passwd)",
    "[a](//evil.example/x)",
    "[a](\\\\evil.example\\x)",
    "[a](/\\evil.example)",
    "[a](http:javascript:alert(1))",
    "![a](javascript:alert(1))",
    "![a](data:image/svg+xml;base64,PHN2Zz4=)",
    "![a](https://evil.example/pixel.png)",
    '![x" onerror="alert(1)](a.png "t\\" onload=\\"alert(2)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    '```x" onclick="alert(1)\n<b>\n```',
    "[a]: javascript:alert(1)\n\n[a]",
    "| <b> | a |\n|:--|--:|\n| <script> | 2 |",
    "# <b onclick=alert(1)>\n",
    "<!-- --><a href='javascript:alert(1)'>x</a>",
    "a\n<style>*{display:none}</style>",
)


FORBIDDEN = re.compile(r"<(script|style|svg|iframe|object|embed|base|meta|link)", re.IGNORECASE)
DEEP = ("> " * 5000 + "x", "- " * 5000 + "x", "[" * 5000, "*a " * 5000, "`" * 5000, "|a" * 2000)


def html(text: str, **options: object) -> str:
    return str(render_markdown(text, **options).html)  # type: ignore[arg-type]  # options of several types


def resolve_png(target: str) -> str | None:
    return f"../site/{target}" if target.endswith((".png", ".html", ".svg.txt")) else None


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_runs_loads_or_styles(text: str) -> None:
    made = html(text, resolve=resolve_png)

    tags = re.findall(r"<[^>]*>", made)
    assert not [tag for tag in tags if FORBIDDEN.match(tag)]
    assert not [tag for tag in tags if re.search(r"""\son\w+=|\sstyle=""", re.sub(r'"[^"]*"', '""', tag))]
    addresses = re.findall(r'(?:href|src)="([^"]*)"', made)
    assert not [a for a in addresses if not a.startswith(("https://", "http://", "mailto:", "#", "../site/"))]
    assert not [a for a in re.findall(r'src="([^"]*)"', made) if not a.startswith("../site/")]


def test_tables_strikethrough_and_code_are_kept() -> None:
    made = html("~~old~~ `x`\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```python extra\nx < 1\n```")

    assert "<s>old</s> <code>x</code>" in made
    assert '<th class="right">b</th>' in made
    assert '<pre tabindex="0"><code class="language-python">x &lt; 1\n</code></pre>' in made


def test_an_empty_corner_of_a_table_is_no_header() -> None:
    made = html("|  | b |\n|---|---|\n| 1 | 2 |")

    assert "<td></td>" in made
    assert "<th>b</th>" in made


def test_headings_are_levelled_by_what_they_stand_under() -> None:
    note = render_markdown("## A\n\n#### B\n\n## C\n\n# D", heading_level=3)

    assert re.findall(r"<(h\d) id=\"([^\"]*)\"", note.html) == [
        ("h3", "text-a"),
        ("h4", "text-b"),
        ("h3", "text-c"),
        ("h3", "text-d"),
    ]


def test_equal_headings_get_different_anchors() -> None:
    note = render_markdown("# Été 1\n\n# Été 1\n\n# !", anchor_prefix="note-1-")

    assert [heading.anchor for heading in note.headings] == ["note-1-été-1", "note-1-été-1-2", "note-1-section"]


def test_a_link_to_a_heading_of_the_text_holds() -> None:
    note = render_markdown("# Über alles\n\n[there](#über-alles) [gone](#nowhere)")

    assert 'href="#text-über-alles"' in note.html
    assert note.dead_links == (DeadLink("#nowhere", "No such heading"),)


def test_a_link_into_the_store_goes_where_the_resolver_says() -> None:
    made = html(
        "[a run](../digits/a%20run/) [away](https://example.org/?a=1&b=2)", resolve={"../digits/a run/": "r.html"}.get
    )

    assert '<a href="r.html">a run</a>' in made
    assert '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">away</a>' in made


def test_a_dead_link_is_its_text_with_the_reason_and_is_told() -> None:
    note = render_markdown("[the *plot*](plot.png) ![chart](c.gif)")

    assert '<span class="dead_link" title="Not found in this store: plot.png">the <em>plot</em></span>' in note.html
    assert 'title="Not found in this store: c.gif">chart</span>' in note.html
    assert [link.target for link in note.dead_links] == ["plot.png", "c.gif"]


def test_a_picture_alone_is_a_figure_with_its_caption() -> None:
    made = html('![alt](a.png "Caption")\n\n![only](b.png)\n\ntext ![in](c.png) text', resolve=resolve_png)

    assert '<img src="../site/a.png" alt="alt" loading="lazy"><span class="caption">Caption</span>' in made
    assert '<img src="../site/b.png" alt="" loading="lazy"><span class="caption">only</span>' in made
    assert '<p>text <img src="../site/c.png" alt="in" loading="lazy"> text</p>' in made


def test_what_is_no_picture_becomes_a_link() -> None:
    made = html("![drawing](d.svg.txt) ![far](https://example.org/x.png)", resolve=resolve_png)

    assert "<img" not in made
    assert '<a href="../site/d.svg.txt" rel="noopener noreferrer">drawing</a>' in made
    assert '<a href="https://example.org/x.png" rel="noopener noreferrer">far</a>' in made


def test_a_text_beyond_all_measure_is_cut_and_says_so() -> None:
    assert "Cut after 200,000 characters" in html("a " * MAX_TEXT)


@pytest.mark.parametrize("text", DEEP, ids=lambda text: text[:3])
def test_deep_nesting_neither_fails_nor_hangs(text: str) -> None:
    assert html(text) is not None


def test_the_title_is_taken_off_a_text() -> None:
    assert split_title("\ufeff# A title #\r\n\nBody") == ("A title", "Body")
    assert split_title("Body\n# not first") == (None, "Body\n# not first")
    assert split_title("#") == (None, "#")


def test_the_first_paragraph_is_parted_from_the_rest() -> None:
    assert split_first_paragraph("One\ntwo\n\nThree") == ("One\ntwo", "Three")
    assert split_first_paragraph("- list\n\nThree") == ("", "- list\n\nThree")
    assert split_first_paragraph("") == ("", "")


def test_targets_in_the_store_are_listed_once() -> None:
    text = "![a](b%20c.png) [x](b%20c.png) [y](https://e.org) [z](#there) [w](../r/)"

    assert relative_targets(text) == ("b c.png", "../r/")


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.org", True),
        ("mailto:a@example.org", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("https://exa\nmple.org", False),
        ("data:text/html,x", False),
        ("relative/path", False),
        ("//example.org", False),
        ("http://[broken", False),
        ("", False),
    ],
)
def test_addresses_are_judged_by_their_scheme(address: str, safe: bool) -> None:
    assert is_safe_address(address) is safe
