"""A plan as one page of HTML that needs nothing else: no network, no other file."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import jinja2
import pandas as pd
from matplotlib.figure import Figure

from clusterplan.plan import Plan
from clusterplan.report.layout_map import layout_map


def write_page(plan: Plan, file: str | Path) -> Path:
    """Write a plan as a self-contained page.

    Parameters
    ----------
    plan
        The plan.
    file
        Where to write it; replaced if it is there.

    Returns
    -------
    Path
        The file.
    """
    path = Path(file)
    path.write_text(page(plan), encoding="utf-8")
    return path


def page(plan: Plan) -> str:
    """Return a plan as HTML; every text of the region is escaped."""
    loader = jinja2.PackageLoader("clusterplan.report")
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    firms, parks = plan.firms, plan.parks
    names = {i: name or i for i, name in firms["name"].items()}
    park_names = {i: name or i for i, name in parks["name"].items()}
    placed = firms[firms["park"].notna()]
    indicators = plan.indicators
    return environment.get_template("page.html").render(
        plan=plan,
        manifest=plan.region.manifest,
        names=names,
        park_names=park_names,
        opened=parks[parks["open"]],
        closed=parks[~parks["open"]],
        by_park={park: list(inside.index) for park, inside in placed.groupby("park")},
        placed=placed,
        left=firms[firms["park"].isna() & (firms["status"] == "candidate")],
        terms=plan.terms[plan.terms["weight"] != 0],
        indicators=indicators,
        rates={
            anchor: indicators.loc[f"localisation_rate.{anchor}", "value"]
            for anchor in placed.index[placed["is_anchor"]]
            if f"localisation_rate.{anchor}" in indicators.index
        },
        picture=_picture(plan),
        isnull=pd.isna,
    )


def _picture(plan: Plan) -> str:
    figure = Figure(figsize=(10, 7.5), layout="constrained")
    layout_map(plan, figure.subplots())
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    return base64.b64encode(buffer.getvalue()).decode("ascii")
