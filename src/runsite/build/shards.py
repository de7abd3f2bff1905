"""Write a shard of a run table."""

from collections.abc import Mapping, Sequence

from runsite.build.units import Units
from runsite.model import RunKey, RunSummary
from runsite.tables.script import shard_scripts
from runsite.tables.shard_table import TableLayout, shard_table


def stage_shard(
    shard: str,
    summaries: Sequence[RunSummary],
    layout: TableLayout,
    *,
    names: Mapping[RunKey, str],
    units: Units,
) -> None:
    """Write one shard of a table; its runs stand in the order of their keys."""
    table = shard_table(layout, summaries, names=names)
    for file in shard_scripts(table, shard, range(len(summaries))):
        units.stage(file.path, file.content)
