"""How numbers are written for people."""

from __future__ import annotations

import pytest

from clusterplan.report.numbers import share_of


@pytest.mark.parametrize(
    ("share", "places", "text"),
    [
        (0.0, 0, "0%"),
        (1e-9, 0, "0%"),
        (0.0002, 0, "<0.1%"),
        (0.0002, 1, "<0.1%"),
        (0.004, 0, "0.4%"),
        (0.5, 0, "50%"),
        (0.994, 0, "99%"),
        (0.996, 0, "99.6%"),
        (0.9998, 0, ">99.9%"),
        (0.9998, 1, ">99.9%"),
        (0.9998, 2, "99.98%"),
        (0.99999, 2, ">99.99%"),
        (1 - 1e-9, 0, "100%"),
        (1.0, 1, "100.0%"),
        (1.004, 0, "100%"),
        (-0.25, 1, "-25.0%"),
    ],
)
def test_a_share_is_all_only_of_all_and_nothing_only_of_nothing(share, places, text):
    assert share_of(share, places) == text
