"""`Model`: a problem together with the meaning of its variables and rows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from clusterplan.errors import UsageError
from clusterplan.instance import Decisions, Floats, Instance
from clusterplan.region.weights import Term
from clusterplan.rules.collaboration import Linked
from clusterplan.rules.incentives import Awarded
from clusterplan.rules.problem import Problem, objective
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited
from clusterplan.rules.supply import Traded


@dataclass(frozen=True)
class Model:
    """A problem, the instance it was written from, and which column means what.

    Parameters
    ----------
    problem
        The `pulp.LpProblem`.
    instance
        What it was written from.
    program
        The same program as arrays.
    variables
        PuLP variable of each column.
    sited, traded, linked, awarded
        Columns of each decision.
    """

    problem: Problem
    instance: Instance
    program: Program
    variables: tuple[Any, ...]
    sited: Sited
    traded: Traded
    linked: Linked
    awarded: Awarded

    @property
    def left_out(self) -> dict[str, int]:
        """How many combinations were left out because they can't matter, by reason."""
        return dict(self.program.left_out)

    def place(self, firm: str, park: str) -> Any:
        """Return the variable that is 1 if the firm is in the park.

        Raises
        ------
        UsageError
            If there is no such firm or park, or the firm may not be there.
        """
        sites = self.instance.sites
        f, s = _index(sites.firms, firm, "firm"), _index(sites.parks, park, "park")
        column = int(self.sited.y[f, s])
        if column < 0:
            raise UsageError(f"Firm {firm!r} may not be put in park {park!r}: there is no variable for it.")
        return self.variables[column]

    def opening(self, park: str) -> Any:
        """Return the variable that is 1 if the park is open."""
        return self.variables[int(self.sited.x[_index(self.instance.sites.parks, park, "park")])]

    def label(self, row: str) -> str:
        """Return what a row says in the planner's words, such as ``capacity: land_ha of Luolong``.

        Rows that a user added are returned as they are.
        """
        rule, _, number = row.rpartition("_")
        blocks = [block for block in self.program.row_blocks if block.rule == rule]
        if not blocks or not number.isdigit():
            return row
        block = blocks[bisect_right([b.first for b in blocks], int(number)) - 1]
        return f"{rule}: {block.name(int(number) - block.first)}"

    def objective(self, weights: Mapping[Term, float]) -> tuple[Floats, float]:
        """Return coefficients by column and the constant of the weighted sum of terms."""
        column, amount, constant = objective(self.program, weights)
        coefficients = np.zeros(self.program.n_columns)
        coefficients[column] = amount
        return coefficients, constant

    def decisions(self, values: Floats) -> Decisions:
        """Return what column values decide; whole numbers are rounded, crumbs swept up."""
        instance, sited, traded = self.instance, self.sited, self.traded
        placed = values[sited.y[sited.firm, sited.park]] > 0.5
        park = np.full(instance.n_firms, -1)
        park[sited.firm[placed]] = sited.park[placed]
        load = np.zeros(instance.n_firms)
        f = sited.firm[placed]
        load[f] = np.clip(values[sited.q[f, sited.park[placed]]], instance.results.min_load[f], 1.0)
        whole = load > 1.0 - 1e-9
        load[whole] = 1.0
        trade = instance.trade
        supply = np.zeros(len(trade.seller))
        scale_u = traded.scale[trade.product[traded.u_pair]]
        np.add.at(supply, traded.u_pair, _clean(values[traded.u]) * scale_u)
        shape = (instance.n_firms, len(trade.products), len(trade.gateways))
        sold, bought = np.zeros(shape), np.zeros(shape)
        np.add.at(
            sold,
            (traded.e_firm, traded.e_product, traded.e_gateway),
            _clean(values[traded.e]) * traded.scale[traded.e_product],
        )
        np.add.at(
            bought,
            (traded.m_firm, traded.m_product, traded.m_gateway),
            _clean(values[traded.m]) * traded.scale[traded.m_product],
        )
        opened = values[sited.x] > 0.5
        opened[park[park >= 0]] = True
        return Decisions(
            opened=opened,
            park=park,
            load=load,
            supply=supply,
            sold=sold,
            bought=bought,
            award=_clean(values[self.awarded.h]),
        )

    def values(self, decisions: Decisions) -> Floats:
        """Return column values that say the same as decisions: a start for a solver."""
        sited, traded, linked, awarded = self.sited, self.traded, self.linked, self.awarded
        trade = self.instance.trade
        values = np.zeros(self.program.n_columns)
        values[sited.x] = decisions.opened
        for f in np.flatnonzero(decisions.park >= 0):
            s = decisions.park[f]
            values[sited.q[f, s]] = decisions.load[f]
            values[sited.y[f, s]] = 1.0
        seller, buyer = trade.seller[traded.u_pair], trade.buyer[traded.u_pair]
        here = (decisions.park[seller] == traded.u_from) & (decisions.park[buyer] == traded.u_to)
        scale = traded.scale[trade.product[traded.u_pair]]
        values[traded.u] = np.where(here, decisions.supply[traded.u_pair] / scale, 0.0)
        for column, firm, product, park, gateway, amount in (
            (traded.e, traded.e_firm, traded.e_product, traded.e_park, traded.e_gateway, decisions.sold),
            (traded.m, traded.m_firm, traded.m_product, traded.m_park, traded.m_gateway, decisions.bought),
        ):
            there = decisions.park[firm] == park
            values[column] = np.where(there, amount[firm, product, gateway] / traded.scale[product], 0.0)
        at_a = decisions.park[linked.firm_a] == linked.park_a
        values[linked.z] = at_a & (decisions.park[linked.firm_b] == linked.park_b)
        values[awarded.h] = decisions.award
        chosen = awarded.k >= 0
        values[awarded.k[chosen]] = decisions.award[chosen] > 0
        return values


def _clean(values: Floats) -> Floats:
    """Return values with crumbs below the solver's tolerance swept to 0."""
    return np.where(values > 1e-9, values, 0.0)


def _index(ids: tuple[str, ...], name: str, what: str) -> int:
    try:
        return ids.index(name)
    except ValueError:
        raise UsageError(f"There is no {what} {name!r} in this plan's region.") from None
