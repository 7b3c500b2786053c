"""Parts of a plan that several indicators are counted over."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from clusterplan.plan.plan import Plan


def money_a_year(plan: Plan) -> str:
    """Return the unit of yearly money: ``m CNY/y``."""
    return f"{money(plan)}/y"


def money(plan: Plan) -> str:
    """Return the unit of money paid once: ``m CNY``."""
    return f"m {plan.region.manifest.currency}"


def placed_firms(plan: Plan) -> pd.DataFrame:
    """Return the firms of the region that are placed, platforms among them.

    Returns
    -------
    DataFrame
        The columns of `region.firms`, with ``park`` and ``utilisation`` as the plan has them.
    """
    decided = plan.firms
    placed = decided.index[decided["park"].notna()]
    firms: pd.DataFrame = plan.region.firms.loc[placed]
    return firms.assign(**{name: decided.loc[placed, name] for name in ("park", "utilisation")})


def enterprises(plan: Plan) -> pd.DataFrame:
    """Return `placed_firms` without the platforms."""
    firms = placed_firms(plan)
    return firms[~firms["is_platform"]]


def open_parks(plan: Plan) -> pd.DataFrame:
    """Return the rows of `region.parks` that the plan has open."""
    decided = plan.parks
    return pd.DataFrame(plan.region.parks.loc[decided.index[decided["open"]]])


def inputs(plan: Plan) -> gpd.GeoDataFrame:
    """Return the rows of supply that are bought by a firm: its inputs."""
    supply = plan.supply
    return supply[supply["to"].notna()]
