"""The page of all runs: one table over every experiment."""

from runsite.model import SiteContent
from runsite.number_format import format_count_of
from runsite.pages.cells import moment
from runsite.pages.page import RUNS, Frame, Link, Page
from runsite.site_paths import ALL_RUNS_PAGE, ALL_RUNS_TABLE, experiment_page, relative
from runsite.tables import RunTable


def make_runs_page(content: SiteContent, *, frame: Frame, table: RunTable, version: str) -> Page:
    """Make the page; `version` is the content hash of the table's data script."""
    path = ALL_RUNS_PAGE
    context = frame.context(path, title="All runs", current=RUNS, data_until=moment(content.data_until))
    runs, experiments = format_count_of(table.row_count, "run"), format_count_of(len(content.experiments), "experiment")
    context |= {
        "crumbs": (Link("Overview", relative("index.html", page=path)),),
        "count_words": f"{runs} of {experiments}",
        "files": tuple(Link(e.name, relative(experiment_page(e.name), page=path)) for e in content.experiments),
        "table": table,
        "table_name": "all experiments",
        "table_src": f"{relative(ALL_RUNS_TABLE, page=path)}?v={version}",
    }
    return Page(path, "runs.html", context)
