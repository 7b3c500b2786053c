"""The decisions of a plan, read from its tables as positions in the region's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import BoolArray, FloatArray, IntArray
from clusterplan.plan.checks.cells import at, numbers, texts

if TYPE_CHECKING:
    from clusterplan.plan.checks.case import PlanLike
    from clusterplan.region import Region


@dataclass(frozen=True)
class Trades:
    """Rows of supply whose ids are known and whose ends make sense.

    Parameters
    ----------
    row
        Position in the plan's table.
    seller, buyer, gateway, product
        Positions in the region's tables, −1 where there is none: a sale has no buyer, a purchase no
        seller, a supply between firms no gateway.
    quantity
        Units a year.
    """

    row: IntArray
    seller: IntArray
    buyer: IntArray
    gateway: IntArray
    product: IntArray
    quantity: FloatArray


@dataclass(frozen=True)
class Awards:
    """Rows of grants whose firm and instrument are known.

    Parameters
    ----------
    row
        Position in the plan's table.
    firm, instrument
        Positions in the region's tables.
    amount
        Annual equivalent, m currency/y.
    """

    row: IntArray
    firm: IntArray
    instrument: IntArray
    amount: FloatArray


@dataclass(frozen=True)
class Decided:
    """What was decided. What is not known in the region, or no number, is left out (it is reported apart).

    Parameters
    ----------
    opened
        True for an open park.
    park
        Position of each firm's park, −1 for a firm that is out.
    load
        Utilisation.
    trades, awards
        Supply and grants.
    level
        Level of each park, "" for none.
    built
        True for each work of the region that is built.
    """

    opened: BoolArray
    park: IntArray
    load: FloatArray
    trades: Trades
    awards: Awards
    level: Any
    built: BoolArray

    @property
    def placed(self) -> BoolArray:
        """True for a firm that is placed."""
        return self.park >= 0


def decided(plan: PlanLike, parks: pd.Index, firms: pd.Index, region: Region) -> Decided:
    """Read the decisions of a plan.

    Parameters
    ----------
    plan
        The plan; its tables have all their columns.
    parks, firms
        Ids of the region's parks and firms.
    region
        The region.
    """
    park_rows = _by_id(plan.parks, parks)
    firm_rows = _by_id(plan.firms, firms)
    return Decided(
        opened=park_rows["open"].eq(True).to_numpy(dtype=bool),
        park=at(parks, firm_rows["park"]),
        load=_decided(firm_rows["utilisation"]),
        trades=_trades(plan.supply, firms, region),
        awards=_awards(plan.grants, firms, region.incentives.index),
        level=texts(park_rows["level"]),
        built=_by_id(plan.works, region.works.index)["built"].eq(True).to_numpy(dtype=bool),
    )


def _decided(values: pd.Series) -> FloatArray:
    """Return numbers to reckon with: 0 where there is none."""
    read = numbers(values)
    return np.where(np.isfinite(read), read, 0.0)


def _by_id(frame: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    once = pd.DataFrame(frame[~frame.index.duplicated()])
    return once.reindex(ids)


def _trades(supply: pd.DataFrame, firms: pd.Index, region: Region) -> Trades:
    seller, buyer = at(firms, supply["from"]), at(firms, supply["to"])
    gateway = at(region.gateways.index, supply["gateway"])
    product = at(region.products.index, supply["product"])
    known = product >= 0
    for ids, position in ((supply["from"], seller), (supply["to"], buyer), (supply["gateway"], gateway)):
        known &= (position >= 0) | ids.isna().to_numpy()
    row = np.flatnonzero(known & two_ends(seller >= 0, buyer >= 0, gateway >= 0))
    return Trades(
        row, seller[row], buyer[row], gateway[row], product[row], _decided(supply["quantity_per_y"])[row]
    )


def two_ends(seller: BoolArray, buyer: BoolArray, gateway: BoolArray) -> BoolArray:
    """Return where exactly two of seller, buyer and gateway are there."""
    return np.asarray(seller.astype(int) + buyer.astype(int) + gateway.astype(int) == 2)


def _awards(grants: pd.DataFrame, firms: pd.Index, instruments: pd.Index) -> Awards:
    firm, instrument = at(firms, grants["firm"]), at(instruments, grants["instrument"])
    row = np.flatnonzero((firm >= 0) & (instrument >= 0))
    return Awards(row, firm[row], instrument[row], _decided(grants["amount_m_y"])[row])
