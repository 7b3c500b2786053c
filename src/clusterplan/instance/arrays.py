"""`Instance`: a region as index arrays, all that rules and search see.

Firms, parks, products and so on are rows and columns counted from 0; ids are kept only to name
things. Money is millions of currency a year throughout: what is paid once has been annualised.
`Instance` can be made from a region (`instance_of`) or from bare arrays (`from_arrays`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from clusterplan.instance.frozen import Bools, Floats, Frozen, Ints
from clusterplan.instance.loops import NO_LOOPS, Loops
from clusterplan.instance.works import Levels, Spending, Works
from clusterplan.region.weights import Term, preset_weights

if TYPE_CHECKING:
    from clusterplan.instance.stable import Stable

__all__ = [
    "Awards",
    "Bools",
    "Floats",
    "Frozen",
    "Instance",
    "Ints",
    "Links",
    "Requirement",
    "Results",
    "Separation",
    "Sites",
    "Trade",
    "as_bools",
    "as_floats",
    "as_ints",
    "most_capacity",
]


@dataclass(frozen=True)
class Separation(Frozen):
    """Firms of two stages that may not be too near each other.

    Parameters
    ----------
    name
        Name for messages.
    firms_a, firms_b
        Firms of either stage.
    near
        S×S, True where a firm of the first in the row's park and one of the second in the
        column's would be too near.
    """

    name: str
    firms_a: Ints
    firms_b: Ints
    near: Bools


@dataclass(frozen=True)
class Requirement(Frozen):
    """At least or at most so many of a set of firms in a set of parks.

    Parameters
    ----------
    name
        Name for messages.
    firms
        F, True for the firms counted.
    parks
        S, True for the parks counted.
    at_least, at_most
        Bounds on the number; ``at_most`` may be infinite.
    """

    name: str
    firms: Bools
    parks: Bools
    at_least: float
    at_most: float


@dataclass(frozen=True)
class Sites(Frozen):
    """Which firm may be in which park, what it takes and what the parks have.

    Parameters
    ----------
    firms, parks, resources
        Ids.
    admissible
        F×S, True where the firm may be put in the park.
    must_place
        F, True for a firm that is in every plan.
    pinned
        F, True for an existing firm, whose place is history and not a decision.
    needs, capacity
        R×F and R×S; infinite capacity is no limit.
    open_always, open_never
        S, True for a park open in every plan, in none.
    opening_cost
        S, public cost of an open park, m currency/y.
    open_min, open_max
        Bounds on the number of open parks.
    groups
        Names of shared capacities.
    group_resource, group_parks, group_capacity
        G; G×S, True for a park of the group; G.
    variant
        F, number of the variant group, −1 for none.
    variant_names
        Names of the variant groups.
    separations, requirements
        See `Separation` and `Requirement`.
    """

    firms: tuple[str, ...]
    parks: tuple[str, ...]
    resources: tuple[str, ...]
    admissible: Bools
    must_place: Bools
    pinned: Bools
    needs: Floats
    capacity: Floats
    open_always: Bools
    open_never: Bools
    opening_cost: Floats
    open_min: int
    open_max: int
    groups: tuple[str, ...]
    group_resource: Ints
    group_parks: Bools
    group_capacity: Floats
    variant: Ints
    variant_names: tuple[str, ...] = ()
    separations: tuple[Separation, ...] = ()
    requirements: tuple[Requirement, ...] = ()


@dataclass(frozen=True)
class Results(Frozen):
    """What a firm earns, by place and by utilisation.

    Parameters
    ----------
    place_terms, load_terms
        Amounts of objective terms: F×S for being placed, F for full utilisation.
    place, load
        F×S and F: the same for the firm's own surplus, outside option taken off.
    willing
        F, True for a firm that comes only if its surplus is not negative.
    has_surplus
        F, False for platforms and for firms whose outside option is unknown.
    min_load
        F, least utilisation.
    other
        F, what full utilisation by a second route brings more than by a firm's own; None: nobody has one.
    """

    place_terms: Mapping[Term, Floats]
    load_terms: Mapping[Term, Floats]
    place: Floats
    load: Floats
    willing: Bools
    has_surplus: Bools
    min_load: Floats
    other: Floats | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for amounts in (*self.place_terms.values(), *self.load_terms.values()):
            amounts.setflags(write=False)


@dataclass(frozen=True)
class Trade(Frozen):
    """Products, who makes and needs them, and the gateways.

    Parameters
    ----------
    products, gateways
        Ids.
    output, need
        F×P, units a year at full utilisation.
    seller, buyer, product
        N, the supply pairs.
    km
        S×S road distance, NaN where there is no way.
    gateway_km
        S×G.
    freight
        P, m currency per unit and km.
    max_km
        P, farthest it is supplied between firms (infinite: any).
    value
        P, m currency per unit.
    collaboration
        P, worth of a unit traded at proximity 1, m currency.
    proximity
        S×S proximity of supply.
    share_seller, share_buyer
        Shares of supply collaboration.
    is_anchor
        F.
    buys_gain, sells_gain
        G×P, m currency a unit over (under) the product's value that the seller (buyer) gains;
        NaN where the gateway does not buy (sell).
    buys_up_to, sells_up_to
        G×P, units a year, infinite for no limit.
    serves_two
        F, True for firms that may spend part of their utilisation on a second route; None: nobody.
    other_output, other_need
        F×P, units a year at full utilisation by the second route, and as they are of firms without one; None:
        nobody has one.
    """

    products: tuple[str, ...]
    gateways: tuple[str, ...]
    output: Floats
    need: Floats
    seller: Ints
    buyer: Ints
    product: Ints
    km: Floats
    gateway_km: Floats
    freight: Floats
    max_km: Floats
    value: Floats
    collaboration: Floats
    proximity: Floats
    share_seller: float
    share_buyer: float
    is_anchor: Bools
    buys_gain: Floats
    sells_gain: Floats
    buys_up_to: Floats
    sells_up_to: Floats
    serves_two: Bools | None = None
    other_output: Floats | None = None
    other_need: Floats | None = None

    @property
    def most_output(self) -> Floats:
        """F×P, the most of each product that a firm makes by either route, units a year."""
        return self.output if self.other_output is None else np.maximum(self.output, self.other_output)

    @property
    def most_need(self) -> Floats:
        """F×P, the most of each input that a firm needs by either route, units a year."""
        return self.need if self.other_need is None else np.maximum(self.need, self.other_need)

    @property
    def second_routes(self) -> Ints:
        """Firms with a second route."""
        return np.flatnonzero([] if self.serves_two is None else self.serves_two)

    def by_own_route(self) -> Trade:
        """Return the trade in which no firm has a second route."""
        return replace(self, serves_two=None, other_output=None, other_need=None)


@dataclass(frozen=True)
class Links(Frozen):
    """Collaboration links.

    Parameters
    ----------
    names
        Ids.
    a, b
        L, firms.
    weight
        L, m currency/y at kernel 1.
    kind
        L, row of ``kernels``.
    kernels
        K×S×S, what a link is worth by the parks of a (row) and b (column), any sign; for a region
        the proximity of the kind.
    kinds
        K names.
    share_a, share_b
        L, shares of the value.
    """

    names: tuple[str, ...]
    a: Ints
    b: Ints
    weight: Floats
    kind: Ints
    kernels: Floats
    kinds: tuple[str, ...]
    share_a: Floats
    share_b: Floats


@dataclass(frozen=True)
class Awards(Frozen):
    """Which instruments could go to which firms, and what limits them.

    Amounts are annual equivalents in m currency/y.

    Parameters
    ----------
    firm, instrument
        A, the firm and the instrument's row of ``instruments``.
    instruments
        Ids.
    cap
        A×S, most that can be awarded in each park (0: not there).
    least
        A, least if any.
    group
        A, number of the exclusive group, −1 for none.
    group_names
        Names of the exclusive groups.
    worth
        A, worth to the firm per unit.
    cost
        A, cost to the public per unit, cost of funds included.
    counts
        A, True where it counts toward the aid ceiling.
    ceiling
        F×S, most aid a firm may get in a park (infinite: no limit).
    budget_rows
        Names of the budget rows: one a budget, or one a budget and year.
    budget_use
        B×A, what a unit takes from each row.
    budget_limit
        B.
    load_cap
        A, what it gives at full utilisation, uncapped, where it hangs on what the firm makes; infinite where
        it does not.
    shared_rows
        Names of what several awards share: units of an order, what a firm may stack.
    shared_row, shared_award, shared_use
        N, the row, the award, and what its unit takes.
    shared_limit
        One a row.
    access
        A, row of ``platforms`` of which one must be within reach, −1 for none.
    platforms
        K×F, True for the platforms that give access.
    near
        S×S, True where a firm in the row's park has access to a platform in the column's.
    """

    firm: Ints
    instrument: Ints
    instruments: tuple[str, ...]
    cap: Floats
    least: Floats
    group: Ints
    group_names: tuple[str, ...]
    worth: Floats
    cost: Floats
    counts: Bools
    ceiling: Floats
    budget_rows: tuple[str, ...]
    budget_use: Floats
    budget_limit: Floats
    load_cap: Floats
    shared_rows: tuple[str, ...]
    shared_row: Ints
    shared_award: Ints
    shared_use: Floats
    shared_limit: Floats
    access: Ints
    platforms: Bools
    near: Bools


@dataclass(frozen=True)
class Instance(Frozen):
    """A planning problem as arrays.

    Parameters
    ----------
    sites, results, trade, links, awards
        Its parts.
    weights
        Weight of each term of the objective.
    second
        Weights that decide among plans equal in the first, or None.
    loops
        Innovation loops.
    stable
        What is asked of a plan that no firm would rather leave; None: nothing.
    levels, works, spending
        What the public may build, and what it and platforms take from budgets.
    """

    sites: Sites
    results: Results
    trade: Trade
    links: Links
    awards: Awards
    weights: Mapping[Term, float] = field(default_factory=lambda: preset_weights("collaboration"))
    second: Mapping[Term, float] | None = None
    loops: Loops = NO_LOOPS
    stable: Stable | None = None
    levels: Levels = field(default_factory=Levels)
    works: Works = field(default_factory=Works)
    spending: Spending = field(default_factory=Spending)

    @property
    def n_firms(self) -> int:
        """Number of firms."""
        return len(self.sites.firms)

    @property
    def n_parks(self) -> int:
        """Number of parks."""
        return len(self.sites.parks)

    @property
    def most_capacity(self) -> Floats:
        """R×S, capacity of parks at their largest level and with all works."""
        return most_capacity(self.sites.capacity, self.levels, self.works)

    @property
    def most_group_capacity(self) -> Floats:
        """G, capacity of groups with all works."""
        if not self.works.names:
            return self.sites.group_capacity
        return np.asarray(self.sites.group_capacity + self.works.group_capacity.sum(axis=0))


def most_capacity(capacity: Floats, levels: Levels, works: Works) -> Floats:
    """Return R×S capacities at the largest level and with all works, given what parks have without."""
    if not levels.names and not works.names:
        return capacity
    largest = np.zeros_like(capacity)
    for park, extra in zip(levels.park, levels.extra, strict=True):
        largest[:, park] = np.maximum(largest[:, park], extra)
    for park, added in zip(works.park, works.capacity, strict=True):
        if park >= 0:
            largest[:, park] += added
    return np.asarray(capacity + largest)


def as_floats(value: Any) -> Floats:
    """Return an own float64 array of a value."""
    return np.array(value, dtype=np.float64)


def as_ints(value: Any) -> Ints:
    """Return an own int64 array of a value."""
    return np.array(value, dtype=np.int64)


def as_bools(value: Any) -> Bools:
    """Return an own bool array of a value."""
    return np.array(value, dtype=np.bool_)
