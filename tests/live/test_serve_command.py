"""`runsite serve` as it is typed: a process that builds, serves, follows and ends."""

import contextlib
import json
import re
import shutil
import signal
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from live.commands import DEADLINE_SECONDS, Start, fetch, free_port, starting, until
from runsite.build import build
from runsite.build.verify import compare_sites
from runsite.live.listening import FIRST_PORT
from support import RecordingReporter, append_to_run, folder_bytes, metrics, params, run_end, run_start, write_run


@pytest.fixture
def start(tmp_path: Path, chart_cache: Path) -> Iterator[Start]:
    with starting(tmp_path, chart_cache) as begin:
        yield begin


def running_run(store: Path) -> Path:
    lines = [run_start(), params(lr=0.1), metrics(0, {"val/loss": 0.5})]
    return write_run(store, "digits", "a", *lines)


def test_site_follows_its_store_and_is_what_a_clean_build_writes(tmp_path: Path, start: Start) -> None:
    folder = running_run(tmp_path / "runs")
    serve = start("serve", "runs", "--watch", "--port", str(free_port()))
    address = serve.wait_for(r"serving (http://127\.0\.0\.1:\d+/)")[1]
    until(lambda: "digits" in fetch(address))
    page = next(iter((tmp_path / "site").glob("experiments/*/runs/*/index.html")))

    append_to_run(folder, metrics(1, {"val/loss": 2.75}), run_end())

    until(lambda: "2.75" in page.read_text() and "finished" in page.read_text())
    assert serve.interrupt() == 0
    build([tmp_path / "runs"], tmp_path / "clean", cache=tmp_path / "cache", reporter=RecordingReporter())
    assert compare_sites(tmp_path / "site", tmp_path / "clean") == []
    assert not (tmp_path / "site" / "live").exists()


@pytest.mark.parametrize("watch", [[], ["--watch"]], ids=["", "watch"])
def test_served_site_leaves_out_what_its_filter_does(tmp_path: Path, start: Start, watch: list[str]) -> None:
    for name, rate in [("public", 0.1), ("secret", 0.2)]:
        write_run(tmp_path / "runs", name, "a", run_start(), params(lr=rate))
    words = ["serve", "runs", *watch, "--port", str(free_port()), "--filter", "lr = 0.1"]
    serve = start(*words)
    address = serve.wait_for(r"serving (\S+)")[1]

    until(lambda: "public" in fetch(address))
    serve.interrupt()

    assert not any("secret" in path for path in folder_bytes(tmp_path / "site"))


@pytest.mark.parametrize("words", [["serve", "--watch"], ["build", "--watch"]], ids=" ".join)
def test_filter_that_cannot_be_read_is_said_and_waited_for_by_nobody(start: Start, words: list[str]) -> None:
    command = start(*words, "runs", "--filter", "lr ~~ 1")

    command.wait_for("runsite: filter, at character 4: ~~ is not an operator")
    assert command.process.wait(DEADLINE_SECONDS) == 1


def test_missing_store_is_waited_for(tmp_path: Path, start: Start) -> None:
    serve = start("serve", "runs", "--watch", "--port", str(free_port()))
    address = serve.wait_for(r"serving (\S+)")[1]
    serve.wait_for("runs: no such store")
    assert "Waiting for runs" in fetch(address)

    running_run(tmp_path / "runs")

    until(lambda: "digits" in fetch(address))
    assert serve.interrupt() == 0


def test_failed_build_keeps_the_site_and_the_next_one_mends_it(tmp_path: Path, start: Start) -> None:
    running_run(tmp_path / "runs")
    serve = start("serve", "runs", "--watch", "--port", str(free_port()))
    address = serve.wait_for(r"serving (\S+)")[1]
    until(lambda: "digits" in fetch(address))
    template = tmp_path / "runs" / "theme" / "templates" / "about.html"
    template.parent.mkdir(parents=True)

    template.write_text("\n{{ nothing_of_the_kind }}")
    serve.wait_for(r"about\.html:2: .*nothing_of_the_kind")
    assert "digits" in fetch(address)
    template.write_text("well")

    serve.wait_for("built again")
    assert fetch(f"{address}about.html") == "well"
    assert serve.interrupt() == 0


