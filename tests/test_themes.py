"""Themes: where templates and static files are found, how strictly they print, and what a fault says."""

import errno
import hashlib
import io
import os
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from runsite.errors import ThemeError
from runsite.themes import Theme, builtin_themes, builtin_themes_dir, content_version, escape_text

HOSTILE = "</script><b a='1' b=\"2\">&amp;"
ESCAPED = "&lt;/script&gt;&lt;b a=&#x27;1&#x27; b=&quot;2&quot;&gt;&amp;amp;"


@dataclass(frozen=True)
class SamplePage:
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    path: str = "index.html"


class Safe(str):
    def __html__(self) -> str:
        return str(self)


def make_theme(folder: Path, *, static: Mapping[str, str] | None = None, **templates: str) -> Path:
    (folder / "templates").mkdir(parents=True)
    (folder / "static").mkdir()
    (folder / "theme.toml").write_text(f'name = "{folder.name}"\n', "utf-8")
    for name, text in templates.items():
        (folder / "templates" / f"{name}.html").write_text(text, "utf-8")
    for name, text in (static or {}).items():
        (folder / "static" / name).write_text(text, "utf-8")
    return folder


def printed(folder: Path, template: str, path: str = "index.html", **context: Any) -> str:
    return Theme.load(folder).render(SamplePage(f"{template}.html", context, path)).decode()


def test_the_default_theme_is_built_in() -> None:
    assert "default" in builtin_themes()
    assert (builtin_themes_dir() / "default" / "templates" / "base.html").is_file()


