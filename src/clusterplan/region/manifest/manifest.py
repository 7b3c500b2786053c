"""`Manifest`: what holds for the region as a whole."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from clusterplan.region.manifest.distances import Bounds, DistanceSettings, Proximities
from clusterplan.region.manifest.money import (
    AidCeilings,
    AidSlice,
    Budget,
    Freight,
    Shares,
    upward,
    within_one,
)
from clusterplan.region.manifest.phases import Phase, in_order
from clusterplan.region.manifest.strict import STRICT, Share
from clusterplan.region.weights import Preset, Term


class OpenParks(BaseModel):
    """How many parks may be open."""

    model_config = STRICT

    at_least: Annotated[int, Field(ge=0, description="Least number of open parks.")] = 0
    at_most: Annotated[int | None, Field(ge=0, description="Largest number of open parks.")] = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("at_least may not exceed at_most")
        return self


class Manifest(BaseModel):
    """The manifest of a region."""

    model_config = STRICT

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="Id of the region.")]
    title: Annotated[str, Field(min_length=1, description="Name as people say it.")]
    country: Annotated[str, Field(description="ISO 3166 code of the country, two letters.")] = ""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code.")]
    price_year: Annotated[int, Field(ge=1950, le=2200, description="Year of the prices.")]
    plan_year: Annotated[
        int | None,
        Field(ge=1950, le=2200, description="Year in which incentives are awarded; absent: price_year."),
    ] = None
    planning_crs: Annotated[
        str, Field(min_length=4, description="Projected CRS in metres for areas and straight lines.")
    ]
    datum: Annotated[
        Literal["WGS84", "GCJ-02", "BD-09"] | None,
        Field(description="Datum of all coordinates; must be said in China, where maps use GCJ-02 or BD-09."),
    ] = None
    bounds: Annotated[Bounds, Field(description="Planning rectangle.")]
    discount_rate: Annotated[float, Field(ge=0, le=1, description="Rate a year, as a share.")]
    life_y: Annotated[float, Field(gt=0, le=100, description="Years over which one-off money is spread.")]
    operating_hours_y: Annotated[
        float, Field(gt=0, le=8784, description="Hours a year at full power, where energy is not given.")
    ] = 6000.0
    water_days_y: Annotated[float, Field(gt=0, le=366, description="Days a year of water use.")] = 365.0
    objective: Annotated[Preset, Field(description="Preset of weights.")] = "collaboration"
    weights: Annotated[
        dict[Term, float], Field(description="Weights of single terms that differ from the preset.")
    ] = {}
    stages: Annotated[
        dict[str, str], Field(min_length=1, description="Stages of the chain in order: id and name.")
    ]
    routes: Annotated[dict[str, str], Field(description="Technology routes: id and name.")] = {}
    resources: Annotated[
        dict[str, str],
        Field(description="Further resources: column name and unit; columns of parks and firms."),
    ] = {}
    distance: DistanceSettings = DistanceSettings()
    proximity: Annotated[Proximities, Field(description="Proximity of links and supply.")]
    shares: Shares = Shares()
    freight: Freight = Freight()
    budgets: Annotated[dict[str, Budget], Field(description="Budgets for incentives, by id.")] = {}
    tax_shares: Annotated[
        dict[str, Share],
        AfterValidator(within_one),
        Field(
            description="Share of the tax that each tier of government gets; the rest, or all where it is "
            "absent, goes to no tier in particular."
        ),
    ] = {}
    aid_ceiling: AidCeilings = AidCeilings()
    aid_scale: Annotated[
        tuple[AidSlice, ...],
        AfterValidator(upward),
        Field(
            description="How ceilings fall for large projects: slices of the investment, upward, each with "
            "the share of it that counts, for firms of every size; what lies above the last counts nothing. "
            "Absent: all counts."
        ),
    ] = ()
    open_parks: OpenParks = OpenParks()
    phases: Annotated[
        tuple[Phase, ...],
        AfterValidator(in_order),
        Field(
            description="Phases in the order of their years, for plans of who comes when; a plan without "
            "phases takes everything as there from the start."
        ),
    ] = ()

    @property
    def capital_recovery(self) -> float:
        """Yearly equivalent of one unit of money paid once: r / (1 − (1 + r)^−n); 1/n at r = 0."""
        if self.discount_rate == 0:
            return 1.0 / self.life_y
        return float(self.discount_rate / (1.0 - (1.0 + self.discount_rate) ** -self.life_y))

    @property
    def award_year(self) -> int:
        """Year in which incentives are awarded."""
        return self.price_year if self.plan_year is None else self.plan_year
