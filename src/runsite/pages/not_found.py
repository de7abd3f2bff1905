"""404.html, which a host shows at any address: it carries its own style, because no relative link holds there."""

from runsite.pages.page import NOT_FOUND, OVERVIEW, Frame, Page

# The folders of a site: what an address that leads nowhere is cut at, to find the site's root.
SITE_FOLDERS = ("artifacts", "assets", "experiments", "models", "reports")


def make_not_found_page(*, frame: Frame) -> Page:
    """Make the page for addresses that lead nowhere."""
    context = frame.context(NOT_FOUND, title="Not found")
    context |= {"overview": OVERVIEW, "folders": " ".join(SITE_FOLDERS)}
    return Page(NOT_FOUND, "not_found.html", context)
