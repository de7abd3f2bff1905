"""A site folder is replaced whole or not at all, and nothing in it is touched that runsite did not write."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from runsite.errors import OutputError
from runsite.site.writer import SiteWriter
from runsite.site.written import Written
from support import folder_bytes

SITE = {"index.html": b"<p>1", "about.html": b"<p>a", "experiments/a/index.html": b"<p>e", "assets/x.js": b"x()"}
needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights that Windows users lack")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX means")


def write(folder: Path, files: Mapping[str, bytes] = SITE) -> Written:
    with SiteWriter(folder) as site:
        for path, content in files.items():
            site.stage(path, content)
        return site.finish({"counts": {"runs": 1}})


def site_json(folder: Path) -> dict[str, object]:
    document = json.loads((folder / "site.json").read_bytes())
    assert isinstance(document, dict)
    return document


def test_a_site_is_written_with_its_list_and_its_facts(tmp_path: Path) -> None:
    written = write(tmp_path / "site")

    found = folder_bytes(tmp_path / "site")
    assert {path: found[path] for path in SITE} == SITE
    assert sorted(found) == sorted([*SITE, "site.json", "site-files.json"])
    assert (written.written, written.kept, written.removed) == (sorted(SITE), [], [])
    assert json.loads(found["site-files.json"]) == sorted(SITE)
    assert site_json(tmp_path / "site")["building"] is False


def test_building_again_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path / "site")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*.html")}

    written = write(tmp_path / "site")

    assert (written.written, written.kept, written.removed) == ([], sorted(SITE), [])
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*.html")} == before


def test_what_changed_is_written_and_what_went_is_removed_with_its_empty_folders(tmp_path: Path) -> None:
    write(tmp_path / "site", {**SITE, "experiments/old/runs/r/index.html": b"old"})

    written = write(tmp_path / "site", {**SITE, "index.html": b"<p>2"})

    assert (written.written, written.removed) == (["index.html"], ["experiments/old/runs/r/index.html"])
    assert not (tmp_path / "site" / "experiments" / "old").exists()


def test_incremental_and_clean_builds_end_with_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "site", {"index.html": b"old", "gone/x.js": b"old"})
    write(tmp_path / "site")
    write(tmp_path / "clean")

    assert folder_bytes(tmp_path / "site") == folder_bytes(tmp_path / "clean")


def test_the_same_file_may_be_staged_twice_but_not_with_two_contents(tmp_path: Path) -> None:
    with SiteWriter(tmp_path / "site") as site:
        site.stage("a", b"1")
        site.stage("a", b"1")
        with pytest.raises(AssertionError, match="two different files were planned for a"):
            site.stage("a", b"2")


def test_file_that_a_killed_build_listed_and_did_not_put_into_place_is_there_before_what_links_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = "experiments/a/runs/r/index.html"
    write(tmp_path / "site", {**SITE, new: b"<p>r"})
    (tmp_path / "site" / new).unlink()
    replace, moved = os.replace, []

    def note(source: str, target: str) -> None:
        replace(source, target)
        moved.append(Path(target).relative_to(tmp_path / "site").as_posix())

    monkeypatch.setattr(os, "replace", note)

    write(tmp_path / "site", {**SITE, "experiments/a/index.html": b"<p>e, r", new: b"<p>r"})

    assert [path for path in moved if path.endswith(".html")] == [new, "experiments/a/index.html"]


def test_page_that_is_removed_goes_before_what_it_links_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = {"artifacts/a.txt": b"a", "experiments/old/index.html": b"e", "experiments/old/runs/r/index.html": b"r"}
    write(tmp_path / "site", {**SITE, **gone})
    unlink, removed = Path.unlink, []

    def note(path: Path, missing_ok: bool = False) -> None:
        unlink(path, missing_ok)
        removed.append(path.relative_to(tmp_path / "site").as_posix())

    monkeypatch.setattr(Path, "unlink", note)

    write(tmp_path / "site")

    assert [path for path in removed if path in gone] == [
        "experiments/old/index.html",
        "experiments/old/runs/r/index.html",
        "artifacts/a.txt",
    ]


def test_a_folder_that_is_not_ours_is_refused_untouched(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    for name, text in {"thesis.tex": "x", "site.json": '{"generator": "other"}'}.items():
        (folder / name).write_text(text)
    before = folder_bytes(folder)

    with pytest.raises(OutputError, match="is not empty and was not written by runsite; use -o"):
        write(folder)

    assert folder_bytes(folder) == before


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7", '"runsite"'])
def test_a_site_file_that_is_not_ours_makes_no_folder_ours(tmp_path: Path, text: str) -> None:
    (tmp_path / "site.json").write_text(text)

    with pytest.raises(OutputError, match="was not written by runsite"):
        write(tmp_path)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine")

    with pytest.raises(OutputError, match="is a file, not a folder"):
        write(tmp_path / "site")

    assert (tmp_path / "site").read_text() == "mine"


def test_a_users_own_file_in_our_folder_is_kept(tmp_path: Path) -> None:
    write(tmp_path / "site", {**SITE, "experiments/old/index.html": b"old"})
    for path in ("CNAME", "experiments/old/mine.txt", "assets/mine.js"):
        (tmp_path / "site" / path).write_text("mine")

    write(tmp_path / "site")

    assert (tmp_path / "site" / "experiments" / "old" / "mine.txt").read_text() == "mine"
    assert (tmp_path / "site" / "CNAME").read_text() == (tmp_path / "site" / "assets" / "mine.js").read_text() == "mine"


@pytest.mark.parametrize("in_the_way", ["models/index.html", "models", "models/index.html/x"])
def test_a_users_file_where_a_page_belongs_is_refused_and_the_old_site_stays(tmp_path: Path, in_the_way: str) -> None:
    site = tmp_path / "site"
    write(site)
    (site / in_the_way).parent.mkdir(parents=True, exist_ok=True)
    (site / in_the_way).write_text("mine")
    before = folder_bytes(site)

    with pytest.raises(OutputError, match=r"models.*: was not written by runsite; move it away or use -o"):
        write(site, {**SITE, "index.html": b"new", "models/index.html": b"new"})

    assert folder_bytes(site) == before


def test_a_folder_somebody_made_in_the_place_of_our_page_is_refused_before_anything_moves(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(site)
    (site / "about.html").unlink()
    (site / "about.html").mkdir()
    before = folder_bytes(site)

    with pytest.raises(OutputError, match=r"about\.html: was not written by runsite"):
        write(site, {**SITE, "assets/x.js": b"new()"})

    assert folder_bytes(site) == before


@pytest.mark.parametrize("text", ["", "{", "{}", "7", "null", '[7, null, ["a"]]'])
def test_a_damaged_list_deletes_nothing(tmp_path: Path, text: str) -> None:
    site = tmp_path / "site"
    write(site, {**SITE, "old.html": b"old"})
    (site / "site-files.json").write_text(text)

    write(site)

    assert (site / "old.html").exists()


@pytest.mark.parametrize("path", ["../mine", "/etc/mine", "a/../../mine", "", "C:mine", "a\\..\\mine", "\0"])
def test_a_list_that_names_what_is_not_ours_deletes_none_of_it(tmp_path: Path, path: str) -> None:
    site = tmp_path / "site"
    write(site)
    (tmp_path / "mine").write_text("mine")
    (site / "site-files.json").write_text(json.dumps([*sorted(SITE), path]))

    written = write(site)

    assert (tmp_path / "mine").read_text() == "mine"
    assert written.removed == []


@needs_links
def test_nothing_is_written_or_deleted_through_a_link(tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    write(site, {**SITE, "old/page.html": b"old"})
    elsewhere.mkdir()
    (elsewhere / "page.html").write_text("mine")
    (site / "old" / "page.html").unlink()
    (site / "old").rmdir()
    (site / "old").symlink_to(elsewhere)
    (site / "linked").symlink_to(elsewhere)

    with pytest.raises(OutputError, match="linked: was not written by runsite"):
        write(site, {**SITE, "linked/new.html": b"new"})
    write(site)

    assert folder_bytes(elsewhere) == {"page.html": b"mine"}


@needs_links
@pytest.mark.parametrize("name", ["new.html", "site.json.tmp", "site-files.json.tmp", "runsite-staging"])
def test_a_link_in_the_place_of_a_new_file_is_refused_and_its_target_kept(tmp_path: Path, name: str) -> None:
    site = tmp_path / "site"
    write(site)
    (tmp_path / "target").mkdir() if name == "runsite-staging" else (tmp_path / "target").write_text("mine")
    (site / name).symlink_to("../target")

    with pytest.raises(OutputError):
        write(site, {**SITE, "new.html": b"new"})

    assert (tmp_path / "target").is_dir() or (tmp_path / "target").read_text() == "mine"
    assert site_json(site)["building"] is False


@needs_links
def test_a_link_to_the_output_folder_is_the_users_choice(tmp_path: Path) -> None:
    (tmp_path / "big disk").mkdir()
    (tmp_path / "site").symlink_to("big disk")

    write(tmp_path / "site")

    assert (tmp_path / "big disk" / "index.html").exists()


@needs_posix
def test_a_pipe_in_the_place_of_an_empty_file_does_not_hang_the_build(tmp_path: Path) -> None:
    write(tmp_path / "site")
    os.mkfifo(tmp_path / "site" / ".nojekyll")

    with pytest.raises(OutputError, match="was not written by runsite"):
        write(tmp_path / "site", {**SITE, ".nojekyll": b""})


def fail_midway(folder: Path) -> None:
    with SiteWriter(folder) as site:
        site.stage("index.html", b"new")
        site.stage("new/page.html", b"new")
        raise ZeroDivisionError


def test_an_error_on_the_way_leaves_the_old_bytes(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(site)
    before = folder_bytes(site)

    with pytest.raises(ZeroDivisionError):
        fail_midway(site)

    assert folder_bytes(site) == before


def test_an_error_in_a_first_build_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_midway(tmp_path / "deep" / "site")

    assert list(tmp_path.iterdir()) == []


def test_an_error_in_a_first_build_leaves_the_users_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_midway(tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("told", ["full", "interrupted"])
@pytest.mark.parametrize("moment", range(1, 8))
def test_a_build_that_ends_at_any_file_that_it_writes_leaves_the_old_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int, told: str
) -> None:
    site = tmp_path / "site"
    write(site)
    before, write_to, begun = folder_bytes(site), os.write, 0

    def end(descriptor: int, content: bytes) -> int:
        nonlocal begun
        begun += 1
        if told == "full" and begun >= moment:
            raise OSError(errno.ENOSPC, "No space left on device")
        if told == "interrupted" and begun == moment:
            signal.raise_signal(signal.SIGINT)
        return write_to(descriptor, content)

    monkeypatch.setattr(os, "write", end)

    with pytest.raises((OutputError, KeyboardInterrupt)):
        write(site, {**SITE, "index.html": b"<p>2", "new.html": b"<p>n"})

    assert begun >= moment
    assert folder_bytes(site) == before


# Writes a fake site of 30 files; GENERATION tells two of them apart.
FAKE_SITE = """
import os, random, resource, signal, sys
from pathlib import Path
from runsite.errors import OutputError
from runsite.site.writer import SiteWriter

