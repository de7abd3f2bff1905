"""What may not reach a page: hosts, users, homes, tokens, credentials; and the words of the field that must stay."""

from typing import Any

import pytest

from runsite.model import (
    Artifact,
    Dataset,
    Environment,
    Note,
    ParamConflict,
    Problem,
    Run,
    RunFailure,
    RunKey,
    Source,
)
from runsite.privacy import cleaner, known_secrets, private_run

KEPT = (
    "max_tokens=512",
    "--max-tokens 512",
    "pad_token=<pad>",
    'pad_token="[PAD]"',
    "eos_token: </s>",
    "bos_token_id=1",
    "unk_token: [UNK]",
    "mask_token = [MASK]",
    "cls_token=1",
    "num_class_tokens=4",
    "--image-token 5",
    "special_tokens: ['<s>']",
    "token accuracy 0.9",
    "token_accuracy=0.93",
    "tokens_per_second=1200",
    "next_token_loss=2.1",
    "next-token prediction, token-level F1",
    "--tokenizer bert-base",
    "key_dim=64 n_keys=3 key=value --key-size 64",
    "attention_key=7",
    "public_key=abc",
    "passive=1 monkey=1 author=me",
    "learning_rate=1e-4",
    "sk-learn, sk-transformer-base-v2, hf_model",
    "https://github.com/org/repo",
    "git@github.com:org/repo.git",
    "http://localhost:5000/a@b",
    "s3://bucket/root/key",
    "/rooted /home /homes/x",
    "mAP@0.5",
    "basic training",
    "bearer of news",
    "credentials: see wiki",
    "secret: a lot",
    "special token: [CLS]",
    "session token: 4",
    "val/user_token=3",
    "tokens/token=3",
    "PAD_TOKEN=0",
    "MASK_TOKEN=3",
    "SORT_KEY=created_at",
    "secretary=anna1234 next_token=abcdef tokenizer=bert-base",
    "--pad-token padding",
    "first_pass=done bypass=1 --first-pass quick author: anna",
    "PWD=/scratch/x OLDPWD=/scratch",
    "docker run -u 1000:1000 python -u train.py",
    "s3://bucket/home/x",
    "s3://home/anna",
    "/workspace/home/data",
    "https://uni.example/~ivan/x",
    "HEAD~1/x ~/data",
    "--use-auth true",
)

