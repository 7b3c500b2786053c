"""The table `layer_styles`, in which QGIS looks for the style of a layer that it opens."""

from __future__ import annotations

import pandas as pd

from clusterplan.plan.plan import Plan
from clusterplan.plan.styles.qml import as_qml
from clusterplan.plan.styles.rules import LABELS, rules_of
from clusterplan.plan.styles.sld import as_sld
from clusterplan.region import FIXED_DATE

GEOMETRY_COLUMN = "geom"


def styles_of(plan: Plan) -> pd.DataFrame:
    """Return a row for each layer: its style as QML and as SLD, taken unless another one is chosen."""
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": layer,
            "f_geometry_column": GEOMETRY_COLUMN,
            "styleName": layer,
            "styleQML": as_qml(rules, LABELS.get(layer), apart=layer == "firms"),
            "styleSLD": as_sld(layer, rules),
            "useAsDefault": True,
            "description": f"{layer} of the plan",
            "owner": "",
            "ui": "",
            "update_time": FIXED_DATE,
        }
        for layer, rules in rules_of(plan).items()
    ]
    return pd.DataFrame(rows)
