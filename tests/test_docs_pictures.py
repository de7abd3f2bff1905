"""The pictures of the docs: what pages show exists, and `docs/make_pictures.py` makes all of it and no more."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
# A clone of the repository and a page that a phone loads: 20 pictures of 60 kB.
MAX_BYTES = 1_200_000


def shown(page: Path) -> list[Path]:
    """List the pictures that a page shows, by their files."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", text)
    return [(page.parent / link).resolve() for link in links if "://" not in link]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Load the script, which is in no package."""
    spec = importlib.util.spec_from_file_location("make_pictures", ROOT / "docs" / "make_pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pictures_that_a_page_shows_exist(page: Path) -> None:
    assert [picture.name for picture in shown(page) if not picture.is_file()] == []


def test_script_makes_the_pictures_that_pages_show_and_no_others(script: ModuleType) -> None:
    made = [script.README_PICTURE, *(script.FOLDER / f"{picture.name}.png" for picture in script.PICTURES)]

    assert sorted(made) == sorted({picture for page in PAGES for picture in shown(page)})


def test_folder_holds_the_pictures_of_the_script_alone(script: ModuleType) -> None:
    names = [f"{picture.name}.png" for picture in script.PICTURES]

    assert sorted(file.name for file in FOLDER.iterdir()) == sorted(names)


def test_pictures_are_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < MAX_BYTES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_picture_says_in_words_what_it_shows(page: Path) -> None:
    assert "![](" not in page.read_text(encoding="utf-8")
