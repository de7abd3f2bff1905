"""Details of runs in a built site: private like the pages, and as still as what they tell."""

from pathlib import Path
from typing import Any

import pytest

from built_site import BuiltSite
from runsite.build import build
from runsite.model import RunKey
from runsite.site_paths import COMPARE_PAGE, run_details_file, run_texts_file
from support import Record, RecordingReporter, append_to_run, metrics, params, run_end, run_start, write_run

KEY = RunKey("digits", "a1")
PATCH = "--- a/t.py\n+++ b/t.py\n-lr = 1\n+lr = 2\n"


def source(**keys: Any) -> Record:
    return {"type": "source", "command": "python /home/ada/train.py", "dirty": True, **keys}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    records = (run_start(), params(lr=0.1), source(patch="artifacts/source.patch"), metrics(0, {"acc": 0.1}))
    run = write_run(folder, "digits", "a1", *records)
    (run / "artifacts").mkdir()
    (run / "artifacts" / "source.patch").write_text(PATCH, encoding="utf-8")
    write_run(folder, "digits", "b1", run_start(), params(lr=0.2), run_end())
    return folder


def build_site(store: Path, cache: Path) -> tuple[BuiltSite, list[str]]:
    """Build beside the store; return the site, and what was written."""
    result = build([store], store.parent / "site", cache=cache, reporter=RecordingReporter())
    return BuiltSite(store.parent / "site"), list(result.written.written)


def test_every_run_has_details(store: Path, chart_cache: Path) -> None:
    site, _ = build_site(store, chart_cache)

    assert [path for path in sorted(site.files) if path.endswith("/details.js")] == sorted(
        run_details_file(RunKey("digits", run)) for run in ("a1", "b1")
    )
    assert site.received(run_details_file(KEY))[:2] == ["run_details", "digits/a1"]


def test_a_line_of_metrics_writes_neither_details_nor_the_comparison(store: Path, chart_cache: Path) -> None:
    build_site(store, chart_cache)
    append_to_run(store / "digits" / "a1", metrics(1, {"acc": 0.9}))

    _, written = build_site(store, chart_cache)

    assert written
    assert not {run_details_file(KEY), run_texts_file(KEY), COMPARE_PAGE} & set(written)


def test_details_are_private_and_keep_patches_back(store: Path, chart_cache: Path) -> None:
    site, _ = build_site(store, chart_cache)

    told = site.received(run_details_file(KEY))[2]
    assert told["source"] == {"command": "python ~/train.py", "dirty": True}
    assert "patch" not in told
    assert run_texts_file(KEY) not in site.files
    assert not any(b"+lr = 2" in (site.folder / path).read_bytes() for path in site.files)


def test_a_site_that_is_not_private_has_the_patch(store: Path, chart_cache: Path) -> None:
    (store / "runsite.toml").write_text("[site]\nprivate = false\n", encoding="utf-8")

    site, _ = build_site(store, chart_cache)

    patch = site.received(run_details_file(KEY))[2]["patch"]
    assert (site.folder / patch["href"]).read_text(encoding="utf-8") == PATCH
    assert site.received(run_texts_file(KEY)) == ["run_texts", "digits/a1", [PATCH]]
    assert patch["name"] == "artifacts/source.patch"


def test_a_patch_outside_the_store_is_not_read(store: Path, chart_cache: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.patch").write_text("secret words", encoding="utf-8")
    write_run(store, "digits", "a1", run_start(), source(patch="../../../secret.patch"))
    (store / "runsite.toml").write_text("[site]\nprivate = false\n", encoding="utf-8")

    site, _ = build_site(store, chart_cache)

    assert "patch" not in site.received(run_details_file(KEY))[2]
    assert not any(b"secret words" in (site.folder / path).read_bytes() for path in site.files)


def test_two_builds_are_the_same(store: Path, chart_cache: Path) -> None:
    build_site(store, chart_cache)

    assert build_site(store, chart_cache)[1] == []
