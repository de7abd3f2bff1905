"""The mark that says which way a metric is better."""

from runsite.goal_mark import goal_mark


def test_a_declared_goal_has_a_full_mark() -> None:
    assert goal_mark("maximize", "record") == ("▲", "higher is better, declared in the logs", "record")
    assert goal_mark("minimize", "settings") == ("▼", "lower is better, declared in runsite.toml", "settings")


def test_a_guessed_goal_has_a_hollow_mark() -> None:
    assert goal_mark("maximize", "guess") == ("△", "higher is better, guessed from its name", "guess")
    assert goal_mark("minimize", "guess") == ("▽", "lower is better, guessed from its name", "guess")


def test_a_metric_without_a_goal_has_none() -> None:
    assert goal_mark(None, None) is None
