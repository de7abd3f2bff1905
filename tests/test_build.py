"""The build as a whole: same bytes for the same input, never half a site, nothing private in it."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from runsite.build import build
from runsite.cli import main
from runsite.errors import OutputError, StoreError, ThemeError
from runsite.model import RunKey
from runsite.site_paths import run_page
from support import RecordingReporter, folder_bytes, metrics, params, run_end, run_start, write_run

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two runs in two experiments, one artifact, a report."""
    folder = tmp_path / "runs"
    for experiment, run, rate in (("digits", "a1", 0.1), ("wine", "b2", 0.2)):
        points = [metrics(step, {"val/acc": rate * step, "lr": rate}) for step in range(5)]
        artifact = {"type": "artifact", "path": "artifacts/note.txt", "name": "note"}
        written = write_run(folder, experiment, run, run_start(run=run), params(lr=rate), *points, artifact, run_end())
        (written / "artifacts").mkdir()
        (written / "artifacts" / "note.txt").write_text("a note", encoding="utf-8")
    (folder / "reports").mkdir()
    (folder / "reports" / "first.md").write_text("# First\n\nSee [a1](../digits/a1).\n", encoding="utf-8")
    return folder


def build_site(store: Path, output: Path, cache: Path) -> RecordingReporter:
    reporter = RecordingReporter()
    build([store], output, cache=cache, reporter=reporter)
    return reporter


