"""Charts look as they did. `make pictures` writes the pictures anew."""

from __future__ import annotations

import numpy as np
import pytest
from chart_pictures import FOLDER, PICTURES, differences, drawn, dresden, stored

import clusterplan as cp

MEAN, LOCAL = 0.02, 0.05
"""How far a picture may be from the stored one, in all and in any window: letters may move by a dot."""


@pytest.mark.parametrize("name", PICTURES)
def test_a_chart_looks_as_it_did(name):
    mean, local = differences(drawn(name), stored(name))
    assert mean < MEAN, f"{name} differs by {mean:.3f}: look at it, then make pictures"
    assert local < LOCAL, f"{name} differs by {local:.3f} in a place: look at it, then make pictures"


def test_there_is_a_picture_for_each_chart_and_each_is_small():
    files = {file.stem: file.stat().st_size for file in FOLDER.iterdir()}
    assert set(files) == set(PICTURES)
    assert max(files.values()) < 40_000


def test_a_firm_that_is_missing_on_the_map_would_be_seen(monkeypatch):
    whole = cp.Plan.firms.fget

    def without(plan):
        firms = whole(plan)
        firms.loc[firms.index == "xfab", "park"] = None
        return firms

    assert dresden().firms.at["xfab", "park"] is not None
    monkeypatch.setattr(cp.Plan, "firms", property(without))
    assert differences(drawn("map_dresden"), stored("map_dresden"))[1] > LOCAL


def test_another_colour_or_a_shifted_bar_would_be_seen():
    picture = stored("willingness")
    assert differences(picture, picture) == (0.0, 0.0)
    assert differences(picture, np.roll(picture, 6, axis=1))[1] > LOCAL
    assert differences(picture, picture[..., ::-1])[1] > LOCAL
    assert differences(picture, picture[:-1]) == (1.0, 1.0)
