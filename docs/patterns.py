"""Write the pattern page, every part of the pages once, into a folder: `python docs/patterns.py -o FOLDER`."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from runsite.charts.series import series_scripts
from runsite.charts.specs import chart_assets
from runsite.model import RunKey, Series
from runsite.pages.patterns import EXPERIMENT, POINTS, STATUSES, make_patterns_pages, pattern_curves, pattern_experiment
from runsite.site_paths import ALL_RUNS_TABLE, table_file
from runsite.tables import all_runs_table, run_table
from runsite.tables.run_files import run_files
from runsite.tables.script import shard_paths, table_head, table_shards
from runsite.themes import Theme, content_version


def main() -> None:
    """Write the page, what it links to and its assets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", dest="folder", type=Path, required=True, help="folder to write into")
    folder: Path = parser.parse_args().folder
    made = {asset.path: asset.content for asset in chart_assets(None)}
    theme = Theme.load(made_assets={path.removeprefix("assets/"): content_version(made[path]) for path in made})
    files = {**made, **dict(curves()), **tables()}
    files |= {file.site_path: file.content for file in theme.static_files.values()}
    pages = make_patterns_pages(version=lambda path: content_version(files.get(path, b"")))
    files |= {page.path: theme.render(page) for page in pages}
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    print(folder / pages[-1].path)


def tables() -> dict[str, bytes]:
    """Make the data scripts of the run tables, and the runs for programs."""
    experiment = pattern_experiment()
    table = run_table(experiment)
    files = {file.path: file.content for file in (*table_shards(table), *run_files(table, experiment.runs))}
    for head, path in ((table, table_file(EXPERIMENT)), (all_runs_table([experiment], [table]), ALL_RUNS_TABLE)):
        file = table_head(head, path, shards=shard_paths(table), version=lambda path: content_version(files[path]))
        files[file.path] = file.content
    return files


def curves() -> Iterator[tuple[str, bytes]]:
    """Make the data scripts of all runs."""
    steps = np.arange(POINTS)
    for number, status in enumerate(STATUSES):
        columns = pattern_curves(number, status).items()
        series = {name: Series(name, steps, np.array(values), steps.astype(float)) for name, values in columns}
        for script in series_scripts(RunKey(EXPERIMENT, f"{status}-{number}"), series):
            yield script.path, script.content


if __name__ == "__main__":
    main()