HIDDEN = (
    ("/home/anna/x", "~/x"),
    ("cd /home/anna;ls", "cd ~;ls"),
    ("/home/anna:/home/bob", "~:~"),
    ("file:///home/anna/x", "file://~/x"),
    ("/Users/anna.b/x y", "~/x y"),
    (r"C:\Users\Anna Bell\data", r"~\data"),
    ("C:/Users/anna/x", "~/x"),
    (r"\\server\Users\anna\x", r"~\x"),
    ("/root/data", "~/data"),
    ("https://anna:tok@github.com/o/r", "https://github.com/o/r"),
    ("https://tok@github.com/o/r", "https://github.com/o/r"),
    ("https://anna:p@ss@h/x", "https://h/x"),
    ("postgres://u:p@h/db", "postgres://h/db"),
    ("https://h/x?a=1&sig=ZZZ&b=2", "https://h/x?a=1&sig=[redacted]&b=2"),
    ("https://h/x?X-Amz-Signature=abc", "https://h/x?X-Amz-Signature=[redacted]"),
    ("https://h/x?api_key=abc&b=2", "https://h/x?api_key=[redacted]"),
    ("--api-key abc --lr 1", "--api-key [redacted] --lr 1"),
    ("--api_key=abc", "--api_key=[redacted]"),
    ("--api-key 'abc def' --lr 1", "--api-key '[redacted]' --lr 1"),
    ("HF_TOKEN=abc python t.py", "HF_TOKEN=[redacted] python t.py"),
    ("AWS_SECRET_ACCESS_KEY=abc/def+ghi", "AWS_SECRET_ACCESS_KEY=[redacted]"),
    ("PGPASSWORD=abc psql", "PGPASSWORD=[redacted] psql"),
    ("--password hunter2", "--password [redacted]"),
    ('"secret": "hunter2"', '"secret": "[redacted]"'),
    ("--token abc", "--token [redacted]"),
    ("token=abc123def", "token=[redacted]"),
    ("Authorization: Bearer abc.def", "Authorization: Bearer [redacted]"),
    ("authorization: Basic dXNlcjpwYXNz", "authorization: Basic [redacted]"),
    ("hf_abcdefghijklmnopqrst", "[redacted]"),
    ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[redacted]"),
    ("github_pat_11ABCDEFG0abcdefghijkl_xyz", "[redacted]"),
    ("glpat-abcdefghijklmnopqrst", "[redacted]"),
    ("AKIAIOSFODNN7EXAMPLE", "[redacted]"),
    ("sk-proj-abcdefghij0123456789abcdefghij", "[redacted]"),
    ("xoxb-1234567890-abcdefghij", "[redacted]"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc", "[redacted]"),
    ("MYSQL_PWD=x", "MYSQL_PWD=[redacted]"),
    ("--token \\\n  abcd --lr 1", "--token \\\n  [redacted] --lr 1"),
    ("--auth x", "--auth [redacted]"),
    ("--pass x", "--pass [redacted]"),
    ("--pwd x", "--pwd [redacted]"),
    ("GITHUB_PAT=x", "GITHUB_PAT=[redacted]"),
    ("--pat x", "--pat [redacted]"),
    ("AWS_ACCESS_KEY_ID=x", "AWS_ACCESS_KEY_ID=[redacted]"),
    ("ENCRYPTION_KEY=x", "ENCRYPTION_KEY=[redacted]"),
    ("MY_CREDS=x", "MY_CREDS=[redacted]"),
    ("SSHPASS=x sshpass -p y ssh", "SSHPASS=[redacted] sshpass -p [redacted] ssh"),
    ("JWT=x", "JWT=[redacted]"),
    ("--license-key x", "--license-key [redacted]"),
    ("--comet_key x", "--comet_key [redacted]"),
    ("curl -u user:pw https://h", "curl -u [redacted] https://h"),
    ("curl --user=user:pw", "curl --user=[redacted]"),
    ("cookie: session=x; id=y done", "cookie: [redacted] done"),
    ("https://hooks.slack.com/services/T/B/x", "https://hooks.slack.com/services/[redacted]"),
    ("Authorization:Basic x", "Authorization:Basic [redacted]"),
    ("bearer abcdefgh1", "bearer [redacted]"),
    ("secret: hunter2", "secret: [redacted]"),
    ("--token=X", "--token=[redacted]"),
    ("sk_live_abcdefgh1234", "[redacted]"),
    ("sk_test_abcdefgh1234", "[redacted]"),
    ("dckr_pat_abcdefgh1234", "[redacted]"),
    ("/home/Alice Smith/x", "~/x"),
    (r"c:\users\pat\x", r"~\x"),
    ("/mnt/c/Users/pat/x", "~/x"),
    ("/mnt/home/pat/x", "~/x"),
    ("gcc -I/home/nina/x", "gcc -I~/x"),
    ("path=%2Fhome%2Fnina%2Fx", "path=~%2Fx"),
    ("~ivan/x", "~/x"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- x", "[redacted] x"),
)


def run(**fields: Any) -> Run:
    return private_run(Run(RunKey("e", "a"), "a", "e/a", **fields))


@pytest.mark.parametrize("text", KEPT)
def test_words_of_the_field_stay(text: str) -> None:
    assert cleaner()(text) == text


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_what_is_private_goes_and_the_rest_stays(text: str, shown: str) -> None:
    assert cleaner()(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ran on gpu-node-17.cluster.local.", "ran on [redacted]."),
        ("GPU-NODE-17: full", "[redacted]: full"),
        ("/scratch/mwolf/x", "/scratch/[redacted]/x"),
        ("xmwolf gpu-node-171", "xmwolf gpu-node-171"),
    ],
)
def test_names_that_the_log_itself_gives_away_go_wherever_they_stand(text: str, shown: str) -> None:
    assert run(secrets=("gpu-node-17.cluster.local", "mwolf@lab.org"), notes=(Note(text),)).notes == (Note(shown),)


def test_the_user_of_a_home_folder_is_known_from_then_on() -> None:
    shown = run(params={"data": "/home/mwolf/d", "owner": "mwolf", "optimizer": "adam", "os": "ubuntu"})

    assert shown.params == {"data": "~/d", "owner": "[redacted]", "optimizer": "adam", "os": "ubuntu"}


@pytest.mark.parametrize("user", ["ubuntu", "root", "adam", "runner"])
def test_a_user_called_like_a_common_word_takes_no_word_out(user: str) -> None:
    shown = run(params={"data": f"/home/{user}/d"}, notes=(Note(f"{user} it is"),))

    assert shown.params == {"data": "~/d"}
    assert shown.notes == (Note(f"{user} it is"),)


def test_a_param_named_like_a_secret_keeps_its_name_alone() -> None:
    values = {"api_key": "x", "db_password": 1234, "HF_TOKEN": "x", "max_tokens": 5, "use_auth_token": True, "k": ""}

    shown = run(params={**values, "aws": {"secret_access_key": "x"}, "argv": ["--token", "x", "--lr", "x"]}).params

    hidden = {"api_key": "[redacted]", "db_password": "[redacted]", "HF_TOKEN": "[redacted]"}
    nested = {"aws": {"secret_access_key": "[redacted]"}, "argv": ["--token", "[redacted]", "--lr", "x"]}
    assert shown == {**values, **hidden, **nested}


def test_a_param_named_like_a_word_of_the_field_is_hidden_only_if_it_looks_like_a_secret() -> None:
    kept = {"token": "[CLS]", "PAD_TOKEN": "<pad>", "MASK_KEY": "mask", "SORT_KEY": "created_at", "pass": "validation"}
    hidden = {"env/token": "abc123def", "MY_TOKEN": "abc123def", "auth": "abc123def"}

    assert run(params={**kept, **hidden}).params == {**kept, **dict.fromkeys(hidden, "[redacted]")}


def test_the_secrets_of_a_run_clean_the_texts_beside_it() -> None:
    known = known_secrets(Run(RunKey("e", "a"), "a", "e/a", params={"out": "/home/Alice Smith/x"}, secrets=("gpu-17",)))

    assert cleaner(known)("Alice trained on gpu-17") == "[redacted] trained on [redacted]"


def test_a_run_that_tells_nothing_is_handed_on_as_it_is() -> None:
    params = {"lr": 0.1, "tokenizer": "bert", "opt": {"name": "adam"}}

    shown = run(params=params, secrets=("gpu-17",), source=Source(command="python t.py", patch="artifacts/p.patch"))

    assert shown.params is params
    assert (shown.secrets, shown.source) == ((), Source(command="python t.py"))


def test_a_conflict_of_a_secret_param_does_not_tell_it() -> None:
    conflict = ParamConflict("api_key", "first", "second", "e/a/run.jsonl", 2)

    (shown,) = run(params={"api_key": "first"}, params_conflicts=(conflict,)).params_conflicts

    assert (shown.kept, shown.ignored) == ("[redacted]", "[redacted]")


def test_the_reason_of_a_lost_value_does_not_tell_it() -> None:
    problem = Problem("e/a/run.jsonl", 1, 'metric "api_key": "hunter2" is not a number', "value")

    assert "hunter2" not in run(problems=(problem,)).problems[0].reason


def test_every_text_of_a_run_is_cleaned_and_numbers_and_names_of_folders_stay() -> None:
    text = "/home/anna/x hf_abcdefghijklmnopqrst"
    shown = run(
        tags={"t": text},
        failure=RunFailure("OSError", text),
        artifacts=(Artifact(text, uri="https://u:p@h/x", size_bytes=7),),
        datasets=(Dataset("d", source=text, rows=5),),
        environment=Environment("3.11", text, {"numpy": "2.0"}),
        source=Source(command=f"python {text}", remote="anna@git.lab:repo", patch="artifacts/p.patch"),
        notes=(Note(text),),
    )

    assert "anna" not in repr(shown)
    assert "hf_a" not in repr(shown)
    assert (shown.key, shown.store_path) == (RunKey("e", "a"), "e/a")
    assert shown.artifacts[0].size_bytes == 7
    assert shown.source is not None
    assert (shown.source.remote, shown.source.patch) == ("git.lab:repo", None)
    assert shown.environment is not None
    assert shown.environment.packages == {"numpy": "2.0"}


def test_a_long_opaque_word_in_a_command_is_taken_for_a_key() -> None:
    shown = run(source=Source(command="python t.py a1B2c3D4e5F6g7H8i9J0k1L2 --config configs/resnet50_imagenet"))

    assert shown.source == Source(command="python t.py [redacted] --config configs/resnet50_imagenet")


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a_",
        "-",
        "A_",
        "a.",
        "mwolf.a",
        "secret ",
        "bearer ",
        'secret="',
        "/home/",
        "a+",
        "--token ",
        "cookie: a=",
        "-u a:",
        "secret=",
        "A B/",
        "token: ",
        "~a",
        "=",
        "%2F",
    ],
)
def test_a_text_made_to_be_slow_is_not(piece: str) -> None:
    """Quadratic work on it would take hours; the suite's own patience is the judge."""
    text = "C:\\Users\\?--" + piece * 50_000 + "://"

    assert len(cleaner(frozenset({"mwolf"}))(text)) > 0
