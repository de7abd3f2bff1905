"""A store written by somebody who means harm, or by somebody whose names are merely unusual."""

from pathlib import Path
from typing import Any

from support import metrics, run_end, run_start, write_run

# A title of "pwned" shows that it ran; the words themselves stand in titles as text.
CODE = "<script>document.title='pw'+'ned';fetch('http://127.0.0.1:9/leak')</script>"
IMAGE_CODE = "\"'><img src=x onerror=\"document.title='pw'+'ned'\">"
TEMPLATE = "{{ 7919*7919 }}{% raw %}${7919*7919}<%= 7919*7919 %>"
NAMES = (
    "plain",
    "Plain",
    "PLAIN",
    "...",
    "__proto__",
    "constructor",
    "con",
    "nul.txt",
    "index.html",
    "a b&c=d?e#f%2e%2e",
    "'\"><svg onload=alert(1)>",
    "x" * 200,
    "ריצה ראשונה",
    "\u202ereversed\u202c",
    "🦊🦊🦊",
    "e\u0301tude",
    "étude",
    "tab-less — dash",
    "${7919*7919}",
    "{{ 7919*7919 }}",
    "javascript:alert(1)",
)
"""Names of runs; each is a folder of its own, and the two études differ in Unicode form alone."""

LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//x.test",
)
SECRET_FILE = "/etc/passwd"


def write_hostile_store(store: Path) -> list[tuple[str, str]]:
    """Write the store and return the key of every run in it."""
    keys = [("odd names", name) for name in NAMES]
    for position, (experiment, run) in enumerate(keys):
        write_run(store, experiment, run, *hostile_records(run, position))
    # The experiment's name holds a slash: its folder is two levels deep.
    further = [("<", "script>"), ("Odd Names", "plain"), ("__proto__", "__proto__"), ("x" * 200, "y" * 200)]
    for position, (experiment, run) in enumerate([*further, ("{{ 7919*7919 }}", "a")]):
        write_run(store, experiment, run, *hostile_records(run, position))
        keys.append((experiment, run))
    (store / "odd names" / "experiment.md").write_text(f"# {CODE}\n\n{markdown()}\n", "utf-8")
    write_artifacts(store / "odd names" / "plain")
    write_registry(store)
    return keys


def hostile_records(run: str, position: int) -> list[dict[str, Any] | Any]:
    """Make records whose every text tries something."""
    texts = {"__proto__": CODE, CODE: IMAGE_CODE, "constructor": TEMPLATE, "</script>": "</script>", "../../etc": "x"}
    values = {"__proto__": position + 0.5, "val/acc": 0.5 + position / 100, CODE: 1.0, "a.b[0]": 2, "</script>": "NaN"}
    return [
        run_start(run=run, name=f"{run} {CODE}", parent="../../etc"),
        {"type": "params", "values": texts},
        {"type": "tags", "values": texts},
        {"type": "metric_definition", "name": "__proto__", "goal": "maximize", "unit": CODE},
        *(metrics(step, values) for step in range(5)),
        {"type": "dataset", "name": CODE, "source": "javascript:alert(1)", "digest": IMAGE_CODE},
        {"type": "source", "command": CODE, "remote": "javascript:alert(1)", "branch": IMAGE_CODE},
        {"type": "environment", "python": CODE, "platform": IMAGE_CODE, "packages": {CODE: IMAGE_CODE}},
        {"type": "note", "text": markdown()},
        *({"type": "artifact", "name": link, "uri": link} for link in LINKS),
        {"type": "artifact", "name": "up", "path": "../../../../../../etc/passwd"},
        {"type": "artifact", "name": "root", "path": SECRET_FILE},
        "{torn" + CODE,
        run_end("failed", error={"type": CODE, "message": IMAGE_CODE}),
    ]


def markdown() -> str:
    links = "\n".join(f"- [{link}]({link}) ![{link}]({link}) <{link}>" for link in LINKS)
    return f"{CODE}\n\n{IMAGE_CODE}\n\n{links}\n\n[up](../../../../etc/passwd)\n\n```html\n{CODE}\n```\n\n{TEMPLATE}\n"


def write_artifacts(run: Path) -> None:
    """Add files that would run if a browser opened them, and links that lead out of the store."""
    artifacts = run / "artifacts"
    artifacts.mkdir(parents=True)
    page = f"<!doctype html><body onload=\"document.title='pw'+'ned'\">{CODE}<img src='http://127.0.0.1:9/leak'></body>"
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"alert(1)\">{CODE}<rect width='9' height='9'/></svg>"
    files = {
        "page.html": page,
        "PAGE.HTM": page,
        "page.xhtml": page,
        "drawing.svg": drawing,
        "feed.xml": f"<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?>{drawing}",
        "code.js": "document.title='pw'+'ned'",
        "module.mjs": "document.title='pw'+'ned'",
        "looks_like.png": page,
        "notes.md": markdown(),
        "table.csv": f"a,{CODE}\n=1+1,{IMAGE_CODE}\n",
        "deep.json": "[" * 2_000 + "]" * 2_000,
        "names.json": f'{{"__proto__": "{TEMPLATE}", "</script>": "</script>"}}',
    }
    for name, text in files.items():
        (artifacts / name).write_text(text, "utf-8")
    (artifacts / "passwd.txt").symlink_to(SECRET_FILE)
    (artifacts / "etc").symlink_to("/etc")
    with (run / "run.jsonl").open("a", encoding="utf-8") as log:
        for name in [*files, "passwd.txt", "etc/passwd"]:
            log.write(f'{{"type":"artifact","name":"{name}","path":"artifacts/{name}"}}\n')


def write_registry(store: Path) -> None:
    """Add a model and a report whose words are as bad as the rest."""
    events = store / "models" / "evil model" / "events"
    events.mkdir(parents=True)
    (events / "20260101T000000Z-00000001.json").write_text(
        '{"id":"00000001","time":1767225600.0,"by":"<script>alert(1)</script>","type":"version_registered",'
        '"version":1,"uri":"javascript:alert(1)","description":"</script><img src=x onerror=alert(1)>"}',
        "utf-8",
    )
    (store / "models" / "evil model" / "card.md").write_text(markdown(), "utf-8")
    (store / "reports").mkdir()
    (store / "reports" / "evil report.md").write_text(f"# {IMAGE_CODE}\n\n{markdown()}", "utf-8")
