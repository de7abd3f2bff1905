"""Registered models: their versions, stages and aliases, as a set of events that lie in the store, in Git."""

from runsite.registry.events import event_path
from runsite.registry.fold import fold_model
from runsite.registry.read import folder_name, model_names, read_model, read_models
from runsite.registry.wording import TOLD_KEYS, event_sentence
from runsite.registry.write import (
    describe_model,
    keep_command,
    model_history,
    register_model,
    remove_model_alias,
    remove_model_version,
    rollback_model,
    set_model_alias,
    set_model_stage,
    tag_model,
)

__all__ = [
    "TOLD_KEYS",
    "describe_model",
    "event_path",
    "event_sentence",
    "fold_model",
    "folder_name",
    "keep_command",
    "model_history",
    "model_names",
    "read_model",
    "read_models",
    "register_model",
    "remove_model_alias",
    "remove_model_version",
    "rollback_model",
    "set_model_alias",
    "set_model_stage",
    "tag_model",
]
