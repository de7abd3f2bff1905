"""What pandas makes of runs: DataFrames for notebooks and reports. The one home of pandas.

    columns     values as they were logged, as pandas columns of a fitting type
    points      the points of series as rows

pandas takes half a second to import, and neither a build nor the command line needs it: each function imports it.
Every type is named, never left to pandas, whose own choice differs between versions 2 and 3.
"""

from typing import TYPE_CHECKING

from runsite.frames.columns import MISSING, FrameColumn, data_frame
from runsite.frames.points import points_frame, series_frame

if TYPE_CHECKING:  # for the signatures of those who hand out what is made here
    from pandas import DataFrame as DataFrame

__all__ = ["MISSING", "FrameColumn", "data_frame", "points_frame", "series_frame"]
