"""Awards: which instruments could go to which firms, and what limits them."""

from __future__ import annotations

from dataclasses import dataclass

from clusterplan.instance.frozen import Bools, Floats, Frozen, Ints


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
