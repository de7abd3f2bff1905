"""Where each thing stands in the site: pure functions from keys to paths.

A segment made from a name is a slug of at most 40 ASCII characters, `-`, and 8 hex digits of the sha256 of the
key. Always, even where the slug alone would do: so no page's address depends on which other runs exist, names
that differ only in case or Unicode form never meet on a disk that folds them, and every segment is a valid name
on Windows. The longest path is under 180 characters.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache

from runsite.model import RunKey

MAX_SLUG = 40
ALL_RUNS_PAGE = "runs/index.html"
ALL_RUNS_TABLE = "runs/table.js"
COMPARE_PAGE = "compare.html"
VEGA_ASSET = "assets/vega.js"
SPECS_ASSET = "assets/chart_specs.js"
RELATION_SPECS_ASSET = "assets/relation_specs.js"
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)  # a run's page names its experiment and itself a dozen times
def segment(name: str, *, key: str) -> str:
    """Make a path segment that shows `name` and is made unique by `key`."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = _NOT_SLUG.sub("-", ascii_name.lower()).strip("-")[:MAX_SLUG].strip("-")
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug}-{digest}" if slug else digest


def experiment_folder(experiment: str) -> str:
    return f"experiments/{segment(experiment, key=experiment)}/"


def experiment_page(experiment: str) -> str:
    return experiment_folder(experiment) + "index.html"


def table_file(experiment: str) -> str:
    return experiment_folder(experiment) + "table.js"


def custom_charts_file(experiment: str) -> str:
    """The charts that a store brings along for an experiment."""
    return experiment_folder(experiment) + "charts.js"


def runs_file(experiment: str, suffix: str) -> str:
    """The table of an experiment for programs: `runs.csv`, `runs.json`."""
    return f"{experiment_folder(experiment)}runs.{suffix}"


def table_shard(experiment: str, block: str, shard: str) -> str:
    """The columns of one block (`rows` or `more`) of some of an experiment's runs."""
    return f"{experiment_folder(experiment)}{block}/{shard}.js"


def run_folder(key: RunKey) -> str:
    return f"{experiment_folder(key.experiment)}runs/{segment(key.run, key=str(key))}/"


def folder_of_run(path: str) -> str:
    """The folder of the run whose file this is, at whatever depth; empty for a file of no run."""
    parts = path.split("/", 4)
    is_of_run = len(parts) == 5 and (parts[0], parts[2]) == ("experiments", "runs")
    return f"{'/'.join(parts[:4])}/" if is_of_run else ""


def run_page(key: RunKey) -> str:
    return run_folder(key) + "index.html"


def run_details_file(key: RunKey) -> str:
    """What a run's page says and no table holds, for the comparison."""
    return run_folder(key) + "details.js"


def run_texts_file(key: RunKey) -> str:
    """The texts among a run's files that the comparison shows: patches, and pictures that are text."""
    return run_folder(key) + "texts.js"


def model_page(model: str) -> str:
    return f"models/{segment(model, key=model)}/index.html"


def report_page(report: str) -> str:
    return f"reports/{segment(report, key=report)}.html"


def artifact_file(sha256: str, suffix: str) -> str:
    """Content-addressed: equal content lies in the site once. `suffix` has its dot."""
    return f"artifacts/{sha256[:2]}/{sha256[2:34]}{suffix}"


def relative(target: str, *, page: str) -> str:
    """The link from a page to a target, both relative to the site's root."""
    return "../" * page.count("/") + target
