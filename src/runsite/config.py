"""Read runsite.toml: every setting, its meaning, and a clear word about one that is wrong."""

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from runsite.errors import SettingsError
from runsite.model import DEFAULT_STAGES, Goal, MetricDefinition

FILE_NAME = "runsite.toml"
DEFAULT_ARTIFACT_LIMIT = 10_000_000

KNOWN_SETTINGS: Mapping[str, Mapping[str, str]] = {
    "site": {
        "title": "the site's title; else the Git repository's or the parent folder's name",
        "description": "one line under the title",
        "theme": "name of a built-in theme, or a folder relative to runsite.toml",
        "artifact_limit": 'largest artifact that is copied into the site, in bytes or as "10 MB"',
        "stages": "stages a model version can be in, in their order",
        "private": "true (default) keeps hosts, users, home paths and secrets out of the site",
    },
    "metrics.NAME": {
        "goal": '"maximize" or "minimize"',
        "unit": "shown with the metric's values",
        "step_metric": "the metric that counts this one's steps",
        "label": "what charts and headers call the metric",
    },
    "experiments.NAME": {
        "metric": "the main metric",
        "columns": "the run table's first columns",
        "hidden": "columns the run table does not show at first",
        "baseline": "id of the run that others are compared with",
    },
    "groups": {
        "repeat": "further params that tell repeats of one configuration apart, as seed does",
    },
    "views.NAME": {
        "filter": "which runs the view shows",
        "sort": "columns it is sorted by, - before one for greatest first",
        "columns": "columns it shows",
        "group": '"repeats", or the params and tags whose values make a group',
        "charts": "metrics whose curves it shows",
    },
}
"""Every setting by table, with its help; docs/settings.md is held against this."""


