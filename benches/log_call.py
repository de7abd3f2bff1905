"""Measure one `log_metrics` call of ten metrics: the time a training loop loses to it.

    python benches/log_call.py [calls]

Prints the median and the 99th percentile in microseconds, with msgspec and with the standard library alone. The
budget is a median of 10 µs; the aim is 3 µs.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

METRICS = 10
CALLS = 20_000
BUDGET_MICROSECONDS = 10.0

MEASURED_ALONE = "measure"
"""The argument of the child that has no msgspec."""


def measure(calls: int) -> list[float]:
    """Return the duration of each call in microseconds, sorted."""
    from runsite import start_run  # the child decides what it can import before this line runs

    names = [f"train/metric_{number}" for number in range(METRICS)]
    durations = []
    with tempfile.TemporaryDirectory() as store, start_run("bench", store=store) as run:
        for step in range(calls):
            values = {name: step / (place + 3) for place, name in enumerate(names)}
            begun = time.perf_counter_ns()
            run.log_metrics(values, step=step)
            durations.append((time.perf_counter_ns() - begun) / 1_000)
    return sorted(durations)


def report(encoder: str, durations: list[float]) -> float:
    """Print the figures of one encoder and return its median."""
    median, late = durations[len(durations) // 2], durations[len(durations) * 99 // 100]
    print(f"{encoder:<18} median {median:6.2f} µs   99 % {late:6.2f} µs   {len(durations):,} calls", flush=True)
    return median


def main() -> int:
    """Measure in this process with msgspec, then in a child without it."""
    os.environ["RUNSITE_QUIET"] = "1"
    if sys.argv[1:2] == [MEASURED_ALONE]:
        sys.modules["msgspec"] = None  # type: ignore[assignment]  # makes the import fail, as if not installed
        report("standard library", measure(int(sys.argv[2])))
        return 0
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    median = report("msgspec", measure(calls))
    subprocess.run([sys.executable, str(Path(__file__)), MEASURED_ALONE, str(calls)], check=True)
    return 0 if median <= BUDGET_MICROSECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
