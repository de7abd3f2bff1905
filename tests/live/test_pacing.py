"""How often is built."""

from runsite.live.pacing import Pacing


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
