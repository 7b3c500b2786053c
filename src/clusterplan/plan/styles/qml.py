"""Rules as a QGIS layer style (QML)."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from clusterplan.plan.styles.rules import DARK, Rule, Symbol

VERSION = "3.28.0"
"""Version of QGIS whose long-term release reads the style, and those after it."""
_GEOMETRY_TYPES = {"marker": "0", "line": "1", "fill": "2"}
_CLASSES = {"fill": "SimpleFill", "marker": "SimpleMarker", "line": "SimpleLine"}


def as_qml(rules: Sequence[Rule], label: str | None) -> str:
    """Return a layer's style as QML, labelled by a column if one is given."""
    labelled = str(int(label is not None))
    root = Xml.Element("qgis", version=VERSION, styleCategories="Symbology|Labeling", labelsEnabled=labelled)
    renderer = Xml.SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0")
    tree = Xml.SubElement(renderer, "rules", key="rules")
    symbols = Xml.SubElement(renderer, "symbols")
    for place, rule in enumerate(rules):
        about = {"key": f"rule{place}", "symbol": str(place), "label": rule.label}
        Xml.SubElement(tree, "rule", about, filter=expression(rule))
        _symbol(symbols, place, rule.symbol)
    if label is not None:
        _labels(root, label)
    Xml.SubElement(root, "layerGeometryType").text = _GEOMETRY_TYPES[rules[0].symbol.kind]
    text = Xml.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{text}\n"


def _labels(root: Xml.Element, column: str) -> None:
    labeling = Xml.SubElement(root, "labeling", type="simple")
    settings = Xml.SubElement(labeling, "settings")
    style = Xml.SubElement(
        settings, "text-style", fieldName=column, fontSize="8", fontSizeUnit="Point", textColor=rgba(DARK)
    )
    halo = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM", "bufferColor": rgba("#ffffff")}
    Xml.SubElement(style, "text-buffer", halo)
    Xml.SubElement(settings, "placement", placement="0", dist="1", distUnits="MM")


def expression(rule: Rule) -> str:
    """Return a rule's conditions as a QGIS expression."""
    return " AND ".join(
        f'"{column}" {comparison} {_literal(value)}' for column, comparison, value in rule.conditions
    )


def _literal(value: str | float) -> str:
    if not isinstance(value, str):
        return f"{value:.12g}"
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def rgba(colour: str) -> str:
    """Return a colour as QGIS writes it: red, green, blue and opacity."""
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


def _symbol(symbols: Xml.Element, place: int, symbol: Symbol) -> None:
    element = Xml.SubElement(symbols, "symbol", name=str(place), type=symbol.kind, alpha="1")
    layer = Xml.SubElement(element, "layer", {"class": _CLASSES[symbol.kind], "enabled": "1", "pass": "0"})
    options = Xml.SubElement(layer, "Option", type="Map")
    for name, value in _options(symbol).items():
        Xml.SubElement(options, "Option", name=name, type="QString", value=value)


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
