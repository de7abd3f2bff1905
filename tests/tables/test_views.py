"""Views of the settings: tabs over the tables that have what they name."""

import pytest

from runsite.config import View
from runsite.errors import RunsiteError
from runsite.tables import run_table
from runsite.tables.model import Column
from runsite.tables.views import ViewLink, join_ids, view_links
from summarised import experiment, metric, run


def columns() -> dict[str, Column]:
    shown = run("a", metric("val/acc", 0.9, goal="maximize"), metric("speed", 1.0), params={"lr": 1, "a,b%": 2})
    table = run_table(experiment([shown], repeat_rule=experiment([]).repeat_rule))
    return {column.id: column for column in table.columns}


def links(*views: View) -> list[ViewLink]:
    return view_links(views, columns())


def test_what_a_person_writes_becomes_column_ids() -> None:
    view = View("x", sort=("-val/acc", "lr"), columns=("speed", "metrics.val/acc.min"), group=("lr", "status"))

    assert links(view) == [
        ViewLink(
            "x",
            {
                "sort": "-metrics.val/acc.best,params.lr",
                "columns": "metrics.speed.last,metrics.val/acc.min",
                "group": "params.lr,status",
            },
        )
    ]


def test_a_view_says_nothing_of_what_it_does_not_set() -> None:
    assert links(View("empty")) == [ViewLink("empty", {})]
    assert links(View("f", filter="lr > 1")) == [ViewLink("f", {"filter": "lr > 1"})]


def test_repeats_are_a_group_without_a_column() -> None:
    assert links(View("seeds", group=("repeats",))) == [ViewLink("seeds", {"group": "repeats"})]


def test_charts_are_named_as_metrics_are() -> None:
    assert links(View("c", charts=("val/acc", "a,b"))) == [ViewLink("c", {"charts": "val/acc,a%2Cb"})]


@pytest.mark.parametrize(
    "view",
    [
        View("x", filter="gone > 1"),
        View("x", filter="lr > 1 and metrics.gone.best > 2"),
        View("x", sort=("val/acc", "-gone")),
        View("x", columns=("lr", "gone")),
        View("x", group=("repeats", "gone")),
    ],
    ids=["filter", "second name of a filter", "sort", "columns", "group"],
)
def test_a_table_without_one_of_its_columns_has_no_tab(view: View) -> None:
    assert links(View("first"), view, View("last")) == [ViewLink("first", {}), ViewLink("last", {})]


def test_a_filter_that_cannot_be_read_names_the_view_and_the_place() -> None:
    with pytest.raises(RunsiteError) as refused:
        links(View("good", filter="lr > 1"), View('my "view"', filter="lr > 1 and and"))

    said = str(refused.value)
    assert said.startswith('runsite.toml: [views."my "view""] filter, at character 12: ')
    assert "\n" not in said


def test_names_with_commas_and_percent_signs_stay_one_name() -> None:
    assert links(View("x", columns=("a,b%", "lr"))) == [ViewLink("x", {"columns": "params.a%2Cb%25,params.lr"})]
    assert join_ids(["a,b", "100%", "%2C"]) == "a%2Cb,100%25,%252C"
