"""A region as index arrays: all that rules and search see."""

from clusterplan.instance.awards import Awards
from clusterplan.instance.bare import from_arrays
from clusterplan.instance.bars import Bar, bars, lifted
from clusterplan.instance.decided import as_decided, at_best
from clusterplan.instance.decisions import Decisions
from clusterplan.instance.frozen import Bools, Floats, Ints
from clusterplan.instance.instance import Instance
from clusterplan.instance.later import Later, later
from clusterplan.instance.links import Links
from clusterplan.instance.loops import NO_LOOPS, Loops
from clusterplan.instance.mean import mean_future
from clusterplan.instance.of_region import instance_of
from clusterplan.instance.results import Results
from clusterplan.instance.same import same
from clusterplan.instance.sites import Requirement, Separation, Sites
from clusterplan.instance.stability import stable_of, with_stability
from clusterplan.instance.stable import Stable
from clusterplan.instance.trade import Trade
from clusterplan.instance.works import Levels, Spending, Ways, Works

__all__ = [
    "NO_LOOPS",
    "Awards",
    "Bar",
    "Bools",
    "Decisions",
    "Floats",
    "Instance",
    "Ints",
    "Later",
    "Levels",
    "Links",
    "Loops",
    "Requirement",
    "Results",
    "Separation",
    "Sites",
    "Spending",
    "Stable",
    "Trade",
    "Ways",
    "Works",
    "as_decided",
    "at_best",
    "bars",
    "from_arrays",
    "instance_of",
    "later",
    "lifted",
    "mean_future",
    "same",
    "stable_of",
    "with_stability",
]
