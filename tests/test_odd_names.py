"""Files and folders whose names are not UTF-8: shown with \\xNN, and built like any other; or refused in one line."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from runsite.build import BuildResult, build
from runsite.build.verify import differing_files
from runsite.errors import RunsiteError
from runsite.model import RunKey
from runsite.records.pack import pack, unpack
from runsite.registry import read_models
from support import RecordingReporter, append_to_run, folder_bytes, metrics, run_start, write_run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are not Unicode")
ODD = os.fsdecode(b"b\xffd")
SHOWN = "b\\xffd"
GIT_AUTHOR = {f"GIT_{role}_{fact}": "b" for role in ("AUTHOR", "COMMITTER") for fact in ("NAME", "EMAIL")}
EVENT = '{"id": "x", "time": 1, "by": "b", "type": "version_registered", "version": 1}'


def make(store: Path, place: Path) -> BuildResult:
    return build([store], place / "site", cache=place / "cache", reporter=RecordingReporter())


def write_artifact(store: Path, experiment: str, run: str) -> None:
    folder = write_run(store, experiment, run, run_start(), {"type": "artifact", "path": "artifacts/n.txt"})
    (folder / "artifacts").mkdir()
    (folder / "artifacts" / "n.txt").write_text("x")


def odd_run(store: Path) -> None:
    write_artifact(store, "e", ODD)


def odd_experiment(store: Path) -> None:
    write_artifact(store, ODD, "r")
    (store / ODD / "experiment.md").write_text("# T\n![p](p.txt)\n")
    (store / ODD / "p.txt").write_text("x")


def odd_log(store: Path) -> None:
    for name in (ODD, SHOWN):  # which look alike, and are two
        write_run(store, "e", "c", run_start(), metrics(0, {"y": 1}), writer=name)


def odd_model(store: Path) -> None:
    events = store / "models" / ODD / "events"
    events.mkdir(parents=True)
    (events / f"{ODD}.json").write_text(EVENT)
    (events / f"2{ODD}.json").write_text("torn")
    (events.parent / "card.md").write_text("[a](../../e/a)")


def odd_texts(store: Path) -> None:
    for folder in ("reports", "charts", "theme/templates"):
        (store / folder).mkdir(parents=True)
    (store / "reports" / f"{ODD}.md").write_text("# x\n[a](../e/a)\n")
    (store / "charts" / f"{ODD}.vl.json").write_text("{}")
    (store / "theme" / "templates" / f"{ODD}.html").write_text("x")


@pytest.mark.parametrize("folder", [Path("runs"), Path(ODD) / "runs"], ids=["", "odd store"])
@pytest.mark.parametrize("write", [odd_run, odd_experiment, odd_log, odd_model, odd_texts])
def test_what_has_an_odd_name_is_built_and_remembered_like_any_other(
    tmp_path: Path, chart_cache: Path, folder: Path, write: Callable[[Path], None]
) -> None:
    store, place = tmp_path / folder, tmp_path / folder.parent
    write_run(store, "e", "a", run_start(), metrics(0, {"x": 1}))
    write(store)
    (place / "cache").mkdir()
    for compiled in chart_cache.glob("*.js"):
        (place / "cache" / compiled.name).write_bytes(compiled.read_bytes())

    make(store, place)
    pages = folder_bytes(place / "site")
    again = make(store, place)

    assert again.written.written == []
    assert any(SHOWN.encode() in content for content in pages.values())
    for log in store.rglob("run*.jsonl"):
        with log.open("ab") as file:
            file.write(b'{"type": "metrics", "step": 1, "values": {"x": 2}}\n')
    make(store, place)
    assert differing_files([store], place / "site", cache=place / "cache", began_ns=time.time_ns()) == []


def test_a_line_of_a_run_with_an_odd_name_takes_the_short_way(tmp_path: Path) -> None:
    store = tmp_path / "runs"
    odd_run(store)
    make(store, tmp_path)
    append_to_run(store / "e" / ODD, {"type": "note", "text": "n"})

    result = make(store, tmp_path)

    assert set(result.reasons.values()) == {"run.jsonl grew by 30 bytes"}


def test_a_filter_that_is_not_utf8_is_told_escaped(tmp_path: Path) -> None:
    write_run(tmp_path / "runs", "e", "a", run_start())
    options = {"cache": tmp_path / "cache", "reporter": RecordingReporter(), "filter": f"id != '{ODD}'"}

    build([tmp_path / "runs"], tmp_path / "site", **options)  # type: ignore[arg-type]  # of three kinds

    assert f"id != &#x27;{SHOWN}&#x27;" in (tmp_path / "site" / "about.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (f"theme/static/{ODD}.css", f"{ODD}.css: its name is not UTF-8"),
        (f"models/{SHOWN}/card.md", "two models have the name"),
        (f"e/{SHOWN}/run.jsonl", "rename one"),
    ],
)
def test_what_no_page_could_tell_apart_or_lead_to_is_refused_in_one_line(tmp_path: Path, place: str, said: str) -> None:
    store = tmp_path / "runs"
    write_run(store, "e", ODD, run_start())
    odd_model(store)
    file = store / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("")

    with pytest.raises(RunsiteError, match=said):
        make(store, tmp_path)


def test_the_command_line_prints_names_that_are_not_utf8_escaped(tmp_path: Path) -> None:
    write_run(tmp_path / ODD, "e", "a", "torn")
    command = [sys.executable, "-m", "runsite", "check", str(tmp_path / ODD), str(tmp_path / f"2{ODD}")]

    said = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})

    assert said.stderr.decode().startswith(f"runsite: {tmp_path}/2{SHOWN}: no such store")


def said_by(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the store of a folder; bytes that are not UTF-8 in what it prints fail."""
    command = [sys.executable, "-m", "runsite", *words, "--store", str(place / "runs")]
    return subprocess.run(command, capture_output=True, check=False, text=True, encoding="utf-8")


