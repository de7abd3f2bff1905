"""A runsite.toml is read whole, or refused in one line that names its line and what was probably meant."""

from pathlib import Path

import pytest

from runsite.config import ExperimentSettings, Settings, View, read_settings
from runsite.errors import SettingsError
from runsite.model import DEFAULT_STAGES, MetricDefinition


def read(store: Path, text: str) -> Settings:
    (store / "runsite.toml").write_bytes(text.encode())
    return read_settings(store)


def complaint(store: Path, text: str) -> str:
    """Return what is said of a wrong file, without its path."""
    with pytest.raises(SettingsError) as refused:
        read(store, text)
    said = str(refused.value)
    assert "\n" not in said
    return said.removeprefix(str(store / "runsite.toml"))


def test_a_store_without_settings_has_the_defaults(tmp_path: Path) -> None:
    settings = read_settings(tmp_path)

    assert settings == read(tmp_path, "") == Settings()
    assert (settings.private, settings.artifact_limit, settings.stages) == (True, 10_000_000, DEFAULT_STAGES)


def test_every_setting_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    text = """
        [site]
        title = "Digits"
        description = "Ours."
        theme = "mine"
        artifact_limit = "1.5 MB"
        stages = ["Canary", "Live"]
        private = false
        [metrics."val/acc"]
        goal = "maximize"
        unit = "%"
        step_metric = "epoch"
        label = "accuracy"
        [experiments."vision/digits"]
        metric = "val/acc"
        columns = ["status"]
        hidden = ["seed"]
        baseline = "a1"
        [groups]
        repeat = ["shuffle"]
        [views."by width, in %"]
        filter = "val/acc > 0.9"
        sort = ["-val/acc", "lr"]
        columns = ["val/acc"]
        group = ["width"]
        charts = ["val/acc"]
        [views.seeds]
        group = "repeats"
        sort = "-val/acc"
    """

    assert read(tmp_path, text) == Settings(
        title="Digits",
        description="Ours.",
        theme="mine",
        artifact_limit=1_500_000,
        stages=("None", "Canary", "Live"),
        private=False,
        metrics={"val/acc": MetricDefinition("val/acc", "maximize", "%", "epoch", "accuracy")},
        experiments={"vision/digits": ExperimentSettings("val/acc", ("status",), ("seed",), "a1")},
        repeat=("shuffle",),
        views=(
            View("by width, in %", "val/acc > 0.9", ("-val/acc", "lr"), ("val/acc",), ("width",), ("val/acc",)),
            View("seeds", sort=("-val/acc",), group=("repeats",)),
        ),
    )
    assert read(tmp_path, text.replace("\n", "\r\n")) == read(tmp_path, "\ufeff" + text)


def test_an_experiment_without_settings_has_the_defaults() -> None:
    assert Settings().experiment("any") == ExperimentSettings()


@pytest.mark.parametrize(
    ("text", "size"),
    [("0", 0), ("5", 5), ('"5 B"', 5), ('"500 kB"', 500_000), ('"2MB"', 2_000_000), ('"0.5 GB"', 500_000_000)],
)
def test_a_limit_is_bytes_or_a_size(tmp_path: Path, text: str, size: int) -> None:
    assert read(tmp_path, f"[site]\nartifact_limit = {text}").artifact_limit == size


@pytest.mark.parametrize(
    ("stages", "read_as"),
    [("[]", DEFAULT_STAGES), ('["A", "None"]', ("A", "None")), ('["A", "A"]', ("None", "A"))],
)
def test_a_version_can_always_be_in_no_stage(tmp_path: Path, stages: str, read_as: tuple[str, ...]) -> None:
    assert read(tmp_path, f"[site]\nstages = {stages}").stages == read_as


