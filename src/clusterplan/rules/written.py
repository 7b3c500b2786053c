"""`Written`: a program together with the meaning of its columns and rows, before a solver sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Bools, Decisions, Floats, Instance, Ints
from clusterplan.instance.serving import by_second_route
from clusterplan.region.weights import Term
from clusterplan.rules.collaboration import Linked
from clusterplan.rules.incentives import Awarded
from clusterplan.rules.innovation import Looped
from clusterplan.rules.problem import objective
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited
from clusterplan.rules.stability import Steady
from clusterplan.rules.traded import Between, Through, Traded
from clusterplan.rules.works import Built


@dataclass(frozen=True)
class Written:
    """A program, the instance it was written from, and which column means what.

    Parameters
    ----------
    instance
        What it was written from.
    program
        Columns, rows and terms as arrays.
    sited, built, traded, linked, looped, awarded
        Columns of each decision.
    steady
        Columns of stability, where it is asked for.
    """

    instance: Instance
    program: Program
    sited: Sited
    built: Built
    traded: Traded
    linked: Linked
    looped: Looped
    awarded: Awarded
    steady: Steady | None

    @property
    def left_out(self) -> dict[str, int]:
        """How many combinations were left out because they can't matter, by reason."""
        return dict(self.program.left_out)

    def label(self, row: str) -> str:
        """Return what a row says in the planner's words, such as ``capacity: land_ha of Luolong``.

        Rows that a user added are returned as they are.
        """
        rule, _, number = row.rpartition("_")
        for block in self.program.row_blocks:
            if block.rule == rule and number.isdecimal() and 0 <= int(number) - block.first < block.count:
                return f"{rule}: {block.name(int(number) - block.first)}"
        return row

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
        trade, between = instance.trade, traded.between
        supply = np.zeros(len(trade.seller))
        moved = np.where(self._there(between, park), _clean(values[between.column]) * between.unit, 0.0)
        np.add.at(supply, between.pair, moved)
        sold, bought = (self._through(through, values, park) for through in (traded.sold, traded.bought))
        opened = values[sited.x] > 0.5
        opened[park[park >= 0]] = True
        return Decisions(
            opened=opened,
            park=park,
            load=load,
            supply=supply,
            sold=sold,
            bought=bought,
            award=np.where(park[instance.awards.firm] >= 0, _clean(values[self.awarded.h]), 0.0),
            level=values[self.built.level] > 0.5,
            built=values[self.built.work] > 0.5,
        )

    def values(self, decisions: Decisions) -> Floats:
        """Return column values that say the same as decisions: a start for a solver."""
        sited, traded, linked, awarded = self.sited, self.traded, self.linked, self.awarded
        values = np.zeros(self.program.n_columns)
        values[sited.x] = decisions.opened
        for f in np.flatnonzero(decisions.park >= 0):
            s = decisions.park[f]
            values[sited.q[f, s]] = decisions.load[f]
            values[sited.y[f, s]] = 1.0
        works, trade = self.instance.works, self.instance.trade
        ways = works.ways.taken(decisions.built, trade.km.shape)
        gates = works.gates.taken(decisions.built, trade.gateway_km.shape)
        self._put_built(values, decisions, ways)
        between = traded.between
        share = decisions.supply[between.pair] / between.unit
        on_way = ways[between.seller_park, between.buyer_park] == between.way
        values[between.column] = np.where(self._there(between, decisions.park) & on_way, share, 0.0)
        for through, amount in ((traded.sold, decisions.sold), (traded.bought, decisions.bought)):
            share = amount[through.firm, through.product, through.gateway] / through.unit
            on_way = gates[through.park, through.gateway] == through.way
            there = decisions.park[through.firm] == through.park
            values[through.column] = np.where(there & on_way, share, 0.0)
        second = traded.second
        spent = by_second_route(self.instance, decisions)[second.firm]
        values[second.column] = np.where(decisions.park[second.firm] == second.park, spent, 0.0)
        at_a = decisions.park[linked.firm_a] == linked.park_a
        values[linked.z] = at_a & (decisions.park[linked.firm_b] == linked.park_b)
        self.looped.fill(values, self.instance, decisions)
        brought, road = awarded.brought, self.instance.works.ways
        if len(decisions.built):
            there = decisions.park[brought.firm] == road.end[brought.way]
            values[brought.column] = there & decisions.built[road.work[brought.way]]
        values[awarded.h] = decisions.award
        chosen = awarded.k >= 0
        values[awarded.k[chosen]] = decisions.award[chosen] > 0
        if self.steady is not None:
            self.steady.fill(values)
        return values

    def _put_built(self, values: Floats, decisions: Decisions, ways: Ints) -> None:
        """Put in levels and works, what they save, and the ways of links."""
        built, by_way = self.built, self.linked.by_way
        values[built.level[np.flatnonzero(decisions.level)]] = 1.0
        values[built.work[np.flatnonzero(decisions.built)]] = 1.0
        there = decisions.park[built.firm] == built.park
        values[built.saved] = there & (values[built.work[built.by]] > 0)
        at_a = decisions.park[by_way.firm_a] == by_way.park_a
        both = at_a & (decisions.park[by_way.firm_b] == by_way.park_b)
        values[by_way.column] = both & (ways[by_way.park_a, by_way.park_b] == by_way.way)

    def _there(self, between: Between, park: Ints) -> Bools:
        """Return which columns of supply are between the parks where both firms are."""
        trade = self.instance.trade
        at_seller = park[trade.seller[between.pair]] == between.seller_park
        return np.asarray(at_seller & (park[trade.buyer[between.pair]] == between.buyer_park))

    def _through(self, through: Through, values: Floats, park: Ints) -> Floats:
        """Return what firms trade through gateways where they are, F×P×G units a year."""
        trade = self.instance.trade
        total = np.zeros((self.instance.n_firms, len(trade.products), len(trade.gateways)))
        moved = np.where(
            park[through.firm] == through.park, _clean(values[through.column]) * through.unit, 0.0
        )
        np.add.at(total, (through.firm, through.product, through.gateway), moved)
        return total


def _clean(values: Floats) -> Floats:
    """Return values with crumbs below the solver's tolerance swept to 0."""
    return np.where(values > 1e-9, values, 0.0)
