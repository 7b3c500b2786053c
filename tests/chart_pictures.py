"""Pictures that charts are compared with, coarse enough that no version of a font shows in them.

python tests/chart_pictures.py      writes them anew to tests/data/charts; look at each before you commit it
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.image import imread, imsave

import clusterplan as cp
from benchmarks.regions import stored_plan
from clusterplan.report import lettering
from clusterplan.report.charts import style
from clusterplan.solve import Progress

FOLDER = Path(__file__).parent / "data" / "charts"
DPI, BLOCK = 80, 4
"""Dots an inch as drawn, and how many of them each way are one of the picture."""
WINDOW = 6
"""Side of the windows in which the largest difference is looked for, in dots of the picture."""


@cache
def tiny() -> cp.Plan:
    """Return the plan of the small region."""
    return cp.solve(cp.load_region("tiny"))


@cache
def dresden() -> cp.Plan:
    """Return the stored plan of a region with all that a chart can show."""
    return stored_plan("dresden")


def front() -> cp.Tradeoff:
    """Return a front of three plans, one of them not proven."""
    table = pd.DataFrame(
        {
            "value": [5.0, 4.2, 0.0],
            "grants": [-3.0, -1.0, 0.0],
            "status": ["optimal", "optimal", "feasible"],
            "knee": [False, True, False],
            "firms": [9, 8, 4],
        }
    )
    return cp.Tradeoff(aims=("value", "grants"), front=table, plans=(tiny(),) * 3, dropped=0)


def futures() -> cp.Scenarios:
    """Return two candidates in three futures, one of which can't be held everywhere."""
    names = ["boom", "as it is", "slump"]
    values = pd.DataFrame([[9.0, 6.0, 1.0], [10.0, 5.0, -np.inf]], index=["plan", "bold"], columns=names)
    table = pd.DataFrame({"probability": [0.2, 0.5, 0.3], "known": [10.0, 6.5, 2.0]}, index=names)
    return cp.Scenarios(
        futures=table,
        values=values,
        candidates=pd.DataFrame({"score": [5.1, -np.inf]}, index=["plan", "bold"]),
        plans={"plan": tiny()},
        best="plan",
        value_of_choosing=0.0,
        value_of_knowing=0.0,
    )


def told() -> list[Progress]:
    """Return what a solve reported."""
    points = [(0.1, None, 9.0), (0.5, 3.0, 8.0), (1.0, 5.0, 7.0), (2.5, 5.5, 5.5)]
    return [Progress(seconds, best, bound, None, 0, "improve") for seconds, best, bound in points]


def nothing() -> Axes:
    """Return axes that say why nothing is drawn."""
    with style.lettered():
        return style.empty(style.axes_of(None, 5.0, 3.0), "Nothing is drawn, and this says why.")


PICTURES: dict[str, Callable[[], Axes]] = {
    "map_tiny": lambda: tiny().map(),
    "map_dresden": lambda: dresden().map(),
    "before_after": lambda: cp.charts.before_after(tiny())[0],
    "chain_tiny": lambda: cp.charts.chain(tiny()),
    "chain_dresden": lambda: cp.charts.chain(dresden()),
    "supply_dresden": lambda: cp.charts.supply(dresden()),
    "budgets": lambda: cp.charts.budgets(dresden()),
    "willingness": lambda: cp.charts.willingness(tiny()),
    "cash_flow": lambda: cp.charts.cash_flow(tiny()),
    "cascade": lambda: cp.charts.cascade(cp.baseline(tiny().region, orders=0)),
    "tradeoff": lambda: cp.charts.tradeoff(front()),
    "robustness": lambda: cp.charts.robustness(futures()),
    "progress": lambda: cp.charts.progress(told()),
    "empty": nothing,
}


def drawn(name: str) -> np.ndarray:
    """Return a picture as H×W×3 numbers from 0 to 1, without Chinese letters, which not every machine has."""
    kept, lettering.chinese_font = lettering.chinese_font, lambda: None
    try:
        figure = PICTURES[name]().figure
        figure.set_dpi(DPI)
        figure.canvas.draw()
        dots = np.asarray(figure.canvas.buffer_rgba(), dtype=float)[..., :3] / 255.0
        plt.close(figure)
    finally:
        lettering.chinese_font = kept
    return coarse(dots)


def coarse(dots: np.ndarray) -> np.ndarray:
    """Return the means of blocks of dots."""
    high, wide = (length // BLOCK for length in dots.shape[:2])
    blocks = dots[: high * BLOCK, : wide * BLOCK].reshape(high, BLOCK, wide, BLOCK, 3)
    return blocks.mean(axis=(1, 3))


def stored(name: str) -> np.ndarray:
    """Return the picture that a chart is compared with."""
    return np.asarray(imread(FOLDER / f"{name}.png"), dtype=float)[..., :3]


def differences(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Return the root mean square difference of two pictures, and the largest mean one of any window."""
    if one.shape != other.shape:
        return 1.0, 1.0
    apart = one - other
    high, wide = (length // WINDOW for length in apart.shape[:2])
    parts = apart[: high * WINDOW, : wide * WINDOW].reshape(high, WINDOW, wide, WINDOW, 3)
    return float(np.sqrt((apart**2).mean())), float(np.abs(parts.mean(axis=(1, 3))).max())


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in PICTURES:
        imsave(FOLDER / f"{name}.png", drawn(name), metadata={"Software": None})
        print(FOLDER / f"{name}.png")
