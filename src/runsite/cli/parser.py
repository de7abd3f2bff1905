"""The words of the command line and their help, written once; README and docs/using.md are held against it."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any, TypeAlias

STORE_HELP = "run store; else RUNSITE_STORE, the nearest runsite.toml upward, runs/ at the Git root, ./runs"
FILTER_HELP = 'the runs a filter finds, such as "val/acc > 0.9 and status = finished" (docs/filter.md)'
_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


def build_parser(*, version: str = "") -> argparse.ArgumentParser:
    """Make the parser of `runsite`."""
    parser = _Parser(prog="runsite", description="Your training logs, as a web page you own.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"runsite {version}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_build(commands)
    _add_serve(commands)
    _add_runs(commands)
    _add_show(commands)
    _add_metrics(commands)
    _add_models(commands)
    _add_check(commands)
    _add_figure(commands)
    _add_model(commands)
    return parser


class _Parser(argparse.ArgumentParser):
    """Takes `--sort -COL` for what it says; argparse alone would look for an option `-COL`."""

    def parse_known_args(  # type: ignore[override]  # argparse overloads it by the type of the namespace
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Parse the words, `--sort` and a column behind it as one."""
        return super().parse_known_args(_with_sort_joined(sys.argv[1:] if args is None else args), namespace)


