"""Which files of a store go into the site: never one from outside, never one that is too large, equal ones once."""

import hashlib
import os
import sys
from pathlib import Path

import pytest

from runsite.model import Artifact, RunKey
from runsite.pages.artifacts import ArtifactFile
from runsite.site.published import PublishedFiles, RunArtifacts

KEY = RunKey("e", "a")
needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights that Windows users lack")


class Store:
    """A store with one run, and what was published from it."""

    def __init__(self, root: Path) -> None:
        self.path = root / "runs"
        self.folder = self.path / "e" / "a"
        (self.folder / "artifacts").mkdir(parents=True)
        self.staged: dict[str, bytes] = {}

    def put(self, path: str, content: bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def files(
        self, *artifacts: Artifact, limit: int = 1_000, private: bool = True, patch: str | None = None
    ) -> PublishedFiles:
        run = RunArtifacts(self.path, self.folder, artifacts, artifacts, patch)
        return PublishedFiles({KEY: run}, stores=(self.path,), limit=limit, private=private, stage=self.stage)

    def stage(self, path: str, content: bytes) -> str:
        self.staged[path] = content
        return hashlib.sha256(content).hexdigest()

    def publish(self, path: str, **settings: bool | int | str) -> ArtifactFile:
        (file,) = self.files(Artifact(path, path=path), **settings).of_run(KEY)  # type: ignore[arg-type]  # passed on
        return file


@pytest.fixture(name="store")
def make_store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_a_file_is_published_under_its_content(store: Store) -> None:
    store.put("artifacts/a.txt", b"hello")

    file = store.publish("artifacts/a.txt")

    digest = hashlib.sha256(b"hello").hexdigest()
    assert (file.published, file.sha256, file.size_bytes, file.text, file.problem) == (
        f"artifacts/{digest[:2]}/{digest[2:34]}.txt",
        digest,
        5,
        "hello",
        None,
    )
    assert list(store.staged.values()) == [b"hello"]


def test_equal_content_lies_in_the_site_once(store: Store) -> None:
    for name in ("a.txt", "b.txt"):
        store.put(f"artifacts/{name}", b"same")
    files = store.files(*(Artifact(name, path=f"artifacts/{name}") for name in ("a.txt", "b.txt")))

    assert len({file.published for file in files.of_run(KEY)}) == len(store.staged) == 1


def test_an_address_is_no_file(store: Store) -> None:
    files = store.files(Artifact("x", uri="https://example.org/x.png"))

    assert [(file.published, file.problem) for file in files.of_run(KEY)] == [(None, None)]
    assert files.left_out == {}


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("../../../secret.txt", "its path leaves the store; not read"),
        ("/etc/passwd", "its path leaves the store; not read"),
        ("artifacts/missing.txt", "missing in the store"),
        ("artifacts/a.txt/b.txt", "missing in the store"),
        ("artifacts", "a folder; log its files to see them here"),
        (".", "a folder; log its files to see them here"),
        ("artifacts/large.txt", "larger than the limit of 1,000 bytes ([site] artifact_limit); not copied"),
        ("artifacts/lfs.png", "a Git-LFS pointer; run `git lfs pull` before the build"),
        ("artifacts/x.patch", "a patch; not published while [site] private is true"),
        ("artifacts/model.pkl", "no preview for this kind of file; not copied"),
        ("artifacts/lfs.pkl", "a Git-LFS pointer; run `git lfs pull` before the build"),
        ("artifacts/html.png", "not a PNG image inside; not copied"),
        ("artifacts/html.JPG", "not a JPEG image inside; not copied"),
        ("artifacts/html.avif", "not an AVIF image inside; not copied"),
        ("artifacts/html.pdf", "not a PDF inside; not copied"),
        ("artifacts/empty.gif", "not a GIF image inside; not copied"),
    ],
)
def test_what_is_not_copied_says_why(store: Store, path: str, problem: str) -> None:
    (store.path.parent / "secret.txt").write_text("secret")
    store.put("artifacts/a.txt", b"a")
    store.put("artifacts/large.txt", b"x" * 1_001)
    for name in ("lfs.png", "lfs.pkl"):
        store.put(f"artifacts/{name}", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n")
    store.put("artifacts/model.pkl", b"12345")
    store.put("artifacts/empty.gif", b"")
    for name in ("html.png", "html.JPG", "html.avif", "html.pdf"):
        store.put(f"artifacts/{name}", b"<html>Bad gateway")
    store.put("artifacts/x.patch", b"-old\n+new\n")

    file = store.publish(path)

    assert (file.published, file.problem, store.staged) == (None, problem, {})


@pytest.mark.parametrize("path", ["x\0y", "x" * 5_000])
def test_a_path_that_no_disk_takes_is_a_problem_and_no_error(store: Store, path: str) -> None:
    assert (store.publish(path).problem or "").startswith("cannot be read (")


def test_a_patch_is_published_where_the_settings_say_so(store: Store) -> None:
    store.put("artifacts/source.txt", b"-old\n+new\n")

    assert store.publish("artifacts/source.txt", patch="artifacts/source.txt").published is None
    assert store.publish("artifacts/source.txt", patch="artifacts/source.txt", private=False).published is not None


@pytest.mark.parametrize("name", ["model.pkl", "large.txt", "x.patch", "html.png"])
def test_what_is_not_copied_is_listed_with_size_and_digest(store: Store, name: str) -> None:
    content = b"<html>" * 200
    store.put(f"artifacts/{name}", content)

    file = store.publish(f"artifacts/{name}")

    assert (file.published, file.size_bytes, store.staged) == (None, 1_200, {})
    assert (file.sha256, file.digest_problem) == (hashlib.sha256(content).hexdigest(), None)


def test_a_logged_digest_stands_and_the_file_is_not_read_for_one(store: Store) -> None:
    store.put("artifacts/model.pkl", b"12345")
    files = store.files(Artifact("m", path="artifacts/model.pkl", sha256="ab" * 32))

    assert [(file.sha256, file.artifact.sha256) for file in files.of_run(KEY)] == [(None, "ab" * 32)]


def test_a_file_over_a_gigabyte_is_listed_and_not_digested(store: Store) -> None:
    store.put("artifacts/model.pkl", b"")
    os.truncate(store.folder / "artifacts" / "model.pkl", 1_000_000_001)

    file = store.publish("artifacts/model.pkl")

    assert (file.sha256, file.size_bytes, file.digest_problem) == (None, 1_000_000_001, "not digested: over 1 GB")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.jpg", b"\xff\xd8\xff\xe0"),
        ("a.jpeg", b"\x89PNG\r\n\x1a\n"),
        ("a.gif", b"GIF89a"),
        ("a.webp", b"RIFF\0\0\0\0WEBP"),
        ("a.bmp", b"BM\0\0"),
        ("a.avif", b"\0\0\0 ftypavif"),
        ("a.pdf", b"\n%PDF-1.7"),
        ("a.mp3", b"anything"),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(store: Store, name: str, content: bytes) -> None:
    store.put(f"artifacts/{name}", content)

    assert store.publish(f"artifacts/{name}").published is not None


def test_a_file_is_missing_where_no_folder_lies_on_its_way(store: Store) -> None:
    store.put("artifacts/a.txt", b"hello")

    assert store.publish("artifacts/gone/../a.txt").problem == "missing in the store"


@needs_links
def test_a_link_is_followed_within_the_store_alone(store: Store) -> None:
    (store.path.parent / "secret.txt").write_text("secret")
    store.put("artifacts/a.txt", b"a")
    for name, target in {"in.txt": "a.txt", "out.txt": "../../../../secret.txt", "loop.txt": "loop.txt"}.items():
        (store.folder / "artifacts" / name).symlink_to(target)

    assert store.publish("artifacts/in.txt").text == "a"
    assert store.publish("artifacts/out.txt").problem == "its path leaves the store; not read"
    assert store.publish("artifacts/loop.txt").published is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_among_the_artifacts_does_not_hang_the_build(store: Store) -> None:
    os.mkfifo(store.folder / "artifacts" / "pipe.txt")

    assert store.publish("artifacts/pipe.txt").problem == "not a regular file; not read"


def test_what_lies_in_the_store_and_is_not_copied_is_counted(store: Store) -> None:
    store.put("artifacts/model.pkl", b"12345")
    files = store.files(Artifact("m", path="artifacts/model.pkl"), Artifact("x", uri="https://example.org"))

    files.of_run(KEY)

    assert files.left_out == {KEY: {"artifacts/model.pkl"}}


def test_a_report_may_show_files_of_the_store_but_no_logs_and_nothing_outside(store: Store) -> None:
    (store.path.parent / "secret.txt").write_text("secret")
    store.put("artifacts/a.txt", b"a")
    store.put("run.jsonl", b"{}")
    files = store.files()

    assert files.beside("e/a/artifacts/a.txt") is not None
    assert [files.beside(path) for path in ("e/a/run.jsonl", "../secret.txt", "e/a", "missing.txt")] == [None] * 4