def test_store_that_went_away_keeps_the_site(tmp_path: Path, start: Start) -> None:
    for number in range(12):
        write_run(tmp_path / "runs", "digits", f"r{number}")
    serve = start("serve", "runs", "--watch", "--port", str(free_port()))
    address = serve.wait_for(r"serving (\S+)")[1]
    until(lambda: "digits" in fetch(address))

    (tmp_path / "runs").rename(tmp_path / "unmounted")

    serve.wait_for("runs: no such store")
    assert "digits" in fetch(address)
    (tmp_path / "runs").mkdir()
    serve.wait_for("runs: 12 of 12 runs are gone, such as digits/r0, digits/r1, digits/r10; the old site is kept")
    (tmp_path / "runs").rmdir()
    (tmp_path / "unmounted").rename(tmp_path / "runs")
    serve.wait_for("built again")


def test_busy_port_that_was_named_is_refused(tmp_path: Path, start: Start) -> None:
    running_run(tmp_path / "runs")
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        named = start("serve", "runs", "--port", str(port))
        assert named.process.wait(DEADLINE_SECONDS) == 1

    assert named.wait_for(f"runsite: cannot serve on 127.0.0.1, port {port} ")


def test_busy_port_is_said_before_anything_is_built(tmp_path: Path, start: Start) -> None:
    running_run(tmp_path / "runs")
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        named = start("serve", "runs", "--port", str(busy.getsockname()[1]))
        assert named.process.wait(DEADLINE_SECONDS) == 1

    assert not (tmp_path / "site").exists()


def test_address_of_another_machine_is_no_matter_of_the_port(tmp_path: Path, start: Start) -> None:
    running_run(tmp_path / "runs")

    serve = start("serve", "runs", "--watch", "--host", "192.0.2.1")

    serve.wait_for(r"runsite: cannot serve on 192\.0\.2\.1, port 7483 \(.*\); name another with --host")
    assert serve.process.wait(DEADLINE_SECONDS) == 1


def test_busy_usual_port_is_passed_over_and_that_is_said(tmp_path: Path, start: Start) -> None:
    running_run(tmp_path / "runs")
    with socket.socket() as busy:
        with contextlib.suppress(OSError):  # somebody else has it: as good
            busy.bind(("127.0.0.1", FIRST_PORT))
            busy.listen()
        serve = start("serve", "runs")

        port = int(serve.wait_for(rf"port {FIRST_PORT} is busy; taking (\d+)")[1])

        assert serve.wait_for(r"serving (\S+)")[1] == f"http://127.0.0.1:{port}/"
        assert port > FIRST_PORT
        assert serve.interrupt() == 0


def test_over_ssh_the_address_has_a_token_and_the_tunnel_is_printed(tmp_path: Path, start: Start) -> None:
    running_run(tmp_path / "runs")
    port = free_port()
    serve = start("serve", "runs", "--port", str(port), SSH_CONNECTION="10.0.0.9 5 10.0.0.4 22", USER="ada")

    address = serve.wait_for(r"serving (\S+)")[1]
    serve.wait_for(rf"ssh -N -L {port}:127\.0\.0\.1:{port} ada@10\.0\.0\.4")

    assert re.fullmatch(rf"http://127\.0\.0\.1:{port}/t/[\w-]{{24}}/", address)
    assert "digits" in fetch(address)
    assert serve.interrupt() == 0


def test_run_moved_out_of_the_store_and_back_says_nothing(tmp_path: Path, start: Start) -> None:
    folder = running_run(tmp_path / "runs")
    write_run(tmp_path / "runs", "digits", "other")
    serve = start("serve", "runs", "--watch", "--port", str(free_port()))
    serve.wait_for("Ctrl-C ends it")
    listed = tmp_path / "site" / "site-files.json"
    until(lambda: listed.exists() and "/runs/a-" in listed.read_text())

    folder.rename(tmp_path / "away")
    until(lambda: "/runs/a-" not in listed.read_text())
    (tmp_path / "away").rename(folder)
    until(lambda: "/runs/a-" in listed.read_text())

    assert serve.interrupt() == 0
    assert serve.process.stderr is not None
    assert serve.process.stderr.read() == ""


