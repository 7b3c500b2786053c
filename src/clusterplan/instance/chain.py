"""The chain of a region: what firms make and need, who can supply whom, and the gateways."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.distance import SUPPLY, RegionDistances
from clusterplan.instance.costs import MILLION
from clusterplan.instance.frozen import Floats, Ints
from clusterplan.instance.trade import Trade
from clusterplan.region import Region, rows


def output_and_need(region: Region) -> tuple[Floats, Floats]:
    """Return what each firm makes and needs a year at full load, F×P each, units of the products.

    A firm follows the recipe rows of its stage, product and route; if its route has none, those
    with no route.
    """
    return _made_and_needed(region, region.firms)


def by_other_route(region: Region) -> tuple[Floats, Floats]:
    """Return the same by the second route of those firms that have one, and as they are of the others."""
    firms = region.firms
    two = firms["other_route"].notna()
    own = {"route": "other_route", "product": "other_product", "output_per_y": "other_output_per_y"}
    changed = {
        column: firms[column].where(~two | firms[other].isna(), firms[other]) for column, other in own.items()
    }
    return _made_and_needed(region, firms.assign(**changed))


def _made_and_needed(region: Region, firms: pd.DataFrame) -> tuple[Floats, Floats]:
    recipes = region.recipes
    at = {product: p for p, product in enumerate(region.products.index)}
    output = np.zeros((len(firms), len(at)))
    need = np.zeros_like(output)
    recipes_of: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows(recipes):
        recipes_of[row.stage, row.product].append(row)
    for f, firm in enumerate(rows(firms)):
        if firm.product is None or not firm.output_per_y > 0:
            continue
        output[f, at[firm.product]] += firm.output_per_y
        for product, ratio in firm.co_products:
            output[f, at[product]] += ratio * firm.output_per_y
        recipe = recipes_of[firm.stage, firm.product]
        own = [row for row in recipe if row.route is not None and row.route == firm.route]
        for row in own or [row for row in recipe if row.route is None]:
            need[f, at[row.input]] += row.quantity * firm.output_per_y
    return output, need


def trade(region: Region, distances: RegionDistances) -> Trade:
    """Return the trade of a region."""
    manifest, products = region.manifest, region.products
    output, need = output_and_need(region)
    two = region.firms["other_route"].notna().to_numpy(bool)
    other_output, other_need = by_other_route(region)
    active = ((region.firms["status"] != "excluded") & (region.firms["lock"] != "out")).to_numpy(bool)
    most_output, most_need = np.maximum(output, other_output), np.maximum(need, other_need)
    seller, buyer, product = supply_pairs(most_output * active[:, None], most_need * active[:, None])
    rate = products["freight_per_tkm"].fillna(manifest.freight.per_tkm).to_numpy(float)
    value = products["value"].to_numpy(float) * MILLION
    gains = _gateways(region)
    return Trade(
        products=tuple(products.index),
        gateways=tuple(region.gateways.index),
        output=output,
        need=need,
        seller=seller,
        buyer=buyer,
        product=product,
        km=np.array(distances.parks.km),
        gateway_km=np.array(distances.gateways.km),
        freight=products["tonnes_per_unit"].to_numpy(float) * rate * MILLION,
        max_km=products["max_supply_km"].fillna(np.inf).to_numpy(float),
        value=value,
        collaboration=products["collaboration_share"].to_numpy(float) * value,
        proximity=distances.proximity(SUPPLY),
        share_seller=manifest.shares.a,
        share_buyer=manifest.shares.b,
        is_anchor=region.firms["is_anchor"].to_numpy(bool).copy(),
        serves_two=two,
        other_output=other_output if two.any() else None,
        other_need=other_need if two.any() else None,
        **gains,
    )


def supply_pairs(output: Floats, need: Floats) -> tuple[Ints, Ints, Ints]:
    """Return seller, buyer and product of each pair in which one makes what another needs."""
    makes, needs = output > 0, need > 0
    possible = makes[:, None, :] & needs[None, :, :]
    possible[np.arange(len(output)), np.arange(len(output)), :] = False
    seller, buyer, product = np.nonzero(possible)
    return seller, buyer, product


def _gateways(region: Region) -> dict[str, Floats]:
    gateways, products, markets = region.gateways.index, region.products, region.markets
    where = (
        gateways.get_indexer(pd.Index(markets["gateway"])),
        products.index.get_indexer(pd.Index(markets["product"])),
    )

    def table(column: str) -> Floats:
        wide = np.full((len(gateways), len(products)), np.nan)
        wide[where] = markets[column].to_numpy(float)
        return wide

    value = products["value"].to_numpy(float)
    buys, sells = table("buys_at"), table("sells_at")
    limits = {name: table(f"{name}_per_y") for name in ("buys_up_to", "sells_up_to")}
    return {
        "buys_gain": (buys - value) * MILLION,
        "sells_gain": (value - sells) * MILLION,
        **{name: np.where(np.isnan(limit), np.inf, limit) for name, limit in limits.items()},
    }


def rule_pairs(firms: pd.DataFrame, stage_a: str, stage_b: str) -> list[tuple[str, str]]:
    """Return the pairs of firms that a rule between two stages links.

    Within one stage each pair counts once. Variants of one enterprise make no links with each other.
    """
    ids_a = list(firms.index[firms["stage"] == stage_a])
    ids_b = list(firms.index[firms["stage"] == stage_b])
    group = firms["variant_group"].to_dict()
    pairs = [(a, b) for i, a in enumerate(ids_a) for j, b in enumerate(ids_b) if stage_a != stage_b or i < j]
    return [(a, b) for a, b in pairs if a != b and (group[a] is None or group[a] != group[b])]
