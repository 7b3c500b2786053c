"""Results: what firms, parks and platforms earn or cost where they are.

    Σ_{f,s} place[f,s] · y[f,s] + Σ_{f,s} load[f] · q[f,s]

added up for each term of the objective (`fit`, `results`, `platforms`, `tax`, `land_income`,
`wages`) and for each firm's own surplus (result less outside option); and the yearly public cost
of open parks:

    parks = − Σ_s opening_cost[s] · x[s]

With margin earned on q and the costs of a place paid on y, `fit` is the result less what the firm
would earn at its best admissible park at full load, and `results` that best result less the
outside option, so that the two add up to what the firm gains by coming.
"""

from __future__ import annotations

from clusterplan.instance import Instance
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited


def add(program: Program, instance: Instance, sited: Sited) -> None:
    """Add terms and surpluses; there are no rows."""
    results = instance.results
    f, s = sited.firm, sited.park
    y, q = sited.y[f, s], sited.q[f, s]
    for term, place in results.place_terms.items():
        program.terms[term].add(0, y, place[f, s])
    for term, load in results.load_terms.items():
        program.terms[term].add(0, q, load[f])
    own = results.has_surplus[f]
    program.surplus.add(f[own], y[own], results.place[f, s][own])
    program.surplus.add(f[own], q[own], results.load[f][own])
    program.terms["parks"].add(0, sited.x, -instance.sites.opening_cost)
