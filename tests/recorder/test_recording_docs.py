"""What the recorder's pages show works as it stands there."""

import re
from pathlib import Path

import pytest

import runsite
from recorded import BARE, run_script
from runsite.recorder import ActiveRun

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
PAGES = ("recording.md", "from-mlflow.md", "from-wandb.md", "from-tensorboard.md")

# What the examples take for granted: a training step, an image, some data, a model file.
AROUND = """
from pathlib import Path
Path("data").mkdir()
Path("data/train.csv").write_text("a,b\\n1,2\\n")
Path("confusion.png").write_bytes(b"pixels")
def train_step():
    return 0.5, 0.9
"""
BEFORE_REGISTERING = """
Path(run.folder, "artifacts/model.pkl").parent.mkdir(exist_ok=True)
Path(run.folder, "artifacts/model.pkl").write_bytes(b"weights")
"""


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_run_with_the_standard_library_alone(tmp_path: Path, page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    blocks = [BEFORE_REGISTERING + block if "register_model(" in block else block for block in blocks]

    done = run_script(AROUND + "\n".join(blocks), cwd=tmp_path, flags=BARE)

    assert blocks
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("page", PAGES)
def test_every_call_that_is_named_exists(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")

    named = {(owner, name) for owner, name in re.findall(r"\b(runsite|run)\.([a-z_A-Z]+)\(", text)}

    assert named
    missing = [name for owner, name in named if not hasattr(runsite if owner == "runsite" else ActiveRun, name)]
    assert [name for name in missing if name != "link_artifact"] == []


def test_every_public_call_is_described() -> None:
    text = (DOCS / "recording.md").read_text(encoding="utf-8")
    internal = {"end", "become_worker", "watch_exit", "write"}

    calls = [name for name in vars(ActiveRun) if not name.startswith("_") and name not in internal]
    public = [
        name for name in runsite.__all__ if not name.startswith("_") and name not in ("ActiveRun", "RunsiteError")
    ]

    assert [name for name in (*calls, *public) if f"`{name}" not in text and f".{name}" not in text] == []
