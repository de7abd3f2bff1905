"""Columns as a person calls them: settings, links and the command line understand what a filter understands."""

import json
from pathlib import Path

import pytest

from runsite.tables.filter_grammar import read_path
from runsite.tables.filter_names import quote_name, resolve_path
from runsite.tables.model import Column
from runsite.tables.run_table import find_column

TWIN = json.loads((Path(__file__).parent.parent / "twins" / "filter.json").read_text(encoding="utf-8"))
COLUMNS = {id: Column(id, id, "run", "param", ()) for id in TWIN["columns"]}


def columns(*ids: str) -> dict[str, Column]:
    return {id: COLUMNS.get(id, Column(id, id, "run", "param", ())) for id in ids}


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        (("lr", "params.lr", "metrics.lr.best", "metrics.lr.last", "tags.lr"), "lr"),
        (("params.lr", "metrics.lr.best", "metrics.lr.last", "tags.lr"), "params.lr"),
        (("metrics.lr.best", "metrics.lr.last", "tags.lr"), "metrics.lr.best"),
        (("metrics.lr.last", "metrics.lr.max", "tags.lr"), "metrics.lr.last"),
        (("tags.lr",), "tags.lr"),
        (("params.lr2",), None),
    ],
)
def test_a_name_alone_is_a_run_field_then_a_param_then_a_metric_then_a_tag(
    ids: tuple[str, ...], found: str | None
) -> None:
    assert find_column("lr", columns(*ids)) == found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("metrics.val/acc", "metrics.val/acc.last"),
        ("metrics.val/acc.best", "metrics.val/acc.best"),
        ("metrics.`val/acc`.best", "metrics.val/acc.best"),
        ("val/acc.last", "metrics.val/acc.last"),
        ("`val/acc`", "metrics.val/acc.best"),
        ("f1 score", "metrics.f1 score.last"),
        ("accuracy.at best of val/acc", "metrics.accuracy.at best of val/acc"),
        ("a.b", "params.a.b"),
        ("param.lr", "params.lr"),
        ("run_id", "id"),
        ("in", "params.in"),
        ('a.b[0] "x" \\ `y` </script>', 'params.a.b[0] "x" \\ `y` </script>'),
        ('params.a.b[0] "x" \\ `y` </script>', 'params.a.b[0] "x" \\ `y` </script>'),
        ("", None),
        (".", None),
        ("metrics", None),
    ],
)
def test_a_name_may_be_whole_quoted_or_as_in_mlflow(wanted: str, found: str | None) -> None:
    assert find_column(wanted, COLUMNS) == found


def test_every_id_and_every_id_as_a_filter_quotes_it_is_found() -> None:
    for id in COLUMNS:
        assert (find_column(id, COLUMNS), find_column(quote_name(id), COLUMNS)) == (id, id)


def test_a_name_alone_is_what_a_filter_reads_in_it() -> None:
    names = {id.split(".")[1] for id in COLUMNS if "." in id} | {id for id in COLUMNS if "." not in id}
    for name in names:
        path = read_path(name)
        if path is not None and resolve_path(path, COLUMNS.__contains__) in COLUMNS:
            assert find_column(name, COLUMNS) == resolve_path(path, COLUMNS.__contains__)