def write_site(folder, generation):
    with SiteWriter(folder) as site:
        for number in range(15):
            text = f"{generation} {number} " * (number * 20)
            site.stage(f"experiments/e{number % 7}/{generation}{number}.js", text.encode())
            site.stage(f"experiments/e{number % 7}/page{number}.html", text.encode())
        site.finish({})
"""

# On a disk that takes files of so many bytes and no larger.
FULL_DISK = """
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
write_site(folder, "old") if sys.argv[3:] else None
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    write_site(folder, "new")
except OutputError as error:
    sys.exit(str(error))
"""

# Killed at the n-th call that changes the disk, for many n: every kind of moment, none of them met by chance.
KILLED = """
def kill_at(moment):
    calls = 0
    def watch(event, arguments):
        nonlocal calls
        writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if writes or event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir"):
            calls += 1
            if calls == moment:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(watch)

def content(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}

folder, first = Path(sys.argv[1]), sys.argv[2] == "first"
write_site(folder, "new")
expected = content(folder)
for moment in map(int, sys.argv[3:]):
    if first:
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        folder.rmdir()
    else:
        write_site(folder, "old")
    child = os.fork()
    if not child:
        kill_at(moment)
        write_site(folder, "new")
        os._exit(0)
    killed = os.waitpid(child, 0)[1] != 0
    half_built = b'"building": false' not in content(folder).get(folder / "site.json", b"")
    write_site(folder, "new")
    print(moment, killed, half_built, content(folder) == expected)
