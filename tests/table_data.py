"""A run table's data scripts, read as a browser reads them."""

import json
from collections.abc import Iterable
from typing import Any

from runsite.data_script import DataFile
from runsite.model import ExperimentSummary
from runsite.site_paths import table_file
from runsite.tables import RunTable, run_table
from runsite.tables.script import shard_paths, table_head, table_shards
from runsite.tables.views import ViewLink

Payload = dict[str, Any]


def received(file: DataFile) -> tuple[str, str, Payload]:
    """Return what a data script hands over: kind, key, payload."""
    text = file.content.decode()
    before, after = "runsite.receive(", ");\n"
    assert text.startswith(before)
    assert text.endswith(after)
    kind, key, payload = json.loads(f"[{text.removeprefix(before).removesuffix(after)}]")
    return kind, key, payload


def head_of(table: RunTable, *, views: Iterable[ViewLink] = ()) -> DataFile:
    """Write the head of an experiment's table."""
    path = table_file(table.experiment)
    return table_head(table, path, shards=shard_paths(table), views=tuple(views))


def shard_files(experiment: ExperimentSummary) -> dict[str, bytes]:
    """Write the shards of an experiment's table: {path: content}."""
    return {file.path: file.content for file in table_shards(run_table(experiment))}


def shards_of(table: RunTable, kind: str) -> list[Payload]:
    """Return the payloads of all shards of a kind, `table_rows` or `table_more`."""
    found = map(received, table_shards(table))
    return [payload for own_kind, _, payload in found if own_kind == kind]


def listed_values(payload: Payload, id: str, *, of: str = "columns") -> list[Any]:
    """Return a column's values, or with `of="distances"` its distances, in one shard."""
    values = payload["values"][dict(payload[of])[id]]
    assert isinstance(values, list)
    return values


def linked_pages(payload: Payload) -> list[str]:
    """Return the addresses of a shard's run pages."""
    before, after, segments = payload["links"]
    return [before + segment + after for segment in segments]
