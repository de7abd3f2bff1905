"""Artifacts on a page: which preview each kind gets, and what is never published."""

import json
from base64 import b64decode
from typing import Any

import pytest

from runsite.model import Artifact
from runsite.pages.artifacts import (
    MAX_IMAGES,
    MAX_PREVIEWS,
    ArtifactCell,
    ArtifactFile,
    ArtifactSection,
    artifact_kind,
    artifact_section,
    published_suffix,
    wanted_text_bytes,
)

PAGE = "experiments/e/runs/r/index.html"


def file(name: str, text: str | None = None, **facts: Any) -> ArtifactFile:
    return ArtifactFile(Artifact(name, f"artifacts/{name}"), text=text, **facts)


def section(*files: ArtifactFile) -> ArtifactSection:
    made = artifact_section(files, page=PAGE, store_path="e/r")
    assert made is not None
    return made


def preview(name: str, text: str, **facts: Any) -> ArtifactCell:
    made = section(file(name, text, **facts))
    return [*made.images, *made.previews, *made.others][0]


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.png", ".png"),
        ("A.PNG", ".png"),
        ("a.html", ".html.txt"),
        ("a.svg", ".svg.txt"),
        ("a.xml", ".xml.txt"),
        ("a.js", ".js.txt"),
        ("a.mjs", ".mjs.txt"),
        ("a.css", ".css.txt"),
        ("a.py", ".py.txt"),
        ("a.csv", ".csv"),
        ("a.json", ".json"),
        ("a.md", ".md"),
        ("a.pdf", ".pdf"),
        ("a.wasm", None),
        ("a.exe", None),
        ("a.swf", None),
        ("a.hta", None),
        ("noext", None),
        ("dir.html/noext", None),
        ("a.html.", None),
    ],
)
def test_nothing_executable_keeps_its_ending(name: str, suffix: str | None) -> None:
    assert published_suffix(name) == suffix


def test_heads_are_wanted_of_text_alone() -> None:
    assert wanted_text_bytes("a.csv") > 0
    assert wanted_text_bytes("a.png") == 0
    assert artifact_kind("weights.npz") == "other"


def test_a_picture_is_shown_from_the_site() -> None:
    cell = section(file("a.png", published="artifacts/ab/cd.png")).images[0]

    assert (cell.preview, cell.value) == ("image", "../../../../artifacts/ab/cd.png")


def test_svg_is_shown_as_an_inert_image() -> None:
    drawing = "<svg><script>alert(1)</script></svg>"

    cell = preview("a.svg", drawing, published="artifacts/ab/cd.svg.txt")

    head, _, data = str(cell.value).partition(",")
    assert head == "data:image/svg+xml;base64"
    assert b64decode(data).decode() == drawing


def test_html_is_handed_over_in_an_island_that_cannot_be_left() -> None:
    made = section(file("a.html", "<p>1 </script><script>alert(1)</script> 2</p>"))

    assert made.frames is not None
    assert "<" not in made.frames
    assert json.loads(made.frames) == ["<p>1  2</p>"]


def test_a_large_html_file_is_shown_as_its_source() -> None:
    assert preview("a.html", "<h1>", whole=False).preview == "text"


def test_csv_becomes_a_table_with_numbers_to_the_right() -> None:
    rows = "".join(f"{number},{number / 7},x\n" for number in range(120))

    cell = preview("a.csv", f"id,share,name\n{rows}")

    assert (cell.preview, cell.note) == ("table", "the first 50 of 120 rows")
    assert list(cell.value.header) == [("id", "number"), ("share", "number"), ("name", "")]
    assert len(cell.value.rows) == 50


def test_a_torn_last_line_of_a_cut_table_is_left_out() -> None:
    cell = preview("a.csv", "a,b\n1,2\n3,4\n5", whole=False)

    assert [[text for text, _ in row] for row in cell.value.rows] == [["1", "2"], ["3", "4"]]
    assert cell.note == "the first 2 rows"


def test_semicolons_tabs_and_ragged_rows_are_read() -> None:
    assert [text for text, _ in preview("a.csv", "a;b\n1;2").value.header] == ["a", "b"]
    assert [text for text, _ in preview("a.tsv", "a\tb\n1\t2\t3").value.header] == ["a", "b", ""]


def test_a_wide_table_is_cut_and_says_so() -> None:
    line = ",".join(map(str, range(30)))

    cell = preview("a.csv", f"{line}\n{line}")

    assert (len(cell.value.header), cell.note) == (20, "20 of 30 columns")


def test_json_is_set_out_and_broken_or_deep_json_stands_as_it_is() -> None:
    assert preview("a.json", '{"a":[1,2]}').value.splitlines()[1] == '  "a": ['
    broken = preview("a.json", "{broken")
    assert (broken.value, broken.note) == ("{broken", "not valid JSON")
    assert preview("a.json", "[" * 9000).value.startswith("[[[")


def test_json_in_one_line_is_set_out_and_said_to_be_cut() -> None:
    text = json.dumps(list(range(15_000)))

    whole, head = preview("a.json", text), preview("a.json", text, whole=False)

    assert (whole.value.splitlines()[:2], whole.note) == (["[", "  0,"], "the first 200 lines")
    assert (len(head.value), head.note) == (20_000, "the first 20,000 characters of its first line")
    assert wanted_text_bytes("a.json") > len(text)


@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.csv", "a.html", "a.svg", "a.md"])
def test_an_empty_file_is_said_to_be_empty(name: str) -> None:
    cell = preview(name, "")

    assert (cell.preview, cell.value, cell.note) == ("text", "", "empty file")


def test_one_row_of_a_cut_table_is_one_row() -> None:
    assert preview("a.csv", "a,b\n1,2\n3", whole=False).note == "the first row"


def test_a_long_log_is_cut_and_says_so() -> None:
    cell = preview("a.log", "line\n" * 5000)

    assert (cell.value.count("\n"), cell.note) == (199, "the first 200 lines")


def test_what_is_not_published_says_why_and_where_it_lies() -> None:
    cell = section(file("w.bin", problem="larger than 10 MB", size_bytes=20_000_000, sha256="ab" * 32)).others[0]

    assert (cell.problem, cell.place, cell.size) == ("larger than 10 MB", "e/r/artifacts/w.bin", "20 MB")
    assert (cell.href, cell.digest) == (None, "ab" * 32)


@pytest.mark.parametrize(
    ("uri", "linked"),
    [("https://e.org/x", True), ("javascript:alert(1)", False), ("s3://bucket/x", False), ("mailto:a@e.org", False)],
)
def test_addresses_are_links_only_on_the_web(uri: str, linked: bool) -> None:
    cell = section(ArtifactFile(Artifact("x", uri=uri))).others[0]

    assert cell.href == (uri if linked else None)
    assert cell.place == uri


def test_a_thousand_pictures_do_not_make_a_thousand_previews() -> None:
    pictures = [file(f"{number}.png", published=f"artifacts/{number}.png") for number in range(100)]
    texts = [file(f"{number}.txt", "x") for number in range(100)]

    made = section(*pictures, *texts)

    assert (len(made.images), len(made.previews)) == (MAX_IMAGES, MAX_PREVIEWS)
    assert len(made.images) + len(made.previews) + len(made.others) == 200


def test_no_artifacts_make_no_section() -> None:
    assert artifact_section((), page=PAGE, store_path="e/r") is None
