"""The shape of the code: who may import whom, which library lives where, how long a file may grow."""

import ast
import graphlib
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "runsite"
THEMES = ROOT / "themes"

ROWS = (
    ("cli",),
    ("live",),
    ("build", "answers", "figures"),
    ("site",),
    ("pages", "themes"),
    ("charts", "tables", "notes", "frames"),
    ("summaries", "registry", "privacy"),
    ("readers", "data_script"),
    ("sources", "recorder"),
    ("records",),
    ("config", "cache"),
    ("reporter",),
    (
        "number_format",
        "site_paths",
        "status_rule",
        "goal_mark",
        "file_digests",
        "signatures",
        "store_place",
        "nearest",
        "secret_patterns",
    ),
    ("model", "errors", "interrupts"),
    ("shown_names",),
)
"""Highest first. A part imports from lower rows only: never from above, never from its own row."""

HOMES = {
    "msgspec": "records",
    "altair": "charts",
    "vl_convert": "charts",
    "markdown_it": "notes",
    "mdit_py_plugins": "notes",
    "jinja2": "themes",
    "markupsafe": "themes",
    "rich": "reporter",
    "watchdog": "live",
    "pandas": "frames",
    "py_mini_racer": "figures",
}
EVERYWHERE = {"numpy"}
"""Third-party, but no part owns it: columns of numbers are passed from the readers to the charts."""

PACKAGES = {"vl_convert": "vl-convert-python", "markdown_it": "markdown-it-py", "py_mini_racer": "mini-racer"}
"""What a library is called where it is installed from, if not by its own name."""

SELF_CONTAINED = {"not_found.html"}
"""A host shows this page at any address, so it can refer to no file; its policy names its code by digest."""

FORBIDDEN_NAMES = {"utils", "util", "helpers", "common", "base", "core", "manager", "managers", "misc"}
MAX_LINES = 400
MAX_TEMPLATE_LINES = 79
MAX_MACRO_ARGUMENTS = 4


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement of one of our modules."""

    module: str
    """Dotted, without `runsite.`; the package itself is "" here."""
    target: str
    names: tuple[str, ...]
    line: int
    at_top: bool
    for_types_only: bool
    commented: bool

    @property
    def place(self) -> str:
        return f"{self.module or 'runsite'}:{self.line} imports {self.target}"

    @property
    def library(self) -> str:
        return self.target.split(".")[0]


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


def imports_of(module: str) -> Iterator[Import]:
    path = MODULES[module]
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    tree = ast.parse(text)
    type_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test).endswith("TYPE_CHECKING")
        for node in ast.walk(block)
    }
    # Top means the module's own body, and the `try` or platform `if` around an import there.
    in_functions = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        commented = has_comment(lines, node.lineno)
        for target, names in targets_of(node):
            yield Import(
                module=module,
                target=target,
                names=names,
                line=node.lineno,
                at_top=id(node) not in in_functions,
                for_types_only=id(node) in type_only,
                commented=commented,
            )


def has_comment(lines: list[str], line: int) -> bool:
    """Look for a comment on an import, on one of its block, or above that block."""

    def imports(index: int) -> bool:
        return lines[index].lstrip().startswith(("import ", "from "))

    first = last = line - 1
    while imports(first - 1):
        first -= 1
    while last + 1 < len(lines) and imports(last + 1):
        last += 1
    return any("#" in text for text in lines[first : last + 1]) or lines[first - 1].lstrip().startswith("#")


def targets_of(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what is imported: `from runsite import model` and `from runsite.model import Run` both name the module."""
    if isinstance(node, ast.Import):
        yield from ((alias.name, ()) for alias in node.names)
        return
    assert node.level == 0, f"line {node.lineno}: relative import"
    for alias in node.names:
        inner = f"{node.module}.{alias.name}".removeprefix("runsite.")
        if str(node.module).startswith("runsite") and inner in MODULES:
            yield f"runsite.{inner}", ()
        else:
            yield str(node.module), (alias.name,)


def asks_for_the_version(found: Import) -> bool:
    return found.target == "runsite" and found.names == ("__version__",)


IMPORTS = [found for module in MODULES for found in imports_of(module) if not asks_for_the_version(found)]


def part(module: str) -> str:
    return module.removeprefix("runsite").removeprefix(".").split(".")[0]


def row(name: str) -> int:
    """Number the rows from the bottom; the package itself, which only hands out names, stands on top."""
    if name == "":
        return len(ROWS)
    return next(len(ROWS) - 1 - index for index, names in enumerate(ROWS) if name in names)


def test_every_part_has_its_row() -> None:
    known = {name for names in ROWS for name in names} | {"", "__main__"}

    assert {part(module) for module in MODULES} <= known


