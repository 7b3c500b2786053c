"""What is known before planning: reading, checking, holding and writing a region."""

from clusterplan.region.blank import FORMATS, init_region
from clusterplan.region.bundled import bundled_folder, bundled_regions, load_region
from clusterplan.region.change import change
from clusterplan.region.columns import Column, Table
from clusterplan.region.datapackage import datapackage_faults
from clusterplan.region.edit import Change, Changes, changes_of
from clusterplan.region.fixed_date import FIXED_DATE, fixed_date
from clusterplan.region.instruments import BASES, KINDS
from clusterplan.region.manifest import Budget, Manifest, Phase, ProximitySettings
from clusterplan.region.onefile import is_one_file
from clusterplan.region.phases import PhaseRegion, phase_regions
from clusterplan.region.read import read_region
from clusterplan.region.region import Region
from clusterplan.region.rows import rows
from clusterplan.region.tables import HOMES, RESOURCES, TABLES
from clusterplan.region.weights import SECOND, TERMS, Preset, Term, preset_weights
from clusterplan.region.write import region_files, write_region

__all__ = [
    "BASES",
    "FIXED_DATE",
    "FORMATS",
    "HOMES",
    "KINDS",
    "RESOURCES",
    "SECOND",
    "TABLES",
    "TERMS",
    "Budget",
    "Change",
    "Changes",
    "Column",
    "Manifest",
    "Phase",
    "PhaseRegion",
    "Preset",
    "ProximitySettings",
    "Region",
    "Table",
    "Term",
    "bundled_folder",
    "bundled_regions",
    "change",
    "changes_of",
    "datapackage_faults",
    "fixed_date",
    "init_region",
    "is_one_file",
    "load_region",
    "phase_regions",
    "preset_weights",
    "read_region",
    "region_files",
    "rows",
    "write_region",
]
