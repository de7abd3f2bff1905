"""How often is built, and how often everything is looked at."""

from math import inf

from runsite.live.pacing import Looks, Pacing


def test_first_change_is_built_at_once() -> None:
    assert Pacing().wait(0.0) == 0


def test_quick_builds_begin_at_most_four_times_a_second() -> None:
    pacing = Pacing()

    pacing.built(10.0, 10.01)

    assert round(pacing.wait(10.05), 3) == 0.2
    assert pacing.wait(10.25) == 0


def test_slow_builds_take_at_most_half_of_the_time() -> None:
    pacing = Pacing()

    pacing.built(10.0, 13.0)

    assert pacing.wait(13.0) == 3
    assert pacing.wait(17.0) == 0


def test_first_look_is_due_at_once_and_the_next_after_four_seconds() -> None:
    looks = Looks()
    assert looks.due(is_certain=True) == -inf

    looks.looked(10.0, 10.02)

    assert looks.due(is_certain=False) == 14.25
    assert looks.due(is_certain=True) == 14.25


def test_look_that_costs_much_comes_less_often_where_nothing_is_lost_unheard() -> None:
    looks = Looks()

    looks.looked(10.0, 10.1)

    assert looks.due(is_certain=False) == 14.25
    assert round(looks.due(is_certain=True), 6) == 30


def test_look_comes_once_a_minute_at_least() -> None:
    looks = Looks()

    looks.looked(10.0, 20.0)

    assert looks.due(is_certain=False) == looks.due(is_certain=True) == 70
