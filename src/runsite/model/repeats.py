"""What makes two runs of an experiment repeats of one configuration."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IgnoredParam:
    """A param that does not tell configurations apart, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """Which params make a configuration, and which tell its repeats apart."""

    ignored: tuple[IgnoredParam, ...] = ()
    """By name."""
    key_params: tuple[str, ...] = ()
    """Params that vary and make the key, most telling first."""
