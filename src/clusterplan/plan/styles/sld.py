"""Rules as a Styled Layer Descriptor (OGC 05-078r4) with Symbology Encoding (OGC 05-077r4)."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from clusterplan.plan.styles.rules import DARK, Rule, Symbol

SLD, SE, OGC = "http://www.opengis.net/sld", "http://www.opengis.net/se", "http://www.opengis.net/ogc"
PIXELS_PER_MM = 1 / 0.28
"""Pixels of 0.28 mm, as the standard has them (OGC 05-077r4, section 10.2)."""
_COMPARISONS = {"=": "PropertyIsEqualTo", "<": "PropertyIsLessThan", ">=": "PropertyIsGreaterThanOrEqualTo"}


def as_sld(layer: str, rules: Sequence[Rule]) -> str:
    """Return a layer's style as SLD 1.1."""
    root = Xml.Element(
        "StyledLayerDescriptor", {"version": "1.1.0", "xmlns": SLD, "xmlns:se": SE, "xmlns:ogc": OGC}
    )
    named = Xml.SubElement(root, "NamedLayer")
    Xml.SubElement(named, "se:Name").text = layer
    style = Xml.SubElement(named, "UserStyle")
    Xml.SubElement(style, "se:Name").text = layer
    features = Xml.SubElement(style, "se:FeatureTypeStyle")
    for rule in rules:
        element = Xml.SubElement(features, "se:Rule")
        Xml.SubElement(element, "se:Name").text = rule.label
        if rule.conditions:
            _filter(Xml.SubElement(element, "ogc:Filter"), rule)
        _symbol(element, rule.symbol)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _filter(element: Xml.Element, rule: Rule) -> None:
    into = element if len(rule.conditions) == 1 else Xml.SubElement(element, "ogc:And")
    for column, comparison, value in rule.conditions:
        test = Xml.SubElement(into, f"ogc:{_COMPARISONS[comparison]}")
        Xml.SubElement(test, "ogc:PropertyName").text = column
        Xml.SubElement(test, "ogc:Literal").text = _literal(value)


def _literal(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:.12g}"


def _symbol(rule: Xml.Element, symbol: Symbol) -> None:
    if symbol.kind == "line":
        line = Xml.SubElement(rule, "se:LineSymbolizer")
        dashes = {"stroke-dasharray": "6 4"} if symbol.dashed else {}
        width = f"{symbol.size_mm * PIXELS_PER_MM:.3g}"
        _parameters(
            Xml.SubElement(line, "se:Stroke"), {"stroke": symbol.colour, "stroke-width": width, **dashes}
        )
        return
    if symbol.kind == "fill":
        into = Xml.SubElement(rule, "se:PolygonSymbolizer")
    else:
        graphic = Xml.SubElement(Xml.SubElement(rule, "se:PointSymbolizer"), "se:Graphic")
        into = Xml.SubElement(graphic, "se:Mark")
        Xml.SubElement(into, "se:WellKnownName").text = symbol.shape
    _parameters(Xml.SubElement(into, "se:Fill"), {"fill": symbol.colour})
    _parameters(Xml.SubElement(into, "se:Stroke"), {"stroke": DARK, "stroke-width": "0.7"})
    if symbol.kind == "marker":
        Xml.SubElement(graphic, "se:Size").text = f"{symbol.size_mm * PIXELS_PER_MM:.3g}"


def _parameters(element: Xml.Element, values: dict[str, str]) -> None:
    for name, value in values.items():
        Xml.SubElement(element, "se:SvgParameter", name=name).text = value
