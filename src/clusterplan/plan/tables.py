"""The tables of a plan, from decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point

from clusterplan.distance import representative_points
from clusterplan.instance import Bools, Decisions, Floats, Instance, as_decided
from clusterplan.plan.evaluate import Worth
from clusterplan.region import TERMS, Region

WGS84 = "EPSG:4326"


def tables(region: Region, instance: Instance, decisions: Decisions, worth: Worth) -> dict[str, pd.DataFrame]:
    """Return every table of a plan.

    Parameters
    ----------
    region, instance
        What was planned.
    decisions
        What was decided.
    worth
        What that is worth (`evaluate`).
    """
    places = _Places(region)
    grants = _grants(region, instance, decisions, worth)
    level, works = _levels(instance, decisions), _works(region, instance, decisions)
    instance = as_decided(instance, decisions.level, decisions.built)
    return {
        "parks": _parks(region, instance, decisions, level),
        "firms": _firms(region, instance, decisions, worth, places),
        "supply": _supply(instance, decisions, places),
        "links": _links(instance, decisions, worth, places),
        "loops": _loops(instance, decisions, worth),
        "grants": grants,
        "works": works,
        "terms": _terms(instance, worth),
    }


class _Places:
    """Points of parks and gateways, and lines between them."""

    def __init__(self, region: Region) -> None:
        self.park: list[Point] = list(representative_points(region.parks.geometry))
        self.gateway: list[Point] = list(representative_points(region.gateways.geometry))

    def line(self, start: Point, end: Point) -> LineString:
        return LineString([start, end])


def _levels(instance: Instance, decisions: Decisions) -> list[str | None]:
    """Return the level of each park, None for those that are as their row in parks says."""
    found: list[str | None] = [None] * instance.n_parks
    for n in np.flatnonzero(decisions.level):
        found[instance.levels.park[n]] = instance.levels.names[n]
    return found


def _works(region: Region, instance: Instance, decisions: Decisions) -> pd.DataFrame:
    works = region.works
    built = np.zeros(len(works), dtype=bool)
    built[np.flatnonzero(decisions.built)] = True
    return pd.DataFrame(
        {
            "name": works["name"],
            "park": works["park"],
            "built": built,
            "budget": works["budget"],
            "public_cost_m_y": np.where(built, instance.works.cost, 0.0),
        },
        index=works.index,
    )


def _parks(
    region: Region, instance: Instance, decisions: Decisions, level: list[str | None]
) -> gpd.GeoDataFrame:
    parks, sites = region.parks, instance.sites
    placed = np.flatnonzero(decisions.park >= 0)
    columns: dict[str, Any] = {
        "name": parks["name"],
        "status": parks["status"],
        "open": decisions.opened.copy(),
        "level": pd.Series(level, index=parks.index, dtype=object),
    }
    for r, resource in enumerate(sites.resources):
        weights = sites.needs[r, placed]
        columns[f"used_{resource}"] = np.bincount(
            decisions.park[placed], weights=weights, minlength=len(parks)
        )
        room = instance.sites.capacity[r]
        columns[f"capacity_{resource}"] = np.where(np.isinf(room), np.nan, room)
    return gpd.GeoDataFrame(columns, index=parks.index, geometry=parks.geometry, crs=WGS84)


def _firms(
    region: Region, instance: Instance, decisions: Decisions, worth: Worth, places: _Places
) -> gpd.GeoDataFrame:
    firms = region.firms
    granted = np.zeros(len(firms))
    np.add.at(granted, instance.awards.firm, decisions.award)
    parks = np.array([*region.parks.index, None], dtype=object)
    points = [places.park[s] if s >= 0 else None for s in decisions.park]
    columns = {
        "name": firms["name"],
        "stage": firms["stage"],
        "status": firms["status"],
        "is_anchor": firms["is_anchor"],
        "is_platform": firms["is_platform"],
        "park": pd.Series(parks[decisions.park], index=firms.index, dtype=object),
        "utilisation": decisions.load.copy(),
        "surplus_m_y": worth.surplus.copy(),
        "grants_m_y": granted,
    }
    return gpd.GeoDataFrame(columns, index=firms.index, geometry=points, crs=WGS84)


_SUPPLY = (
    "from",
    "to",
    "gateway",
    "product",
    "quantity_per_y",
    "from_park",
    "to_park",
    "distance_km",
    "freight_m_y",
    "value_m_y",
    "local",
    "geometry",
)


def _supply(instance: Instance, decisions: Decisions, places: _Places) -> gpd.GeoDataFrame:
    trade, sites = instance.trade, instance.sites
    rows: list[tuple[Any, ...]] = []
    for n in np.flatnonzero(decisions.supply > 0):
        a, b, p = trade.seller[n], trade.buyer[n], trade.product[n]
        s, t, quantity = decisions.park[a], decisions.park[b], float(decisions.supply[n])
        km = float(trade.km[s, t])
        ends = (
            sites.firms[a],
            sites.firms[b],
            None,
            trade.products[p],
            quantity,
            sites.parks[s],
            sites.parks[t],
        )
        freight, value = trade.freight[p] * km * quantity, trade.value[p] * quantity
        line = places.line(places.park[s], places.park[t])
        rows.append((*ends, km, float(freight), float(value), bool(trade.proximity[s, t] > 0), line))
    for sells, quantities in ((True, decisions.sold), (False, decisions.bought)):
        for f, p, g in np.argwhere(quantities > 0):
            s, quantity = decisions.park[f], float(quantities[f, p, g])
            km = float(trade.gateway_km[s, g])
            firm, park = sites.firms[f], sites.parks[s]
            points = (places.park[s], places.gateway[g])
            ends = (
                firm if sells else None,
                None if sells else firm,
                trade.gateways[g],
                trade.products[p],
                quantity,
                park if sells else None,
                None if sells else park,
            )
            freight, value = trade.freight[p] * km * quantity, trade.value[p] * quantity
            line = places.line(*(points if sells else points[::-1]))
            rows.append((*ends, km, float(freight), float(value), False, line))
    return _geo(rows, _SUPPLY)


_LINKS = (
    "link",
    "kind",
    "from",
    "to",
    "from_park",
    "to_park",
    "distance_km",
    "proximity",
    "value_m_y",
    "geometry",
)


def _links(instance: Instance, decisions: Decisions, worth: Worth, places: _Places) -> gpd.GeoDataFrame:
    links, sites = instance.links, instance.sites
    rows = []
    for n in np.flatnonzero(worth.kernel > 0):
        a, b = links.a[n], links.b[n]
        s, t = decisions.park[a], decisions.park[b]
        rows.append(
            (
                links.names[n],
                links.kinds[links.kind[n]],
                sites.firms[a],
                sites.firms[b],
                sites.parks[s],
                sites.parks[t],
                float(instance.trade.km[s, t]),
                float(worth.kernel[n]),
                float(worth.links[n]),
                places.line(places.park[s], places.park[t]),
            )
        )
    return _geo(rows, _LINKS)


def _loops(instance: Instance, decisions: Decisions, worth: Worth) -> pd.DataFrame:
    """Return a row for each loop of each producer that is placed."""
    loops, sites = instance.loops, instance.sites
    lacks = loops.lacks(decisions.park)
    there = np.flatnonzero(decisions.park[loops.producer] >= 0)
    missing = [[loops.piece_stage[m] for m in np.flatnonzero(row)] for row in lacks[there]]
    return loops_table(
        loop=[loops.names[k] for k in loops.loop[there]],
        firm=[sites.firms[f] for f in loops.producer[there]],
        park=[sites.parks[s] for s in decisions.park[loops.producer[there]]],
        closed=np.asarray(~lacks[there].any(axis=1)),
        value_m_y=worth.loops[there],
        missing=missing,
    )


def loops_table(
    *,
    loop: Sequence[str],
    firm: Sequence[str],
    park: Sequence[str],
    closed: Sequence[bool] | Bools,
    value_m_y: Sequence[float] | Floats,
    missing: Sequence[Sequence[str]],
) -> pd.DataFrame:
    """Return the table of loops, a row for each producer that is placed.

    Parameters
    ----------
    loop, firm, park
        The loop, its producer, and the producer's park.
    closed
        Whether each stage that the loop needs is within reach.
    value_m_y
        What the loop is worth to the producer, m currency/y.
    missing
        Stages that are not within reach.
    """
    return pd.DataFrame(
        {
            **{
                name: pd.Series(list(ids), dtype=object)
                for name, ids in (("loop", loop), ("firm", firm), ("park", park))
            },
            "closed": np.array(closed, dtype=bool),
            "value_m_y": np.array(value_m_y, dtype=float),
            "missing": pd.Series([";".join(stages) for stages in missing], dtype=object),
        }
    )


def _grants(region: Region, instance: Instance, decisions: Decisions, worth: Worth) -> pd.DataFrame:
    awards = instance.awards
    given = np.flatnonzero(decisions.award > 0)
    budget = region.incentives["budget"].to_numpy()
    total = np.zeros(instance.n_firms)
    np.add.at(total, awards.firm, awards.worth * decisions.award)
    part = np.divide(
        awards.worth[given] * decisions.award[given],
        total[awards.firm[given]],
        out=np.zeros(len(given)),
        where=total[awards.firm[given]] > 0,
    )
    amount = decisions.award[given]
    return pd.DataFrame(
        {
            "firm": pd.Series([instance.sites.firms[f] for f in awards.firm[given]], dtype=object),
            "instrument": pd.Series([awards.instruments[i] for i in awards.instrument[given]], dtype=object),
            "budget": pd.Series(list(budget[awards.instrument[given]]), dtype=object),
            "amount_m_y": amount,
            "amount_pv_m": amount / region.manifest.capital_recovery,
            "rent_m_y": worth.rent[awards.firm[given]] * part,
        }
    )


def _terms(instance: Instance, worth: Worth) -> pd.DataFrame:
    amount = pd.Series({term: worth.amounts[term] for term in TERMS}, name="amount", dtype=float)
    weight = pd.Series({term: instance.weights.get(term, 0.0) for term in TERMS}, dtype=float)
    frame = pd.DataFrame({"amount": amount, "weight": weight, "value": amount * weight})
    frame.index.name = "term"
    return frame + 0.0  # no negative zeros


def _geo(rows: list[tuple[Any, ...]], columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(rows, columns=list(columns))
    for column in columns:
        if column.endswith(("_km", "_m_y", "_per_y")) or column == "proximity":
            frame[column] = frame[column].astype(float)
        elif column == "local":
            frame[column] = frame[column].astype(bool)
        elif column != "geometry":
            frame[column] = frame[column].astype(object).where(frame[column].notna(), None)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=WGS84)
