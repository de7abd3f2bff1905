"""Pages catch up: what each hears, whenever it asks."""

from runsite.live.news import all_news, news_for
from runsite.live.streams import QUEUE_LENGTH, Stream, Streams

RUN = "experiments/digits-1/runs/a-2/"
BUILD = [
    f"{RUN}index.html",
    f"{RUN}series.js",
    "experiments/digits-1/rows/open.js",
    "experiments/digits-1/more/open.js",
]


def heard(stream: Stream) -> list[tuple[str, list[str]]]:
    """Take what lies in the queue."""
    batches = [stream.batches.get_nowait() for _ in range(stream.batches.qsize())]
    return [(batch.generation, [news.event for news in batch.news]) for batch in batches if batch is not None]


def test_line_that_was_logged_brings_a_run_page_its_points_and_html() -> None:
    news = list(news_for(f"{RUN}index.html", BUILD, must_reload=False))

    assert [(each.event, each.data.get("paths")) for each in news] == [
        ("points", [f"{RUN}series.js"]),
        ("row", ["experiments/digits-1/more/open.js", "experiments/digits-1/rows/open.js"]),
        ("html", None),
    ]


def test_no_page_is_told_to_load_data_that_are_gone() -> None:
    streams = Streams("e", "look")
    streams.tell(BUILD)
    streams.tell(["runs/table.js"], removed=BUILD[:3])

    with streams.stream(f"{RUN}index.html", "e.look-0") as late, streams.stream("runs/index.html", "e.look-2") as table:
        streams.tell(BUILD[:2])
        streams.tell([], removed=BUILD[:2])

        missed, again, gone = (late.batches.get_nowait() for _ in range(3))
        assert [news.event for batch in (missed, again, gone) for news in (batch.news if batch else ())] == [
            "row",
            "html",
            "error",
            "points",
            "html",
            "html",
        ]
        assert missed is not None
        assert missed.news[0].data["paths"] == ["experiments/digits-1/more/open.js"]
        assert [event for _, events in heard(table) for event in events] == ["error", "points"]


def test_experiment_hears_nothing_of_another_experiment() -> None:
    assert list(news_for("experiments/wine-3/index.html", BUILD, must_reload=False)) == []


def test_page_of_all_runs_hears_of_rows_everywhere() -> None:
    assert [each.event for each in news_for("runs/index.html", BUILD, must_reload=False)] == ["points", "row"]


def test_edited_style_is_swapped_and_edited_script_loads_the_page_anew() -> None:
    styles, scripts = ["assets/site.css", "index.html"], ["assets/site.js", "assets/site.css", "index.html"]

    assert [each.event for each in news_for("index.html", styles, must_reload=False)] == ["assets", "html"]
    assert [each.event for each in news_for("index.html", scripts, must_reload=False)] == ["reload"]
    assert [each.event for each in news_for("index.html", styles, must_reload=True)] == ["reload"]


def test_page_that_slept_hears_all_it_missed_at_once() -> None:
    streams = Streams("e", "look")
    for changed in (["index.html"], BUILD, ["models/index.html"]):
        streams.tell(changed)

    with streams.stream(f"{RUN}index.html", "e.look-1") as stream:
        assert heard(stream) == [("e.look-3", ["points", "row", "html", "error"])]
    with streams.stream(f"{RUN}index.html", "e.look-2") as stream:
        assert heard(stream) == [("e.look-3", ["error"])]


def test_page_of_an_earlier_server_that_looked_otherwise_is_loaded_anew() -> None:
    for since in ("old.other-3", "e.other-", "", "-", "e-x", "."):
        with Streams("e", "look").stream("index.html", since) as stream:
            assert heard(stream) == [("e.look-0", ["reload", "error"])]


def test_page_of_an_earlier_server_that_looked_the_same_compares_all_it_holds() -> None:
    for since in ("old.look-3", "e.look-x"):
        with Streams("e", "look").stream(f"{RUN}index.html", since) as stream:
            assert heard(stream) == [("e.look-0", ["points", "row", "html", "error"])]


def test_who_compares_all_is_named_the_folders_that_its_page_loads_from() -> None:
    own, all_runs = ([each.data.get("paths") for each in all_news(page)] for page in (BUILD[0], "runs/index.html"))

    folder = "experiments/digits-1/"
    assert own == [[f"{folder}runs/"], [f"{folder}table.js", f"{folder}rows/", f"{folder}more/"], None]
    assert all_runs == [["experiments/"], ["runs/", "experiments/"], None]


def test_site_of_another_process_is_compared_and_not_loaded_anew() -> None:
    streams = Streams("e", "look")
    with streams.stream("index.html", "e.look-0") as stream:
        streams.tell_unknown(must_reload=False)
        streams.tell(["about.html"])
        streams.tell_unknown(must_reload=True)
        assert [events for _, events in heard(stream)] == [["error"], ["points", "row", "html"], ["reload"]]
    with streams.stream("about.html", "e.look-2") as slept:
        assert heard(slept) == [("e.look-3", ["reload", "error"])]


def test_page_that_slept_while_another_process_built_compares_all_it_holds() -> None:
    streams = Streams("e", "look")
    streams.tell_unknown(must_reload=False)
    streams.tell(["about.html"])

    with streams.stream("about.html", "e.look-0") as before, streams.stream("about.html", "e.look-1") as after:
        assert heard(before) == [("e.look-2", ["points", "row", "html", "error"])]
        assert heard(after) == [("e.look-2", ["html", "error"])]


def test_reload_that_was_missed_is_made_up_for() -> None:
    streams = Streams("e", "look")
    streams.tell(["index.html"], must_reload=True)
    streams.tell(["about.html"])

    with streams.stream("index.html", "e.look-0") as stream:
        assert heard(stream) == [("e.look-2", ["reload", "error"])]
    with streams.stream("index.html", "e.look-1") as stream:
        assert heard(stream) == [("e.look-2", ["error"])]


def test_failure_is_told_once_and_to_those_who_come_later() -> None:
    streams = Streams("e", "look")
    with streams.stream("index.html", "e.look-0") as stream:
        for text in ("broken", "broken", None):
            streams.tell_error(text)
        assert heard(stream) == [("e.look-0", ["error"])] * 3  # the first says how it stands
    streams.tell_error("broken again")
    with streams.stream("index.html", "e.look-0") as stream:
        batch = stream.batches.get_nowait()
        assert batch is not None
        assert batch.news[-1].data == {"text": "broken again"}


def test_page_that_takes_nothing_is_let_go() -> None:
    streams = Streams("e", "look")
    with streams.stream("index.html", "e.look-0") as stream:
        for _ in range(QUEUE_LENGTH):
            streams.tell(["index.html"])

        assert len(streams) == 0
        assert stream.batches.get_nowait() is None
        assert stream.batches.empty()


def test_closing_ends_streams_that_are_open_and_those_that_come() -> None:
    streams = Streams("e", "look")
    with streams.stream("index.html", "e.look-0") as stream:
        streams.close()
        assert stream.batches.get_nowait() is None
    with streams.stream("index.html", "e.look-0") as late:
        assert late.batches.get_nowait() is None
