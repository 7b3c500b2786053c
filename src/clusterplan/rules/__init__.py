"""The mixed-integer program, one rule a file.

Each rule's module docstring is its mathematics; `write_model` adds them in this order.
"""

from __future__ import annotations

from clusterplan.instance import Instance
from clusterplan.rules import (
    capacity,
    collaboration,
    incentives,
    requirements,
    results,
    separation,
    siting,
    supply,
    willingness,
)
from clusterplan.rules.model import Model
from clusterplan.rules.problem import Problem, write_problem
from clusterplan.rules.program import Program

__all__ = ["RULES", "Model", "Problem", "write_model"]

RULES = (siting, capacity, separation, requirements, results, supply, collaboration, incentives, willingness)
"""Modules of the rules, in the order in which they are added."""


def write_model(instance: Instance, name: str = "clusterplan") -> Model:
    """Return the whole model of an instance.

    Parameters
    ----------
    instance
        What to plan.
    name
        Name of the problem.
    """
    program = Program()
    sited = siting.add(program, instance)
    capacity.add(program, instance, sited)
    separation.add(program, instance, sited)
    requirements.add(program, instance, sited)
    results.add(program, instance, sited)
    traded = supply.add(program, instance, sited)
    linked = collaboration.add(program, instance, sited)
    awarded = incentives.add(program, instance, sited)
    willingness.add(program, instance)
    problem, variables = write_problem(program, instance.weights, name)
    model = Model(problem, instance, program, tuple(variables), sited, traded, linked, awarded)
    problem.model = model
    return model
