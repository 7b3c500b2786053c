"""A small correct region as text, for tests to read, write and break."""

from __future__ import annotations

import json
from pathlib import Path

MANIFEST = """\
name: minimal
title: A minimal region
country: CN
currency: CNY
price_year: 2024
plan_year: 2025
planning_crs: EPSG:32648
datum: WGS84
bounds:
  west: 104.0
  south: 28.0
  east: 105.5
  north: 29.5
discount_rate: 0.08
life_y: 15
operating_hours_y: 6000
objective: collaboration
stages:
  cathode: 正极材料
  cell: Battery cells
  testing: Testing
routes:
  lfp: Lithium iron phosphate
distance:
  method: geodesic
  circuity: 1.3
proximity:
  links:
    shape: exponential
    half_distance: 20
    reach: 80
shares:
  a: 0.5
  b: 0.5
freight:
  per_tkm: 0.5
  co2_kg_per_tkm: 0.06
budgets:
  city:
    tier: city
    title: City fund
    basis: total_pv
    amount_m: 500
aid_ceiling:
  large: 0.3
open_parks:
  at_least: 1
"""

FIRMS = """\
firm,name,stage,status,is_anchor,is_platform,route,size,is_new_entrant,park,only_parks,not_parks,lock,\
variant_group,product,output_per_y,co_products,min_load,land_ha,power_mw,energy_mwh_y,water_m3_d,workers,\
investment_m,margin_m_y,outside_m_y,tax_m_y,public_cost_m_y,provenance,source
cell_works,Cell works,cell,existing,true,false,lfp,large,false,east,,,,,cell,20,,0.5,60,80,,4000,3000,\
6000,900,,200,,source,annual report
cathode_a,正极甲,cathode,candidate,false,false,lfp,medium,true,,east;west,,,,cathode,30000,,0.4,20,25,120000,\
1500,600,900,150,60,30,,source,tender notice
lab,Cell testing centre,testing,candidate,false,true,,small,true,,,,,,,,,,2,1,,20,60,80,,,,12,assumed,
"""

PRODUCTS = """\
product,name,unit,value,tonnes_per_unit,freight_per_tkm,collaboration_share,max_supply_km,provenance,source
cell,Cells,GWh,400000000,6500,0.8,0.01,,source,price index
cathode,LFP cathode,t,40000,1,,0.02,300,source,price index
"""

RECIPES = """\
stage,route,product,input,quantity,provenance,source
cell,lfp,cell,cathode,2200,source,bill of materials
"""

LINKS = """\
link,kind,firm_a,firm_b,stage_a,stage_b,value_m_y,share_a,share_b,provenance,source
joint_tests,research,cell_works,lab,,,5,0.6,0.2,assumed,
process,knowledge,,,cathode,cell,3,,,assumed,
"""

MARKETS = """\
gateway,product,buys_at,buys_up_to_per_y,sells_at,sells_up_to_per_y,provenance,source
port,cell,395000000,,,,source,price index
port,cathode,38000,,42000,100000,source,price index
"""

INCENTIVES = """\
instrument,name,budget,basis,rate,max_m,min_m,start_y,years,exclusive_group,stages,routes,sizes,parks,firms,\
new_entrants_only,min_investment_m,min_workers,is_retention,counts_as_aid,public_cost,worth,legal_basis,\
valid_from,valid_until,provenance,source
grant,Investment grant,city,investment,0.1,100,,,,capital,cathode,,large;medium,,,true,100,,false,true,,,\
City notice 12/2024,2024,2028,source,notice
holiday,Tax holiday,city,tax,0.4,,,1,3,,,,,,,false,,,true,true,1,1,City notice 12/2024,2024,,source,notice
"""

GROUPS = """\
group,park,resource,capacity,provenance,source
labour,east,workers,5000,assumed,
labour,west,workers,5000,assumed,
"""

REQUIREMENTS = """\
requirement,stages,firms,parks,at_least,at_most,provenance,source
one_lab,testing,,,,1,assumed,
"""

SEPARATIONS = """\
stage,from_stage,min_km,provenance,source
cathode,homes,0.5,assumed,
"""

PROVENANCE = """\
file,id,column,kind,source
region.yaml,*,*,assumed,
region.yaml,*,bounds.*,derived,extent of the parks
firms.csv,cathode_a,outside_m_y,assumed,judgement
products.csv,*,collaboration_share,assumed,judgement
"""


def _square(lon: float, lat: float, side: float = 0.02) -> dict[str, object]:
    half = side / 2
    ring = [
        [lon - half, lat - half],
        [lon + half, lat - half],
        [lon + half, lat + half],
        [lon - half, lat + half],
        [lon - half, lat - half],
    ]
    return {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in ring]]}


def _layer(*features: tuple[dict[str, object], dict[str, object]]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": properties, "geometry": geometry}
                for properties, geometry in features
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def _park(**own: object) -> dict[str, object]:
    return {
        "status": "candidate",
        "lock": None,
        "land_ha": 100,
        "power_mw": 200,
        "water_m3_d": 20000,
        "workers": 4000,
        "land_price_m_ha": 1.5,
        "power_price_per_mwh": 500,
        "water_price_per_m3": 3,
        "wage_per_y": 80000,
        "open_cost_m": 50,
        "open_cost_m_y": 1,
        "admits": "cathode;cell;testing",
        "min_investment_m_ha": 10,
        "aid_ceiling": None,
        "provenance": "source",
        "source": "park bulletin",
        **own,
    }


PARKS = _layer(
    ({"park": "east", "name": "东部园区"} | _park(status="open"), _square(104.9, 28.8)),
    ({"park": "west", "name": "West park"} | _park(power_mw=None), _square(104.6, 28.75)),
)
GATEWAYS = _layer(
    (
        {"gateway": "port", "name": "Port", "extra_km": 100, "provenance": "assumed", "source": None},
        {"type": "Point", "coordinates": [104.75, 28.9]},
    )
)
RECEPTORS = _layer(
    (
        {"receptor": "village", "name": "Village", "provenance": "source", "source": "map"},
        {"type": "Point", "coordinates": [104.7, 28.8]},
    )
)


def minimal_region_files() -> dict[str, str]:
    """Return the files of a small correct region, by name: 2 parks, 3 firms, a gateway."""
    return {
        "region.yaml": MANIFEST,
        "parks.geojson": PARKS,
        "firms.csv": FIRMS,
        "products.csv": PRODUCTS,
        "recipes.csv": RECIPES,
        "links.csv": LINKS,
        "gateways.geojson": GATEWAYS,
        "markets.csv": MARKETS,
        "incentives.csv": INCENTIVES,
        "groups.csv": GROUPS,
        "requirements.csv": REQUIREMENTS,
        "separations.csv": SEPARATIONS,
        "receptors.geojson": RECEPTORS,
        "provenance.csv": PROVENANCE,
        "SOURCES.md": "# Sources\n\nMade for tests.\n",
    }


def write_minimal_region(folder: Path) -> Path:
    """Write `minimal_region_files` into a folder (made if missing) and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in minimal_region_files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder
