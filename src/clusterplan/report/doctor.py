"""`doctor`: what is installed, and whether a small plan comes out right."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from clusterplan.errors import ClusterplanError
from clusterplan.plan import solve
from clusterplan.region import load_region
from clusterplan.solve.other import available_solvers

PACKAGES = (
    "clusterplan",
    "pulp",
    "highspy",
    "geopandas",
    "shapely",
    "pyproj",
    "pyogrio",
    "numpy",
    "pandas",
    "scipy",
)


def examine() -> dict[str, Any]:
    """Return versions, solvers, and whether the region `tiny` is solved and checked.

    Returns
    -------
    dict
        ``versions`` and ``solvers`` (name to version), ``works`` (bool), ``why`` (str or None).
    """
    versions = {"python": platform.python_version(), "system": platform.platform(terse=True)}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "missing"
    why = None
    try:
        plan = solve(load_region("tiny"), time_limit=30)
        if plan.status != "optimal":
            why = f"The region tiny came out {plan.status}."
    except ClusterplanError as error:
        why = str(error)
    return {"versions": versions, "solvers": available_solvers(), "works": why is None, "why": why}
