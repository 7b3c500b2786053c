"""`Game`: what groups of a plan's firms could earn among themselves, in the parks where they are.

The players N are the enterprises placed. A group S of them is worth the most that its members earn together
when nobody else is there:

    v(S) = max Σ_{f in S} gain[f]     over who of S is in business, utilisation and supply,

    gain[f] = result at its park + gateway prices − freight + its shares + grants it has in the plan − outside

Places, open parks, public works and grants are the plan's; a member that would lose goes out of business,
earns its outside option and counts 0, so that v is 0 or more and no smaller for a larger group. Where the
outside option is not known (firms that are there anyway) it is taken for 0: their gain is all that they earn.
Platforms are there for everybody. Of the volume of a gateway a group has what its members use in the plan,
and what nobody uses: those who are not of the group do not leave the market by that. Value that belongs to
nobody (shares of collaboration that do not sum to 1) is not counted.

Source: a game of cooperation with side payments, von Neumann and Morgenstern 1944; of supply with shared
production, Owen 1975 (On the core of linear production games).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from scipy import sparse

from clusterplan.errors import SolverError, UsageError
from clusterplan.instance import Bools, Decisions, Floats, Instance, Ints, as_decided, instance_of
from clusterplan.instance.bare import no_awards
from clusterplan.plan import Plan
from clusterplan.plan.start import decisions_of
from clusterplan.region.suggest import suggest
from clusterplan.rules import Written, write
from clusterplan.solve import Matrix, matrix_of, solve_highs

Others = Literal["away", "there"]
EXACT = 1e-7
"""Relative gap to which a group's worth is found."""
VOLUMES = ("buys_up_to", "sells_up_to")
"""Rules of supply that limit what gateways trade."""


@dataclass(frozen=True, eq=False)
class Game:
    """Players and the program that values their groups.

    Parameters
    ----------
    players
        Ids of the firms.
    problem
        The program of all players; its last columns say who is a member.
    base
        What firms that are no players, and there for every group, earn without any player, m currency/y.
    """

    players: tuple[str, ...]
    problem: Matrix
    base: float = 0.0

    @classmethod
    def of(cls, plan: Plan, firms: Collection[str] | None = None, *, others: Others = "away") -> Game:
        """Return the game of a plan's firms, or of some of them.

        Parameters
        ----------
        plan
            The plan.
        firms
            The players; None: all enterprises placed.
        others
            Where the enterprises are that are no players: ``away``, or ``there`` for every group. Then v(S)
            is what they and S earn together, less what they earn without any player.

        Raises
        ------
        UsageError
            If one of the firms is not an enterprise that the plan places, or there is none.
        """
        whole = instance_of(plan.region)
        decisions = decisions_of(plan, whole)
        instance = as_decided(whole, decisions.level, decisions.built)
        sites = instance.sites
        platform = plan.firms["is_platform"].to_numpy(dtype=bool)
        may = (decisions.park >= 0) & ~platform
        players = _chosen([sites.firms[f] for f in np.flatnonzero(may)], firms)
        member = np.isin(sites.firms, players)
        present = may if others == "there" else member
        written = write(_alone(instance, decisions, present, platform))
        firm, column, amount = written.program.surplus.arrays()
        cost = np.zeros(written.program.n_columns)
        np.add.at(cost, column[present[firm]], amount[present[firm]])
        matrix = replace(matrix_of(written), cost=cost, constant=0.0)
        f = np.flatnonzero(member)
        place, used = written.sited.y[f, decisions.park[f]], _volumes(written, decisions, f)
        game = cls(players, _with_members(matrix, place, used))
        return replace(game, base=game.value(np.zeros(game.n, dtype=bool))) if others == "there" else game

    @property
    def n(self) -> int:
        """Number of players."""
        return len(self.players)

    def value(self, group: Bools) -> float:
        """Return v of a group: (n,) True for its members, m currency/y."""
        upper = np.array(self.problem.upper)
        upper[-self.n :] = group
        return self._solved(replace(self.problem, upper=upper))[0]

    def most_wanting(self, split: Floats) -> tuple[Bools, float]:
        """Return the group, neither empty nor all, that gets least beside what it could earn alone.

        Parameters
        ----------
        split
            (n,) what each player gets, m currency/y.

        Returns
        -------
        Bools
            (n,) its members S, those with the largest v(S) − Σ_{f in S} split[f].
        float
            That difference; above 0 the group would do better alone.
        """
        cost = np.array(self.problem.cost)
        cost[-self.n :] = -split
        members = np.zeros(self.problem.n_columns)
        members[-self.n :] = 1.0
        problem = replace(self.problem, cost=cost).with_row(members, 1.0, self.n - 1.0, "clusterplan_some")
        value, values = self._solved(problem)
        return values[-self.n :] > 0.5, value

    def _solved(self, problem: Matrix) -> tuple[float, Floats]:
        found = solve_highs(problem, gap=EXACT)
        if found.values is None or found.value is None:
            raise SolverError(f"What a group of firms could earn was not found: {found.status}. Try again.")
        return found.value - self.base, found.values


