"""A store whose runs relate: params of every kind, some missing, a metric that is not finite in some, odd names."""

import math
import random
from pathlib import Path

from sized_store import ODD_METRIC
from support import START, Record, metrics, params, run_end, run_start, write_run

ODD_PARAM = "a.b[0] 'q' \\ `y` </script>"
OPTIMIZERS = ("adam", "sgd", "it's lion")


def write_related_store(store: Path, *, counts: tuple[int, ...] = (3, 24, 300)) -> None:
    """Write an experiment for each number of runs, called by it."""
    for count in counts:
        chance = random.Random(count)
        for number in range(count):
            write_run(store, f"of-{count}", f"r{number:04}", *related_run(number, chance))


def related_run(number: int, chance: random.Random) -> list[Record]:
    """Make a run whose accuracy falls with the distance of its lr from 0.01; the 5th diverged, each 12th lacks lr."""
    started = START + 600 * number
    lr = round(10 ** chance.uniform(-4, 0), 6)
    optimizer = OPTIMIZERS[number % 3]
    depth = chance.choice((2, 4, 8))
    accuracy = 0.95 - 0.1 * abs(math.log10(lr) + 2) + 0.02 * (optimizer == "adam") + chance.gauss(0, 0.02)
    values: dict[str, object] = {
        "optimizer": optimizer,
        "depth": depth,
        "augment": number % 2 == 0,
        ODD_PARAM: number % 4,
    }
    values |= {} if number % 12 == 11 else {"lr": lr}
    loss: float | str = "NaN" if number == 4 else round(2 - 2 * accuracy, 6)
    definition = {"type": "metric_definition", "name": "val/acc", "goal": "maximize"}
    logged = {"val/acc": round(accuracy, 6), "val/loss": loss, ODD_METRIC: number * 37 % 101}
    return [
        run_start(time=started, name=f"run {number}"),
        params(**values, seed=number % 5, data="cifar"),
        definition,
        metrics(1, {"val/acc": 0.1, "val/loss": 3.0, ODD_METRIC: 0}, time=started + 1),
        metrics(2, logged, time=started + 300),
        run_end(time=started + 300 + 7 * (number % 90)),
    ]
