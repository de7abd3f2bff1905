"""What a log must not say about whose machine it was."""

import json
import subprocess
from pathlib import Path

import pytest

from recorded import only_run, records_of_type, run_script
from runsite.recorder.redaction import Redaction, machine_redaction
from runsite.secret_patterns import is_secret_name

REDACTION = Redaction(homes=("/home/alice",), users=("alice",), hosts=("node-17.lab.example", "node-17"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/alice/data/x.csv", "~/data/x.csv"),
        ("--data=/home/alice", "--data=~"),
        ("file:///home/alice/x", "file://~/x"),
        ("/home/alice2/x", "/home/alice2/x"),
        ("/mnt/home/alice/x", "/mnt/home/<user>/x"),
        ("/scratch/alice/x", "/scratch/<user>/x"),
        ("alice@node-17:/x", "<user>@<host>:/x"),
        ("cannot reach NODE-17.lab.example:80", "cannot reach <host>:80"),
        ("node-170", "node-170"),
        ("https://me:pw@example.org/x", "https://example.org/x"),
        ("key ghp_0123456789abcdefABCD here", "key *** here"),
        ("api_keyid=abc123def456", "api_keyid=***"),
        ("https://example.org/x?token=abc&b=1", "https://example.org/x?token=***&b=1"),
        ("sk-learn-baseline-model-number-one", "sk-learn-baseline-model-number-one"),
        ("hf_transformers_checkpoint_folder", "hf_transformers_checkpoint_folder"),
    ],
)
def test_gathered_texts_lose_home_user_host_and_credentials(text: str, shown: str) -> None:
    assert REDACTION.gathered(text) == shown


def test_texts_of_the_user_keep_their_words_but_not_home_and_credentials() -> None:
    values = {
        "host": "node-17",
        "out": "/home/alice/out",
        "list": ["/home/alice", 3],
        "db_password": "hunter2",
        "api_key": "k",
        "pad_token": "<pad>",
        "max_tokens": 5,
    }

    assert REDACTION.values(values) == {
        "host": "node-17",
        "out": "~/out",
        "list": ["~", 3],
        "db_password": "***",
        "api_key": "***",
        "pad_token": "<pad>",
        "max_tokens": 5,
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("login with token=abcdef1 failed", "login with token=*** failed"),
        ("use --token X", "use --token ***"),
        ("MYSQL_PWD=x", "MYSQL_PWD=***"),
        ("secret: a lot", "secret: a lot"),
        ("token: [CLS]", "token: [CLS]"),
    ],
)
def test_notes_and_messages_lose_values_that_are_named_secret(text: str, shown: str) -> None:
    assert REDACTION.given(text) == REDACTION.gathered(text) == shown


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["python", "train.py", "--lr", "0.1"], "python train.py --lr 0.1"),
        (["python", "train.py", "--api-key", "abc"], "python train.py --api-key '***'"),
        (["python", "train.py", "--wandb.token=abc"], "python train.py '--wandb.token=***'"),
        (["env", "HF_TOKEN=abc", "python"], "env 'HF_TOKEN=***' python"),
        (["python", "--password", "--verbose"], "python --password --verbose"),
        (["python", "--max-tokens", "5", "--tokenizer", "bpe"], "python --max-tokens 5 --tokenizer bpe"),
        (["python", "/home/alice/a b.py"], "python '~/a b.py'"),
        (["curl", "-u", "me:PW", "https://h"], "curl -u *** https://h"),
        (["env", "GITHUB_PAT=X", "python"], "env 'GITHUB_PAT=***' python"),
        (["python", "--password", "a b 'c"], "python --password '***'"),
        (["python", "--pad-token", "0", "SORT_KEY=day"], "python --pad-token 0 SORT_KEY=day"),
    ],
)
def test_a_command_loses_its_secrets(arguments: list[str], shown: str) -> None:
    assert REDACTION.command(arguments) == shown


def test_a_long_command_is_cut() -> None:
    assert len(REDACTION.command(["python", "-c", "x" * 10_000])) == 2_000


@pytest.mark.parametrize(
    ("remote", "shown"),
    [
        ("https://x-access-token:ghs_0123456789abcdefABCD@github.com/a/b.git", "https://github.com/a/b.git"),
        ("git@github.com:a/b.git", "git@github.com:a/b.git"),
        ("alice@git.example.org:a/b.git", "git.example.org:a/b.git"),
        ("ssh://alice@git.example.org/a/b.git", "ssh://git.example.org/a/b.git"),
        ("/home/alice/b.git\n", "~/b.git"),
    ],
)
def test_a_remote_loses_user_and_credentials(remote: str, shown: str) -> None:
    assert REDACTION.remote(remote) == shown


@pytest.mark.parametrize("name", ["--token", "API_KEY", "db.password", "--secret-access-key", "-pwd"])
def test_secret_names_are_known(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["--max-tokens", "key", "--keys", "tokenizer", "--primary-key-of", "--monkey"])
def test_other_names_are_not_secret(name: str) -> None:
    assert not is_secret_name(name)


def test_what_every_machine_has_is_not_redacted() -> None:
    plain = machine_redaction({"USER": "root", "HOME": "/"}, home=Path("/"), host="localhost")

    assert plain == Redaction()


def test_a_whole_run_says_nothing_of_its_machine(tmp_path: Path) -> None:
    home = tmp_path / "home" / "alice.private"
    project = home / "project"
    project.mkdir(parents=True)
    for command in (["init", "-q"], ["remote", "add", "origin", "https://bob.remote:hunter2@example.org/p.git"]):
        subprocess.run(["git", *command], cwd=project, check=True)
    script = """
import runsite
from pathlib import Path
Path.home().joinpath("data.csv").write_text("a\\n")
with runsite.start_run("digits", params={"out": str(Path.home() / "out")}, tags={"at": str(Path.home())}) as run:
    run.log_dataset(Path.home() / "data.csv")
    run.log_note(f"see {Path.home()}/x")
    open(Path.home() / "missing")
"""
    environ = {"HOME": str(home), "USERPROFILE": str(home), "USER": "alice.private", "HOSTNAME": "planted-host"}
    arguments = ("--token", "s3cr3t-value", "--data", str(home / "d"), "--on", "planted-host")

    run_script(script, cwd=project, arguments=arguments, environ=environ)

    folder = only_run(project / "runs")
    text = (folder / "run.jsonl").read_text()
    assert [word for word in ("alice.private", "hunter2", "bob.remote", "s3cr3t", "planted-host") if word in text] == []
    assert str(tmp_path) not in text
    (source,) = records_of_type(folder, "source")
    assert source["remote"] == "https://example.org/p.git"
    assert source["command"].endswith("train.py --token '***' --data ~/d --on <host>")
    assert "~/missing" in json.dumps(records_of_type(folder, "run_end"))
