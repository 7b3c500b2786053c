"""What was decided: tables, indicators, the independent check, files."""

from clusterplan.plan.plan import Plan, Proof
from clusterplan.plan.read import read_plan
from clusterplan.plan.solving import build, solve
from clusterplan.plan.verify import verify
from clusterplan.plan.verify_phases import verify_phases

__all__ = ["Plan", "Proof", "build", "read_plan", "solve", "verify", "verify_phases"]
