"""Your training logs, as a web page you own: record runs, register models, build the site.

Everything here is loaded when it is first used, so that importing runsite costs a training script next to nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # loaded on first use by __getattr__
    from runsite.errors import RunsiteError as RunsiteError
    from runsite.recorder import ActiveRun as ActiveRun
    from runsite.recorder import Pruned as Pruned
    from runsite.recorder import start_run as start_run

__version__ = "0.1.0"

_HOMES = {
    "ActiveRun": "runsite.recorder",
    "Pruned": "runsite.recorder",
    "RunsiteError": "runsite.errors",
    "start_run": "runsite.recorder",
}

__all__ = ["ActiveRun", "Pruned", "RunsiteError", "__version__", "start_run"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'runsite' has no attribute {name!r}")
    # Only now: `import runsite` alone must stay cheap, and the command line needs none of these.
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
