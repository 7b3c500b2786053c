"""`sharing`: how what a plan is worth falls to firms and the public purse, and who pays for whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.explore.money.fiscal import UNASSIGNED
from clusterplan.explore.money.game import Game
from clusterplan.explore.money.parts import gains, surplus_parts
from clusterplan.explore.money.shares import CLOSED
from clusterplan.instance.costs import costs
from clusterplan.instance.public import changes_built, funds, levels
from clusterplan.plan import Plan

PUBLIC = ("tax", "land_income", "parks", "works", "platforms", "grants")
"""Terms that are money of the public."""
NOT_SHARED = ("wages", "local_input_value")
"""Terms that are no gain of anybody beyond the others."""
VERDICTS = {
    (False, False): "pays its way",
    (True, False): "pays for others",
    (False, True): "paid for by others",
    (True, True): "in each other's way",
}
"""What is said of a group that gains less than it could alone, or more than it adds."""


@dataclass(frozen=True, eq=False)
class Sharing:
    """Who gets what, and who pays for whom.

    Parameters
    ----------
    split
        By receiver: ``amount_m_y``. ``firms`` get their surplus; ``firms_already_there`` all they earn, for
        their outside option is not known; ``nobody`` the shares of collaboration that platforms have or no
        one; each term that is public money (``public.tax`` and so on) stands on its own. They sum to the
        gain of the plan: all its terms but wages and local_input_value.
    tiers
        By tier of government: its share of the tax (``tax_shares`` of the manifest), ``grants_m_y`` from its
        budgets at their cost of funds, ``others_m_y`` and the sum ``net_m_y``, signed, m currency/y. What
        belongs to no tier in particular (the rest of the tax, land income, parks, works and platforms)
        stands in the row ``no tier``.
    groups
        A row for each firm, and each stage and park that has some (``kind``, ``id``): ``firms`` in it,
        ``gain_m_y`` in the plan, ``alone_m_y`` = v(S) and ``adds_m_y`` = v(N) − v(N without S) of the game
        (`clusterplan.explore.money.game`), ``public_m_y``: tax and land income less grants, of a park also
        less its opening, running, size, works and platforms. ``verdict`` is ``pays for others`` where the
        gain is below v(S), ``paid for by others`` where it is above what S adds, ``in each other's way``
        where both, else ``pays its way``.
    together_m_y
        v(N): what all enterprises placed could earn together at most.
    gain_m_y
        What they gain in the plan; less than v(N) where its objective asks for something else.
    blocking
        Ids of the group, of any size, that gets least beside what it could earn alone.
    wants_m_y
        By how much it could earn more; the split is in the core if it is not above 0, and nothing is left.
    """

    split: pd.DataFrame
    tiers: pd.DataFrame
    groups: pd.DataFrame
    together_m_y: float
    gain_m_y: float
    blocking: tuple[str, ...]
    wants_m_y: float

    @property
    def is_in_core(self) -> bool:
        """Whether no group of firms, all of them included, could earn more by itself."""
        hair = CLOSED * max(1.0, abs(self.together_m_y))
        return self.wants_m_y <= hair and self.together_m_y - self.gain_m_y <= hair


def sharing(plan: Plan) -> Sharing:
    """Return how a plan's gain falls to firms and the public purse, and who subsidises whom.

    A group S that gains less than v(S), what it could earn by itself, pays for the others (stand-alone
    test); one that gains more than v(N) − v(N without S), what it adds, is paid for by them (incremental
    test). Where all gain is shared out, S is paid for exactly if those without S pay. Source: Faulhaber 1975
    (Cross-subsidization: pricing in public enterprises). The group of any size that is worst off against
    v(S) is found by one program in which membership is a decision: without such a group the split is in the
    core (Gillies 1959).

    Parameters
    ----------
    plan
        The plan.

    Examples
    --------
    >>> import clusterplan as cp
    >>> found = cp.sharing(cp.solve(cp.load_region("tiny")))
    >>> found.split["amount_m_y"].round(3)[["firms", "public.tax", "public.grants"]].to_dict()
    {'firms': 10.105, 'public.tax': 5.8, 'public.grants': -0.065}
    >>> found.is_in_core
    True
    """
    gain, public = gains(plan), _public(plan)
    groups = _groups(plan)
    rows = []
    if len(gain):
        game = Game.of(plan)
        order = np.array(game.players)
        every = np.ones(game.n, dtype=bool)
        together = game.value(every)
        hair = CLOSED * max(1.0, abs(together))
        for kind, name, members in groups:
            inside = np.isin(order, members)
            own, alone = float(gain[members].sum()), game.value(inside)
            adds = together - (game.value(~inside) if not inside.all() else 0.0)
            money = float(public["firm"][members].sum())
            if kind == "park":
                money += float(public["park"][name])
            verdict = VERDICTS[own < alone - hair, own > adds + hair]
            rows.append((kind, name, len(members), own, alone, adds, money, verdict))
        inside, wants = game.most_wanting(gain[order].to_numpy()) if game.n > 1 else (every, 0.0)
        blocking = tuple(order[inside].tolist())
    else:
        together, wants, blocking = 0.0, 0.0, ()
    columns = ["kind", "id", "firms", "gain_m_y", "alone_m_y", "adds_m_y", "public_m_y", "verdict"]
    return Sharing(
        split=receivers(plan),
        tiers=_tiers(plan),
        groups=pd.DataFrame(rows, columns=columns),
        together_m_y=together,
        gain_m_y=float(gain.sum()),
        blocking=blocking,
        wants_m_y=wants,
    )


def receivers(plan: Plan) -> pd.DataFrame:
    """Return `Sharing.split` of a plan."""
    parts, terms = surplus_parts(plan), plan.terms["amount"]
    known = parts["outside"].notna()
    gain = parts.fillna({"outside": 0.0}).sum(axis=1)
    shares = ["links", "supply_collaboration", "loops"]
    amounts = {
        "firms": float(gain[known].sum()),
        "firms_already_there": float(gain[~known].sum()),
        "nobody": float(terms[shares].sum() - parts[shares].to_numpy().sum()),
        **{f"public.{term}": float(terms[term]) for term in PUBLIC},
    }
    frame = pd.DataFrame({"amount_m_y": pd.Series(amounts, dtype=float) + 0.0})
    frame.index.name = "receiver"
    return frame


def _tiers(plan: Plan) -> pd.DataFrame:
    """Return what each tier of government gets of the tax and pays in grants; the rest is of no tier."""
    manifest = plan.region.manifest
    tier = plan.grants["budget"].map({name: budget.tier for name, budget in manifest.budgets.items()})
    paid = _grants_cost(plan).groupby(tier.to_numpy(dtype=object)).sum()
    named = dict.fromkeys([*(budget.tier for budget in manifest.budgets.values()), *manifest.tax_shares])
    terms = plan.terms["amount"]
    share = pd.Series({name: manifest.tax_shares.get(name, 0.0) for name in named}, dtype=float)
    frame = pd.DataFrame(
        {
            "tax_m_y": float(terms["tax"]) * share,
            "grants_m_y": -paid.reindex(list(named)).fillna(0.0) + 0.0,
        }
    )
    others = terms[["land_income", "parks", "works", "platforms"]].sum()
    frame["others_m_y"] = 0.0
    frame.loc[UNASSIGNED] = [float(terms["tax"]) * (1.0 - share.sum()), 0.0, float(others)]
    frame.index.name = "tier"
    return frame.assign(net_m_y=frame.sum(axis=1))


def _grants_cost(plan: Plan) -> pd.Series:
    """Return what each grant costs the public, m currency/y, at the cost of funds of its budget."""
    grants, budgets = plan.grants, plan.region.manifest.budgets
    a_unit = grants["instrument"].map(plan.region.incentives["public_cost"]).to_numpy(dtype=float)
    funds = grants["budget"].map({name: budget.cost_of_funds for name, budget in budgets.items()})
    return pd.Series(grants["amount_m_y"].to_numpy(float) * a_unit * funds.to_numpy(float), dtype=float)


def _public(plan: Plan) -> dict[str, pd.Series]:
    """Return what each firm brings the public beyond its grants, and what each park costs it, by id.

    What a work costs belongs to the park that it improves; of one that shortens a way, to none.
    """
    region, decided = plan.region, plan.firms
    firms, parks, place = region.firms, region.parks, costs(region)
    here = decided["park"].notna()
    placed = decided.index[here]
    f, s = firms.index.get_indexer(placed), parks.index.get_indexer(decided.loc[placed, "park"])
    platform = firms.loc[placed, "is_platform"].to_numpy(dtype=bool)
    tax = firms.loc[placed, "tax_m_y"] * decided.loc[placed, "utilisation"]
    brings = (tax + (place.land + place.rent)[f, s]).where(~platform, 0.0)
    paid = _grants_cost(plan).groupby(plan.grants["firm"].to_numpy(dtype=object)).sum()
    brings -= paid.reindex(placed).fillna(0.0)
    crf = region.manifest.capital_recovery
    opening = parks["open_cost_m"].where(parks["status"] != "open", 0.0) * crf + parks["open_cost_m_y"]
    money = -opening.where(plan.parks["open"], 0.0)
    changed = sum(changes_built(region, plan.works["built"]).values(), np.zeros_like(place.total))
    cost = firms.loc[placed, "public_cost_m_y"] * funds(region, firms.loc[placed, "budget"])
    cost = (cost + (place.total + changed)[f, s])[platform]
    at = decided.loc[placed, "park"][platform]
    sizes, has = region.levels, plan.parks["level"]
    sized = [has[park] == level for park, level in zip(sizes["park"], sizes["level"], strict=True)]
    works = plan.works
    spent = [
        cost.groupby(at.to_numpy(dtype=object)).sum(),
        pd.Series(levels(region).cost, dtype=float)[sized]
        .groupby(sizes["park"][sized].to_numpy(object))
        .sum(),
        works["public_cost_m_y"].groupby(works["park"].to_numpy(dtype=object)).sum(),
    ]
    for amounts in spent:
        money = money.sub(amounts.reindex(money.index).fillna(0.0))
    return {"firm": brings, "park": money}


def _groups(plan: Plan) -> list[tuple[str, str, list[str]]]:
    """Return firms, stages in the order of the chain, and parks that hold enterprises, with their members."""
    firms = plan.firms
    firms = firms[firms["park"].notna() & ~firms["is_platform"]]
    groups = [("firm", str(firm), [str(firm)]) for firm in firms.index]
    for kind, order in (("stage", list(plan.region.manifest.stages)), ("park", list(plan.parks.index))):
        groups += [
            (kind, name, members)
            for name in order
            if (members := [str(firm) for firm in firms.index[firms[kind] == name]])
        ]
    return groups
