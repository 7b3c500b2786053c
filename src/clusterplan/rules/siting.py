"""Siting: which parks are open and which firm is where.

x[s] ∈ {0,1} park s is open; y[f,s] ∈ {0,1} firm f is in park s; q[f,s] utilisation.

    y[f,s] ≤ x[s]                                        a firm needs an open park
    Σ_s y[f,s] = 1  (existing, committed, locked in),  ≤ 1  (others)
    Σ_{f in a variant group} Σ_s y[f,s] ≤ 1
    least ≤ Σ_s x[s] ≤ most
    min_load[f] · y[f,s] ≤ q[f,s] ≤ y[f,s]

Parks that are open stay open and excluded ones closed, by bounds. Where nothing of a firm depends on
its utilisation, or its least load is 1, q[f,s] is y[f,s] itself. Source: the disaggregated y ≤ x is
the strong form of facility location (Cornuéjols, Nemhauser and Wolsey 1990, The uncapacitated
facility location problem).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Bools, Instance, Ints
from clusterplan.rules.program import Program, numbered


@dataclass(frozen=True)
class Sited:
    """Columns of siting.

    Parameters
    ----------
    x
        S, column of each park's opening.
    y
        F×S, column of each firm in each park, −1 where it may not be.
    q
        F×S, column of utilisation (that of ``y`` where utilisation is not a decision), −1 likewise.
    firm, park
        Firm and park of each admissible place, in the order of the columns ``y``.
    """

    x: Ints
    y: Ints
    q: Ints
    firm: Ints
    park: Ints


def has_load(instance: Instance) -> Bools:
    """Return, by firm, whether its utilisation is a decision of its own."""
    results, trade = instance.results, instance.trade
    depends = (results.load != 0) | (trade.output > 0).any(axis=1) | (trade.need > 0).any(axis=1)
    depends[trade.second_routes] = True
    for amounts in results.load_terms.values():
        depends = depends | (amounts != 0)
    return np.asarray(depends & (results.min_load < 1))


def add(program: Program, instance: Instance) -> Sited:
    """Add the columns and rows of siting."""
    sites = instance.sites
    n_firms, n_parks = sites.admissible.shape
    always, never = sites.open_always.astype(float), sites.open_never.astype(float)
    x = program.columns("x", n_parks, lower=always, upper=1.0 - never, integer=True)
    number = numbered(sites.admissible)
    firm, park = np.nonzero(sites.admissible)
    y_columns = program.columns("y", len(firm), integer=True)
    y = np.where(number >= 0, number + (y_columns[0] if len(y_columns) else 0), -1)
    program.leave_out("places a firm may not take", n_firms * n_parks - len(firm))

    def place(i: int) -> str:
        return f"{sites.firms[firm[i]]} in {sites.parks[park[i]]}"

    rows = np.arange(len(firm))
    program.rows("siting", len(firm), [(rows, y_columns, 1.0), (rows, x[park], -1.0)], "<=", 0.0, place)
    _once(program, instance, y_columns, firm)
    _variants(program, instance, y_columns, firm)
    every = np.zeros(n_parks, dtype=np.int64)
    if sites.open_min > 0:
        program.rows("open_parks", 1, [(every, x, 1.0)], ">=", sites.open_min, lambda _: "least open parks")
    if sites.open_max < n_parks:
        program.rows("open_parks", 1, [(every, x, 1.0)], "<=", sites.open_max, lambda _: "most open parks")
    q = _loads(program, instance, y, firm, park)
    return Sited(x=x, y=y, q=q, firm=firm, park=park)


def _once(program: Program, instance: Instance, y_columns: Ints, firm: Ints) -> None:
    sites = instance.sites
    must = np.flatnonzero(sites.must_place)
    may = np.flatnonzero(~sites.must_place & sites.admissible.any(axis=1))
    for firms, sense in ((must, "=="), (may, "<=")):
        row_of = np.full(len(sites.firms), -1)
        row_of[firms] = np.arange(len(firms))
        used = row_of[firm] >= 0
        program.rows(
            "placed" if sense == "==" else "placed_once",
            len(firms),
            [(row_of[firm[used]], y_columns[used], 1.0)],
            sense,  # type: ignore[arg-type]
            1.0,
            lambda i, firms=firms: sites.firms[firms[i]],  # type: ignore[misc]
        )


def _variants(program: Program, instance: Instance, y_columns: Ints, firm: Ints) -> None:
    sites = instance.sites
    group = sites.variant[firm]
    used = group >= 0
    program.rows(
        "variants",
        len(sites.variant_names),
        [(group[used], y_columns[used], 1.0)],
        "<=",
        1.0,
        lambda i: sites.variant_names[i],
    )


def _loads(program: Program, instance: Instance, y: Ints, firm: Ints, park: Ints) -> Ints:
    sites = instance.sites
    own = has_load(instance)[firm]
    f, s = firm[own], park[own]
    q_columns = program.columns("q", len(f))
    q = y.copy()
    q[f, s] = q_columns
    rows = np.arange(len(f))

    def place(i: int) -> str:
        return f"{sites.firms[f[i]]} in {sites.parks[s[i]]}"

    program.rows("load_most", len(f), [(rows, q_columns, 1.0), (rows, y[f, s], -1.0)], "<=", 0.0, place)
    least = instance.results.min_load[f]
    some = np.flatnonzero(least > 0)
    program.rows(
        "load_least",
        len(some),
        [(np.arange(len(some)), q_columns[some], 1.0), (np.arange(len(some)), y[f, s][some], -least[some])],
        ">=",
        0.0,
        lambda i: place(int(some[i])),
    )
    return q