@dataclass(frozen=True, slots=True)
class ExperimentSettings:
    """What the settings say about one experiment."""

    metric: str | None = None
    columns: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    baseline: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A view of run tables that the settings name; nothing is said of what is empty."""

    name: str
    filter: str = ""
    sort: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """A runsite.toml, read and checked; the defaults where there is none."""

    title: str | None = None
    description: str = ""
    theme: str = "default"
    artifact_limit: int = DEFAULT_ARTIFACT_LIMIT
    stages: tuple[str, ...] = DEFAULT_STAGES
    private: bool = True
    metrics: Mapping[str, MetricDefinition] = field(default_factory=dict)
    experiments: Mapping[str, ExperimentSettings] = field(default_factory=dict)
    repeat: tuple[str, ...] = ()
    views: tuple[View, ...] = ()

    def experiment(self, name: str) -> ExperimentSettings:
        return self.experiments.get(name, ExperimentSettings())


def read_settings(store: Path) -> Settings:
    """Read the store's runsite.toml; the defaults if it has none; SettingsError if it is wrong."""
    path = store / FILE_NAME
    try:
        if path.exists() and not path.is_file():
            raise SettingsError(path, None, "is not a file; settings are read from a plain text file of that name")
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError as error:
        raise SettingsError(path, None, f"not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(path, None, f"cannot be read ({error.strerror}); make it readable") from None
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(path, _line_of_error(error, text), f"not TOML: {_without_place(error)}") from None
    except RecursionError:
        raise SettingsError(path, None, "nested too deep; settings are tables of plain values") from None
    return _Document(path, text).settings(document)


def _line_of_error(error: tomllib.TOMLDecodeError, text: str) -> int:
    place = re.search(r"at line (\d+)", str(error))
    return int(place[1]) if place else text.rstrip().count("\n") + 1


def _without_place(error: tomllib.TOMLDecodeError) -> str:
    return re.sub(r" \((at line \d+, column \d+|at end of document)\)$", "", str(error))


@dataclass(frozen=True, slots=True)
class _Document:
    """The file being checked, so that each complaint can name its line."""

    path: Path
    text: str

    def settings(self, document: dict[str, Any]) -> Settings:
        self._only_known(document, [table.partition(".")[0] for table in KNOWN_SETTINGS], table=None)
        site = self._table(document, "site")
        self._only_known(site, KNOWN_SETTINGS["site"], table="site")
        return Settings(
            title=self._value(site, "site", "title", str, None),
            description=self._value(site, "site", "description", str, ""),
            theme=self._theme(site),
            artifact_limit=self._size(site),
            stages=self._stages(site),
            private=self._value(site, "site", "private", bool, True),
            metrics={name: self._metric(document, name) for name in self._table(document, "metrics")},
            experiments={name: self._experiment(document, name) for name in self._table(document, "experiments")},
            repeat=self._repeat(document),
            views=tuple(self._view(document, name) for name in self._table(document, "views")),
        )

    def _theme(self, site: dict[str, Any]) -> str:
        theme: str = self._value(site, "site", "theme", str, "default")
        is_path = theme.isprintable() and bool(theme.strip())
        if theme != "default" and not (is_path and (self.path.parent / theme).is_dir()):
            self._refuse("site", "theme", f'is {theme!r}; write "default" or a folder relative to {self.path.name}')
        return theme

    def _metric(self, document: dict[str, Any], name: str) -> MetricDefinition:
        table = f'metrics."{name}"'
        values = self._table(document["metrics"], name, table)
        self._only_known(values, KNOWN_SETTINGS["metrics.NAME"], table=table)
        return MetricDefinition(
            name,
            self._goal(values, table),
            self._value(values, table, "unit", str, None),
            self._value(values, table, "step_metric", str, None),
            self._value(values, table, "label", str, None),
        )

    def _goal(self, values: dict[str, Any], table: str) -> Goal | None:
        goal = values.get("goal")
        if goal not in ("maximize", "minimize", None):
            self._refuse(table, "goal", f'is {goal!r}; write "maximize" or "minimize"')
        return goal

    def _experiment(self, document: dict[str, Any], name: str) -> ExperimentSettings:
        table = f'experiments."{name}"'
        values = self._table(document["experiments"], name, table)
        self._only_known(values, KNOWN_SETTINGS["experiments.NAME"], table=table)
        return ExperimentSettings(
            self._value(values, table, "metric", str, None),
            self._texts(values, table, "columns"),
            self._texts(values, table, "hidden"),
            self._value(values, table, "baseline", str, None),
        )

    def _repeat(self, document: dict[str, Any]) -> tuple[str, ...]:
        groups = self._table(document, "groups")
        self._only_known(groups, KNOWN_SETTINGS["groups"], table="groups")
        return self._texts(groups, "groups", "repeat")

    def _view(self, document: dict[str, Any], name: str) -> View:
        table = f'views."{name}"'
        values = self._table(document["views"], name, table)
        self._only_known(values, KNOWN_SETTINGS["views.NAME"], table=table)
        lists = {key: self._texts(values, table, key) for key in ("sort", "columns", "group", "charts")}
        return View(name, self._value(values, table, "filter", str, ""), **lists)

    def _table(self, document: dict[str, Any], name: str, shown: str | None = None) -> dict[str, Any]:
        table = document.get(name, {})
        if not isinstance(table, dict):
            self._refuse(
                shown.partition(".")[0] if shown else None, name, f"is {table!r}, not a table; write [{shown or name}]"
            )
        return table

    def _value(self, values: dict[str, Any], table: str, key: str, kind: Callable[..., Any], default: Any) -> Any:
        value = values.get(key, default)
        if key in values and type(value) is not kind:
            expected = {str: "a text in quotes", bool: "true or false"}[kind]  # type: ignore[index]  # two kinds are used
            self._refuse(table, key, f"is {value!r}; write {expected}")
        return value

    def _texts(self, values: dict[str, Any], table: str, key: str) -> tuple[str, ...]:
        texts = values.get(key, [])
        texts = [texts] if isinstance(texts, str) and key in ("sort", "group") else texts
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            self._refuse(table, key, f'is {texts!r}; write a list of texts, such as ["a", "b"]')
        return tuple(texts)

    def _stages(self, site: dict[str, Any]) -> tuple[str, ...]:
        stages = self._texts(site, "site", "stages")
        if not stages:
            return DEFAULT_STAGES
        return tuple(dict.fromkeys(stages if "None" in stages else ("None", *stages)))

    def _size(self, site: dict[str, Any]) -> int:
        size = site.get("artifact_limit", DEFAULT_ARTIFACT_LIMIT)
        if isinstance(size, int) and not isinstance(size, bool) and size >= 0:
            return size
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kMG]?)B\s*", size) if isinstance(size, str) else None
        if not found or len(found[1]) > 20:
            self._refuse("site", "artifact_limit", f'is {size!r}; write bytes or a size such as "10 MB"')
        return int(float(found[1]) * {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}[found[2]])

    def _only_known(self, values: Mapping[str, Any], known: Any, *, table: str | None) -> None:
        for key, value in values.items():
            if key not in known:
                self._refuse(table, key, f"is not a setting; {_hint(key, value, sorted(set(known)), table)}")

    def _refuse(self, table: str | None, key: str, problem: str) -> NoReturn:
        where = f"[{table}] {key}" if table else key
        raise SettingsError(self.path, self._line_of(table, key), f"{where} {problem}")

    def _line_of(self, table: str | None, key: str) -> int | None:
        """Find the line of a key, else of its table, else the first line on which that key gets a value."""
        plain_table, written_key = (table or "").replace('"', ""), rf"[\"']?{re.escape(key)}[\"']?"
        current, table_line, other_line = "", None, None
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := re.match(r"\s*\[+\s*(.+?)\s*\]+", line):
                current = header[1].replace('"', "").replace("'", "")
                own_names = (plain_table, key, f"{plain_table}.{key}".lstrip("."))
                if current in own_names or (not plain_table and current.startswith(f"{key}.")):
                    table_line = table_line or number
            elif current == plain_table and re.match(rf"\s*{written_key}\s*[=.]", line):
                return number
            elif other_line is None and re.search(rf"(?<![\w-]){written_key}\s*=", line):
                other_line = number
        return table_line or other_line


def _hint(key: str, value: object, known: list[str], table: str | None) -> str:
    """Name the setting that was probably meant; one of [site] may have been written above the first table."""
    for_site = sorted(KNOWN_SETTINGS["site"]) if table is None and not isinstance(value, dict) else []
    nearest = difflib.get_close_matches(key, for_site or known, n=1, cutoff=0.4)
    if not nearest:
        return f"known are {', '.join(known)}"
    return f"did you mean {nearest[0]!r} in [site]?" if for_site else f"did you mean {nearest[0]!r}?"