def _with_sort_joined(words: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for place, word in enumerate(words):
        if word == "--":
            return [*joined, *words[place:]]
        if joined and joined[-1] == "--sort" and word.startswith("-") and not word.startswith("--"):
            joined[-1] = f"--sort={word}"
        else:
            joined.append(word)
    return joined


def _command(commands: _Commands, name: str, *, run: str, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", allow_abbrev=False)
    parser.set_defaults(run=run)
    return parser


def _add_build(commands: _Commands) -> None:
    parser = _command(commands, "build", run="run_build", text="compile run stores into a static site")
    parser.add_argument("stores", nargs="*", metavar="STORE", help=STORE_HELP)
    parser.add_argument("--open", action="store_true", help="open the site in the browser when it is built")
    parser.add_argument(
        "--watch",
        dest="run",
        action="store_const",
        const="run_build_watch",
        default="run_build",
        help="build again on every change, until interrupted",
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit with 3 if a line or value was skipped or a link is dead"
    )
    parser.add_argument("--manifest", action="store_true", help="print the path of every file of the site")
    parser.add_argument("--explain", action="store_true", help="print why each file was written, or why none was")
    parser.add_argument("--verify", action="store_true", help="build cleanly beside it; exit with 3 if a byte differs")
    _add_choices(parser)
    _add_output(parser)


def _add_serve(commands: _Commands) -> None:
    parser = _command(commands, "serve", run="run_serve", text="build a site and serve it on this machine")
    parser.add_argument("stores", nargs="*", metavar="STORE", help=STORE_HELP)
    parser.add_argument("--watch", action="store_true", help="build again on every change, and update open pages")
    parser.add_argument("--open", action="store_true", help="open the site in the browser")
    parser.add_argument(
        "--port", type=_port, metavar="N", help="port to listen on (default: 7483, or the next that is free)"
    )
    parser.add_argument(
        "--host",
        type=_host,
        default="127.0.0.1",
        metavar="H",
        help="address to listen on, for others than this machine",
    )
    parser.add_argument(
        "--poll", action="store_true", help="look for changes every few seconds, where a disk tells of none"
    )
    _add_choices(parser)
    _add_output(parser)


def _add_choices(parser: argparse.ArgumentParser) -> None:
    """Add what every build of a site may be told, once or again and again."""
    parser.add_argument("--filter", metavar="F", help=f"publish only {FILTER_HELP}")
    parser.add_argument(
        "--allow-removals", action="store_true", help="go on though most of the runs are gone, and remove their pages"
    )
    parser.add_argument("--allow-code", action="store_true", help="run charts/*.py of the stores, which make charts")
    parser.add_argument(
        "--workers", type=_count, default=1, metavar="N", help="read logs in up to N processes (default: 1)"
    )


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", default="site", metavar="FOLDER", help="where the site goes (default: site)")
    parser.add_argument(
        "--cache",
        metavar="FOLDER",
        help="where the last build and compiled charts are remembered (default: .runsite beside the site)",
    )


def _add_runs(commands: _Commands) -> None:
    parser = _command(commands, "runs", run="run_runs", text="list runs with their params and metrics")
    parser.add_argument("stores", nargs="*", metavar="STORE", help=STORE_HELP)
    parser.add_argument("--filter", metavar="F", help=f"list only {FILTER_HELP}")
    parser.add_argument(
        "--sort",
        metavar="COL,-COL",
        help="order by these columns, greatest first after a '-'; JSON and CSV put all experiments together by it",
    )
    parser.add_argument(
        "--columns", metavar="C,...", help="show these columns in this order; a comma within a name is %%2C"
    )
    parser.add_argument(
        "--limit",
        type=_count,
        metavar="N",
        help="stop after N runs of each experiment; after N in all with --sort and --json or --csv",
    )
    formats = parser.add_mutually_exclusive_group()
    _add_json(formats, "one JSON object per run and line")
    formats.add_argument("--csv", action="store_true", help="print CSV: times in Unix seconds, values in full")


def _add_show(commands: _Commands) -> None:
    parser = _command(commands, "show", run="run_show", text="show one run")
    _add_run(parser)
    _add_json(parser, "one JSON object")


def _add_metrics(commands: _Commands) -> None:
    parser = _command(commands, "metrics", run="run_metrics", text="print the logged points of a run's metrics")
    _add_run(parser)
    parser.add_argument("names", nargs="*", metavar="NAME", help="metrics to print; all if none is named")
    _add_json(parser, "one JSON object per point and line")
    parser.add_argument("--csv", action="store_true", help="print metric, step, value and time as CSV")


def _add_models(commands: _Commands) -> None:
    parser = _command(commands, "models", run="run_models", text="list registered models and what is in each stage")
    parser.add_argument("store", nargs="?", metavar="STORE", help=STORE_HELP)
    _add_json(parser, "one JSON object per model and line")


def _add_check(commands: _Commands) -> None:
    parser = _command(commands, "check", run="run_check", text="read everything and list what cannot be read")
    parser.add_argument("stores", nargs="*", metavar="STORE", help=STORE_HELP)
    _add_json(parser, "one JSON object per problem and line")


def _add_figure(commands: _Commands) -> None:
    parser = _command(commands, "figure", run="run_figure", text="draw a chart of a built site for a paper")
    parser.add_argument("view", metavar="VIEW", help="a page's copied link or its path, with what stands after the '#'")
    parser.add_argument(
        "-o", "--output", required=True, type=_figure_file, metavar="FILE", help="FILE.pdf, .svg, .png or .csv"
    )
    parser.add_argument("--chart", metavar="NAME", help="a metric, a custom chart, or relation (default: as linked)")
    parser.add_argument("--width", type=_size, default=85, metavar="MM", help="width in millimetres (default: 85)")
    parser.add_argument("--height", type=_size, metavar="MM", help="height in millimetres (default: what it takes)")
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help="colours (default: light)")
    parser.add_argument("--font", metavar="NAME", help="font of all text (default: Liberation Sans, which comes along)")
    parser.add_argument("--dpi", type=_dpi, default=300, metavar="N", help="pixels an inch of a PNG (default: 300)")
    parser.add_argument(
        "--site", default="site", metavar="FOLDER", help="where the site of a link to a host lies (default: site)"
    )


def _add_model(commands: _Commands) -> None:
    parser = commands.add_parser("model", help="write to the model registry", description="Write to the registry.")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    _add_register(verbs)
    _add_stage(verbs)
    _add_alias(verbs)
    _add_describe(verbs)
    _add_tag(verbs)
    _add_rollback(verbs)
    _add_remove(verbs)
    history = _verb(verbs, "history", text="print who did what to a model, when and why")
    _add_json(history, "one JSON object per event and line")


def _add_register(verbs: _Commands) -> None:
    parser = _verb(verbs, "register", text="register a new version of a model", writes=True)
    parser.add_argument("--run", metavar="RUN", dest="source_run", help="run it came from: experiment/id")
    parser.add_argument("--path", help="file or folder of that run, relative to the run's folder; needs --run")
    parser.add_argument("--uri", help="address of a model that lies elsewhere")
    parser.add_argument("--description", help="what is new in this version")


def _add_stage(verbs: _Commands) -> None:
    parser = _verb(verbs, "stage", text="move a version to a stage", writes=True)
    parser.add_argument("version", type=_version, metavar="VERSION")
    parser.add_argument("stage", metavar="STAGE", help="None, Staging, Production, Archived, or as the settings say")
    parser.add_argument("--reason", help="why; required to enter or leave Production")
    parser.add_argument("--archive-existing", action="store_true", help="archive the versions the stage holds")


def _add_alias(verbs: _Commands) -> None:
    parser = _verb(verbs, "alias", text="let an alias point to a version, or remove it", writes=True)
    parser.add_argument("alias", metavar="ALIAS")
    parser.add_argument("version", type=_version, nargs="?", metavar="VERSION")
    parser.add_argument("--remove", action="store_true", help="remove the alias")


def _add_describe(verbs: _Commands) -> None:
    parser = _verb(verbs, "describe", text="describe a model or one of its versions", writes=True)
    parser.add_argument("description", metavar="TEXT")
    parser.add_argument("--version", type=_version, metavar="VERSION", help="the version meant; else the model")


def _add_tag(verbs: _Commands) -> None:
    parser = _verb(verbs, "tag", text="set a tag of a model or one of its versions", writes=True)
    parser.add_argument("tag", metavar="NAME=VALUE")
    parser.add_argument("--version", type=_version, metavar="VERSION", help="the version meant; else the model")


def _add_rollback(verbs: _Commands) -> None:
    parser = _verb(verbs, "rollback", text="give a stage back to the version that held it before", writes=True)
    parser.add_argument("--stage", default="Production", metavar="STAGE", help="which stage (default: Production)")
    parser.add_argument("--reason", help="why; required")


def _add_remove(verbs: _Commands) -> None:
    parser = _verb(verbs, "remove", text="take a version out of the registry; its history stays", writes=True)
    parser.add_argument("version", type=_version, metavar="VERSION")
    parser.add_argument("--reason", help="why")


def _verb(verbs: _Commands, name: str, *, text: str, writes: bool = False) -> argparse.ArgumentParser:
    parser = _command(verbs, name, run=f"run_model_{name}", text=text)
    parser.add_argument("model", metavar="MODEL", help="the model's name")
    parser.add_argument("--store", metavar="STORE", help=STORE_HELP)
    if writes:
        parser.add_argument("--by", metavar="NAME", help="who does it (default: git's user.name)")
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("wanted", metavar="RUN", help="a run's id, a unique beginning of it, or experiment/id")
    parser.add_argument("--store", metavar="STORE", help=STORE_HELP)


def _add_json(parser: argparse.ArgumentParser | argparse._MutuallyExclusiveGroup, text: str) -> None:
    parser.add_argument("--json", action="store_true", help=f"print {text}")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _host(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("name an address, such as 127.0.0.1 or 0.0.0.0")
    return text.removeprefix("[").removesuffix("]")  # as an IPv6 address stands in a URL


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) < 1 << 16:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a whole number from 0 to 65535")
    return int(text)


def _size(text: str) -> float:
    try:
        size = float(text)
    except ValueError:
        size = 0.0
    if not 20 <= size <= 2000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size of 20 to 2000 millimetres")
    return size


def _dpi(text: str) -> int:
    # At the most, 20 x 20 mm have 62 million pixels; charts.paper judges the rest.
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 to 10000")
    return int(text)


def _figure_file(text: str) -> str:
    if not text.lower().endswith((".pdf", ".svg", ".png", ".csv")):
        raise argparse.ArgumentTypeError(f"{text!r} is no FILE.pdf, .svg, .png or .csv")
    return text


def _version(text: str) -> int | str:
    """A version's number, or its label where two share one: "2 (conflict)"."""
    return int(text) if text.isdecimal() else text
