"""`Plan`: what was decided, as tables by id, with its proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import pandas as pd

from clusterplan.distance import RegionDistances, distances_with, region_distances
from clusterplan.region import Region, Term
from clusterplan.region.percent import share_of

if TYPE_CHECKING:
    import matplotlib.axes

Status = Literal["optimal", "feasible", "infeasible", "no_plan"]


@dataclass(frozen=True)
class Proof:
    """How a plan was found and what is known about it.

    Parameters
    ----------
    solver
        Name and version of the solver.
    seconds
        Time taken in all.
    nodes
        Branch-and-bound nodes, or None if unknown.
    limit
        What stopped the search: ``time``, ``work``, ``gap`` (the gap asked for was reached), ``interrupt``,
        or None if it ended by itself.
    options
        Options of the call: time_limit, work_limit, gap, seed, threads.
    columns, rows, nonzeros
        Size of the program; 0 where it was too large to be written.
    left_out
        How many combinations were left out because they can't matter, by reason.
    """

    solver: str
    seconds: float
    nodes: int | None = None
    limit: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    columns: int = 0
    rows: int = 0
    nonzeros: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan for a region: parks, firms, supply, links and grants, with its proof.

    Made by `clusterplan.solve` or `clusterplan.read_plan`. Every table is a copy of the plan's own:
    changing it does not change the plan.

    Parameters
    ----------
    region
        What was planned.
    status
        ``optimal`` only with a closed gap; ``feasible`` where a limit stopped the proof.
    value
        Weighted sum of terms, m currency/y.
    bound
        No plan is worth more than this; None if no bound is known.
    weights
        Weight of each term.
    tables
        Frames by name; see the properties.
    proof
        How it was found.
    write_problem
        Returns the `pulp.LpProblem` it is a solution of; None for a plan read from files.
    """

    region: Region
    status: Status
    value: float
    bound: float | None
    weights: Mapping[Term, float]
    tables: Mapping[str, pd.DataFrame]
    proof: Proof
    write_problem: Callable[[], Any] | None = None

    @property
    def gap(self) -> float | None:
        """(bound − value) ÷ the size of value, at least 1e-9; None if no bound is known."""
        if self.bound is None:
            return None
        return (self.bound - self.value) / max(1e-9, abs(self.value))

    @property
    def parks(self) -> gpd.GeoDataFrame:
        """Parks by id: name, status, open, level, used and capacity of each resource, geometry."""
        return self.tables["parks"].copy()

    @property
    def firms(self) -> gpd.GeoDataFrame:
        """Firms by id: name, stage, status, park, utilisation, surplus_m_y, grants_m_y, geometry."""
        return self.tables["firms"].copy()

    @property
    def supply(self) -> gpd.GeoDataFrame:
        """Supply: from, to, gateway, product, quantity_per_y, parks, distance, freight, value, local."""
        return self.tables["supply"].copy()

    @property
    def links(self) -> gpd.GeoDataFrame:
        """Realised collaboration links: link, kind, from, to, parks, distance, proximity, value_m_y."""
        return self.tables["links"].copy()

    @property
    def loops(self) -> pd.DataFrame:
        """Innovation loops of the producers placed: loop, firm, park, closed, value_m_y, missing (stages)."""
        return self.tables["loops"].copy()

    @property
    def grants(self) -> pd.DataFrame:
        """Grants: firm, instrument, budget, amount_m_y, amount_pv_m, rent_m_y."""
        return self.tables["grants"].copy()

    @property
    def works(self) -> pd.DataFrame:
        """Public works by id: name, park, built, budget, public_cost_m_y (0 where it is not built)."""
        return self.tables["works"].copy()

    @property
    def terms(self) -> pd.DataFrame:
        """Terms by name: amount, weight, value; the values sum to the plan's."""
        return self.tables["terms"].copy()

    @cached_property
    def problem(self) -> Any:
        """The `pulp.LpProblem` the plan is a solution of; None for a plan read from files.

        It is written when it is first asked for: the plan was found without it, unless it was given.
        """
        return None if self.write_problem is None else self.write_problem()

    @cached_property
    def distances(self) -> RegionDistances:
        """Distances of the region, as they are without public works."""
        return region_distances(self.region)

    @cached_property
    def distances_built(self) -> RegionDistances:
        """Distances of the region, with the ways of the works that the plan builds."""
        works = self.tables["works"]
        return distances_with(self.distances, list(works.index[works["built"]]))

    @cached_property
    def _indicators(self) -> pd.DataFrame:
        from clusterplan.plan.indicators import indicators  # noqa: PLC0415  (reads the plan's tables)

        return indicators(self)

    @property
    def indicators(self) -> pd.DataFrame:
        """Indicators by name: value, unit, definition."""
        return self._indicators.copy()

    def save(self, folder: str | Path, *, force: bool = False) -> Path:
        """Write the plan as a result folder, whole or not at all; see `clusterplan.plan.save`."""
        from clusterplan.plan.save import save_plan  # noqa: PLC0415

        return save_plan(self, folder, force=force)

    def map(self, ax: matplotlib.axes.Axes | None = None) -> matplotlib.axes.Axes:
        """Draw the layout; see `clusterplan.charts.layout_map`."""
        from clusterplan.report import layout_map  # noqa: PLC0415

        return layout_map(self, ax=ax)

    def report(self, file: str | Path, *, lang: str = "en", beside: Any = None, others: Any = None) -> Path:
        """Write the plan as one page of HTML, in English or Chinese; see `clusterplan.report.write_page`.

        It may be set beside a `clusterplan.Baseline`, and show the plans of `clusterplan.Alternatives`. To a
        file that ends in ``.md`` a summary in Markdown is written, to one that ends in ``.docx`` a brief for
        Word (with the extra ``word``); neither shows alternatives.
        """
        from clusterplan.report import write_brief, write_page, write_summary  # noqa: PLC0415

        other = {".md": write_summary, ".docx": write_brief}.get(Path(file).suffix.lower())
        if other is not None:
            return other(self, file, lang=lang, beside=beside)
        return write_page(self, file, lang=lang, beside=beside, others=others)

    def __repr__(self) -> str:
        gap = "unknown" if self.gap is None else share_of(self.gap, 2)
        placed = int(self.tables["firms"]["park"].notna().sum())
        about = f"{self.status}, value {self.value:.4g}, gap {gap}, {placed} firms placed"
        return f"<Plan of {self.region.name}: {about}>"
