"""`python -m clusterplan.cli`."""

from clusterplan.cli import run

run()
