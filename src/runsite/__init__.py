"""Your training logs, as a web page you own: record runs, register models, read them back, build the site.

Everything here is loaded when it is first used, so that importing runsite costs a training script next to nothing.
"""

from importlib import import_module

# What type checkers take for true; `typing` itself takes 9 ms to import, before the command line can hear Ctrl-C.
TYPE_CHECKING = False
if TYPE_CHECKING:  # loaded on first use by __getattr__
    from typing import Any

    from runsite.answers.loaded import load
    from runsite.errors import RunsiteError
    from runsite.recorder import ActiveRun, Pruned, start_run
    from runsite.registry import (
        describe_model,
        model_history,
        register_model,
        remove_model_alias,
        remove_model_version,
        rollback_model,
        set_model_alias,
        set_model_stage,
        tag_model,
    )

__version__ = "0.1.0"

_HOMES = {
    "ActiveRun": "runsite.recorder",
    "Pruned": "runsite.recorder",
    "RunsiteError": "runsite.errors",
    "describe_model": "runsite.registry",
    "load": "runsite.answers.loaded",
    "model_history": "runsite.registry",
    "register_model": "runsite.registry",
    "remove_model_alias": "runsite.registry",
    "remove_model_version": "runsite.registry",
    "rollback_model": "runsite.registry",
    "set_model_alias": "runsite.registry",
    "set_model_stage": "runsite.registry",
    "start_run": "runsite.recorder",
    "tag_model": "runsite.registry",
}

__all__ = [
    "ActiveRun",
    "Pruned",
    "RunsiteError",
    "__version__",
    "describe_model",
    "load",
    "model_history",
    "register_model",
    "remove_model_alias",
    "remove_model_version",
    "rollback_model",
    "set_model_alias",
    "set_model_stage",
    "start_run",
    "tag_model",
]


def __getattr__(name: str) -> "Any":
    if name not in _HOMES:
        raise AttributeError(f"module 'runsite' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
