"""The command line as people meet it: what goes to stdout, what to stderr, which exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from runsite.cli import main
from runsite.site_paths import experiment_page
from support import metrics, params, run_end, run_start, write_run

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights that Windows users lack")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    for run, rate in (("brave-otter", 0.2), ("brisk-lark", 0.1)):
        points = [metrics(step, {"val/acc": rate * step}, time=1_700_000_000.0 + step) for step in (0, 1)]
        write_run(folder, "digits", run, run_start(run=run, name=run), params(lr=rate), *points, run_end())
    return folder


def cached(folder: Path) -> tuple[str, str]:
    return "--cache", str(folder)


def output_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_runs_prints_an_object_a_line(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = output_of(capsys, "runs", str(store), "--json")

    runs = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [(run["experiment"], run["run"], run["params"]) for run in runs] == [
        ("digits", "brave-otter", {"lr": 0.2}),
        ("digits", "brisk-lark", {"lr": 0.1}),
    ]
    assert runs[0]["metrics"]["val/acc"]["best"] == [1, 0.2]


def test_runs_prints_the_best_first_for_people(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = output_of(capsys, "runs", str(store), "--limit", "1")

    assert "brave-otter" in out
    assert "brisk-lark" not in out


@pytest.mark.parametrize("cache", ["out/.cache", "out", "out/../out/deep/cache"])
def test_cache_inside_the_site_is_refused_before_anything_is_made(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, cache: str
) -> None:
    monkeypatch.chdir(store.parent)

    code, _, err = output_of(capsys, "build", "runs", "-o", "out", *cached(Path(cache)))

    assert (code, err) == (2, f"runsite: --cache {cache} lies in the folder of the site, out; name one beside it\n")
    assert not (store.parent / "out").exists()


def test_a_run_is_found_by_the_beginning_of_its_id(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = output_of(capsys, "show", "bra", "--store", str(store), "--json")

    assert (code, json.loads(out)["run"]) == (0, "brave-otter")


def test_an_ambiguous_run_is_one_line(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = output_of(capsys, "show", "br", "--store", str(store))

    assert (code, out) == (1, "")
    assert err == "runsite: 'br' means 2 runs (digits/brave-otter, digits/brisk-lark); write more of the id\n"


def test_points_are_printed_as_csv(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = output_of(capsys, "metrics", "brisk", "val/acc", "--store", str(store), "--csv")

    assert out.splitlines() == [
        "metric,step,value,time",
        "val/acc,0,0.0,1700000000.0",
        "val/acc,1,0.1,1700000001.0",
    ]


def test_check_fails_with_3_and_names_file_and_line(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_run(store, "digits", "torn", run_start(run="torn"), '{"type":"metrics","st', run_end())

    code, out, err = output_of(capsys, "check", str(store))

    assert code == 3
    assert out.startswith("digits/torn/run.jsonl:2: not JSON")
    assert len(err.splitlines()) == 1


@needs_links
def test_a_file_that_is_not_read_is_a_finding_and_its_name_turns_no_text_round(
    store: Path, tmp_path: Path, chart_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = store / "digits" / "charts" / "\u202egpj\x1b[2J.vl.json"
    place.parent.mkdir()
    place.symlink_to("/etc/passwd")
    (place.parent / "\u202ebroken.vl.json").write_text("{", encoding="utf-8")
    site = tmp_path / "site"

    code, out, err = output_of(capsys, "check", str(store))
    strict, _, told = output_of(capsys, "build", str(store), "-o", str(site), "--strict", *cached(chart_cache))

    line = "digits/charts/\\u202egpj\\x1b[2J.vl.json: a link that leaves the store; not read"
    assert (code, out, line in err) == (3, f"{line}\n", True)
    assert (strict, line in told, ", 1 line and" in told) == (3, True, True)
    about, experiment = (
        (site / page).read_text(encoding="utf-8") for page in ("about.html", experiment_page("digits"))
    )
    assert "<code>digits/charts/\\u202egpj\\x1b[2J.vl.json</code>" in about
    assert "<code>digits/charts/\\u202ebroken.vl.json:1</code>" in about
    assert "<code>digits/charts/\\u202ebroken.vl.json:1</code>" in experiment
    assert "\u202e" not in about + experiment


def test_strict_fails_with_3_after_the_site_is_written(
    store: Path, tmp_path: Path, chart_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(store, "digits", "torn", run_start(run="torn"), "no JSON at all", run_end())

    code, _, err = output_of(
        capsys, "build", str(store), "-o", str(tmp_path / "site"), "--strict", *cached(chart_cache)
    )

    assert (code, (tmp_path / "site" / "index.html").is_file()) == (3, True)
    assert "1 line and" in err


# As somebody whom a closed folder keeps out, which root is not.
CLOSED = """
import os, sys
from pathlib import Path
from runsite.cli import main
closed, mode, *words = sys.argv[1:]
main([*words, "nowhere"])  # imports all that is needed, where Python lies in a closed folder too
if os.geteuid() == 0:
    for path in (Path("."), *Path(".").rglob("*")):
        os.chown(path, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
Path(closed).chmod(int(mode, 8))
code = main([*words, "runs"])
Path(closed).chmod(0o755)
sys.exit(code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
@pytest.mark.parametrize("words", [["build", "--cache", "cache"], ["runs"], ["check"]], ids=lambda words: words[0])
@pytest.mark.parametrize(
    ("closed", "mode", "named"),
    [("runs", "000", "runs"), ("runs", "444", "runs/digits"), ("runs/models", "000", "runs/models")],
)
def test_a_folder_of_a_store_that_lets_nobody_in_is_one_line(
    tmp_path: Path, words: list[str], closed: str, mode: str, named: str
) -> None:
    (tmp_path / "runs" / "models").mkdir(parents=True)
    (tmp_path / "runs" / "digits").mkdir()

    command = [sys.executable, "-c", CLOSED, closed, mode, *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    refused = f"runsite: {named}: cannot be listed (Permission denied); make it readable or move it away"
    assert (done.returncode, done.stderr.splitlines()[1:]) == (1, [refused])
    assert not (tmp_path / "site").exists()


def test_a_build_ends_with_one_line_of_figures(
    store: Path, tmp_path: Path, chart_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = str(tmp_path / "site")
    code, out, err = output_of(capsys, "build", str(store), "-o", site, "--manifest", *cached(chart_cache))

    assert code == 0
    assert "index.html" in out.splitlines()
    assert "2 runs, 10 pages written, 0 kept, 0 lines and 0 values skipped, 0 artifacts left out" in err


def test_a_build_with_a_filter_says_how_many_of_how_many_runs(
    store: Path, tmp_path: Path, chart_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("build", str(store), "-o", str(tmp_path / "site"), *cached(chart_cache), "--filter")

    told = output_of(capsys, *words, "lr < 0.15")
    refused = output_of(capsys, *words, "lr > 1")

    assert told[0] == 0
    assert "index.html: 1 of 2 runs, " in told[2]
    assert refused == (1, "", "runsite: the filter finds none of 2 runs; nothing is written\n")


def test_each_build_notes_what_is_in_vain(
    store: Path, tmp_path: Path, chart_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (store / "wandb").mkdir()
    (store / "runsite.toml").write_text('[experiments.digits]\ncolumns = ["gone"]\n', encoding="utf-8")
    words = ("build", str(store), "-o", str(tmp_path / "site"), *cached(chart_cache))

    told = [output_of(capsys, *words)[2].splitlines()[:-1] for _ in range(2)]

    foreign = f"{store}: holds what looks like logs of Weights & Biases; not read yet"
    column = "experiment digits: no run has the column 'gone' that runsite.toml asks for"
    assert told == [[foreign, column]] * 2


def test_an_empty_store_is_taught(tmp_path: Path, chart_cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "runs").mkdir()

    site = str(tmp_path / "site")
    code, _, err = output_of(capsys, "build", str(tmp_path / "runs"), "-o", site, *cached(chart_cache))

    assert code == 1
    assert "no runs yet; write the first with: with runsite.start_run(" in err
    assert (tmp_path / "site" / "index.html").is_file()


def test_an_emptied_store_does_not_take_the_place_of_a_site(
    store: Path, tmp_path: Path, chart_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["build", str(store), "-o", str(tmp_path / "site"), *cached(chart_cache)])
    before = (tmp_path / "site" / "index.html").read_bytes()
    (tmp_path / "unmounted").mkdir()

    code, _, _ = output_of(capsys, "build", str(tmp_path / "unmounted"), "-o", str(tmp_path / "site"))

    assert (code, (tmp_path / "site" / "index.html").read_bytes()) == (1, before)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("build", "nowhere"), "nowhere: no such store; give the folder your training code logs to"),
        (("build", "file"), "file: is a file, not a store; give the folder that holds the experiments"),
        (("build", "mlruns"), "mlruns: this looks like an MLflow store; not read yet"),
        (("runs", "nowhere"), "nowhere: no such store"),
        (("models", "nowhere"), "nowhere: no such store"),
        (("check", "nowhere"), "nowhere: no such store"),
    ],
)
def test_a_wrong_store_is_one_line(
    arguments: tuple[str, ...],
    problem: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "mlruns").mkdir()
    monkeypatch.chdir(tmp_path)

    code, out, err = output_of(capsys, *arguments)

    assert (code, out) == (1, "")
    assert err.startswith(f"runsite: {problem}")
    assert len(err.splitlines()) == 1


def test_a_wrong_word_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["biuld"])

    assert stopped.value.code == 2
    assert "usage: runsite" in capsys.readouterr().err


def test_a_registered_version_is_told_with_the_command_that_keeps_it(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("model", "register", "reader", "--run", "digits/brave-otter", "--by", "Ada", "--store", str(store))

    code, out, err = output_of(capsys, *words)

    assert (code, json.loads(out)["version"]) == (0, 1)
    assert "git" in err
    assert "commit -m" in err


def test_leaving_production_needs_a_reason(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ("--by", "Ada", "--store", str(store))
    main(["model", "register", "reader", "--run", "digits/brave-otter", *place])

    code, _, err = output_of(capsys, "model", "stage", "reader", "1", "Production", *place)

    assert code == 1
    assert "reason" in err
