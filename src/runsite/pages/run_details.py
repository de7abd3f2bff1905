"""What a run's page says and no table holds, as data scripts for the comparison of runs.

`details.js` beside the page, `receive("run_details", <key>, …)`; pairs are [name, value], what is empty is left out:

    params, tags  pairs of the texts that the table cuts, whole
    not_texts     {"params": names, "tags": names} of nulls, lists, maps and other values that the table holds as texts
    environment   {"python", "platform", "packages": pairs}
    source        {"command", "commit", "commit_href", "branch", "remote", "dirty"}
    patch         {"name", "href", "text": place in texts, "whole": whether that is all of it}
    datasets      [{"name", "context", "digest", "source", "rows"}, …]
    images        [{"name", "step", "src"} or, of what is a text, {"name", "step", "file", "text"}, …] in log order;
                  addresses from the site's root, equal content at one address
    texts         address of `texts.js` from here, where there are any

`texts.js`, `receive("run_texts", <key>, [text, …])`, holds what may be long and is shown late: the patch, and SVG
pictures, which are only ever shown as data (see artifacts). Metrics are in neither: their figures are those of the
table's shards, so that comparison and table agree, and a line of metrics changes neither file.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from runsite.data_script import DataFile, data_script, script_safe
from runsite.model import RunSummary
from runsite.number_format import format_param
from runsite.pages.artifacts import MAX_IMAGES, ArtifactFile, artifact_kind
from runsite.pages.source_links import commit_address, web_remote
from runsite.site_paths import run_details_file, run_texts_file
from runsite.tables.columns import MAX_TEXT, param_values


def run_details(
    run: RunSummary, *, files: Sequence[ArtifactFile], patch: ArtifactFile | None = None
) -> tuple[DataFile, ...]:
    """Write the details of a run, and its texts if there are any."""
    texts: list[str] = []
    facts: dict[str, Any] = {
        "params": _long_texts(run.params),
        "tags": _long_texts(run.tags),
        "not_texts": _not_texts(run),
        "environment": _environment(run),
        "source": _source(run),
        "patch": _patch(patch, texts),
        "datasets": [_known(dataset, "name", "context", "digest", "source", "rows") for dataset in run.datasets],
        "images": _images(files, texts),
    }
    key = str(run.key)
    made: tuple[DataFile, ...] = ()
    if texts:
        content = data_script("run_texts", key, script_safe(texts))
        made = (DataFile(run_texts_file(run.key), content),)
        facts["texts"] = f"texts.js?v={hashlib.sha256(content).hexdigest()[:10]}"
    payload = script_safe({name: value for name, value in facts.items() if value})
    return (DataFile(run_details_file(run.key), data_script("run_details", key, payload)), *made)


def _long_texts(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    texts = ((name, format_param(values[name])) for name in sorted(values))
    return [(name, text) for name, text in texts if len(text) > MAX_TEXT]


def _not_texts(run: RunSummary) -> dict[str, list[str]]:
    groups = (("params", run.params), ("tags", run.tags))
    found = {group: [name for name in sorted(values) if _loses_its_type(name, values)] for group, values in groups}
    return {group: names for group, names in found.items() if names}


def _loses_its_type(name: str, values: Mapping[str, Any]) -> bool:
    (shown,) = param_values(name, [values])
    return isinstance(shown, str) and not isinstance(values[name], str)


def _environment(run: RunSummary) -> dict[str, Any]:
    if run.environment is None:
        return {}
    return _known(run.environment, "python", "platform") | {"packages": sorted(run.environment.packages.items())}


def _source(run: RunSummary) -> dict[str, Any]:
    if run.source is None:
        return {}
    known = _known(run.source, "command", "commit", "branch", "remote", "dirty")
    address = commit_address(web_remote(run.source.remote), run.source.commit)
    return known | ({"commit_href": address} if address else {})


def _patch(file: ArtifactFile | None, texts: list[str]) -> dict[str, Any]:
    if file is None or file.published is None or file.text is None:
        return {}
    texts.append(file.text)
    return {"name": file.artifact.name, "href": file.published, "text": len(texts) - 1, "whole": file.whole}


def _images(files: Sequence[ArtifactFile], texts: list[str]) -> list[dict[str, Any]]:
    images = [image for file in files if (image := _image(file, texts))]
    return images[:MAX_IMAGES]


def _image(file: ArtifactFile, texts: list[str]) -> dict[str, Any] | None:
    kind = artifact_kind(file.artifact.path or file.artifact.name)
    if file.published is None or file.problem is not None or kind not in ("image", "svg"):
        return None
    named = {"name": file.artifact.name or file.artifact.path, "step": file.artifact.step}
    if kind == "image":
        return named | {"src": file.published}
    if file.text is None or not file.whole:
        return None
    texts.append(file.text)
    return named | {"file": file.published, "text": len(texts) - 1}


def _known(noun: object, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(noun, name)) is not None}
