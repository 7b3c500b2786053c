"""Inputs that are moved down and up: named as in `clusterplan.change`, or those that are assumed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from clusterplan.errors import UsageError
from clusterplan.region import Change, Changes, Region, changes_of

WEIGHTY = {
    "firms.csv": {
        "outside_m_y": "firm.{}.outside_m_y",
        "margin_m_y": "firm.{}.margin_m_y",
        "output_per_y": "firm.{}.output_per_y",
        "investment_m": "firm.{}.investment_m",
    },
    "products.csv": {
        "collaboration_share": "product.{}.collaboration_share",
        "freight_per_tkm": "product.{}.freight_per_tkm",
    },
    "links.csv": {"value_m_y": "link.{}.value_m_y"},
    "loops.csv": {"value_m_y": "loop.{}.value_m_y"},
    "markets.csv": {"buys_up_to_per_y": "market.{}.buys_up_to_per_y"},
    "incentives.csv": {"rate": "instrument.{}.rate"},
    "parks.geojson": {
        "land_ha": "park.{}.land_ha",
        "open_cost_m_y": "park.{}.open_cost_m_y",
        "power_price_per_mwh": "park.{}.power_price_per_mwh",
        "wage_per_y": "park.{}.wage_per_y",
    },
    "region.yaml": {"discount_rate": "discount_rate", "freight.per_tkm": "freight.per_tkm"},
}
"""Columns that what a plan is worth, or who comes, hangs on most; by file, as paths of changes."""

Pair = tuple[Changes, Changes]
Inputs = str | Iterable[str] | Mapping[str, float | Pair]
"""Paths of changes; or by path the share by which it is moved; or by any name the changes down and up."""


@dataclass(frozen=True)
class Input:
    """An input that is moved.

    Parameters
    ----------
    name
        What it is called: a path of `clusterplan.change`, or any name.
    low, high
        The changes that move it down and up.
    """

    name: str
    low: tuple[Change, ...]
    high: tuple[Change, ...]


def inputs_of(region: Region, inputs: Inputs | None, share: float) -> list[Input]:
    """Return inputs as they were meant.

    Parameters
    ----------
    region
        The region.
    inputs
        What is moved; None: all assumed numbers of each of the columns `WEIGHTY`, column by column.
    share
        How far, as a share of what is there, where nothing else is said.

    Raises
    ------
    UsageError
        If a share is not between 0 and 1, or a change is none.
    """
    _check("share", share)
    if inputs is None:
        return list(_assumed(region, share))
    if isinstance(inputs, str):
        inputs = [inputs]
    given: Mapping[str, float | Pair] = (
        dict(inputs) if isinstance(inputs, Mapping) else dict.fromkeys(inputs, share)
    )
    found = []
    for name, how in given.items():
        if isinstance(how, int | float):
            _check(name, how)
            found.append(_by_share(name, [name], float(how)))
        else:
            low, high = how
            found.append(Input(name, changes_of(low), changes_of(high)))
    return found


def _check(name: str, share: float) -> None:
    if not (math.isfinite(share) and 0 < share < 1):
        raise UsageError(f"{name}: a number is moved by a share between 0 and 1 of it, not {share!r}.")


def _by_share(name: str, paths: Iterable[str], share: float) -> Input:
    low, high = (tuple(Change(path, "*=", factor) for path in paths) for factor in (1 - share, 1 + share))
    return Input(name, low, high)


def _assumed(region: Region, share: float) -> Iterator[Input]:
    """Yield the assumed numbers of each weighty column as one input."""
    numbers = region.provenance_of()
    for file, columns in WEIGHTY.items():
        for column, path in columns.items():
            own = numbers[(numbers["file"] == file) & (numbers["column"] == column)]
            assumed = own.loc[own["kind"] == "assumed", "id"]
            if assumed.empty:
                continue
            name = path.format("*")
            if len(assumed) == len(own):
                yield _by_share(name, [name], share)
            else:
                some = f"{name} ({len(assumed)} of {len(own)})"
                yield _by_share(some, [path.format(one) for one in assumed], share)