def test_imports_point_to_lower_rows_only() -> None:
    wrong = [
        found.place
        for found in IMPORTS
        if found.library == "runsite"
        and part(found.module) not in ("__main__", part(found.target))
        and row(part(found.target)) >= row(part(found.module))
    ]

    assert wrong == []


def test_nobody_imports_the_package_for_what_a_module_holds() -> None:
    wrong = [found.place for found in IMPORTS if found.target == "runsite" and part(found.module) != "__main__"]

    assert wrong == []


def test_no_circle_of_modules() -> None:
    graph: dict[str, set[str]] = {module: set() for module in MODULES}
    for found in IMPORTS:
        if found.library == "runsite" and not found.for_types_only:
            graph[found.module].add(found.target.removeprefix("runsite").removeprefix("."))
    for module, targets in graph.items():
        targets.discard(module)

    graphlib.TopologicalSorter(graph).prepare()  # a CycleError names the circle


def test_each_library_has_one_home() -> None:
    homeless = [
        found.place
        for found in IMPORTS
        if found.library not in sys.stdlib_module_names | EVERYWHERE | {"runsite"}
        and HOMES.get(found.library) != part(found.module)
    ]

    assert homeless == []


def test_each_library_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["figure"]]
    declared = {re.split(r"[<>=~\[ ]", requirement)[0] for requirement in requirements}
    libraries = {found.library for found in IMPORTS} - sys.stdlib_module_names - {"runsite"}

    assert {PACKAGES.get(library, library) for library in libraries} <= declared


def test_imports_stand_at_the_top_or_say_why_not() -> None:
    # The package itself only hands out names, and loads what stands behind them on first use.
    below = [found for found in IMPORTS if not found.at_top and found.module != ""]

    assert [found.place for found in below if not found.commented] == []
    assert [found.place for found in below if found.library in sys.stdlib_module_names] == []


def test_nobody_reaches_for_another_modules_underscore() -> None:
    private = re.compile(r"^_(?!_version__$)[a-z]", re.IGNORECASE)

    assert [found.place for found in IMPORTS if any(private.match(name) for name in found.names)] == []


def test_tests_do_not_reach_for_underscores() -> None:
    reach = re.compile(r"^\s*from runsite[\w.]* import .*\b_[a-z]", re.MULTILINE)

    assert [path.name for path in (ROOT / "tests").rglob("*.py") if reach.search(path.read_text("utf-8"))] == []


def test_the_model_reads_no_files() -> None:
    read = {"os", "io", "pathlib", "sqlite3", "subprocess", "time", "tempfile"}

    wrong = [found.place for found in IMPORTS if found.module == "model" and found.library in read]

    assert wrong == []


def test_pages_know_neither_files_nor_clock() -> None:
    outside = {"os", "io", "pathlib", "sqlite3", "subprocess", "time", "tempfile", "shutil", "socket"}

    wrong = [found.place for found in IMPORTS if part(found.module) == "pages" and found.library in outside]

    assert wrong == []


@pytest.mark.parametrize("module", MODULES, ids=lambda name: name or "runsite")
def test_module_is_short_named_and_introduced(module: str) -> None:
    text = MODULES[module].read_text(encoding="utf-8")

    assert len(text.splitlines()) <= MAX_LINES
    assert not set(module.split(".")) & FORBIDDEN_NAMES
    assert text == "" or ast.get_docstring(ast.parse(text)), "a module opens with one sentence: its job"


@pytest.mark.parametrize("script", sorted(THEMES.rglob("*.js")), ids=lambda path: path.name)
def test_script_is_short_and_strict(script: Path) -> None:
    text = script.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= MAX_LINES
    assert '"use strict";' in text
    assert not re.search(r"\b(fetch|eval|XMLHttpRequest)\s*\(|new Function\b|^\s*(import|export)\s", text, re.MULTILINE)


@pytest.mark.parametrize(
    "template", sorted(THEMES.rglob("templates/**/*.html")), ids=lambda path: "/".join(path.parts[-2:])
)
def test_template_is_short_and_only_prints(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    macros = re.findall(r"\{%-?\s*macro\s+\w+\(([^)]*)\)", text)

    assert len(text.splitlines()) <= MAX_TEMPLATE_LINES
    assert all(len(arguments.split(",")) <= MAX_MACRO_ARGUMENTS for arguments in macros)


@pytest.mark.parametrize(
    "template",
    sorted(path for path in THEMES.rglob("templates/**/*.html") if path.name not in SELF_CONTAINED),
    ids=lambda path: "/".join(path.parts[-2:]),
)
def test_template_keeps_to_the_content_policy(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    inline_script = re.search(r"<script(?![^>]*(\bsrc=|application/json))[^>]*>", text)

    assert inline_script is None, inline_script
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", text)
    assert re.findall(r"[\w.]+(?=\s*\|\s*safe\b)", text) in ([], ["charts.island"]), (
        "only script-safe JSON is printed as it is"
    )
