"""`region.yaml`: what holds for the region as a whole.

Unknown keys are refused. Every field says its unit in its name or description; the docs page
of the manifest is made from these descriptions.
"""

from clusterplan.region.manifest.distances import Bounds, ProximitySettings
from clusterplan.region.manifest.manifest import Manifest
from clusterplan.region.manifest.money import Budget
from clusterplan.region.manifest.phases import Phase

__all__ = ["Bounds", "Budget", "Manifest", "Phase", "ProximitySettings"]