"""


@needs_posix
@pytest.mark.parametrize("made", ["site", "runsite-staging", "assets", "experiments"])
def test_ctrl_c_as_a_folder_is_made_leaves_no_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: str
) -> None:
    mkdir = Path.mkdir

    def interrupted(folder: Path, **options: Any) -> None:
        mkdir(folder, **options)
        if folder.name == made:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Path, "mkdir", interrupted)

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "site")

    assert not (tmp_path / "site").exists()


# As somebody whom a closed folder keeps out, which root is not.
CLOSED = """
folder = Path(".")
os.chdir(sys.argv[1])  # before: the folders above may let in nobody else
if os.geteuid() == 0:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
(folder / "models").chmod(0o555)
try:
    with SiteWriter(folder) as site:
        site.stage("index.html", b"new")
        for path in sys.argv[2:]:
            site.stage(path, b"new")
        site.finish({})
except OutputError as error:
    sys.exit(str(error))
finally:
    (folder / "models").chmod(0o755)
"""


@needs_posix
@pytest.mark.parametrize("path", ["models/index.html", "assets/x.js"])
def test_a_folder_that_cannot_be_written_is_named_before_anything_moves(tmp_path: Path, path: str) -> None:
    write(tmp_path / "site", {**SITE, "models/index.html": b"old"})
    before = folder_bytes(tmp_path / "site")

    done = run_script(CLOSED, arguments=[str(tmp_path / "site"), path])

    assert (
        done.stderr
        == "models: cannot be written (Permission denied); make room or rights there and build again, or use -o\n"
    )
    assert folder_bytes(tmp_path / "site") == before


def run_script(*parts: str, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", FAKE_SITE + "".join(parts), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@needs_posix
def test_a_disk_that_takes_no_more_leaves_the_old_bytes_and_says_so_in_one_line(tmp_path: Path) -> None:
    site = tmp_path / "site"
    run_script("write_site(Path(sys.argv[1]), 'old')", arguments=[str(site)])
    before = folder_bytes(site)

    done = run_script(FULL_DISK, arguments=[str(site), "1000"])

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "cannot be written (File too large); make room or rights there" in done.stderr
    assert len(before) == 32
    assert folder_bytes(site) == before


@needs_posix
@pytest.mark.parametrize("limit", [0, 1, 70])
def test_a_disk_that_takes_nothing_leaves_the_old_bytes(tmp_path: Path, limit: int) -> None:
    site = tmp_path / "site"
    run_script("write_site(Path(sys.argv[1]), 'old')", arguments=[str(site)])
    before = folder_bytes(site)

    done = run_script(FULL_DISK, arguments=[str(site), str(limit)])

    assert "cannot be written" in done.stderr
    assert folder_bytes(site) == before


@needs_posix
@pytest.mark.parametrize("limit", [1, 70, 1_000])
def test_a_disk_full_from_the_start_leaves_nothing_behind(tmp_path: Path, limit: int) -> None:
    done = run_script(FULL_DISK, arguments=[str(tmp_path / "site"), str(limit)])

    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert list(tmp_path.iterdir()) == []


@needs_posix
@pytest.mark.parametrize(("state", "calls"), [("later", 95), ("first", 75)])
def test_a_build_killed_at_any_of_fifty_moments_is_repaired_by_the_next(tmp_path: Path, state: str, calls: int) -> None:
    moments = sorted({*range(1, 6), *random.Random(50).sample(range(6, calls), 45)})

    done = run_script(KILLED, arguments=[str(tmp_path / "site"), state, *map(str, moments)])

    results = [line.split() for line in done.stdout.splitlines()]
    assert [int(moment) for moment, *_ in results] == moments, done.stderr
    assert [moment for moment, _, _, repaired in results if repaired != "True"] == []
    assert sum(killed == "True" for _, killed, _, _ in results) > 40
    assert sum(half_built == "True" for _, _, half_built, _ in results) > 40
