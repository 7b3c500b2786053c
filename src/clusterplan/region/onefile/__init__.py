"""A region in one file: a workbook with a sheet a table, or a GeoPackage with a layer a table."""

from clusterplan.region.onefile.gather import ONE_FILE, gather_file, is_one_file
from clusterplan.region.onefile.write import write_one_file

__all__ = ["ONE_FILE", "gather_file", "is_one_file", "write_one_file"]
