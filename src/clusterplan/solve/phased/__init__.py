"""Plans of several phases as one program: what stays, what money may be awarded when, and the search."""

from clusterplan.solve.phased.program import PhaseProgram, phased
from clusterplan.solve.phased.search import FoundPhases, find_phases

__all__ = ["FoundPhases", "PhaseProgram", "find_phases", "phased"]
