"""What a run table hands out, and what stands in the page before its script: the same as what is seen."""

import csv
import io
import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from scipy.stats import ttest_ind

from browser.table_page import LOW, TablePage, experiment_page, open_table
from browser.visits import fresh_context, visiting
from built_site import BuiltSite

FRAGMENT = (
    "#filter=params.lr%20%3C%200.3%20and%20seed%20%3D%201&sort=params.width,-metrics.val%2Facc.best"
    "&columns=name,status,metrics.val%2Facc.best,metrics.val%2Floss.last,params.lr,params.augment,params.width"
)
SEEN = """() => {
  const seen = (cell) => {
    const data = cell.querySelector("data");
    const text = data ?? cell.querySelector("a") ?? cell.querySelector(".status").lastChild;
    return [text.textContent.trim(), data ? data.value : text.textContent.trim()];
  };
  return [...document.querySelectorAll(".run_table tbody tr:not(.spacer)")].map((row) => [...row.cells].map(seen));
}"""
# Columns and cells by what a reader sees. An age is left out, as HTML has a date there; whether a run that never ended
# is stalled is told by the reader's clock.
PRINTED = """() => {
  const text = (element) => element?.textContent.replace(/\\s+/g, " ").trim() ?? "";
  const ids = [...document.querySelectorAll(".run_table thead th")].map((head) => head.dataset.column);
  const shown = (cell) => {
    if (cell.matches(".name")) return text(cell.querySelector("a"));
    if (cell.matches(".cell_time")) return "";
    const statuses = [...cell.querySelectorAll(".status")]
      .map((status) => (["running", "stalled"].includes(status.dataset.status) ? "open" : text(status)));
    if (statuses.length) return statuses.join(" ");
    const data = cell.querySelector("data");
    return [text(cell.querySelector(".best_mark")), text(data ?? cell.querySelector("a")), data?.value ?? ""].join(" ");
  };
  const rows = [...document.querySelectorAll(".run_table tbody tr:not(.spacer)")];
  return [ids, rows.map((row) => [row.matches(".best_run"), ...[...row.cells].map(shown)])];
}"""

NOT_TOLD = "  "


def saved(table: TablePage, label: str) -> str:
    with table.page.expect_download() as download:
        table.page.get_by_label(f"Save the table as {label}", exact=True).click()
    return Path(download.value.path()).read_text("utf-8")


