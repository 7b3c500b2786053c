"""Conditions: further rows in a planner's words, such as a bound on a term or a firm held to a park.

    at_least ≤ Σ_k weight[k] · amount[k] ≤ at_most

Amounts that may stand in the sum, each a tuple of words:

| amount | what |
| --- | --- |
| ``("value",)`` | the value of the plan, m currency/y |
| ``("term", term)`` | the unweighted amount of a term, m currency/y |
| ``("open", park)`` | 1 if the park is open |
| ``("place", firm, park)`` | 1 if the firm is in the park |
| ``("comes", firm)`` | 1 if the firm is in any park |
| ``("surplus", firm)`` | surplus of the firm, m currency/y; 0 if it is out |
| ``("grant", firm, instrument)`` | annual equivalent of the grant, m currency/y |

Where a sum is bounded from the side from which links would leave it, z = y · y must hold from below as well
(the program writes that only where links cost something): z[a,b,s,t] ≥ y[a,s] + y[b,t] − 1.
Innovation loops have no such rows; a condition that would need them is refused.

A bound on one term while another is best is the ε-constraint of Haimes, Lasdon and Wismer (1971), On a
bicriterion formulation of the problems of integrated system identification and system optimization.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from clusterplan.errors import UsageError
from clusterplan.instance import Bools, Floats, Ints
from clusterplan.region.weights import Term
from clusterplan.rules.collaboration import ByWay, Linked
from clusterplan.rules.problem import Problem, add_row
from clusterplan.rules.written import Written

Amount = tuple[str, ...]
LENGTHS = {"value": 1, "term": 2, "open": 2, "place": 3, "comes": 2, "surplus": 2, "grant": 3}
"""Words of each kind of amount, its own included."""


@dataclass(frozen=True)
class Condition:
    """A sum of amounts that a plan must hold within bounds.

    Parameters
    ----------
    of
        Weight of each amount; see `clusterplan.rules.conditions` for what may stand there.
    at_least, at_most
        Bounds of the sum; None where there is none.

    Raises
    ------
    UsageError
        If there is no such kind of amount, nothing is summed, or a number cannot be meant.

    Examples
    --------
    >>> import clusterplan as cp
    >>> cp.Condition({("place", "seats", "south"): 1.0}, at_least=1).at_least
    1
    """

    of: Mapping[Amount, float]
    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        for amount in self.of:
            if not isinstance(amount, tuple) or LENGTHS.get(amount[0] if amount else "") != len(amount):
                raise UsageError(
                    f"A condition cannot be on {amount!r}. Give tuples such as ('term', 'grants') or "
                    f"('place', firm, park); kinds: {', '.join(LENGTHS)}."
                )
        bounds = [bound for bound in (self.at_least, self.at_most) if bound is not None]
        if not self.of or not bounds or not all(map(math.isfinite, [*self.of.values(), *bounds])):
            raise UsageError("A condition sums at least one amount, within at_least or at_most, by numbers.")


def row_of(written: Written, condition: Condition) -> tuple[Floats, float]:
    """Return the coefficients of a condition's sum by column, and its constant.

    A firm in a park that does not admit it has no column: that amount is 0.

    Parameters
    ----------
    written
        The program.
    condition
        The condition.

    Raises
    ------
    UsageError
        If the region has no such term, firm, park or instrument, or the firm has no surplus.
    """
    coefficients, constant = np.zeros(written.program.n_columns), 0.0
    for amount, weight in condition.of.items():
        part, own = _KINDS[amount[0]](written, *amount[1:])
        coefficients += weight * part
        constant += weight * own
    return coefficients, constant


def require(problem: Problem, conditions: Sequence[Condition]) -> None:
    """Add conditions to a problem that `clusterplan.build` wrote, as rows ``condition_0``, ``condition_1``...

    Parameters
    ----------
    problem
        The problem; call this once for each.
    conditions
        The conditions.

    Raises
    ------
    UsageError
        As `row_of`; or if loops would have to be left out to keep a condition.
    """
    variables = problem.model.variables
    for number, row in enumerate(_rows(problem.model, conditions)):
        pairs = [(variables[j], amount) for j, amount in zip(row.column, row.amount, strict=True)]
        add_row(problem, pairs, row.sense, row.rhs, f"condition_{number}")


def add_conditions(written: Written, conditions: Sequence[Condition]) -> None:
    """Add conditions to a program that was just written, as rows of the rule ``condition``.

    Parameters
    ----------
    written
        The program; it is added to.
    conditions
        The conditions.

    Raises
    ------
    UsageError
        As `require`.
    """
    for row in list(_rows(written, conditions)):
        entries = (np.zeros(len(row.column), dtype=np.int64), row.column, row.amount)
        written.program.rows("condition", 1, [entries], row.sense, row.rhs, lambda _: "as asked for")


@dataclass(frozen=True)
class _Row:
    """A row to add: Σ amount · column (sense) rhs."""

    column: Ints
    amount: Floats
    sense: Literal["<=", ">="]
    rhs: float


def _rows(written: Written, conditions: Sequence[Condition]) -> Iterator[_Row]:
    """Yield the rows of conditions, and then those that hold links to their places."""
    pressed = np.zeros(written.program.n_columns, dtype=bool)
    for condition in conditions:
        coefficients, constant = row_of(written, condition)
        used = np.flatnonzero(coefficients)
        if condition.at_least is not None:
            yield _Row(used, coefficients[used], ">=", condition.at_least - constant)
            pressed |= coefficients < 0
        if condition.at_most is not None:
            yield _Row(used, coefficients[used], "<=", condition.at_most - constant)
            pressed |= coefficients > 0
    linked, sited, looped = written.linked, written.sited, written.looped
    _by_way(written, pressed)
    if pressed[looped.o].any() and not len(looped.c):
        raise UsageError(
            "A condition cannot hold innovation loops down: at most on the term `loops`, on the value, or on "
            "the surplus of a firm that has loops. Hold out the firms of a stage: ('comes', firm), at_most=0."
        )
    for n in np.flatnonzero(pressed[linked.z]):
        at_a = sited.y[linked.firm_a[n], linked.park_a[n]]
        at_b = sited.y[linked.firm_b[n], linked.park_b[n]]
        yield _Row(np.array([linked.z[n], at_a, at_b]), np.array([1.0, -1.0, -1.0]), ">=", -1.0)


def _by_way(written: Written, pressed: Bools) -> None:
    """Mark z as pressed where a part of it is, by the way between the firms: z is the sum of its parts."""
    linked, by_way = written.linked, written.linked.by_way

    def code(of: Linked | ByWay) -> Ints:
        n, m = written.instance.n_firms, written.instance.n_parks
        return ((of.firm_a * n + of.firm_b) * m + of.park_a) * m + of.park_b

    held = code(by_way)[pressed[by_way.column]]
    pressed[linked.z[np.isin(code(linked), held)]] = True


def _value(written: Written) -> tuple[Floats, float]:
    return written.objective(written.instance.weights)


def _term(written: Written, term: str) -> tuple[Floats, float]:
    if term not in get_args(Term):
        raise UsageError(f"There is no term {term!r}. Terms: {', '.join(get_args(Term))}.")
    return written.objective({term: 1.0})  # type: ignore[dict-item]


def _open(written: Written, park: str) -> tuple[Floats, float]:
    s = _index(written.instance.sites.parks, park, "park")
    return _marked(written, written.sited.x[[s]])


def _place(written: Written, firm: str, park: str) -> tuple[Floats, float]:
    sites = written.instance.sites
    f, s = _index(sites.firms, firm, "firm"), _index(sites.parks, park, "park")
    return _marked(written, written.sited.y[f, [s]])


def _comes(written: Written, firm: str) -> tuple[Floats, float]:
    f = _index(written.instance.sites.firms, firm, "firm")
    return _marked(written, written.sited.y[f])


def _surplus(written: Written, firm: str) -> tuple[Floats, float]:
    f = _index(written.instance.sites.firms, firm, "firm")
    if not written.instance.results.has_surplus[f]:
        raise UsageError(f"Firm {firm!r} has no surplus: it is a platform, or its outside option is unknown.")
    entry, column, amount = written.program.surplus.arrays()
    coefficients = np.zeros(written.program.n_columns)
    np.add.at(coefficients, column[entry == f], amount[entry == f])
    return coefficients, 0.0


def _grant(written: Written, firm: str, instrument: str) -> tuple[Floats, float]:
    awards = written.instance.awards
    f = _index(written.instance.sites.firms, firm, "firm")
    i = _index(awards.instruments, instrument, "instrument")
    return _marked(written, written.awarded.h[(awards.firm == f) & (awards.instrument == i)])


_KINDS: Mapping[str, Callable[..., tuple[Floats, float]]] = {
    "value": _value,
    "term": _term,
    "open": _open,
    "place": _place,
    "comes": _comes,
    "surplus": _surplus,
    "grant": _grant,
}


def _marked(written: Written, columns: np.ndarray) -> tuple[Floats, float]:
    """Return 1 for some columns; what has no column (−1) is left out."""
    coefficients = np.zeros(written.program.n_columns)
    coefficients[columns[columns >= 0]] = 1.0
    return coefficients, 0.0


def _index(ids: tuple[str, ...], name: str, what: str) -> int:
    try:
        return ids.index(name)
    except ValueError:
        raise UsageError(f"There is no {what} {name!r} in this region.") from None