def test_who_listens_everywhere_names_this_machine_to_others(tmp_path: Path, start: Start) -> None:
    running_run(tmp_path / "runs")
    port = free_port()
    serve = start("serve", "runs", "--host", "0.0.0.0", "--port", str(port))

    here = serve.wait_for(r"serving (\S+)")[1]
    there = serve.wait_for(r"from other machines: (\S+)")[1]

    assert there == here.replace("127.0.0.1", socket.gethostname())
    named = urllib.request.Request(here, headers={"Host": f"{socket.gethostname()}:{port}"})
    with urllib.request.urlopen(named, timeout=DEADLINE_SECONDS) as reply:
        assert reply.status == 200
    assert serve.interrupt() == 0


def test_two_stores_are_served_as_one_site_and_a_build_beside_leaves_it_whole(tmp_path: Path, start: Start) -> None:
    write_run(tmp_path / "one", "digits", "a")
    write_run(tmp_path / "two", "wine", "b")
    serve = start("serve", "one", "two", "--watch", "--port", str(free_port()))
    address = serve.wait_for(r"serving (\S+)")[1]
    until(lambda: "wine" in fetch(address) and "digits" in fetch(address))

    write_run(tmp_path / "two", "wine", "c")
    beside = start("build", "one", "two")
    assert beside.process.wait(DEADLINE_SECONDS) == 0

    listed = tmp_path / "site" / "site-files.json"
    until(lambda: any("/runs/c-" in path for path in json.loads(listed.read_bytes())))
    assert serve.interrupt() == 0
    stores = [Path("one"), Path("two")]
    again = start("build", *map(str, stores), "--verify")
    again.wait_for("a clean build gives the same bytes")


def test_output_that_was_deleted_is_there_again_with_the_next_line(tmp_path: Path, start: Start) -> None:
    folder = running_run(tmp_path / "runs")
    serve = start("serve", "runs", "--watch", "--port", str(free_port()))
    address = serve.wait_for(r"serving (\S+)")[1]
    until(lambda: "digits" in fetch(address))

    def is_told_missing() -> bool:
        shutil.rmtree(tmp_path / "site", ignore_errors=True)
        return "Waiting for runs" in fetch(address)

    until(is_told_missing)  # it may be there again by itself before it is asked for
    append_to_run(folder, metrics(1, {"val/loss": 2.75}), run_end())

    until(lambda: "digits" in fetch(address))
    assert serve.interrupt() == 0


def test_second_ctrl_c_ends_a_build_that_takes_its_time(tmp_path: Path, start: Start) -> None:
    for number in range(300):
        write_run(tmp_path / "runs", "digits", f"r{number}", run_start(), metrics(0, {"val/loss": 0.5}), run_end())
    serve = start("serve", "runs", "--watch", "--port", str(free_port()))
    serve.wait_for("Ctrl-C ends it")

    serve.process.send_signal(signal.SIGINT)
    serve.process.send_signal(signal.SIGINT)

    assert serve.process.wait(DEADLINE_SECONDS) in (0, 130)  # the first may have been enough
    assert serve.process.stderr is not None
    assert set(serve.process.stderr.read().splitlines()) <= {"runsite: stopped"}


def test_sigterm_ends_it_as_ctrl_c_does(tmp_path: Path, start: Start) -> None:
    running_run(tmp_path / "runs")
    serve = start("serve", "runs", "--watch", "--port", str(free_port()))
    address = serve.wait_for(r"serving (\S+)")[1]
    until(lambda: "digits" in fetch(address))

    serve.process.terminate()

    assert serve.process.wait(DEADLINE_SECONDS) == 0


def test_build_that_watches_says_each_build_in_one_line(tmp_path: Path, start: Start) -> None:
    folder = running_run(tmp_path / "runs")
    watching = start("build", "runs", "--watch")
    watching.wait_for(r"index\.html: 1 run, \d+ pages written")

    append_to_run(folder, metrics(1, {"val/loss": 2.75}))

    watching.wait_for(r"index\.html: 1 run, 1 page written")
    assert watching.interrupt() == 0


def test_build_that_watches_refuses_what_only_one_build_can_do(tmp_path: Path, start: Start) -> None:
    running_run(tmp_path / "runs")

    refused = start("build", "runs", "--watch", "--verify")

    refused.wait_for("runsite: --verify is for one build; type it without --watch")
    assert refused.process.wait(DEADLINE_SECONDS) == 2
