"""Builds that look only where something was said to have happened: the oracle holds for them too."""

import shutil
from pathlib import Path

import pytest

from edit_chains import EDITS, Chain, append_to_open, begin_chain, break_output, change_filter, lose_cache
from runsite.build import BuildResult, build
from runsite.build.kept import Kept
from support import RecordingReporter, append_to_run, metrics, params, run_start, write_run

IN_STORE = tuple(edit for edit in EDITS if edit not in (break_output, lose_cache, change_filter))


def follow(chain: Chain, kept: Kept) -> BuildResult | None:
    """Do what `serve --watch` does when it looks: build from what changed, or not at all."""
    changed = kept.changed_inputs(chain.site, chain.cache)
    if changed is not None and not changed:
        return None
    return build(
        [chain.store],
        chain.site,
        cache=chain.cache,
        reporter=RecordingReporter(),
        allow_removals=True,
        kept=kept,
        hints=None if changed is None else frozenset(changed),
    )


@pytest.mark.parametrize("seed", range(5))
def test_chain_that_is_followed_by_looks_is_a_clean_build_in_the_end(
    tmp_path: Path, chart_cache: Path, seed: int
) -> None:
    chain, kept = begin_chain(tmp_path, charts_of(chart_cache, tmp_path), seed), Kept()
    for _ in range(6):
        for _ in range(chain.random.choice((1, 1, 2))):
            edit = chain.random.choice(IN_STORE)
            chain.tape.append(edit.__name__)
            edit(chain)
        follow(chain, kept)

    assert chain.differences() == [], chain.tape


def charts_of(chart_cache: Path, tmp_path: Path) -> Path:
    """Copy the compiled charts alone."""
    folder = tmp_path / "charts"
    folder.mkdir()
    for compiled in chart_cache.glob("*.js"):
        shutil.copy(compiled, folder)
    return folder


@pytest.mark.parametrize("seed", range(3))
def test_output_that_somebody_broke_is_mended_by_the_next_look_at_everything(
    tmp_path: Path, chart_cache: Path, seed: int
) -> None:
    chain, kept = begin_chain(tmp_path, charts_of(chart_cache, tmp_path), seed), Kept()
    for edit in (break_output, append_to_open, break_output, append_to_open):
        edit(chain)
        follow(chain, kept)

    build([chain.store], chain.site, cache=chain.cache, reporter=RecordingReporter(), allow_removals=True, kept=kept)

    assert chain.differences() == []


def test_line_that_is_hinted_at_writes_what_any_build_would(tmp_path: Path, chart_cache: Path) -> None:
    folder = write_run(tmp_path / "runs", "digits", "a", run_start(), params(lr=1), metrics(0, {"val/loss": 0.5}))
    kept, where = Kept(), {"cache": chart_cache, "reporter": RecordingReporter()}
    build([tmp_path / "runs"], tmp_path / "site", kept=kept, **where)  # type: ignore[arg-type]  # keys as they are

    append_to_run(folder, metrics(1, {"val/loss": 0.75}))
    hints = frozenset({str(folder / "run.jsonl")})
    result = build([tmp_path / "runs"], tmp_path / "site", kept=kept, hints=hints, **where)  # type: ignore[arg-type]  # as above

    names = {Path(path).name for path in result.written.written}
    assert names == {"index.html", "series.js", "open.js"}
    assert {path.split("/")[0] for path in result.written.written} == {"experiments"}


def test_hint_of_what_no_site_depends_on_builds_nothing(tmp_path: Path, chart_cache: Path) -> None:
    write_run(tmp_path / "runs", "digits", "a")
    where = {"cache": chart_cache, "reporter": RecordingReporter()}
    build([tmp_path / "runs"], tmp_path / "site", **where)  # type: ignore[arg-type]  # keys as they are

    hints = frozenset({str(tmp_path / "elsewhere" / "x")})
    result = build([tmp_path / "runs"], tmp_path / "site", hints=hints, **where)  # type: ignore[arg-type]  # as above

    assert result.written.written == []
