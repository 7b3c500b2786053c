"""What the page's map draws and says, as plain values for its script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clusterplan.distance import representative_points
from clusterplan.report.numbers import written
from clusterplan.report.onepage import geography
from clusterplan.report.onepage.material import Material
from clusterplan.report.onepage.panels import firm_panel, flow_panel, park_panel, short
from clusterplan.report.onepage.symbols import STAR, symbols


def map_data(material: Material) -> dict[str, Any]:
    """Return what the map draws: coordinates as longitude and latitude, texts in the language of the page."""
    plan = material.plan
    at = geography.points(plan)
    return {
        "words": _words(material),
        "star": STAR,
        "stages": [vars(symbol) for symbol in symbols(material).values()],
        "parks": [
            {
                "id": park,
                "name": material.park_names[park],
                "at": at[park],
                "open": bool(row["open"]),
                "rings": geography.rings(row["geometry"]),
                "panel": park_panel(material, park),
            }
            for park, row in material.park.items()
        ],
        "firms": [
            {
                "id": firm,
                "name": material.names[firm],
                "stage": row["stage"],
                "park": row["park"] if row["park"] in at else None,
                "anchor": bool(row["is_anchor"]),
                "panel": firm_panel(material, firm),
            }
            for firm, row in sorted(material.firm.items(), key=lambda one: not one[1]["is_anchor"])
        ],
        "flows": list(_flows(material, "flow")),
        "links": list(_flows(material, "link")),
        "rings": list(_rings(material)),
        "gateways": _points(material, "gateways"),
        "receptors": _points(material, "receptors"),
        "roads": geography.roads(material.region, geography.window(plan)),
        "boundary": geography.boundary(material.region),
    }


WORDS = (
    "copied",
    "not_copied",
    "map.no_match",
    "map.matches",
    "map.zoom_in",
    "map.zoom_out",
    "layer.roads",
    "layer.boundary",
    "layer.parks",
    "layer.names",
    "layer.firms",
    "layer.supply",
    "layer.links",
    "layer.rings",
    "layer.gateways",
    "layer.receptors",
    "map.label",
)
"""Texts that the script of the page writes."""


def _words(material: Material) -> dict[str, Any]:
    return {key: material.words.texts[key] for key in WORDS}


def _flows(material: Material, kind: str) -> Iterator[dict[str, Any]]:
    """Yield what goes from one park to another, supply or links, the least first."""
    frame = material.supply if kind == "flow" else material.links
    between = frame[frame["from_park"].notna() & frame["to_park"].notna()]
    between = between[between["from_park"] != between["to_park"]]
    pairs = [(ends, rows) for ends, rows in between.groupby(["from_park", "to_park"])]
    for (start, end), rows in sorted(pairs, key=lambda pair: abs(float(pair[1]["value_m_y"].sum()))):
        yield {
            "from": start,
            "to": end,
            "value": abs(float(rows["value_m_y"].sum())),
            "panel": flow_panel(material, kind, rows),
        }


def _rings(material: Material) -> Iterator[dict[str, Any]]:
    """Yield circles around the parks of chain owners; none where nearness is not measured in km."""
    settings = material.manifest.proximity.supply or material.manifest.proximity.links
    if material.manifest.distance.unit != "km":
        return
    reach = settings.steps[-1].reach if settings.steps else settings.reach
    anchors = material.placed[material.placed["is_anchor"]]
    for park in dict.fromkeys(anchors["park"]):
        for kind, km in (("half", settings.half_distance), ("reach", reach)):
            if km is not None:
                name = material.words(f"ring.{kind}", km=f"{km:g}")
                yield {"park": park, "km": float(km), "name": name, "half": kind == "half"}


def _points(material: Material, table: str) -> list[dict[str, Any]]:
    """Return gateways or homes with their names and places."""
    frame = material.region.gateways if table == "gateways" else material.region.receptors
    found = []
    for (id_, row), point in zip(frame.iterrows(), representative_points(frame.geometry), strict=True):
        own = row.get("name")
        found.append(
            {"name": str(own or id_), "at": (round(point.x, 5), round(point.y, 5))}
            | ({"panel": _gateway(material, str(id_))} if table == "gateways" else {})
        )
    return found


def _gateway(material: Material, gateway: str) -> dict[str, Any]:
    w, supply = material.words, material.supply
    own = supply[supply["gateway"] == gateway].sort_values("value_m_y", ascending=False)
    lists = []
    for head, end in (("panel.sells", "to"), ("panel.buys", "from")):
        rows = [
            (f"{material.names[row[end]]}: {material.products[row['product']]}", written(row["value_m_y"], 1))
            for row in own[own[end].notna()].to_dict("records")
        ]
        if rows:
            lists.append((w(head), short(material, rows)))
    return {"title": material.gateways[gateway], "about": [], "lists": lists}
