"""A site of the runs that a filter finds: that of a store without the others, with nothing of them in it."""

import json
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from runsite.build import BuildResult, build
from runsite.build.reasons import NOTHING_DIFFERS
from runsite.errors import FilterError, RunsiteError
from runsite.model import RunKey
from runsite.registry import register_model
from runsite.site_paths import experiment_page, model_page, report_page, run_folder, run_page
from support import RecordingReporter, append_to_run, folder_bytes, metrics, params, run_end, run_start, write_run

KEPT, SECOND, HIDDEN = RunKey("digits", "kept"), RunKey("digits", "second"), RunKey("digits", "hidden")
PICTURE = b"\x89PNG\r\n\x1a\n a picture of the moonshot"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><text>the moonshot</text></svg>'
LONG = 2001
"""A metric of so many points has finer levels."""
SECRETS = ("moonshot", "gpu-secret-9", "zed.owner", "hidden_metric", "hidden_param", "a note nobody reads", "Vineyard")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two runs to keep, one of them a child of a run that tells its secrets; an experiment of its own beside."""
    folder = tmp_path / "runs"
    child = run_start(run="kept", name="the child", parent="hidden")
    points = [metrics(step, {"val/acc": 0.1 * step}) for step in range(3)]
    write_run(folder, "digits", "kept", child, params(lr=0.1), *points, run_end())
    write_run(folder, "digits", "second", run_start(run="second"), params(lr=0.2), *points, run_end())
    write_run(
        folder,
        "digits",
        "hidden",
        run_start(run="hidden", name="moonshot"),
        params(lr=0.5, hidden_param=1),
        {"type": "tags", "values": {"owner": "zed.owner"}},
        {"type": "environment", "host": "gpu-secret-9"},
        {"type": "note", "text": "a note nobody reads"},
        {"type": "artifact", "path": "artifacts/picture.png"},
        {"type": "artifact", "path": "artifacts/moonshot.txt"},
        {"type": "artifact", "path": "artifacts/drawing.svg"},
        *[metrics(step, {"val/acc": 0.2 * step, "hidden_metric": step}) for step in range(LONG)],
        "a line that is no moonshot",
        run_end("failed", error={"type": "OSError", "message": "the moonshot fell"}),
    )
    (folder / "digits" / "hidden" / "artifacts").mkdir()
    (folder / "digits" / "hidden" / "artifacts" / "picture.png").write_bytes(PICTURE)
    (folder / "digits" / "hidden" / "artifacts" / "moonshot.txt").write_text("the moonshot", encoding="utf-8")
    (folder / "digits" / "hidden" / "artifacts" / "drawing.svg").write_text(DRAWING, encoding="utf-8")
    write_run(folder, "wine", "cellar", run_start(run="cellar"), params(depth=1), metrics(0, {"loss": 1}), run_end())
    (folder / "wine" / "experiment.md").write_text("# Vineyard\n", encoding="utf-8")
    (folder / "reports").mkdir()
    report = (
        "# What we saw\n\n![it](../digits/hidden/artifacts/picture.png) [kept](../digits/kept) [it](../digits/hidden)\n"
    )
    (folder / "reports" / "seen.md").write_text(report, encoding="utf-8")
    register_model(
        "reader",
        run="digits/hidden",
        path="artifacts/picture.png",
        store=folder,
        by="Ann",
        clock=lambda: 1_700_000_000.0,
    )
    return folder


def build_site(store: Path, site: Path, cache: Path, filter: str | None = None) -> BuildResult:
    return build([store], site, cache=cache, reporter=RecordingReporter(), filter=filter, clock=later)


def later() -> int:
    """A clock by which all that was written so far is old."""
    return time.time_ns() + 60_000_000_000


def showing(text: str, files: Mapping[str, bytes]) -> list[str]:
    return [path for path, content in files.items() if text.encode() in content]


def text_of(site: Path, path: str) -> str:
    return (site / path).read_text(encoding="utf-8")


def test_nothing_of_a_run_left_out_is_in_a_site_that_had_it(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    site = tmp_path / "site"
    build_site(store, site, chart_cache)
    whole = folder_bytes(site)
    told = [secret for secret in SECRETS if any(secret.encode() in content for content in whole.values())]

    result = build_site(store, site, chart_cache, "lr < 0.5")

    files = folder_bytes(site)
    assert set(told) >= {"moonshot", "hidden_metric", "hidden_param", "a note nobody reads", "Vineyard"}
    assert [(secret, path) for secret in SECRETS for path in files if secret.encode() in files[path]] == []
    assert [path for path in files if "hidden" in path or "wine" in path or path.startswith("artifacts/")] == []
    assert PICTURE not in files.values()
    assert run_page(HIDDEN) in result.written.removed
    assert not (site / "runsite-staging").exists()


def test_whole_build_that_drops_all_it_staged_writes_nothing(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    site, cache = tmp_path / "site", tmp_path / "cache"
    shutil.copytree(chart_cache, cache)
    build_site(store, site, cache, "lr < 0.5")
    before = folder_bytes(site)
    (store / "empty").mkdir()
    (store / "empty").rmdir()  # its store's time is another

    result = build_site(store, site, cache, "lr < 0.5")

    assert (list(result.written.written), list(result.written.lists)) == ([], [])
    assert result.reasons == {"": NOTHING_DIFFERS}
    assert folder_bytes(site) == before


def test_neither_details_nor_finer_levels_of_a_run_left_out_are_there(
    store: Path, tmp_path: Path, chart_cache: Path
) -> None:
    whole, filtered = tmp_path / "whole", tmp_path / "filtered"
    build_site(store, whole, chart_cache)
    own = [path.removeprefix(run_folder(HIDDEN)) for path in folder_bytes(whole) if path.startswith(run_folder(HIDDEN))]
    assert {"series.js", "details.js", "texts.js"} < set(own)
    assert any(path.startswith("levels/") for path in own)

    build_site(store, filtered, chart_cache, "lr < 0.5")

    files = folder_bytes(filtered)
    assert [path for path in files if path.startswith(run_folder(HIDDEN))] == []
    assert [path for path, content in files.items() if path.endswith(".js") and b"moonshot" in content] == []


def test_the_site_is_that_of_a_store_without_the_others(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    build_site(store, tmp_path / "filtered", chart_cache, "lr < 0.5")
    shutil.rmtree(store / "digits" / "hidden")
    shutil.rmtree(store / "wine")

    build_site(store, tmp_path / "site", chart_cache)

    filtered, others = folder_bytes(tmp_path / "filtered"), folder_bytes(tmp_path / "site")
    assert filtered.keys() == others.keys()
    assert [path for path in filtered if filtered[path] != others[path]] == ["about.html", "site.json"]


def test_a_filter_that_finds_all_changes_the_about_page_alone(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    build_site(store, tmp_path / "site", chart_cache)

    result = build_site(store, tmp_path / "site", chart_cache, "status = finished or status = failed")

    assert (result.written.written, result.written.removed) == (["about.html"], [])


def test_an_empty_filter_is_none(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    build_site(store, tmp_path / "site", chart_cache)

    assert build_site(store, tmp_path / "site", chart_cache, " ").written.written == []


def test_building_again_writes_no_page(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    build_site(store, tmp_path / "site", chart_cache, "lr < 0.5")

    result = build_site(store, tmp_path / "site", chart_cache, "lr < 0.5")

    assert (result.written.written, result.written.removed) == ([], [])


def test_a_child_names_its_parent_without_a_link(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    build_site(store, tmp_path / "site", chart_cache, "lr < 0.5")

    page = text_of(tmp_path / "site", run_page(KEPT))
    assert "digits/hidden" in page
    assert "runs/hidden" not in page
    assert 'href=""' not in page


def test_a_version_names_its_run_without_a_link(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    build_site(store, tmp_path / "site", chart_cache, "lr < 0.5")

    page = text_of(tmp_path / "site", model_page("reader"))
    assert "digits/hidden" in page
    assert "runs/hidden" not in page
    assert 'href=""' not in page


def test_a_report_shows_no_picture_of_a_run_left_out(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    build_site(store, tmp_path / "site", chart_cache, "lr < 0.5")

    page = text_of(tmp_path / "site", report_page("seen"))
    assert "<img" not in page
    assert "../" + run_page(KEPT) in page


def test_a_picture_of_a_kept_run_below_a_run_left_out_is_shown(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    artifact = {"type": "artifact", "path": "artifacts/own.png"}
    below = write_run(store, "digits/hidden", "below", run_start(run="below"), params(lr=0.1), artifact, run_end())
    (below / "artifacts").mkdir()
    (below / "artifacts" / "own.png").write_bytes(PICTURE + b" below")

    build_site(store, tmp_path / "site", chart_cache, "lr < 0.5")

    files = folder_bytes(tmp_path / "site")
    assert [files[path] for path in files if path.startswith("artifacts/")] == [PICTURE + b" below"]


def test_a_link_on_disk_into_a_run_left_out_publishes_nothing(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    (store / "reports" / "shown.png").symlink_to("../digits/hidden/artifacts/picture.png")
    (store / "reports" / "seen.md").write_text("![it](shown.png)\n", encoding="utf-8")

    build_site(store, tmp_path / "site", chart_cache, "lr < 0.5")

    assert PICTURE not in folder_bytes(tmp_path / "site").values()


def test_a_file_of_a_run_that_is_left_out_later_goes_from_the_pages_of_others(
    store: Path, tmp_path: Path, chart_cache: Path
) -> None:
    append_to_run(store / "digits" / "second", {"type": "artifact", "path": "../../wine/cellar/label.txt"})
    (store / "wine" / "cellar" / "label.txt").write_text("a rare label", encoding="utf-8")
    (store / "digits" / "experiment.md").write_text("[it](wine/cellar/label.txt)\n", encoding="utf-8")
    site = tmp_path / "site"
    build_site(store, site, chart_cache, "lr < 0.5 or depth = 1")
    whole = folder_bytes(site)

    result = build_site(store, site, chart_cache, "lr < 0.5")

    assert len(showing("a rare label", whole)) == 2  # the page and the file
    assert showing("a rare label", folder_bytes(site)) == []
    assert result.reasons[run_page(SECOND)] == "which of its files belong to runs that are left out changed"
    build_site(store, site, chart_cache, "lr < 0.5 or depth = 1")
    assert folder_bytes(site) == whole


def test_a_file_in_a_run_that_appears_below_and_is_left_out_goes(
    store: Path, tmp_path: Path, chart_cache: Path
) -> None:
    append_to_run(store / "digits" / "second", {"type": "artifact", "path": "below/seen.txt"})
    (store / "digits" / "second" / "below").mkdir()
    (store / "digits" / "second" / "below" / "seen.txt").write_text("first seen", encoding="utf-8")
    build_site(store, tmp_path / "site", chart_cache, "lr < 0.5")

    write_run(store, "digits/second", "below", run_start(run="below"), params(lr=0.5))
    result = build_site(store, tmp_path / "site", chart_cache, "lr < 0.5")

    assert (result.runs, result.artifacts_left_out) == (2, 1)
    assert showing("first seen", folder_bytes(tmp_path / "site")) == []


def test_counts_are_of_the_runs_that_are_there(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    site = tmp_path / "site"

    result = build_site(store, site, chart_cache, "lr < 0.5")

    assert json.loads(text_of(site, "site.json"))["counts"] == {"experiments": 1, "runs": 2, "models": 1, "reports": 1}
    assert result.in_words().startswith("2 of 4 runs, ")
    assert "This site holds 2 of 4 runs: those that the filter <code>lr &lt; 0.5</code> finds." in text_of(
        site, "about.html"
    )
    assert "Lines not read" in text_of(site, "about.html")
    assert "not JSON" not in text_of(site, "about.html")
    assert (site / experiment_page("digits")).exists()
    assert not (site / experiment_page("wine")).exists()


def test_a_site_of_all_runs_names_no_filter(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    build_site(store, tmp_path / "site", chart_cache)

    assert "This site holds" not in text_of(tmp_path / "site", "about.html")


@pytest.mark.parametrize(
    ("filter", "problem"),
    [
        ("lr > 7", "the filter finds none of 4 runs; nothing is written"),
        ("lr >", "filter, at character 5: expected a value after >, but the filter ends"),
        ("lrr > 7", "filter, at character 1: no run has 'lrr'; did you mean lr?"),
    ],
)
def test_a_filter_without_runs_replaces_nothing(
    filter: str, problem: str, store: Path, tmp_path: Path, chart_cache: Path
) -> None:
    build_site(store, tmp_path / "site", chart_cache)
    before = folder_bytes(tmp_path / "site")

    for site in (tmp_path / "site", tmp_path / "new"):
        with pytest.raises(RunsiteError) as caught:
            build_site(store, site, chart_cache, filter)
        assert str(caught.value) == problem

    assert folder_bytes(tmp_path / "site") == before
    assert not (tmp_path / "new").exists()


def test_a_filter_judges_what_the_logs_say_and_the_site_does_not(
    store: Path, tmp_path: Path, chart_cache: Path
) -> None:
    """The owner is also the user that the log names, and so hidden from the site: a filter finds it all the same."""
    environment = {"type": "environment", "host": "h-1", "user": "zed.owner"}
    write_run(store, "digits", "third", run_start(run="third"), params(lr=0.9), environment, run_end(), writer="b")
    write_run(store, "digits", "third", {"type": "tags", "values": {"owner": "zed.owner"}})

    result = build_site(store, tmp_path / "site", chart_cache, "not tags.owner = 'zed.owner'")

    assert result.runs == 3
    assert [path for path, content in folder_bytes(tmp_path / "site").items() if b"zed.owner" in content] == []
    assert "not tags.owner = " in text_of(tmp_path / "site", "about.html")


def test_a_run_without_an_end_is_running_whatever_the_hour(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    write_run(store, "digits", "open", run_start(run="open"), metrics(0, {"val/acc": 0.1}))

    assert build_site(store, tmp_path / "site", chart_cache, "status = running").runs == 1
    with pytest.raises(RunsiteError, match="finds none of 5 runs"):
        build_site(store, tmp_path / "site", chart_cache, "status = stalled")


def test_a_broken_filter_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(FilterError):
        build([tmp_path / "nowhere"], tmp_path / "site", cache=None, reporter=RecordingReporter(), filter="lr >")


def test_files_that_are_not_read_are_told_without_those_of_experiments_left_out(
    store: Path, tmp_path: Path, chart_cache: Path
) -> None:
    for folder in (store, store / "digits", store / "wine"):
        (folder / "charts").mkdir()
        (folder / "charts" / f"{folder.name}.vl.json").symlink_to("/etc/passwd")

    build_site(store, tmp_path / "whole", chart_cache, "")
    result = build_site(store, tmp_path / "site", chart_cache, "lr < 0.5")

    said = "a link that leaves the store; not read"
    whole, filtered = (text_of(tmp_path / site, "about.html") for site in ("whole", "site"))
    assert [name in whole for name in ("runs.vl.json", "digits.vl.json", "wine.vl.json", said)] == [True] * 4
    assert [name in filtered for name in ("runs.vl.json", "digits.vl.json", "wine.vl.json", said)] == [
        True,
        True,
        False,
        True,
    ]
    assert {problem.file for problem in result.problems} >= {"charts/runs.vl.json", "digits/charts/digits.vl.json"}