@pytest.mark.parametrize("origin", ["file", "folder"])
def test_saved_files_hold_what_is_seen(
    origin: str, chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    path = experiment_page(BuiltSite(example_site), "digits-mlp")
    with fresh_context(chromium, viewport=LOW) as context, visiting(context, origins[origin]) as visit:
        table = open_table(visit, path + FRAGMENT)
        ids = table.column_ids()
        rows = table.page.evaluate(SEEN)
        table.open_menu("take_away")
        files = {label: saved(table, label) for label in ("CSV", "JSON", "Markdown", "LaTeX (booktabs)")}

    texts = [[text for text, _ in row] for row in rows]
    values = [[value for _, value in row] for row in rows]
    header, *lines = csv.reader(io.StringIO(files["CSV"]))
    objects = json.loads(files["JSON"])
    markdown = [line.strip("| ").split(" | ") for line in files["Markdown"].splitlines()]
    latex = [
        line.strip().removesuffix(r" \\").split(" & ") for line in files["LaTeX (booktabs)"].splitlines() if "&" in line
    ]
    assert len(rows) > 3
    assert header == ids
    assert lines == values
    assert [[str(value) for value in each.values()] for each in objects] == values
    assert {tuple(each) for each in objects} == {tuple(ids)}
    assert markdown[2:] == texts
    assert [[plain(cell) for cell in line] for line in latex[1:]] == texts
    assert visit.faults == []


def plain(latex: str) -> str:
    """Take away what LaTeX needs: bold type and the escape of a minus."""
    return latex.removeprefix(r"\textbf{").removesuffix("}").replace("$-$", "\u2212").replace(r"$\cdot$", "·")


@pytest.mark.parametrize("origin", ["file", "folder"])
def test_link_to_the_view_is_copied(
    origin: str, chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    path = experiment_page(BuiltSite(example_site), "digits-mlp")
    with (
        fresh_context(chromium, viewport=LOW, permissions=["clipboard-read", "clipboard-write"]) as context,
        visiting(context, origins[origin]) as visit,
    ):
        table = open_table(visit, path + FRAGMENT)
        table.open_menu("take_away").get_by_label("Copy the link to this view").click()
        table.page.get_by_text("copied").wait_for()
        table.close_menus()
        address = table.page.url
        table.filter_input.fill("")
        table.filter_input.press("Control+v")
        pasted = table.filter_input.input_value()

    assert pasted == address
    assert visit.faults == []


def as_printed(row: list[Any], before: list[Any]) -> list[Any]:
    """Take away what HTML does not tell of a run without an end: all that changes with its lines."""
    texts = zip(row, before, strict=True)
    return [NOT_TOLD if printed == NOT_TOLD and "open" in before else text for text, printed in texts]


@pytest.mark.parametrize(
    "name",
    [
        "diabetes-optimizers",
        "digits-autoencoder",
        "digits-mlp",
        "all runs",
    ],
)
def test_script_leaves_the_printed_rows_as_they_are(
    name: str, chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    path = experiment_page(BuiltSite(example_site), name)
    with fresh_context(chromium, java_script_enabled=False) as context, visiting(context, origins["file"]) as visit:
        visit.page.goto(origins["file"] + path)
        printed_ids, printed = visit.page.evaluate(PRINTED)
    with fresh_context(chromium, viewport=LOW) as context, visiting(context, origins["file"]) as visit:
        # HTML has nested runs flat.
        ids, rows = open_table(visit, f"{path}#flat=yes" if name == "all runs" else path).page.evaluate(PRINTED)

    count = min(len(printed), len(rows))
    assert count >= min(5, len(printed))
    assert ids == printed_ids
    assert [as_printed(row, before) for row, before in zip(rows[:count], printed, strict=False)] == printed[:count]


def test_script_nests_the_printed_rows_and_leaves_their_texts(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    path = experiment_page(BuiltSite(example_site), "biopsy-sweeps")
    with fresh_context(chromium, java_script_enabled=False) as context, visiting(context, origins["file"]) as visit:
        visit.page.goto(origins["file"] + path)
        printed_ids, printed = visit.page.evaluate(PRINTED)
    with fresh_context(chromium, viewport=LOW) as context, visiting(context, origins["file"]) as visit:
        ids, rows = open_table(visit, path).page.evaluate(PRINTED)

    assert ids == printed_ids
    assert rows != printed  # HTML has them best first, whoever their parent is
    assert sorted(rows) == sorted(printed)


def repeats_of(runs: list[dict[str, Any]], run: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the finished runs that are the same but for the seed."""
    key = {name: value for name, value in run["params"].items() if name != "seed"}
    return [
        other
        for other in runs
        if {name: value for name, value in other["params"].items() if name != "seed"} == key
        and other["status"] == "finished"
    ]


def expected_word(runs: list[dict[str, Any]], run: dict[str, Any], base: dict[str, Any], metric: str) -> str:
    """Judge a run against a baseline by scipy: Welch's test on the repeats of both."""
    if repeats_of(runs, run) == repeats_of(runs, base):
        return "repeat"
    ours, theirs = ([each["metrics"][metric]["best"][1] for each in repeats_of(runs, one)] for one in (run, base))
    if min(len(ours), len(theirs)) < 2:
        return "not_enough_runs"
    difference = sum(ours) / len(ours) - sum(theirs) / len(theirs)
    if abs(difference) < 1e-12:
        return "equal"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # scipy warns of groups without spread
        p_value = ttest_ind(ours, theirs, equal_var=False).pvalue
    if p_value >= 0.05:
        return "within_noise"
    facts = run["metrics"][metric]
    if facts["goal_from"] not in ("record", "settings"):
        return "higher" if difference > 0 else "lower"
    return "better" if (difference > 0) == (facts["goal"] == "maximize") else "worse"


def test_verdicts_against_a_baseline_are_those_of_scipy(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    path = experiment_page(BuiltSite(example_site), "digits-mlp")
    runs = json.loads((example_site / path).with_name("runs.json").read_text("utf-8"))
    by_name = {run["name"]: run for run in runs}
    metrics = ["val/acc", "test/acc", "val/loss"]
    with fresh_context(chromium, viewport=LOW) as context, visiting(context, origins["file"]) as visit:
        table = open_table(visit, f"{path}#columns=name,{','.join(f'metrics.{name}.best' for name in metrics)}")
        table.compare(2)
        base = by_name[table.rows.nth(2).locator("a").inner_text()]
        seen = table.page.evaluate("""() => [...document.querySelectorAll(".run_table tr[aria-level]:not(.baseline)")]
          .map((row) => [row.querySelector("a").textContent, ...[...row.cells].slice(1).map((cell) => {
            const found = cell.querySelector(".difference");
            const word = found?.className.replace("difference", "").replace("contrary", "").trim();
            return [word ?? "", found?.querySelector(".glyph").textContent ?? ""];
          })])""")

    glyphs = {
        "better": "✓",
        "worse": "✗",
        "higher": "△",
        "lower": "▽",
        "within_noise": "≈",
        "equal": "=",
        "repeat": "",
        "not_enough_runs": "?",
    }
    wrong = []
    for name, *cells in seen:
        for metric, found in zip(metrics, cells, strict=True):
            word = expected_word(runs, by_name[name], base, metric)
            if found != [word, glyphs[word]]:
                wrong.append((name, metric, found, word))

    assert len(seen) > 15
    assert wrong == []
    assert {word for _, *cells in seen for word, _ in cells} >= {"repeat", "within_noise", "worse"}
