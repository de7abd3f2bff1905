"""Every error runsite raises on purpose; each says where, what is wrong and what to do, in one line."""

from pathlib import Path

from runsite.shown_names import quoted


class RunsiteError(Exception):
    """Something the user can mend; the command line prints it as one line and exits with 1."""


class UsageError(RunsiteError):
    """A command that was typed wrong in a way that its parser cannot tell; the command line exits with 2."""


class StoreError(RunsiteError):
    """A store that cannot be read: missing, a file, a built site, another tool's folder."""

    def __init__(self, path: Path, problem: str, remedy: str) -> None:
        self.path, self.problem, self.remedy = path, problem, remedy
        super().__init__(f"{path}: {problem}; {remedy}")


class LogsGoneError(RunsiteError):
    """A run whose logs went away while a build read them."""

    def __init__(self, run: str) -> None:
        self.run = run
        super().__init__(f"the logs of {run} went away while they were read; build again")


class SameNameError(RunsiteError):
    """Two models, or two reports, that one site cannot tell apart."""

    def __init__(self, noun: str, name: str) -> None:
        self.noun, self.name = noun, name
        super().__init__(f"two {noun}s have the name {name!r}; rename one or build their stores apart")


class SettingsError(RunsiteError):
    """A runsite.toml that cannot be used."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        self.path, self.line, self.problem = path, line, problem
        where = str(path) if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {problem}")


class RecordError(RunsiteError):
    """A record that format 1 does not allow, refused where it is written."""


class RunNotFoundError(RunsiteError):
    """No run, or more than one, answers to the words the user typed."""

    def __init__(self, wanted: str, candidates: tuple[str, ...]) -> None:
        self.wanted, self.candidates = wanted, candidates
        if candidates:
            shown = ", ".join(candidates[:5]) + (", …" if len(candidates) > 5 else "")
            problem = f"{quoted(wanted)} means {len(candidates)} runs ({shown}); write more of the id"
        else:
            problem = f"no run {quoted(wanted)}; `runsite runs` lists them"
        super().__init__(problem)


class RegistryError(RunsiteError):
    """A registry event that the model's history does not allow."""


class ThemeError(RunsiteError):
    """A template or theme file that is broken."""

    def __init__(self, path: str, line: int | None, problem: str) -> None:
        self.path, self.line, self.problem = path, line, problem
        where = path if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {problem}")


class OutputError(RunsiteError):
    """An output folder that is not ours, or that cannot be written."""

    def __init__(self, path: Path, problem: str, remedy: str) -> None:
        self.path, self.problem, self.remedy = path, problem, remedy
        super().__init__(f"{path}: {problem}; {remedy}")


class WorkerError(RunsiteError):
    """A process to read logs for a build that could not be begun, or was ended by somebody else."""

    def __init__(self, reason: Exception | None = None) -> None:
        problem = "one of the processes that read logs was ended, by the system where memory ran out or by somebody"
        if reason is not None:
            problem = f"no further process could be begun to read logs ({reason})"
        super().__init__(f"{problem}; build again, with fewer --workers")


class ServeError(RunsiteError):
    """An address that cannot be listened on."""

    def __init__(self, host: str, port: int, problem: str, option: str) -> None:
        self.host, self.port, self.problem, self.option = host, port, problem, option
        super().__init__(f"cannot serve on {host}, port {port} ({problem}); name another with {option}")


class FigureError(RunsiteError):
    """A view that shows no chart, or a figure that cannot be made of it."""

    def __init__(self, view: str, problem: str) -> None:
        self.view, self.problem = view, problem
        super().__init__(f"{view}: {problem}")


class CheckError(RunsiteError):
    """A check the user asked for (`--strict`, `check`) that failed; exit code 3."""


class FilterError(RunsiteError):
    """A run filter that cannot be read; places count UTF-16 code units, as browsers do."""

    def __init__(self, text: str, start: int, end: int, problem: str) -> None:
        self.text, self.start, self.end, self.problem = text, start, end, problem
        super().__init__(f"filter, at character {start + 1}: {problem}")


class NothingFoundError(RunsiteError):
    """A run filter that would leave a site without runs."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        super().__init__(f"the filter finds none of {runs:,} runs; nothing is written")
