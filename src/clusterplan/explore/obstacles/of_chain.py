"""Causes of supply: outputs are sold, needs are met, firms run at their least load, gateways have limits."""

from __future__ import annotations

import math

import numpy as np

from clusterplan.explore.obstacles.cause import Cause, Ease
from clusterplan.explore.obstacles.words import Words, told
from clusterplan.instance import Floats, Instance
from clusterplan.region import Region
from clusterplan.region.percent import share_of


def chain_causes(words: Words, region: Region, instance: Instance) -> dict[str, dict[str, Cause]]:
    """Return the causes of rows about supply, by rule and name of the row."""
    trade = instance.trade
    return {
        "sold": _balances(words, instance, "sold", "sell", trade.most_output),
        "bought": _balances(words, instance, "bought", "get", trade.most_need),
        "load_least": _loads(words, instance),
        "buys_up_to": _volumes(words, region, instance, "buys_up_to", trade.buys_up_to),
        "sells_up_to": _volumes(words, region, instance, "sells_up_to", trade.sells_up_to),
    }


def _balances(words: Words, instance: Instance, rule: str, verb: str, amount: Floats) -> dict[str, Cause]:
    sites, trade = instance.sites, instance.trade
    found: dict[str, Cause] = {}
    for f, p in np.argwhere(amount > 0):
        firm, product = sites.firms[f], trade.products[p]
        cause = Cause(
            rule,
            (firm, product),
            f"{words.firm(firm)} must {verb} its {words.product(product)}: "
            f"{told(amount[f, p])} a year at full output.",
            float(amount[f, p]),
            "units/y",
        )
        found |= dict.fromkeys((f"{product} of {firm} in {park}" for park in sites.parks), cause)
    return found


def _loads(words: Words, instance: Instance) -> dict[str, Cause]:
    sites = instance.sites
    found: dict[str, Cause] = {}
    for f, least in enumerate(instance.results.min_load):
        firm = sites.firms[f]
        cause = Cause(
            "load_least",
            (firm,),
            f"{words.firm(firm)} can't run below {share_of(least)} of its output.",
            float(least),
            "share",
            ease=Ease(
                "min_load", (firm,), f"let {words.firm(firm)} run at {{}} of its output less", "share",
                float(least), most=float(least),
            ),
        )  # fmt: skip
        found |= dict.fromkeys((f"{firm} in {park}" for park in sites.parks), cause)
    return found


def _volumes(words: Words, region: Region, instance: Instance, rule: str, limit: Floats) -> dict[str, Cause]:
    trade = instance.trade
    largest = (trade.most_output if rule == "buys_up_to" else trade.most_need).max(axis=0, initial=0.0)
    units = region.products["unit"].to_dict()
    found = {}
    for g, p in np.argwhere(np.isfinite(limit)):
        gateway, product, most = trade.gateways[g], trade.products[p], float(limit[g, p])
        unit = f"{units[product]}/y"
        verb = "buys" if rule == "buys_up_to" else "sells"
        name, made = words.gateway(gateway), words.product(product)
        scale = float(largest[p]) if largest[p] > 0 else math.inf
        found[f"{product} at {gateway}"] = Cause(
            rule,
            (gateway, product),
            f"{name} {verb} at most {told(most)} {unit} of {made}.",
            most,
            unit,
            ease=Ease(
                rule, (gateway, product), f"{{}} {unit} more of {made} that {name} {verb}", unit, most,
                per_unit=-1.0 / scale,
            ),
        )  # fmt: skip
    return found
