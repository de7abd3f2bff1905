"""The models index: every registered model, what is in each stage, and who changed it last."""

from collections.abc import Sequence

from runsite.model import RegisteredModel
from runsite.pages.index import model_row
from runsite.pages.page import MODELS, OVERVIEW, Frame, Link, Page
from runsite.site_paths import relative


def make_models_page(models: Sequence[RegisteredModel], *, frame: Frame, stages: Sequence[str]) -> Page:
    """Make the page that lists all registered models."""
    context = frame.context(MODELS, title="Models", current="Models")
    context |= {
        "crumbs": (Link("Overview", relative(OVERVIEW, page=MODELS)),),
        "models": [model_row(model, page=MODELS) for model in models],
        "stages": [stage for stage in stages if stage != "None"],
    }
    return Page(MODELS, "models.html", context)
