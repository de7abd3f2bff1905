"""What a theme looks like: its content, whatever the times of its files say."""

import os
from pathlib import Path

import pytest

from runsite.live.look import Look
from runsite.live.place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A store with an own template and an own style."""
    for file, text in {"templates/about.html": "<p>one</p>", "static/own.css": "p { color: red; }"}.items():
        (tmp_path / "runs" / "theme" / file).parent.mkdir(parents=True)
        (tmp_path / "runs" / "theme" / file).write_text(text)
    return Place([tmp_path / "runs"], tmp_path / "site", tmp_path / ".runsite")


def test_edited_template_is_new_once_and_gives_another_digest(place: Place) -> None:
    look = Look(place)
    before = look.digest

    (place.stores[0] / "theme" / "templates" / "about.html").write_text("<p>two</p>")

    assert look.renew()
    assert look.digest != before
    assert not look.renew()


def test_edited_style_gives_another_digest_and_is_no_template(place: Place) -> None:
    look = Look(place)
    before = look.digest

    (place.stores[0] / "theme" / "static" / "own.css").write_text("p { color: tan; }")

    assert not look.renew()
    assert look.digest != before


def test_template_that_was_only_touched_is_what_it_was(place: Place) -> None:
    look = Look(place)
    before = look.digest

    os.utime(place.stores[0] / "theme" / "templates" / "about.html", (1, 1))

    assert not look.renew()
    assert look.digest == before


def test_template_that_is_removed_counts_as_another(place: Place) -> None:
    look = Look(place)

    (place.stores[0] / "theme" / "templates" / "about.html").unlink()

    assert look.renew()
