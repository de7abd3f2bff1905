"""The nouns: what runsite knows of experiments, runs, metrics and registered models. No input or output here."""

from runsite.model.names import DEFAULT_STAGES, RUNNING, STATUSES, Goal, GoalFrom, ProblemKind, RunKey, Step
from runsite.model.registry import ModelEvent, ModelVersion, RegisteredModel
from runsite.model.repeats import IgnoredParam, RepeatRule
from runsite.model.run import (
    Artifact,
    Dataset,
    Environment,
    LoggedModel,
    MetricDefinition,
    Note,
    ParamConflict,
    Point,
    Problem,
    Run,
    RunFailure,
    Series,
    Source,
)
from runsite.model.site import ChartFile, CustomChart, Report, SiteContent, SiteFilter, SourceSummary
from runsite.model.summary import ExperimentSummary, MainMetric, MetricSummary, RunSummary

__all__ = [
    "DEFAULT_STAGES",
    "RUNNING",
    "STATUSES",
    "Artifact",
    "ChartFile",
    "CustomChart",
    "Dataset",
    "Environment",
    "ExperimentSummary",
    "Goal",
    "GoalFrom",
    "IgnoredParam",
    "LoggedModel",
    "MainMetric",
    "MetricDefinition",
    "MetricSummary",
    "ModelEvent",
    "ModelVersion",
    "Note",
    "ParamConflict",
    "Point",
    "Problem",
    "ProblemKind",
    "RegisteredModel",
    "RepeatRule",
    "Report",
    "Run",
    "RunFailure",
    "RunKey",
    "RunSummary",
    "Series",
    "SiteContent",
    "SiteFilter",
    "Source",
    "SourceSummary",
    "Step",
]
