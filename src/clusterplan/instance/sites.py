"""Sites: which firm may be where, what it takes and what the parks have."""

from __future__ import annotations

from dataclasses import dataclass

from clusterplan.instance.frozen import Bools, Floats, Frozen, Ints


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
