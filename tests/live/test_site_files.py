"""From an address to a file of the site, and to nothing else."""

import os
from pathlib import Path

import pytest

from live.served import write_site
from runsite.live.site_files import SiteFiles, site_path

OUTSIDE = (
    "../secret.txt",
    "..%2fsecret.txt",
    "..%2Fsecret.txt",
    "%2e%2e/secret.txt",
    "%2e%2e%2fsecret.txt",
    ".%2e/secret.txt",
    "..%5csecret.txt",
    "..\\secret.txt",
    "%252e%252e%252fsecret.txt",
    "..%c0%afsecret.txt",
    "%c0%ae%c0%ae/secret.txt",
    "..%00/secret.txt",
    "runs/../../secret.txt",
    "runs/%2e%2e/%2e%2e/secret.txt",
    "runs/..%2f..%2fsecret.txt",
    "./index.html",
    "runs/./index.html",
    "/etc/passwd",
    "//etc/passwd",
    "%2fetc%2fpasswd",
    "file:///etc/passwd",
    "C:/secret.txt",
    "C:%5csecret.txt",
    "index.html::$DATA",
    "index.html%00.png",
    "index.html%0d%0a",
    "unlisted.txt",
    "site-files.json",
    ".runsite/build.sqlite",
    "INDEX.HTML",
    "index.html/",
    "index.html.",
    "runs//index.html",
    "~/secret.txt",
    "\uff0e\uff0e/secret.txt",
    "%ff%fe",
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site")


@pytest.mark.parametrize("address", OUTSIDE)
def test_no_spelling_leads_to_what_the_site_does_not_list(site: Path, address: str) -> None:
    path = site_path(address)

    assert path is None or SiteFiles(site).find(path) is None


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", "index.html"),
        ("index.html", "index.html"),
        ("index.html?v=12#top", "index.html"),
        ("runs/", "runs/index.html"),
        ("experiments/odd%2D1/", "experiments/odd-1/index.html"),
        ("assets/site.js?v=abc", "assets/site.js"),
        ("site.json", "site.json"),
    ],
)
def test_pages_and_files_of_the_site_are_found(site: Path, address: str, found: str) -> None:
    path = site_path(address)

    assert path is not None
    assert SiteFiles(site).find(path) == found


def test_file_that_became_a_link_out_of_the_site_is_not_opened(site: Path, tmp_path: Path) -> None:
    (site / "assets" / "site.js").unlink()
    (site / "assets" / "site.js").symlink_to(tmp_path / "secret.txt")

    assert SiteFiles(site).open("assets/site.js") is None


def test_folder_that_became_a_link_is_not_followed(site: Path, tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "site.js").write_text("elsewhere")
    (site / "assets" / "site.js").unlink()
    (site / "assets").rmdir()
    (site / "assets").symlink_to(tmp_path / "assets")

    assert SiteFiles(site).open("assets/site.js") is None


def test_folder_in_the_place_of_a_file_is_not_opened(site: Path) -> None:
    (site / "assets" / "site.js").unlink()
    (site / "assets" / "site.js").mkdir()

    assert SiteFiles(site).open("assets/site.js") is None


def test_site_whose_folder_is_reached_through_a_link_is_served(site: Path, tmp_path: Path) -> None:
    (tmp_path / "shown").symlink_to(site)

    opened = SiteFiles(tmp_path / "shown").open("assets/site.js")

    assert opened is not None
    with opened.stream:
        assert opened.stream.read() == b"1;"


def test_list_that_names_files_outside_does_not_open_them(site: Path) -> None:
    (site / "site-files.json").write_text('["../secret.txt", "/etc/passwd", "index.html", 3]')

    assert SiteFiles(site).paths() == {"index.html", "site.json"}


@pytest.mark.parametrize("text", ["{", "5", "null", "{}", "[1, 2]"])
def test_damaged_list_names_no_file(site: Path, text: str) -> None:
    (site / "site-files.json").write_text(text)

    assert SiteFiles(site).find("index.html") is None


def test_file_that_a_build_added_is_found_at_once(site: Path) -> None:
    files = SiteFiles(site)
    assert files.find("new.html") is None

    write_site(site, {"new.html": b"new"})

    assert files.find("new.html") == "new.html"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names on Windows")
def test_pipe_in_the_place_of_a_file_is_not_waited_for(site: Path) -> None:
    (site / "assets" / "site.js").unlink()
    os.mkfifo(site / "assets" / "site.js")

    assert SiteFiles(site).open("assets/site.js") is None