@pytest.mark.parametrize("name", ["theme.toml", "templates/page.html", "static/own.css"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    folder = make_theme(tmp_path / "plain", static={"own.css": "a {}"}, page="<p>")
    file, opened = folder / name, io.open

    def refuse(path: Any, *words: Any, **keys: Any) -> Any:
        if Path(path) == file:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
        return opened(path, *words, **keys)

    monkeypatch.setattr(io, "open", refuse)  # what a Path opens files with
    monkeypatch.setattr("builtins.open", refuse)

    with pytest.raises(ThemeError) as caught:
        Theme.load(folder).digests()
    assert str(caught.value) == f"{file}: cannot be read (Permission denied); make it readable"

    if name.startswith("templates/"):
        with pytest.raises(ThemeError, match=re.escape(str(caught.value))):
            printed(folder, "page")


def test_a_text_is_escaped_in_elements_and_attributes(tmp_path: Path) -> None:
    theme = make_theme(tmp_path / "plain", page='<p title="{{ text }}">{{ text }}</p>')

    assert printed(theme, "page", text=HOSTILE) == f'<p title="{ESCAPED}">{ESCAPED}</p>'


class Shelf(dict[str, bytes]):
    """Keeps compiled templates in a dict."""

    def put(self, key: str, content: bytes) -> None:
        self[key] = content


def test_a_compiled_template_is_taken_as_long_as_its_text_is_the_same(tmp_path: Path) -> None:
    theme, kept = make_theme(tmp_path / "plain", page="<p>{{ text }}</p>"), Shelf()
    page = SamplePage("page.html", {"text": HOSTILE}, "index.html")
    first = Theme.load(theme, compiled=kept).render(page)
    (key,) = kept
    marked = kept[key].replace(b"<p>", b"<q>")

    kept[key] = marked
    again = Theme.load(theme, compiled=kept).render(page)
    (theme / "templates" / "page.html").write_text("<b>{{ text }}</b>", "utf-8")
    edited = Theme.load(theme, compiled=kept).render(page)

    assert first == f"<p>{ESCAPED}</p>".encode()
    assert again == f"<q>{ESCAPED}</p>".encode()
    assert edited == f"<b>{ESCAPED}</b>".encode()


def test_a_compiled_template_that_is_torn_is_compiled_again(tmp_path: Path) -> None:
    theme, kept = make_theme(tmp_path / "plain", page="<p>{{ text }}</p>"), Shelf()
    page = SamplePage("page.html", {"text": "x"}, "index.html")
    Theme.load(theme, compiled=kept).render(page)
    (key,) = kept

    kept[key] = b"rubbish"

    assert Theme.load(theme, compiled=kept).render(page) == b"<p>x</p>"


def test_a_text_is_escaped_in_macros_includes_loops_and_joins(tmp_path: Path) -> None:
    theme = make_theme(
        tmp_path / "plain",
        parts="{% macro cell(text) %}[{{ text }}]{% endmacro %}",
        included="({{ text }})",
        page='{% from "parts.html" import cell %}{{ cell(text) }}{% include "included.html" %}'
        '{% for each in [text] %}{{ each }}{% endfor %}{{ [text, text] | join("|") }}'
        "{% set kept %}{{ text }}{% endset %}{{ kept }}",
    )

    assert printed(theme, "page", text="<") == "[&lt;](&lt;)&lt;&lt;|&lt;&lt;"


def test_what_says_that_it_is_html_is_printed_as_it_is(tmp_path: Path) -> None:
    theme = make_theme(tmp_path / "plain", page="{{ html }}{{ number }}{{ nothing }}")

    assert printed(theme, "page", html=Safe("<b>"), number=1.5, nothing=None) == "<b>1.5None"


@pytest.mark.parametrize("value", ["plain", HOSTILE, 3, None, Safe("<i>")])
def test_escaping_is_idle_on_plain_text_and_whole_on_the_rest(value: object) -> None:
    expected = {HOSTILE: ESCAPED, "<i>": "<i>"}.get(str(value), str(value))

    assert escape_text(value) == expected


def test_an_undefined_name_is_an_error_with_file_and_line(tmp_path: Path) -> None:
    theme = make_theme(tmp_path / "plain", page="one\ntwo {{ missing }}\n")

    with pytest.raises(ThemeError, match="'missing' is undefined") as caught:
        printed(theme, "page")

    assert Path(caught.value.path) == theme / "templates" / "page.html"
    assert caught.value.line == 2


def test_a_fault_of_syntax_is_an_error_with_file_and_line(tmp_path: Path) -> None:
    theme = make_theme(tmp_path / "plain", page="one\n\n{% if %}\n")

    with pytest.raises(ThemeError) as caught:
        printed(theme, "page")

    assert (Path(caught.value.path).name, caught.value.line) == ("page.html", 3)


def test_a_fault_in_an_included_part_names_the_part(tmp_path: Path) -> None:
    theme = make_theme(tmp_path / "plain", part="\n{{ 1 / zero }}", page='a\n{% include "part.html" %}')

    with pytest.raises(ThemeError, match="ZeroDivisionError") as caught:
        printed(theme, "page", zero=0)

    assert (Path(caught.value.path).name, caught.value.line) == ("part.html", 2)


def test_a_missing_template_and_a_missing_asset_are_named(tmp_path: Path) -> None:
    theme = make_theme(tmp_path / "plain", page='{% include "gone.html" %}', link='{{ asset("gone.css") }}')

    with pytest.raises(ThemeError, match=r"page\.html:1: no template 'gone\.html'"):
        printed(theme, "page")
    with pytest.raises(ThemeError, match=r"link\.html:1: .*no static file 'gone\.css'"):
        printed(theme, "link")
    with pytest.raises(ThemeError, match=r"no template 'nowhere\.html'"):
        printed(theme, "nowhere")


def test_a_project_overrides_one_file_and_keeps_the_rest(tmp_path: Path) -> None:
    project = tmp_path / "project"
    chosen = make_theme(tmp_path / "chosen", static={"own.css": "b"}, page="chosen", other="other of chosen")
    (project / "templates").mkdir(parents=True)
    (project / "templates" / "page.html").write_text("project", "utf-8")

    theme = Theme.load(chosen, project_folder=project)

    assert theme.render(SamplePage("page.html")) == b"project"
    assert theme.render(SamplePage("other.html")) == b"other of chosen"
    assert theme.static_files["icon.svg"].source == builtin_themes_dir() / "default" / "static" / "icon.svg"
    assert theme.static_files["own.css"].source == chosen / "static" / "own.css"


def test_an_asset_is_linked_from_the_page_with_its_content_hash(tmp_path: Path) -> None:
    folder = make_theme(tmp_path / "plain", static={"own.css": "a {}"}, page='{{ root }} {{ asset("own.css") }}')
    version = content_version(b"a {}")

    assert printed(folder, "page") == f" assets/own.css?v={version}"
    assert (
        printed(folder, "page", "experiments/a/runs/b/index.html")
        == f"../../../../ ../../../../assets/own.css?v={version}"
    )


def test_assets_that_the_build_makes_are_linked_too(tmp_path: Path) -> None:
    folder = make_theme(tmp_path / "plain", page='{{ asset("vega.js") }}')

    theme = Theme.load(folder, made_assets={"vega.js": "12ab"})

    assert theme.render(SamplePage("page.html")) == b"assets/vega.js?v=12ab"


def test_an_inline_file_comes_with_the_hash_a_policy_names(tmp_path: Path) -> None:
    folder = make_theme(
        tmp_path / "plain",
        static={"x.js": "a < b;\n"},
        page='{{ inline("x.js").text }}{{ inline("x.js").csp_hash | safe }}',
    )
    digest = b64encode(hashlib.sha256(b"a < b;\n").digest()).decode()

    assert printed(folder, "page") == f"a < b;\n'sha256-{digest}'"


def declare(folder: Path, *lines: str) -> Path:
    """Add bundles to a theme: each line is one, as it stands in theme.toml."""
    with (folder / "theme.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(["[bundles]", *lines, ""]))
    return folder


def test_a_bundle_is_its_parts_in_the_listed_order(tmp_path: Path) -> None:
    folder = make_theme(tmp_path / "plain", static={"a.css": "a {}", "b.css": "b {}\n", "c.css": "c {}"})
    declare(folder, '"all.css" = ["c.css", "a.css", "b.css"]')

    bundle = Theme.load(folder).static_files["all.css"]

    assert bundle.content == b"c {}\na {}\nb {}\n"
    assert (bundle.site_path, bundle.version) == ("assets/all.css", content_version(bundle.content))


def test_a_bundle_holds_no_byte_order_marks(tmp_path: Path) -> None:
    # Notepad begins files with one; in the middle of a stylesheet it would be part of the next selector.
    folder = make_theme(tmp_path / "plain", static={"a.css": "a {}", "b.css": "\ufeffb {}"})
    declare(folder, '"all.css" = ["a.css", "b.css"]')

    assert Theme.load(folder).static_files["all.css"].content == b"a {}\nb {}"


def test_a_bundle_is_linked_like_a_file_and_its_link_changes_with_a_part(tmp_path: Path) -> None:
    folder = make_theme(tmp_path / "plain", static={"a.css": "a {}"}, page='{{ asset("all.css") }}')
    declare(folder, '"all.css" = ["a.css"]')
    before = printed(folder, "page")

    (folder / "static" / "a.css").write_text("a { color: red }", "utf-8")

    assert before == f"assets/all.css?v={content_version(b'a {}')}"
    assert printed(folder, "page") == f"assets/all.css?v={content_version(b'a { color: red }')}"


def test_a_part_is_published_by_itself_only_if_a_template_names_it(tmp_path: Path) -> None:
    static = {name: name for name in ("a.js", "b.js", "c.js", "d.js")}
    page = '{# a.js #}{{ asset("all.js") }}{% for name in ["b.js"] %}{{ asset(name) }}{% endfor %}'
    folder = make_theme(tmp_path / "plain", static=static, page=page, other="{{ asset('c.js') }}")
    declare(folder, '"all.js" = ["a.js", "b.js", "c.js"]')

    theme = Theme.load(folder)

    assert theme.static_files.keys() & {*static, "all.js"} == {"all.js", "b.js", "c.js", "d.js"}
    assert b"assets/b.js?v=" in theme.render(SamplePage("page.html"))


def test_a_template_that_is_overridden_publishes_no_part(tmp_path: Path) -> None:
    project = make_theme(tmp_path / "project", page="nothing")
    chosen = make_theme(tmp_path / "chosen", static={"a.js": "a"}, page='{{ asset("a.js") }}')
    declare(chosen, '"all.js" = ["a.js"]')

    assert "a.js" in Theme.load(chosen).static_files
    assert "a.js" not in Theme.load(chosen, project_folder=project).static_files


def test_a_part_can_still_be_put_into_a_page(tmp_path: Path) -> None:
    folder = make_theme(tmp_path / "plain", static={"a.js": "a < b"}, page="{{ inline('a' ~ '.js').text }}")
    declare(folder, '"all.js" = ["a.js"]')

    assert printed(folder, "page") == "a < b"


def test_a_part_that_a_project_overrides_takes_effect_in_the_bundle(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "static").mkdir(parents=True)
    (project / "static" / "style.css").write_text("body { color: project }", "utf-8")
    chosen = make_theme(tmp_path / "chosen", static={"charts.css": "i { color: chosen }"})
    table = (builtin_themes_dir() / "default" / "static" / "table.css").read_bytes()

    files = Theme.load(chosen, project_folder=project).static_files

    text = files["site.css"].content
    assert text.startswith(b"body { color: project }\n")
    assert text.endswith(b"\ni { color: chosen }")
    assert table in text


def test_a_theme_replaces_a_bundle_of_the_default_theme_and_keeps_the_others(tmp_path: Path) -> None:
    folder = declare(make_theme(tmp_path / "plain", static={"own.js": "own"}), '"site.js" = ["own.js"]')

    files = Theme.load(folder).static_files

    assert files["site.js"].content == b"own"
    assert files["site.css"].content == Theme.load().static_files["site.css"].content


def test_a_project_declares_bundles_without_being_a_theme(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "own.css").write_text("own", "utf-8")
    (tmp_path / "theme.toml").write_text('[bundles]\n"site.css" = ["style.css", "own.css"]\n', "utf-8")

    assert Theme.load(project_folder=tmp_path).static_files["site.css"].content.endswith(b"\nown")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('"all.css" = ["a.css", "gone.css"]', "bundle 'all.css': no static file 'gone.css'"),
        ('"all.css" = ["vega.js"]', "bundle 'all.css': no static file 'vega.js'"),
        ('"a.css" = ["b.css"]', "bundle 'a.css': .*a.css has the same name; rename one of them"),
        ('"vega.js" = ["a.css"]', "bundle 'vega.js': the build makes a file of that name; rename the bundle"),
        ('"../all.css" = ["a.css"]', r"bundle '\.\./all\.css': a bundle is named like"),
        ('"all" = ["a.css"]', "bundle 'all': a bundle is named like"),
        ('all.css = ["a.css"]', "bundle 'all' is no list of static files; write the names in quotes"),
        ('"all.css" = []', r"bundle 'all\.css' is no list of static files"),
        ('"all.css" = "a.css"', r"bundle 'all\.css' is no list of static files"),
        ('"all.css" = ["a.css", 1]', r"bundle 'all\.css' is no list of static files"),
    ],
)
def test_a_faulty_bundle_is_an_error_that_names_file_and_bundle(tmp_path: Path, line: str, problem: str) -> None:
    folder = declare(make_theme(tmp_path / "plain", static={"a.css": "", "b.css": ""}), line)

    with pytest.raises(ThemeError, match=problem) as caught:
        Theme.load(folder, made_assets={"vega.js": "12ab"})

    assert Path(caught.value.path) == folder / "theme.toml"


def test_bundles_that_are_no_table_are_refused(tmp_path: Path) -> None:
    folder = make_theme(tmp_path / "plain")
    (folder / "theme.toml").write_text('name = "plain"\nbundles = 1\n', "utf-8")

    with pytest.raises(ThemeError, match=r"theme\.toml: bundles is a table: \[bundles\]"):
        Theme.load(folder)


def test_hidden_static_files_are_not_published(tmp_path: Path) -> None:
    folder = make_theme(tmp_path / "plain", static={".secret": "", "_draft.css": "", "kept.css": ""})

    names = Theme.load(folder).static_files

    assert "kept.css" in names
    assert not [name for name in names if name.startswith((".", "_"))]


@pytest.mark.parametrize(("text", "problem"), [("name =", "not TOML"), ("other = 1", "says its name")])
def test_a_broken_theme_file_is_named(tmp_path: Path, text: str, problem: str) -> None:
    folder = make_theme(tmp_path / "broken")
    (folder / "theme.toml").write_text(text, "utf-8")

    with pytest.raises(ThemeError, match=problem):
        Theme.load(folder)


def test_an_unknown_theme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ThemeError, match="built in: default"):
        Theme.load("no-such-theme")


DEFAULT = builtin_themes_dir() / "default"
TEMPLATES = sorted(DEFAULT.glob("templates/**/*.html"))
# theme.js runs before the first pixel, 404.html carries its own two, and a picture joins with nothing.
IN_NO_BUNDLE = {"icon.svg", "theme.js", "not_found.css", "not_found.js"}


def test_every_file_of_ours_comes_in_a_bundle_or_stands_alone_for_a_reason() -> None:
    assert Theme.load().static_files.keys() - IN_NO_BUNDLE == {
        "site.css",
        "site.js",
        "site_tables.js",
        "site_charts.js",
        "site_compare.js",
        "site_relations.js",
    }


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_of_ours_is_short_and_keeps_the_policy(template: Path) -> None:
    text = template.read_text("utf-8")

    assert text.count("\n") < 80
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", text)
    assert "| safe" not in text.replace("charts.island | safe", "")
    if template.name != "not_found.html":
        assert "<style" not in text
        assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", text)
