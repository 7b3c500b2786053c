"""A region to begin with: a blank to fill in, or a copy of another one, every column explained."""

from clusterplan.region.blank.begin import FORMATS, init_region

__all__ = ["FORMATS", "init_region"]
