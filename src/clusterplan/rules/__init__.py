"""The mixed-integer program, one rule a file.

Each rule's module docstring is its mathematics; `write_model` adds them in this order.
"""

from __future__ import annotations

from dataclasses import fields

from clusterplan.instance import Instance
from clusterplan.rules import (
    capacity,
    collaboration,
    incentives,
    innovation,
    requirements,
    results,
    separation,
    siting,
    stability,
    supply,
    willingness,
    works,
)
from clusterplan.rules.conditions import Condition, add_conditions, require
from clusterplan.rules.model import Model
from clusterplan.rules.problem import Problem, write_problem
from clusterplan.rules.program import Program
from clusterplan.rules.written import Written

__all__ = [
    "RULES",
    "Condition",
    "Model",
    "Problem",
    "Written",
    "add_conditions",
    "require",
    "write",
    "write_model",
]

RULES = (
    siting,
    works,
    capacity,
    separation,
    requirements,
    results,
    supply,
    collaboration,
    innovation,
    incentives,
    willingness,
    stability,
)
"""Modules of the rules, in the order in which they are added."""


def write(instance: Instance) -> Written:
    """Return the program of an instance as arrays."""
    program = Program()
    sited = siting.add(program, instance)
    built = works.add(program, instance, sited)
    capacity.add(program, instance, sited, built)
    separation.add(program, instance, sited)
    requirements.add(program, instance, sited)
    results.add(program, instance, sited)
    traded = supply.add(program, instance, sited, built)
    linked = collaboration.add(program, instance, sited, built)
    looped = innovation.add(program, instance, sited, built)
    awarded = incentives.add(program, instance, sited, built)
    willingness.add(program, instance)
    steady = stability.add(
        program,
        instance,
        sited=sited,
        built=built,
        traded=traded,
        linked=linked,
        looped=looped,
        awarded=awarded,
    )
    return Written(instance, program, sited, built, traded, linked, looped, awarded, steady)


def write_model(instance: Instance, name: str = "clusterplan") -> Model:
    """Return the whole model of an instance.

    Parameters
    ----------
    instance
        What to plan.
    name
        Name of the problem.
    """
    written = write(instance)
    problem, variables = write_problem(written.program, instance.weights, name)
    parts = {part.name: getattr(written, part.name) for part in fields(written)}
    model = Model(**parts, problem=problem, variables=tuple(variables))
    problem.model = model
    return model
