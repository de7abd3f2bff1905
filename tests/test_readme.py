"""README and docs say what is true: commands run, examples run, and nothing that can be typed is left undescribed."""

import argparse
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from runsite.cli import build_parser
from runsite.config import KNOWN_SETTINGS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
USING = (ROOT / "docs" / "using.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TEST_COMMAND = "python3 tests/run_all.py"


def blocks(text: str, language: str) -> list[str]:
    return [body for kind, body in FENCE.findall(text) if kind == language]


def commands(parser: argparse.ArgumentParser, name: str = "runsite") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield every command that can be typed, innermost ones by their whole name."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in inner:
        for word, subparser in action.choices.items():
            yield from commands(subparser, f"{name} {word}")
    if not inner:
        yield name, parser


COMMANDS = dict(commands(build_parser()))


def options(parser: argparse.ArgumentParser) -> set[str]:
    """Return the long name of each option, or its only one."""
    found = {max(action.option_strings, key=len) for action in parser._actions if action.option_strings}
    return found - {"--help"}


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one of its level or above."""
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert found, f"no heading {heading!r}"
    rest = text[found.end() :]
    after = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: after.start()] if after else rest


@pytest.mark.parametrize("command", COMMANDS)
def test_command_and_its_options_are_described(command: str) -> None:
    described = set(re.findall(r"`(--?[\w-]+)", section(USING, f"`{command}`")))

    long_names = {option for option in described if option.startswith("--")} - {"--help"}
    assert long_names == {option for option in options(COMMANDS[command]) if option.startswith("--")}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_has_a_help(command: str) -> None:
    silent = [action.dest for action in COMMANDS[command]._actions if action.option_strings and not action.help]

    assert silent == []


def test_options_before_a_command_are_described() -> None:
    assert {option for option in options(build_parser()) if f"`runsite {option}`" not in USING} == set()


def test_no_command_is_described_that_cannot_be_typed() -> None:
    assert set(re.findall(r"^#+ `(runsite[^`]*)`$", USING, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_readme_names_the_command(command: str) -> None:
    word = command.split()[-1] if command.startswith("runsite model ") else command

    assert f"`{word}" in README or f"`{command}" in README


@pytest.mark.parametrize("table", KNOWN_SETTINGS)
def test_settings_are_described(table: str) -> None:
    name, _, placeholder = table.partition(".")
    heading = f'`[{name}."{placeholder}"]`' if placeholder else f"`[{name}]`"

    rows = re.findall(r"^\| `(\w+)` \|", section(SETTINGS, heading), re.MULTILINE)
    assert sorted(rows) == sorted(KNOWN_SETTINGS[table])


def shell_lines() -> list[tuple[str, str]]:
    return [
        (page.name, line)
        for page in PAGES
        for block in blocks(page.read_text(encoding="utf-8"), "sh")
        for line in block.splitlines()
        if line.startswith("runsite ")
    ]


@pytest.mark.parametrize(("page", "line"), shell_lines())
def test_command_line_in_the_docs_is_one_that_can_be_typed(page: str, line: str) -> None:
    words = shlex.split(line.split(" | ")[0].split(" > ")[0], comments=True)[1:]

    try:
        build_parser().parse_args(words)
    except SystemExit:
        pytest.fail(f"{page}: {line}")


def test_readme_ten_lines_record_a_run_and_build_shows_it(tmp_path: Path) -> None:
    before = "def train_step():\n    return 0.5, 0.9\n\n\nopen('confusion.png', 'wb').close()\n"
    (example,) = blocks(README, "python")
    (tmp_path / "train.py").write_text(before + example, encoding="utf-8")

    for command in (["train.py"], ["-m", "runsite.cli", "build"]):
        done = subprocess.run([sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "digits" in page
    assert "val/acc" in page


# Longer than other tests, about 20 s: it is the one thing every newcomer does.
@pytest.mark.skipif(sys.platform == "win32", reason="the README's line is for a POSIX shell")
def test_readme_first_command_ends_with_a_site(tmp_path: Path) -> None:
    command = blocks(README, "sh")[0]
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("src", "themes", "example_runs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))

    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "index.html").is_file()


def test_readme_second_command_is_what_ci_runs() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert blocks(README, "sh")[1].strip() == TEST_COMMAND
    assert lines.count(TEST_COMMAND) == 1
    assert TEST_COMMAND in (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")


def test_contributing_lists_the_rows_that_are_checked() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    listed = re.search(r"<!-- rows: .*? -->\n\n((?: {4}.+\n)+)", contributing)
    checked = (ROOT / "tests" / "test_architecture.py").read_text(encoding="utf-8")
    rows = re.search(r"^ROWS = \((.*?)^\)", checked, re.MULTILINE | re.DOTALL)

    assert listed
    assert rows
    assert re.findall(r"[a-z_]+", listed[1]) == re.findall(r'"([a-z_]+)"', rows[1])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_the_docs_resolve(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]

    assert [link for link in links if not leads_somewhere(link, page)] == []


def leads_somewhere(link: str, page: Path) -> bool:
    path, _, anchor = link.partition("#")
    target = page.parent / unquote(path) if path else page
    if not target.exists():
        return False
    return not anchor or anchor in {anchor_of(title) for title in headings(target)}


def headings(page: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)


def anchor_of(heading: str) -> str:
    """Make the anchor GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
