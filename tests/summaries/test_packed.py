"""A summary comes back from the cache as it went in."""

import math

import numpy as np
import pytest

from runsite.model import Run, RunKey, Series
from runsite.records.pack import pack, unpack
from runsite.summaries import summarise_run
from runsite.summaries.packed import plain_run, run_of_plain


def make_run(*columns: list[float]) -> Run:
    series = {
        f"m{number}": Series(f"m{number}", np.zeros(len(values), np.int64), np.array(values), np.zeros(len(values)))
        for number, values in enumerate(columns)
    }
    return Run(RunKey("e", "a"), "a", "e/a", series=series)


@pytest.mark.parametrize("values", [[0.0, -0.0], [-0.0, 0.0], [1.0], [math.nan, 1.0, -1.0], [math.inf, 0.0, math.nan]])
def test_a_summary_comes_back_to_the_last_bit_and_sign(values: list[float]) -> None:
    summary = summarise_run(make_run(values, [2.0, *values]), definitions={})

    back = run_of_plain(unpack(pack(plain_run(summary))))

    assert repr(back) == repr(summary)
    assert back.at_extremes == summary.at_extremes