def test_the_example_site_has_the_same_bytes_whatever_hash_seed_time_zone_and_locale(tmp_path: Path) -> None:
    surroundings = ({"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"}, {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo"})
    outputs = [tmp_path / "one", tmp_path / "a" / "longer" / "way" / "two"]

    for surrounding, output in zip(surroundings, outputs, strict=True):
        command = [sys.executable, "-m", "runsite", "build", str(ROOT / "example_runs"), "-o", str(output)]
        subprocess.run(command, check=True, env=os.environ | surrounding, capture_output=True)

    first, second = map(folder_bytes, outputs)
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []


def test_building_again_writes_no_page(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    build_site(store, tmp_path / "site", chart_cache)
    before = folder_bytes(tmp_path / "site")

    result = build([store], tmp_path / "site", cache=chart_cache, reporter=RecordingReporter())

    assert (result.written.written, result.written.removed) == ([], [])
    assert folder_bytes(tmp_path / "site") == before


def test_a_run_that_went_takes_its_files_along_and_nothing_else(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    site = tmp_path / "site"
    build_site(store, site, chart_cache)
    (site / "CNAME").write_text("example.org", encoding="utf-8")
    (store / "wine" / "b2" / "run.jsonl").unlink()

    result = build([store], site, cache=chart_cache, reporter=RecordingReporter())

    assert run_page(RunKey("wine", "b2")) in result.written.removed
    assert not (site / run_page(RunKey("wine", "b2"))).exists()
    assert (site / "CNAME").read_text(encoding="utf-8") == "example.org"


def test_a_folder_that_is_not_ours_is_refused_untouched(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("words", encoding="utf-8")

    with pytest.raises(OutputError, match="was not written by runsite; use -o"):
        build_site(store, tmp_path / "thesis", chart_cache)

    assert folder_bytes(tmp_path / "thesis") == {"chapter.tex": b"words"}


def test_a_file_of_somebody_else_in_our_folder_is_not_overwritten(
    store: Path, tmp_path: Path, chart_cache: Path
) -> None:
    site = tmp_path / "site"
    build_site(store, site, chart_cache)
    write_run(store, "digits", "c3")
    page = site / run_page(RunKey("digits", "c3"))
    page.parent.mkdir(parents=True)
    page.write_text("mine", encoding="utf-8")
    before = folder_bytes(site)

    with pytest.raises(OutputError, match="was not written by runsite"):
        build_site(store, site, chart_cache)

    assert folder_bytes(site) == before


def test_a_broken_template_leaves_the_old_site_whole(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    site = tmp_path / "site"
    build_site(store, site, chart_cache)
    before = folder_bytes(site)
    write_run(store, "digits", "c3")
    theme = tmp_path / "theme"
    (theme / "templates").mkdir(parents=True)
    (theme / "theme.toml").write_text('name = "broken"\n', encoding="utf-8")
    (theme / "templates" / "about.html").write_text("one\n{{ nothing.here }}\n", encoding="utf-8")
    (store / "runsite.toml").write_text('[site]\ntheme = "../theme"\n', encoding="utf-8")

    with pytest.raises(ThemeError, match=r"about\.html:2: "):
        build_site(store, site, chart_cache)

    assert folder_bytes(site) == before


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_a_full_disk_leaves_the_old_site_whole(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    site = tmp_path / "site"
    build_site(store, site, chart_cache)
    before = folder_bytes(site)
    points = [metrics(step, {f"m{number}": random.Random(step).random() for number in range(9)}) for step in range(999)]
    write_run(store, "digits", "long", run_start(run="long"), *points)
    program = (
        "import resource, signal, sys; from runsite.cli import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "sys.exit(main(sys.argv[1:]))"
    )

    arguments = ["build", str(store), "-o", str(site), "--cache", str(chart_cache)]
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "cannot be written (File too large)" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert folder_bytes(site) == before


KILLED_BUILD = """
import os, shutil, signal, sys
from pathlib import Path
from runsite.build import build
from runsite.cli import main
from runsite.reporter import LineReporter

store, site, cache, work = map(Path, sys.argv[1:])
FILE_EVENTS = ("open", "os.rename", "os.mkdir", "os.rmdir", "os.remove")
NEVER = -1

def build_to(output):
    build([store], output, cache=cache, reporter=LineReporter(sys.stderr))

def build_until(moment):
    seen = 0
    def count(event, arguments):
        nonlocal seen
        if event in FILE_EVENTS and str(site) in str(arguments[0]):
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)
    build_to(site)
    (work / "count").write_text(str(seen))

def forked(moment):
    child = os.fork()
    if child == 0:
        try:
            build_until(moment)
            os._exit(0)
        except BaseException as error:
            sys.excepthook(type(error), error, error.__traceback__)
            os._exit(9)
    return os.waitpid(child, 0)[1]

def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

def try_moments(name, arrange):
    clean = work / name
    build_to(clean)
    for _ in range(2):  # the second remembers what the first did, as those below do
        arrange()
        forked(NEVER)
    count = int((work / "count").read_text())
    for number in range(25):
        arrange()
        moment = 1 + number * (count - 1) // 24
        killed, repaired = forked(moment), forked(NEVER)
        print(name, moment, os.WTERMSIG(killed), os.WEXITSTATUS(repaired), files(site) == files(clean))

def remove_site():
    shutil.rmtree(site, ignore_errors=True)

def go_back_to_old_site():
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(work / "first", site)

try_moments("first", remove_site)
with open(store / "digits" / "a1" / "run.jsonl", "a") as log:
    log.write('{"type":"metrics","step":9,"values":{"val/acc":0.9}}\\n')
(store / "wine" / "b2" / "run.jsonl").rename(store / "wine" / "b2" / "was")
try_moments("second", go_back_to_old_site)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked build")
def test_a_build_killed_at_any_of_fifty_moments_is_repaired_by_the_next(
    store: Path, tmp_path: Path, chart_cache: Path
) -> None:
    (tmp_path / "work").mkdir()
    arguments = [str(store), str(tmp_path / "site"), str(chart_cache), str(tmp_path / "work")]

    done = subprocess.run(
        [sys.executable, "-c", KILLED_BUILD, *arguments], capture_output=True, text=True, check=True, timeout=120
    )

    outcomes = [line.split()[2:] for line in done.stdout.splitlines()]
    assert outcomes == [["9", "0", "True"]] * 50, done.stdout + done.stderr


def test_a_run_has_the_same_address_whatever_other_runs_there_are(tmp_path: Path, chart_cache: Path) -> None:
    numbers = random.Random(7)
    names = ["Ünïcode", "a b", "A B", "...", "x" * 200, "run", "RUN", "ключ", "🦦", "con", "nul.txt", "a-b", "a_b"]
    for round_number in range(3):
        store, site = tmp_path / f"runs{round_number}", tmp_path / f"site{round_number}"
        chosen = numbers.sample(names, k=6)
        for name in chosen:
            write_run(store, "exp", name)

        build_site(store, site, chart_cache)

        pages = [path for path in folder_bytes(site) if "/runs/" in path and path.endswith("index.html")]
        assert sorted(pages) == sorted(run_page(RunKey("exp", name)) for name in chosen)
        assert max(map(len, pages)) < 180


SECRETS = (
    "gpu-17.corp.example",
    "alice.doe",
    "ghp_0123456789abcdefghij",
    "hunter2secret",
    "p4ssw0rdInRemote",
    "/home/",
)


def test_nothing_private_that_a_log_names_reaches_the_site(tmp_path: Path, chart_cache: Path) -> None:
    store, site = tmp_path / "runs", tmp_path / "site"
    environment = {
        "type": "environment",
        "python": "3.11.7",
        "host": SECRETS[0],
        "user": SECRETS[1],
        "cwd": "/home/x/y",
    }
    source = {
        "type": "source",
        "command": f"python /home/alice.doe/train.py --token={SECRETS[3]} HF_TOKEN={SECRETS[3]} --lr 0.1",
        "remote": f"https://alice.doe:{SECRETS[4]}@example.org/team/code.git",
        "patch": "artifacts/work.patch",
    }
    error = {"type": "OSError", "message": "/home/alice.doe/data.npz is missing on gpu-17.corp.example"}
    folder = write_run(
        store,
        "exp",
        "a1",
        run_start(run="a1"),
        params(data="/home/alice.doe/data", url=f"https://u:{SECRETS[4]}@example.org", api_key=SECRETS[3], lr=0.1),
        {"type": "tags", "values": {"user": SECRETS[1], "note": f"ran by {SECRETS[1]} with {SECRETS[2]}"}},
        environment,
        source,
        {"type": "note", "text": f"started on {SECRETS[0]} from /home/alice.doe, max_tokens 512"},
        {"type": "artifact", "path": "artifacts/work.patch", "name": "work.patch"},
        {"type": "artifact", "uri": f"https://u:{SECRETS[4]}@example.org/model"},
        {"type": "dataset", "name": "data", "source": "/home/alice.doe/data.npz"},
        metrics(1, {"loss": 0.5, f"system/{SECRETS[0]}/load": 1.0}),
        run_end("failed", error=error),
    )
    (folder / "artifacts").mkdir()
    (folder / "artifacts" / "work.patch").write_text(f"+password = '{SECRETS[3]}'\n", encoding="utf-8")

    build_site(store, site, chart_cache)

    found = [
        (secret, path)
        for path, content in folder_bytes(site).items()
        for secret in SECRETS
        if secret.encode() in content
    ]
    assert found == []
    page = (site / run_page(RunKey("exp", "a1"))).read_text(encoding="utf-8")
    assert "max_tokens 512" in page
    assert "example.org/team/code" in page


def test_a_setting_publishes_what_is_private(tmp_path: Path, chart_cache: Path) -> None:
    store, site = tmp_path / "runs", tmp_path / "site"
    write_run(store, "exp", "a1", run_start(run="a1"), {"type": "source", "command": "python /home/alice/train.py"})
    (store / "runsite.toml").write_text("[site]\nprivate = false\n", encoding="utf-8")

    build_site(store, site, chart_cache)

    assert "/home/alice/train.py" in (site / run_page(RunKey("exp", "a1"))).read_text(encoding="utf-8")


def test_two_stores_are_built_into_one_site(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    write_run(tmp_path / "others", "digits", "z9")

    result = build([store, tmp_path / "others"], tmp_path / "site", cache=chart_cache, reporter=RecordingReporter())

    counts = json.loads((tmp_path / "site" / "site.json").read_bytes())["counts"]
    assert (result.runs, counts["experiments"], counts["runs"]) == (3, 2, 3)


@pytest.mark.parametrize("again", [".", "../runs", "../link"])
def test_a_store_that_is_named_twice_is_built_once(
    store: Path, chart_cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], again: str
) -> None:
    assert store.name == "runs"
    (store.parent / "link").symlink_to(store)
    monkeypatch.chdir(store)

    code = main(["build", ".", again, str(store), "-o", "../site", "--cache", str(chart_cache)])

    assert (code, capsys.readouterr().err.count("2 runs")) == (0, 1)


def test_stores_handed_over_twice_are_built_once(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    result = build([store, store], tmp_path / "site", cache=chart_cache, reporter=RecordingReporter())

    assert result.runs == 2


def test_two_stores_with_the_same_run_are_refused(store: Path, tmp_path: Path, chart_cache: Path) -> None:
    write_run(tmp_path / "others", "digits", "a1")

    with pytest.raises(StoreError, match="is also run digits/a1; rename one or build them apart"):
        build([store, tmp_path / "others"], tmp_path / "site", cache=chart_cache, reporter=RecordingReporter())


def test_what_a_run_names_as_its_host_is_not_told_by_cards_and_reports_either(
    store: Path, tmp_path: Path, chart_cache: Path
) -> None:
    write_run(store, "exp", "a1", run_start(run="a1"), {"type": "environment", "host": "gpunode77", "user": "carla.p"})
    (store / "exp" / "experiment.md").write_text("# On gpunode77\n", encoding="utf-8")
    (store / "reports" / "who.md").write_text("# Who\n\nRan by carla.p on gpunode77.\n", encoding="utf-8")
    (store / "models" / "clf").mkdir(parents=True)
    (store / "models" / "clf" / "card.md").write_text("Trained on gpunode77.\n", encoding="utf-8")

    build_site(store, tmp_path / "site", chart_cache)

    told = [path for path, content in folder_bytes(tmp_path / "site").items() if b"gpunode77" in content]
    assert told == []


def test_a_site_inside_its_store_says_the_same_when_it_is_built_again(store: Path, chart_cache: Path) -> None:
    build_site(store, store / "site", chart_cache)
    before = folder_bytes(store / "site")

    build_site(store, store / "site", chart_cache)

    assert folder_bytes(store / "site") == before


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX alone")
def test_a_locale_without_utf8_changes_no_byte(tmp_path: Path, chart_cache: Path) -> None:
    folder = write_run(tmp_path / "runs", "exp", "a1", run_start(), {"type": "artifact", "path": "artifacts/é.txt"})
    (folder / "artifacts").mkdir()
    (folder / "artifacts" / "é.txt").write_text("é", encoding="utf-8")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    sites = []
    for name, surrounding in (("one", {}), ("two", plain)):
        arguments = ["build", str(tmp_path / "runs"), "-o", str(tmp_path / name), "--cache", str(chart_cache)]
        command = [sys.executable, "-m", "runsite", *arguments]
        subprocess.run(command, check=True, env=os.environ | surrounding, capture_output=True)
        sites.append(folder_bytes(tmp_path / name))

    assert sites[0] == sites[1]
    assert any(path.startswith("artifacts/") for path in sites[0])


def test_a_picture_beside_a_report_is_published_though_no_run_has_artifacts(tmp_path: Path, chart_cache: Path) -> None:
    write_run(tmp_path / "runs", "exp", "a1")
    (tmp_path / "runs" / "reports").mkdir()
    (tmp_path / "runs" / "reports" / "plot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "runs" / "reports" / "first.md").write_text("# First\n\n![plot](plot.png)\n", encoding="utf-8")

    build_site(tmp_path / "runs", tmp_path / "site", chart_cache)

    assert any(path.endswith(".png") for path in folder_bytes(tmp_path / "site"))