def _chosen(there: list[str], firms: Collection[str] | None) -> tuple[str, ...]:
    for firm in firms or ():
        if firm not in there:
            raise UsageError(f"The plan places no enterprise {firm!r}.{suggest(firm, there)}")
    players = tuple(firm for firm in there if firms is None or firm in firms)
    if not players:
        raise UsageError("Name at least one enterprise that the plan places.")
    return players


def _alone(instance: Instance, decisions: Decisions, member: Bools, platform: Bools) -> Instance:
    """Return the instance in which members may be where they are, or out, and nobody else comes."""
    sites, results, park = instance.sites, instance.results, decisions.park
    there = np.flatnonzero((park >= 0) & (member | platform))
    admissible = np.zeros_like(sites.admissible)
    admissible[there, park[there]] = True
    granted = np.zeros(instance.n_firms)
    np.add.at(granted, instance.awards.firm, instance.awards.worth * decisions.award)
    trade, others = instance.trade, ~(member | platform)
    trades = (trade.output > 0).any(axis=1) | (trade.need > 0).any(axis=1)
    return replace(
        instance,
        trade=replace(
            trade,
            buys_up_to=np.maximum(trade.buys_up_to - decisions.sold[others].sum(axis=0).T, 0.0),
            sells_up_to=np.maximum(trade.sells_up_to - decisions.bought[others].sum(axis=0).T, 0.0),
        ),
        sites=replace(
            sites,
            admissible=admissible,
            must_place=platform & (park >= 0) & ~trades,  # one that trades may be left without supply
            open_always=decisions.opened,
            open_never=~decisions.opened,
            opening_cost=np.zeros(instance.n_parks),
            open_min=0,
            open_max=instance.n_parks,
            requirements=(),
        ),
        results=replace(
            results,
            place=results.place + granted[:, None],
            willing=np.zeros(instance.n_firms, dtype=bool),
            has_surplus=~platform,
        ),
        awards=no_awards(instance.n_firms, instance.n_parks),
        second=None,
    )


class _Entries(NamedTuple):
    """Coefficients of the columns of members, or of others, in rows."""

    row: Ints
    column: Ints
    amount: Floats


def _volumes(written: Written, decisions: Decisions, players: Ints) -> _Entries:
    """Return how much of each row of a gateway's volume each player (as column) takes in the plan."""
    player_of = np.full(written.program.n_columns, -1)
    number = np.full(written.instance.n_firms, -1)
    number[players] = np.arange(len(players))
    for through in (written.traded.sold, written.traded.bought):
        player_of[through.column] = number[through.firm]
    none_of = np.zeros(0, dtype=bool)  # awards, levels and works are no decisions here
    values = written.values(replace(decisions, award=np.zeros(0), level=none_of, built=none_of))
    first = 0
    parts: list[_Entries] = []
    for block in written.program.row_blocks:
        if block.rule in VOLUMES:
            mine = player_of[block.column] >= 0
            column = block.column[mine]
            taken = block.coefficient[mine] * values[column]
            parts.append(_Entries(block.row[mine] + first, player_of[column], taken))
        first += block.count
    none = _Entries(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
    return _Entries(*(np.concatenate(arrays) for arrays in zip(none, *parts, strict=True)))


def _with_members(matrix: Matrix, place: Ints, used: _Entries) -> Matrix:
    """Return the problem with a whole column for each player, 1 for a member.

    Only members are in business, and what a player uses of a gateway's volume is kept for it while it is
    none.
    """
    n, m, columns = len(place), matrix.n_rows, matrix.n_columns
    each = np.arange(n)
    taken = sparse.coo_array((used.amount, (used.row, used.column)), shape=(m, n)).tocsr()
    business = sparse.coo_array((np.ones(n), (each, place)), shape=(n, columns))
    every = sparse.csr_array(
        sparse.vstack(
            [sparse.hstack([matrix.rows(), -taken]), sparse.hstack([business, -sparse.eye_array(n)])]
        )
    )
    every.sum_duplicates()
    every.eliminate_zeros()
    every.sort_indices()
    return replace(
        matrix,
        cost=np.append(matrix.cost, np.zeros(n)),
        lower=np.append(matrix.lower, np.zeros(n)),
        upper=np.append(matrix.upper, np.ones(n)),
        integer=np.append(matrix.integer, np.ones(n, dtype=bool)),
        row_lower=np.append(matrix.row_lower, np.full(n, -np.inf)),
        row_upper=np.append(matrix.row_upper - taken.sum(axis=1), np.zeros(n)),
        indptr=every.indptr,
        indices=every.indices,
        values=every.data,
    )
