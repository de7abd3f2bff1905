"""A report's page: a text to read, 70 characters wide, with its figures and a list of contents."""

import posixpath

from runsite.model import Problem, Report
from runsite.notes import Resolver, render_markdown, split_title
from runsite.pages.page import OVERVIEW, Frame, Link, Page
from runsite.site_paths import relative, report_page

# Fewer headings than this need no list of contents.
MIN_HEADINGS = 3


def make_report_page(report: Report, *, frame: Frame, resolve: Resolver) -> Page:
    """Make the page of one Markdown report."""
    path = report_page(report.name)
    title, text = split_title(report.text)
    note = render_markdown(text, resolve=resolve, heading_level=2, anchor_prefix="text-")
    contents = [heading for heading in note.headings if heading.level <= 2]
    dead = tuple(Problem(report.modified_path, 0, f"{link.reason}: {link.target}", "note") for link in note.dead_links)
    context = frame.context(path, title=title or report.name, current="Reports")
    context |= {
        "crumbs": (Link("Overview", relative(OVERVIEW, page=path)),),
        "title": title or report.name,
        "html": note.html,
        "contents": contents if len(contents) >= MIN_HEADINGS else [],
        "source_path": report.modified_path,
        "dead_links": note.dead_links,
    }
    return Page(path, "report.html", context, dead)


def report_folder(report: Report) -> str:
    """Return the folder of the store in which a report lies: where its links begin."""
    return posixpath.dirname(report.modified_path)
