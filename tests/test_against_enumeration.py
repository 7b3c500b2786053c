"""The model finds the value that trying every layout finds."""

from __future__ import annotations

import math

import pytest
from enumeration import Small
from small_regions import small_region

import clusterplan as cp


@pytest.mark.parametrize("seed", range(60))
def test_the_model_is_worth_what_the_best_of_all_layouts_is_worth(seed):
    region = small_region(seed)
    expected = Small(region).best()
    if expected == -math.inf:
        with pytest.raises(cp.NoPlanError):
            cp.solve(region, time_limit=30)
        return
    plan = cp.solve(region, time_limit=30)
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(expected, rel=1e-6, abs=1e-6)
