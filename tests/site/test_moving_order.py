"""What is linked to is there before what links to it."""

from runsite.site.moving_order import moving_order

RUN = "experiments/e/runs/r/"


def test_what_is_new_comes_before_what_may_link_to_it() -> None:
    there = {"about.html", "experiments/e/index.html", "experiments/e/rows/all.js", "experiments/e/table.js"}

    order = moving_order([*there, f"{RUN}index.html", f"{RUN}series.js"], there=there)

    assert order == [
        f"{RUN}series.js",
        f"{RUN}index.html",
        "experiments/e/rows/all.js",
        "experiments/e/table.js",
        "about.html",
        "experiments/e/index.html",
    ]


def test_of_a_first_site_the_index_comes_last() -> None:
    paths = ["404.html", "index.html", "runs/index.html", "runs/table.js", "experiments/e/index.html"]

    order = moving_order([*paths, "experiments/e/rows/all.js", f"{RUN}index.html"], there=())

    assert order == [
        "experiments/e/rows/all.js",
        "runs/table.js",
        f"{RUN}index.html",
        "experiments/e/index.html",
        "runs/index.html",
        "404.html",
        "index.html",
    ]
