"""The wheel and the editable install: both carry the theme and work."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOADS_A_THEME = r"""
from pathlib import Path
import runsite, runsite.themes
themes = runsite.themes.builtin_themes_dir()
assert (themes / "default" / "theme.toml").is_file(), themes
print(Path(runsite.__file__).resolve().parent, themes.resolve(), sep="\n")
"""


ELSEWHERE = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
"""The environment without a path that would find the repository first."""


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is packed, so that building leaves nothing in the repository."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name in ("src", "themes"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), str(source))
    return next(folder.glob("*.whl"))


def installed(package: Path, target: Path) -> Path:
    """Install into a folder of its own; the libraries are those of this Python."""
    pip("install", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(target), str(package))
    return target


def run_python(*arguments: str, first: Path, cwd: Path) -> str:
    """Run Python with one folder before all others on its path."""
    code = f"import site, sys; site.addsitedir({str(first)!r}); sys.path.insert(0, {str(first)!r});"
    program = code + arguments[0]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments[1:]],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=ELSEWHERE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_wheel_carries_the_themes_and_nothing_of_the_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    themes = {f"runsite/_themes/{path.relative_to(ROOT / 'themes').as_posix()}" for path in theme_files()}
    assert themes <= names
    assert {"runsite/__init__.py", "runsite/cli.py", "runsite/py.typed"} <= names or "runsite/cli/__init__.py" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"runsite"}


def theme_files() -> list[Path]:
    return [path for path in (ROOT / "themes").rglob("*") if path.is_file()]


def test_wheel_finds_its_theme(wheel: Path, tmp_path: Path) -> None:
    target = installed(wheel, tmp_path / "installed")

    package = (target / "runsite").resolve()
    assert run_python(LOADS_A_THEME, first=target, cwd=tmp_path).splitlines() == [
        str(package),
        str(package / "_themes"),
    ]


def test_wheel_builds_a_site(wheel: Path, tmp_path: Path) -> None:
    target = installed(wheel, tmp_path / "installed")
    run = tmp_path / "runs" / "digits" / "first"
    run.mkdir(parents=True)
    (run / "run.jsonl").write_text('{"type":"metrics","step":0,"values":{"loss":1.5}}\n')

    build = "from runsite.cli import main; raise SystemExit(main(sys.argv[1:]))"
    run_python(build, "build", "runs", "-o", "site", first=target, cwd=tmp_path)

    assert (tmp_path / "site" / "index.html").is_file()


def test_editable_install_finds_the_theme_in_the_repository(source: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    here = ["--no-deps", "--no-build-isolation", "--no-index", "--editable", str(source)]
    (next(environment.rglob("site-packages")) / "outer.pth").write_text(
        "\n".join(path for path in sys.path if path.endswith("site-packages"))
    )

    pip("--python", str(environment), "install", *here)
    command = [str(python), "-c", LOADS_A_THEME]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=ELSEWHERE)

    assert done.returncode == 0, done.stderr
    repository = source.resolve()
    assert done.stdout.splitlines() == [str(repository / "src" / "runsite"), str(repository / "themes")]
