"""Rules as a QGIS layer style (QML)."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from clusterplan.plan.styles.rules import DARK, GREY, Rule, Symbol

VERSION = "3.28.0"
"""Version of QGIS whose long-term release reads the style, and those after it."""
CLOSE_UP = 75_000
"""Scale, as its denominator, from which on firms are labelled."""
_GEOMETRY_TYPES = {"marker": "0", "line": "1", "fill": "2"}
_CLASSES = {"fill": "SimpleFill", "marker": "SimpleMarker", "line": "SimpleLine"}


def as_qml(rules: Sequence[Rule], label: str | None, *, apart: bool = False) -> str:
    """Return a layer's style as QML, labelled by a column if one is given.

    Points are drawn ``apart`` where many lie on each other.
    """
    are_points = apart and rules[0].symbol.kind == "marker"
    labelled = str(int(label is not None and not are_points))  # of points that are drawn apart, the rings are
    root = Xml.Element("qgis", version=VERSION, styleCategories="Symbology|Labeling", labelsEnabled=labelled)
    into = _apart(root, label) if are_points else root
    renderer = Xml.SubElement(into, "renderer-v2", type="RuleRenderer", symbollevels="0")
    tree = Xml.SubElement(renderer, "rules", key="rules")
    symbols = Xml.SubElement(renderer, "symbols")
    for place, rule in enumerate(rules):
        about = {"key": f"rule{place}", "symbol": str(place), "label": rule.label}
        Xml.SubElement(tree, "rule", about, filter=expression(rule))
        _symbol(symbols, str(place), rule.symbol)
    if label is not None and not are_points:
        _labels(root, label)
    Xml.SubElement(root, "layerGeometryType").text = _GEOMETRY_TYPES[rules[0].symbol.kind]
    text = Xml.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{text}\n"


def _apart(root: Xml.Element, label: str | None) -> Xml.Element:
    """Draw points that lie on each other in rings around their place: firms of a park share its point.

    They are labelled close up, where there is room.
    """
    about = {
        "placement": "1",
        "tolerance": "1",
        "toleranceUnit": "MM",
        "circleWidth": "0.2",
        "circleColor": rgba(GREY),
        "circleRadiusAddition": "0",
        "labelAttributeName": label or "",
        "labelColor": rgba(DARK),
        "labelDistanceFactor": "0.5",
        "maxLabelScaleDenominator": f"{CLOSE_UP}",
        "symbollevels": "0",
    }
    around = Xml.SubElement(root, "renderer-v2", about, type="pointDisplacement")
    Xml.SubElement(around, "labelFontProperties", description="Sans Serif,7,-1,5,50,0,0,0,0,0", style="")
    _symbol(around, "centerSymbol", Symbol("marker", DARK, 0.6))
    return around


def _labels(root: Xml.Element, column: str) -> None:
    labeling = Xml.SubElement(root, "labeling", type="simple")
    settings = Xml.SubElement(labeling, "settings")
    style = Xml.SubElement(
        settings,
        "text-style",
        fieldName=column,
        namedStyle="Bold",
        fontWeight="75",
        fontSize="9",
        fontSizeUnit="Point",
        textColor=rgba("#000000"),
    )
    halo = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM", "bufferColor": rgba("#ffffff")}
    Xml.SubElement(style, "text-buffer", halo)
    below = {"placement": "1", "quadOffset": "7", "yOffset": "6", "offsetUnits": "MM"}
    Xml.SubElement(settings, "placement", below, centroidInside="1")
    Xml.SubElement(settings, "rendering", displayAll="0", obstacle="0")


def expression(rule: Rule) -> str:
    """Return a rule's conditions as a QGIS expression."""
    return " AND ".join(_condition(*condition) for condition in rule.conditions)


def _condition(column: str, comparison: str, value: str | float | bool) -> str:
    # To QGIS a flag is neither 1 nor 0: it is compared with them as text, and never equal.
    if isinstance(value, bool):
        return f'"{column}"' if value else f'NOT "{column}"'
    return f'"{column}" {comparison} {_literal(value)}'


def _literal(value: str | float) -> str:
    if not isinstance(value, str):
        return f"{value:.12g}"
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def rgba(colour: str) -> str:
    """Return a colour as QGIS writes it: red, green, blue and opacity."""
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


def _symbol(symbols: Xml.Element, name: str, symbol: Symbol) -> None:
    element = Xml.SubElement(symbols, "symbol", name=name, type=symbol.kind, alpha="1")
    layer = Xml.SubElement(element, "layer", {"class": _CLASSES[symbol.kind], "enabled": "1", "pass": "0"})
    options = Xml.SubElement(layer, "Option", type="Map")
    for option, value in _options(symbol).items():
        Xml.SubElement(options, "Option", name=option, type="QString", value=value)


def _options(symbol: Symbol) -> dict[str, str]:
    if symbol.kind == "line":
        return {
            "line_color": rgba(symbol.colour),
            "line_width": f"{symbol.size_mm:g}",
            "line_width_unit": "MM",
            "line_style": "dash" if symbol.dashed else "solid",
            "capstyle": "round",
        }
    area = {
        "color": rgba(symbol.colour),
        "outline_color": rgba(DARK),
        "outline_width": "0.2",
        "outline_width_unit": "MM",
        "outline_style": "solid",
    }
    if symbol.kind == "fill":
        return {**area, "style": "solid"}
    return {**area, "name": symbol.shape, "size": f"{symbol.size_mm:g}", "size_unit": "MM"}
