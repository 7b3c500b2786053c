"""A plan as one page of HTML that needs nothing else: no network, no other file."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import jinja2
import pandas as pd
from matplotlib.figure import Figure

from clusterplan.explore import willingness
from clusterplan.plan import Plan
from clusterplan.plan.document import firms_on_assumed_outside
from clusterplan.report.assumed import resting_flips
from clusterplan.report.layout_map import layout_map
from clusterplan.report.meanings import term_meanings
from clusterplan.report.numbers import counted, decimals, significant, written


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
    environment.globals |= {
        "counted": counted,
        "decimals": decimals,
        "isnull": pd.isna,
        "significant": significant,
        "written": written,
    }
    region, firms, parks, indicators = plan.region, plan.firms, plan.parks, plan.indicators
    placed = firms[firms["park"].notna()]
    resting = firms_on_assumed_outside(plan)
    terms = plan.terms[plan.terms["weight"] != 0]
    return environment.get_template("page.html").render(
        plan=plan,
        manifest=region.manifest,
        names=_names(firms),
        park_names=_names(parks),
        instruments=_names(region.incentives),
        works=_names(region.works),
        work_places=decimals(plan.works["public_cost_m_y"]),
        levels=region.levels.set_index(["park", "level"])["name"].to_dict(),
        gateways=_names(region.gateways),
        loop_names=_names(region.loops),
        products=_names(region.products),
        units=region.products["unit"].fillna("").to_dict(),
        opened=parks[parks["open"]],
        closed=parks[~parks["open"]],
        by_park={park: list(inside.index) for park, inside in placed.groupby("park")},
        placed=placed,
        left=firms[firms["park"].isna() & (firms["status"] == "candidate")],
        why=willingness(plan).short.loc[placed.index[_is_won(placed)]],
        places=decimals(plan.grants["amount_pv_m"]),
        terms=terms,
        meanings=term_meanings(),
        value_places=decimals(terms["value"]),
        indicators=indicators,
        rates={
            anchor: indicators.loc[f"localisation_rate.{anchor}", "value"]
            for anchor in placed.index[placed["is_anchor"]]
            if f"localisation_rate.{anchor}" in indicators.index
        },
        resting=resting,
        flips=resting_flips(plan),
        picture=_picture(plan),
    )


def _is_won(placed: pd.DataFrame) -> pd.Series:
    """Return which firms came for the plan: candidates that are no platforms."""
    won: pd.Series = (placed["status"] == "candidate") & ~placed["is_platform"]
    return won


def _names(table: pd.DataFrame) -> dict[str, str]:
    """Return the name of each row by id; the id itself where there is none."""
    return {str(i): str(name or i) for i, name in table["name"].items()}


def _picture(plan: Plan) -> str:
    figure = Figure(figsize=(10, 7.5), layout="constrained")
    layout_map(plan, figure.subplots())
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    return base64.b64encode(buffer.getvalue()).decode("ascii")
