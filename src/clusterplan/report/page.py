"""A plan as one page of HTML that needs nothing else: no network, no other file."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from clusterplan.explore import Alternatives, Baseline
from clusterplan.plan import Plan
from clusterplan.report.onepage.answer import answer, figures
from clusterplan.report.onepage.assets import LEAFLET, assets, json_in_html
from clusterplan.report.onepage.dealings import dealings, worth
from clusterplan.report.onepage.layout import layout
from clusterplan.report.onepage.mapdata import map_data
from clusterplan.report.onepage.material import Material, quick_baseline
from clusterplan.report.onepage.picture import picture
from clusterplan.report.onepage.risks import alternatives, risks
from clusterplan.report.onepage.symbols import STAR, symbols
from clusterplan.report.onepage.trust import trust
from clusterplan.report.put import put
from clusterplan.report.words import words


def write_page(
    plan: Plan,
    file: str | Path,
    *,
    lang: str = "en",
    beside: Baseline | None = None,
    others: Alternatives | None = None,
) -> Path:
    """Write a plan as a self-contained page.

    Parameters
    ----------
    plan
        The plan.
    file
        Where to write it; replaced if it is there.
    lang, beside, others
        As of `page`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        If the page can't be written in that language, or not at that place.
    """
    return put(page(plan, lang=lang, beside=beside, others=others).encode(), file, "page")


def page(
    plan: Plan, *, lang: str = "en", beside: Baseline | None = None, others: Alternatives | None = None
) -> str:
    """Return a plan as HTML; every text of the region is escaped.

    Parameters
    ----------
    plan
        The plan.
    lang
        Language of the page: ``en`` or ``zh``. What the region says of itself stays as it is.
    beside
        What would be there without a plan (`clusterplan.baseline`). None: worked out here if quick.
    others
        Plans that are nearly as good (`clusterplan.alternatives`); None: the page says nothing of any.

    Raises
    ------
    UsageError
        If the page can't be written in that language.
    """
    w = words(lang)
    material = Material(plan, w, quick_baseline(plan) if beside is None else beside, others)
    data, kept = map_data(material), assets()
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("clusterplan.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    label = w("map.picture")
    return environment.get_template("page.html").render(
        w=w,
        title=plan.region.manifest.title,
        policy=Markup(kept.policy),  # noqa: S704  (ours)
        style=Markup(kept.style),  # noqa: S704  (ours)
        script=Markup(kept.script),  # noqa: S704  (ours)
        data=Markup(json_in_html(data)),  # noqa: S704  (nothing in it can end the element)
        answer=answer(material),
        sections=[
            figures(material),
            *layout(material),
            *dealings(material),
            *risks(material),
            *alternatives(material),
            *worth(material),
            *trust(material),
        ],
        picture=picture(data, plan.region.manifest.planning_crs, label, w("map.north")),
        symbols=list(symbols(material).values()),
        star=STAR,
        layers=_layers(data),
        osm=any("OpenStreetMap" in text for text in plan.region.notes.values()),
        version=version("clusterplan"),
        leaflet=LEAFLET,
    )


def _layers(data: dict[str, Any]) -> list[tuple[str, bool]]:
    """Return the layers of the map that have something to show, and whether they are on at first."""
    has = {
        "roads": data["roads"],
        "boundary": data["boundary"],
        "parks": data["parks"],
        "names": data["parks"],
        "firms": [firm for firm in data["firms"] if firm["park"]],
        "supply": data["flows"],
        "links": data["links"],
        "rings": data["rings"],
        "gateways": data["gateways"],
        "receptors": data["receptors"],
    }
    at_first = {"links": False, "rings": False, "receptors": False}
    return [(name, at_first.get(name, True)) for name, content in has.items() if content]
