"""The tables of grants and of terms of a plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clusterplan.instance import Decisions, Instance
from clusterplan.plan.evaluate import Worth
from clusterplan.region import TERMS, Region


def grants_table(region: Region, instance: Instance, decisions: Decisions, worth: Worth) -> pd.DataFrame:
    """Return a row for each grant, with the part of the firm's rent that falls to it."""
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


def terms_table(instance: Instance, worth: Worth) -> pd.DataFrame:
    """Return amount, weight and value of each term of the objective."""
    amount = pd.Series({term: worth.amounts[term] for term in TERMS}, name="amount", dtype=float)
    weight = pd.Series({term: instance.weights.get(term, 0.0) for term in TERMS}, dtype=float)
    frame = pd.DataFrame({"amount": amount, "weight": weight, "value": amount * weight})
    frame.index.name = "term"
    return frame + 0.0  # no negative zeros
