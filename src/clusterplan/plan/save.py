"""A plan as a result folder."""

from __future__ import annotations

from pathlib import Path

from clusterplan.errors import UsageError
from clusterplan.plan.document import as_text, document
from clusterplan.plan.folder import whole_folder
from clusterplan.plan.geojson import write_geojson
from clusterplan.plan.layers import write_layers
from clusterplan.plan.manifest_json import MANIFEST_JSON, manifest
from clusterplan.plan.plan import Plan
from clusterplan.plan.sheets import write_csv
from clusterplan.plan.workbook import write_workbook
from clusterplan.region import write_region

PLAN_JSON = "plan.json"
REGION_FOLDER = "region"
GEOJSON_FOLDER = "geojson"


def save_plan(plan: Plan, folder: str | Path, *, force: bool = False) -> Path:
    """Write a plan as a result folder, whole or not at all.

    It holds ``plan.json`` (for programs), ``plan.gpkg`` (for a GIS), its layers in ``geojson/``, a CSV file
    a table and ``plan.xlsx`` (for spreadsheets), ``report.html``, ``region/`` (the inputs) and
    ``manifest.json`` (how it was made). `clusterplan.read_plan` needs nothing else.
    All but the manifest and the report are the same bytes for the same plan.

    Parameters
    ----------
    plan
        The plan.
    folder
        Where to write it. Folders above it are made.
    force
        True to replace a result folder that is there; nothing else is ever replaced.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    UsageError
        If there is no plan to write, something is at the place that may not be replaced, or nothing can be
        written there.
    """
    if plan.status not in ("optimal", "feasible"):
        raise UsageError(f"There is no plan to write: its status is {plan.status!r}.")
    target = Path(folder).resolve()
    with whole_folder(target, force=force) as place:
        (place / PLAN_JSON).write_text(as_text(document(plan)), encoding="utf-8", newline="\n")
        write_region(plan.region, place / REGION_FOLDER)
        write_layers(plan, place / "plan.gpkg")
        (place / GEOJSON_FOLDER).mkdir()
        write_geojson(plan, place / GEOJSON_FOLDER)
        write_csv(plan, place)
        write_workbook(plan, place / "plan.xlsx")
        plan.report(place / "report.html")
        (place / MANIFEST_JSON).write_text(as_text(manifest(plan, place)), encoding="utf-8", newline="\n")
    return Path(folder)
