"""Series colours stand out from their ground and from each other, for every kind of eye, in light and in dark."""

import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from runsite.charts.cards import DASHES, HUES

CSS = (Path(__file__).parents[2] / "themes/default/static/charts.css").read_text(encoding="utf-8")
GROUNDS = {"light": ("#ffffff", "#f6f7f9"), "dark": ("#0e1116", "#161b22")}
# Least Oklab distance times 100; Vega's own palette comes down to 0.7 for red-blind eyes.
LEAST_DISTANCE = {"all": 12.0, "red-blind": 9.0, "green-blind": 9.0, "blue-blind": 9.0}

Matrix = NDArray[np.float64]
# How a dichromat sees linear RGB (Machado, Oliveira and Fernandes 2009, severity 1).
EYES: dict[str, Matrix] = {
    "all": np.eye(3),
    "red-blind": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "green-blind": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "blue-blind": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_CONES: Matrix = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_OKLAB: Matrix = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def palettes() -> dict[str, list[str]]:
    """Read the blocks of colours: light, then dark by preference and dark by choice."""
    colours = re.findall(r"--series-([0-7]): (#[0-9a-f]{6});", CSS)
    blocks = [colours[start : start + HUES] for start in range(0, len(colours), HUES)]
    assert [[int(index) for index, _ in block] for block in blocks] == [list(range(HUES))] * 3
    light, preferred, chosen = ([colour for _, colour in block] for block in blocks)
    assert preferred == chosen
    return {"light": light, "dark": preferred}


def linear(colour: str) -> Matrix:
    channels = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    curved: Matrix = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return curved


def oklab(seen: Matrix) -> Matrix:
    place: Matrix = TO_OKLAB @ np.cbrt(np.clip(TO_CONES @ np.clip(seen, 0, 1), 0, None))
    return place


def contrast(one: str, other: str) -> float:
    lights = sorted(float(linear(colour) @ np.array([0.2126, 0.7152, 0.0722])) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_colour_stands_out_from_its_grounds(theme: str) -> None:
    weak = [(c, g) for c in palettes()[theme] for g in GROUNDS[theme] if contrast(c, g) < 3]

    assert weak == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
def test_each_pair_of_colours_can_be_told_apart(theme: str, eyes: str) -> None:
    seen = {colour: oklab(EYES[eyes] @ linear(colour)) for colour in palettes()[theme]}

    near = [
        pair
        for pair in combinations(seen, 2)
        if 100 * float(np.linalg.norm(seen[pair[0]] - seen[pair[1]])) < LEAST_DISTANCE[eyes]
    ]

    assert near == []


def test_grey_of_many_runs_stands_out_too() -> None:
    light, *dark = re.findall(r"--series-other: (#[0-9a-f]{6});", CSS)

    assert contrast(light, "#ffffff") > 3
    assert all(contrast(colour, "#0e1116") > 3 for colour in dark)


def test_style_sheet_has_each_dash_pattern() -> None:
    assert re.findall(r"--dash-(\d): ", CSS) == [str(dash) for dash in range(DASHES)]


def shades() -> dict[str, list[str]]:
    """Read the shades of numbers, least first: light, then dark by preference and dark by choice."""
    found = re.findall(r"--shade-[0-4]: (#[0-9a-f]{6});", CSS)
    light, preferred, chosen = found[:5], found[5:10], found[10:]
    assert preferred == chosen
    return {"light": light, "dark": preferred}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_shades_stand_out_from_their_ground(mode: str) -> None:
    for colour in shades()[mode]:
        assert contrast(colour, GROUNDS[mode][0]) >= 3


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
def test_greater_numbers_have_lighter_shades_for_every_kind_of_eye(mode: str, eyes: str) -> None:
    lightness = [float(oklab(EYES[eyes] @ linear(colour))[0]) for colour in shades()[mode]]

    assert all(later - earlier > 0.02 for earlier, later in pairwise(lightness))