@pytest.mark.parametrize("name", [ODD, f"e/{ODD}", f"e/{SHOWN}", ODD[:2]], ids=["id", "key", "as shown", "beginning"])
def test_a_run_is_found_by_the_bytes_of_its_name(tmp_path: Path, name: str) -> None:
    write_run(tmp_path / "runs", "e", ODD, run_start(), metrics(0, {"x": 1}))

    assert said_by(tmp_path, "show", name).stdout.startswith(f"e/{SHOWN}\n")
    assert said_by(tmp_path, "metrics", name, "--csv").stdout.splitlines()[1].startswith("x,0,1")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", f"q{ODD}"], f"no run 'q{SHOWN}'; `runsite runs` lists them"),
        (["metrics", f"e/{ODD}", ODD], f"run e/{SHOWN} has no metric '{SHOWN}'; it has none"),
        (["model", "history", f"q{ODD}"], f"no model 'q{SHOWN}' in "),
        (["model", "stage", ODD, "1", ODD], f"stage '{SHOWN}' is none of "),
        (["model", "stage", ODD, "7", "Staging"], f"version 7 of model '{SHOWN}' is not registered; there are: 1"),
        (["model", "register", "m", "--run", f"e/q{ODD}"], f"no run e/q{SHOWN} in "),
    ],
)
def test_a_name_that_is_not_there_is_told_with_its_bytes(tmp_path: Path, words: list[str], said: str) -> None:
    write_run(tmp_path / "runs", "e", ODD, run_start())
    odd_model(tmp_path / "runs")

    assert said_by(tmp_path, *words).stderr.startswith(f"runsite: {said}")


@pytest.mark.parametrize("name", [ODD, SHOWN])
def test_a_model_and_the_run_of_a_version_are_found_by_bytes_and_as_shown(tmp_path: Path, name: str) -> None:
    store = tmp_path / "runs"
    write_run(store, "e", ODD, run_start())
    odd_model(store)

    done = said_by(tmp_path, "model", "register", name, "--run", f"e/{name}", "--by", "b")
    said_by(tmp_path, "model", "tag", name, f"t={ODD}", "--by", "b")

    assert json.loads(done.stdout)["run"] == f"e/{SHOWN}"
    (model,) = read_models(store)
    assert [version.run for version in model.versions] == [RunKey("e", SHOWN), None]
    assert json.loads(said_by(tmp_path, "model", "history", name, "--json").stdout.splitlines()[-1])["type"] == "tagged"
    keep = done.stderr.partition("to keep it: ")[2]
    subprocess.run(["bash", "-c", f"git init -q . && {keep}"], cwd=tmp_path, check=True, env=os.environ | GIT_AUTHOR)


@pytest.mark.parametrize("value", [{ODD: 1, SHOWN: 2}, {"a": {ODD: [{ODD: None}]}}, {2**70: [ODD]}, [{}, {"b": ODD}]])
def test_keys_that_are_not_utf8_come_back_from_the_cache(value: object) -> None:
    assert unpack(pack(value)) == value
