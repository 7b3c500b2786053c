"""Aims: what is made most, and what is held no less; `value`, a term, or weights of terms.

A term counts by its unweighted amount, which is signed, so that more is better: fewer grants are more.
"""

from __future__ import annotations

from collections.abc import Mapping

from clusterplan.errors import UsageError
from clusterplan.plan import Plan
from clusterplan.region import TERMS, Region, Term, preset_weights
from clusterplan.region.suggest import suggest
from clusterplan.rules import Condition
from clusterplan.rules.conditions import Amount

TOLERANCE = 1e-6
"""How far, relative, an aim may fall behind where it is held while another is best."""
Aim = str | Mapping[Term, float]


def aim_weights(aim: Aim, region: Region) -> dict[Term, float]:
    """Return the weight of each term in an aim.

    Parameters
    ----------
    aim
        The aim.
    region
        The region, whose manifest says what ``"value"`` is.

    Raises
    ------
    UsageError
        If there is no such term.
    """
    if aim == "value":
        return dict(preset_weights(region.manifest.objective, region.manifest.weights))
    given = {aim: 1.0} if isinstance(aim, str) else dict(aim)
    for term in given:
        if term not in TERMS:
            raise UsageError(f"There is no term {term!r}.{suggest(str(term), ['value', *TERMS])}")
    return {term: float(given.get(term, 0.0)) for term in TERMS}


def amount_of(weights: Mapping[Term, float], plan: Plan) -> float:
    """Return the amount of an aim in a plan, m currency/y.

    Parameters
    ----------
    weights
        Weight of each term in the aim.
    plan
        The plan.
    """
    amount = plan.terms["amount"]
    return float(sum(weight * amount[term] for term, weight in weights.items()))


def no_less(weights: Mapping[Term, float], least: float) -> Condition:
    """Return the condition that an aim is no less than an amount, to the tolerance.

    It is the ε-constraint of Haimes, Lasdon and Wismer 1971, On a bicriterion formulation of the problems of
    integrated system identification and system optimization.

    Parameters
    ----------
    weights
        Weight of each term in the aim.
    least
        The amount, m currency/y.
    """
    of: dict[Amount, float] = {("term", str(term)): weight for term, weight in weights.items() if weight}
    return Condition(of, at_least=least - TOLERANCE * max(1.0, abs(least)))


def bounded(region: Region, at_least: Mapping[str, float] | None) -> tuple[Condition, ...]:
    """Return the conditions that terms, or the value, are no less than amounts.

    Parameters
    ----------
    region
        The region.
    at_least
        Amounts by ``"value"`` or term, m currency/y.

    Raises
    ------
    UsageError
        If there is no such term.
    """
    return tuple(no_less(aim_weights(aim, region), float(least)) for aim, least in (at_least or {}).items())