SIZE = 'write bytes or a size such as "10 MB"'
LIST = 'write a list of texts, such as ["a", "b"]'
TABLES = "experiments, groups, metrics, site, views"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[site]\ntitel = "x"', ":2: [site] titel is not a setting; did you mean 'title'?"),
        ("[sit]\nx = 1", ":1: sit is not a setting; did you mean 'site'?"),
        ("titel = 3", ":1: titel is not a setting; did you mean 'title' in [site]?"),
        ("\n[zzz.yyy]\n", f":2: zzz is not a setting; known are {TABLES}"),
        ('[uu."x"]\nf = 1', f":1: uu is not a setting; known are {TABLES}"),
        ('\n[view."x"]\nsort = []', ":2: view is not a setting; did you mean 'views'?"),
        ("# titel\n[metrics]\n[site]\n\ntitel = 1", ":5: [site] titel is not a setting; did you mean 'title'?"),
        ('site.titel = "x"', ":1: [site] titel is not a setting; did you mean 'title'?"),
        ('\nsite = {titel = "x"}', ":2: [site] titel is not a setting; did you mean 'title'?"),
        ("[site]\ntitle = 3", ":2: [site] title is 3; write a text in quotes"),
        ("[site]\n\ndescription = ['a']", ":3: [site] description is ['a']; write a text in quotes"),
        ("[site]\ntheme = true", ":2: [site] theme is True; write a text in quotes"),
        ('[site]\nprivate = "no"', ":2: [site] private is 'no'; write true or false"),
        ("[site]\nprivate = 0", ":2: [site] private is 0; write true or false"),
        ('[site]\nartifact_limit = "10 apples"', f":2: [site] artifact_limit is '10 apples'; {SIZE}"),
        ("[site]\nartifact_limit = -1", f":2: [site] artifact_limit is -1; {SIZE}"),
        ("[site]\nartifact_limit = 1e7", f":2: [site] artifact_limit is 10000000.0; {SIZE}"),
        ("[site]\nartifact_limit = true", f":2: [site] artifact_limit is True; {SIZE}"),
        (f'[site]\nartifact_limit = "{"9" * 30} GB"', f":2: [site] artifact_limit is '{'9' * 30} GB'; {SIZE}"),
        ('[site]\nstages = "a"', f":2: [site] stages is 'a'; {LIST}"),
        ("[site]\nstages = [1]", f":2: [site] stages is [1]; {LIST}"),
        ("site = 3", ":1: site is 3, not a table; write [site]"),
        ("metrics = 3", ":1: metrics is 3, not a table; write [metrics]"),
        ("[experiments]\nd = 3", ':2: [experiments] d is 3, not a table; write [experiments."d"]'),
        ('[metrics]\nloss = "minimize"', ":2: [metrics] loss is 'minimize', not a table; write [metrics.\"loss\"]"),
        ('[metrics."a"]\ngoll = 1', ":2: [metrics.\"a\"] goll is not a setting; did you mean 'goal'?"),
        ('[metrics."a.b"]\nunit = 3', ':2: [metrics."a.b"] unit is 3; write a text in quotes'),
        (
            '[metrics.a]\ngoal = "minimize"\n[metrics.b]\ngoal = "minimise"',
            ':4: [metrics."b"] goal is \'minimise\'; write "maximize" or "minimize"',
        ),
        ("[experiments.'d']\nmetrc = 'x'", ":2: [experiments.\"d\"] metrc is not a setting; did you mean 'metric'?"),
        ('[experiments."d"]\ncolumns = "x"', f":2: [experiments.\"d\"] columns is 'x'; {LIST}"),
        ('[experiments."d"]\nhidden = {}', f':2: [experiments."d"] hidden is {{}}; {LIST}'),
        ('[experiments."d"]\nbaseline = ["x"]', ":2: [experiments.\"d\"] baseline is ['x']; write a text in quotes"),
        ("[experiments.d]\nbaselin = 1", ":2: [experiments.\"d\"] baselin is not a setting; did you mean 'baseline'?"),
        ('[groups]\nrepeat = "seed"', f":2: [groups] repeat is 'seed'; {LIST}"),
        ("[groups]\nrepeat = [1]", f":2: [groups] repeat is [1]; {LIST}"),
        ("[groups]\n\nrepeats = []", ":3: [groups] repeats is not a setting; did you mean 'repeat'?"),
        ("groups = 3", ":1: groups is 3, not a table; write [groups]"),
        ("[views]\nfast = 3", ':2: [views] fast is 3, not a table; write [views."fast"]'),
        ('[views."a"]\nfilter = 1', ':2: [views."a"] filter is 1; write a text in quotes'),
        ('[views."a"]\nfilter = ["x"]', ":2: [views.\"a\"] filter is ['x']; write a text in quotes"),
        ('[views."a"]\ncolumns = "lr"', f":2: [views.\"a\"] columns is 'lr'; {LIST}"),
        ('[views."a"]\nsort = 1', f':2: [views."a"] sort is 1; {LIST}'),
        ('[views."a"]\ngroup = [1]', f':2: [views."a"] group is [1]; {LIST}'),
        ('[views."a"]\ncharts = 1', f':2: [views."a"] charts is 1; {LIST}'),
        ('[views."a"]\n[views."b"]\nsorts = []', ":3: [views.\"b\"] sorts is not a setting; did you mean 'sort'?"),
        ('[site]\ntitle = "a"\ntitle = "b"', ":3: not TOML: Cannot overwrite a value"),
        ("[site\n", ":1: not TOML: Expected ']' at the end of a table declaration"),
        ("x = " + "[" * 3_000, ": nested too deep; settings are tables of plain values"),
    ],
)
def test_a_wrong_setting_is_one_line_with_its_place_and_a_remedy(tmp_path: Path, text: str, said: str) -> None:
    assert complaint(tmp_path, text) == said


def test_a_file_that_is_not_utf8_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "runsite.toml").write_bytes(b'[site]\ntitle = "\xff"')

    with pytest.raises(SettingsError, match="not UTF-8 at byte 16; save it as UTF-8"):
        read_settings(tmp_path)


@pytest.mark.parametrize("theme", ["darkk", "", "a\\u0000b"])
def test_a_theme_that_is_not_there_is_refused_with_its_line(theme: str, tmp_path: Path) -> None:
    (tmp_path / "runsite.toml").write_text(f'[site]\ntheme = "{theme}"\n', encoding="utf-8")

    with pytest.raises(SettingsError, match=r'runsite\.toml:2: \[site\] theme is .* write "default" or a folder'):
        read_settings(tmp_path)


def test_a_folder_in_the_place_of_the_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "runsite.toml").mkdir()

    with pytest.raises(SettingsError, match=r"runsite\.toml: is not a file"):
        read_settings(tmp_path)


def test_a_file_that_the_disk_refuses_to_look_at_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "runsite.toml").symlink_to("x" * 300)

    with pytest.raises(SettingsError, match=r"runsite\.toml: cannot be read \(.+\); make it readable"):
        read_settings(tmp_path)
