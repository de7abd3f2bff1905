"""What the comparison loads of a run beside its table."""

from typing import Any

from runsite.data_script import DataFile
from runsite.model import Artifact, Dataset, Environment, Source
from runsite.pages.artifacts import ArtifactFile
from runsite.pages.run_details import run_details
from summarised import metric, run
from table_data import received

HOSTILE = 'a.b[0] "x" \\ `y` </script>'
PICTURE = ArtifactFile(Artifact("confusion", path="artifacts/c.png", step=3), published="artifacts/ab/cd.png")
SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"
DRAWING = ArtifactFile(
    Artifact("roc", path="artifacts/roc.svg"), published="artifacts/ab/ef.svg.txt", text=SVG, whole=True
)
PATCH = ArtifactFile(
    Artifact("source.patch", path="artifacts/source.patch"), published="artifacts/ab/12.patch.txt", text="-a\n+b\n"
)


def details(*arguments: Any, **keywords: Any) -> dict[str, Any]:
    kind, key, payload = received(run_details(*arguments, **{"files": (), **keywords})[0])
    assert (kind, key) == ("run_details", "digits/a")
    return payload


def texts(file: DataFile) -> list[Any]:
    """Read `texts.js`, whose payload is a list."""
    kind, key, payload = received(file)
    assert (kind, key) == ("run_texts", "digits/a")
    return list(payload)


def test_a_run_that_says_little_has_empty_details() -> None:
    assert details(run("a", params={"lr": 0.1})) == {}


def test_details_say_what_no_table_holds() -> None:
    told = run(
        "a",
        datasets=(Dataset("digits", "training", "sha256:12", rows=5),),
        source=Source("python t.py", "c0ffee", "main", "https://github.com/a/b.git", True),
        environment=Environment("3.11", None, {"scipy": "1.17", "numpy": "2.0"}),
    )

    assert details(told) == {
        "environment": {"python": "3.11", "packages": [["numpy", "2.0"], ["scipy", "1.17"]]},
        "source": {
            "command": "python t.py",
            "commit": "c0ffee",
            "branch": "main",
            "remote": "https://github.com/a/b.git",
            "dirty": True,
            "commit_href": "https://github.com/a/b/commit/c0ffee",
        },
        "datasets": [{"name": "digits", "context": "training", "digest": "sha256:12", "rows": 5}],
    }


def test_only_texts_that_the_table_cuts_are_told_again() -> None:
    found = details(run("a", params={"prompt": "x" * 301, "short": "y" * 300}, tags={"note": "z" * 400}))

    assert found == {"params": [["prompt", "x" * 301]], "tags": [["note", "z" * 400]]}


def test_what_the_table_holds_as_text_and_is_none_is_named() -> None:
    params = {"depth": None, "hidden": [1, 2], "id": 2**60, "lr": 0.1, "named": "null", "on": True}

    assert details(run("a", params=params, tags={"map": {"a": 1}, "listed": "[1, 2]"})) == {
        "not_texts": {"params": ["depth", "hidden", "id"], "tags": ["map"]}
    }


def test_images_are_named_with_their_steps_and_drawings_are_texts() -> None:
    made = run_details(run("a"), files=(PICTURE, DRAWING, ArtifactFile(Artifact("log", path="a.txt"), published="x")))

    assert details(run("a"), files=(PICTURE,))["images"] == [
        {"name": "confusion", "step": 3, "src": "artifacts/ab/cd.png"}
    ]
    assert received(made[0])[2]["images"][1] == {
        "name": "roc",
        "step": None,
        "file": "artifacts/ab/ef.svg.txt",
        "text": 0,
    }
    assert texts(made[1]) == [SVG]
    assert received(made[0])[2]["texts"].startswith("texts.js?v=")


def test_what_is_not_published_is_not_told() -> None:
    kept_back = ArtifactFile(Artifact("big", path="artifacts/big.png"), problem="larger than the limit")

    assert details(run("a", source=Source(dirty=True)), files=(kept_back,)) == {"source": {"dirty": True}}


def test_a_published_patch_is_a_text() -> None:
    made = run_details(run("a"), files=(), patch=PATCH)

    assert received(made[0])[2]["patch"] == {
        "name": "source.patch",
        "href": "artifacts/ab/12.patch.txt",
        "text": 0,
        "whole": True,
    }
    assert texts(made[1]) == ["-a\n+b\n"]


def test_metrics_do_not_change_the_details() -> None:
    before = run("a", metric("acc", 0.1), params={"lr": 0.1})
    after = run("a", metric("acc", 0.1, 0.2), params={"lr": 0.1}, ended=None, status="running")

    assert run_details(before, files=(PICTURE,)) == run_details(after, files=(PICTURE,))


def test_no_name_ends_the_script() -> None:
    told = run("a", environment=Environment(HOSTILE, HOSTILE, {HOSTILE: HOSTILE}), params={HOSTILE: HOSTILE * 20})

    file = run_details(told, files=())[0]

    assert b"</script>" not in file.content
    assert received(file)[2]["environment"]["packages"] == [[HOSTILE, HOSTILE]]
