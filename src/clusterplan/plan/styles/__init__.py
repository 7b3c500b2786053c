"""How the layers of `plan.gpkg` look when a GIS opens them."""

from clusterplan.plan.styles.rules import LABELS, Rule, Symbol, rules_of
from clusterplan.plan.styles.table import styles_of

__all__ = ["LABELS", "Rule", "Symbol", "rules_of", "styles_of"]
