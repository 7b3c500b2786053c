"""`region.yaml`: what holds for the region as a whole.

Unknown keys are refused. Every field says its unit in its name or description; the docs page
of the manifest is made from these descriptions.
"""

from __future__ import annotations

import itertools
import math
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from clusterplan.region.weights import Preset, Term

Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Bounds(_Strict):
    """Planning rectangle in WGS 84 degrees; every park, gateway excepted, must lie in it."""

    west: Annotated[float, Field(ge=-180, le=180, description="Western edge, degrees.")]
    south: Annotated[float, Field(ge=-90, le=90, description="Southern edge, degrees.")]
    east: Annotated[float, Field(ge=-180, le=180, description="Eastern edge, degrees.")]
    north: Annotated[float, Field(ge=-90, le=90, description="Northern edge, degrees.")]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not (self.west < self.east and self.south < self.north):
            raise ValueError("west must be less than east and south less than north")
        return self


class DistanceSettings(_Strict):
    """How far apart places are."""

    method: Annotated[
        Literal["geodesic", "network", "matrix"],
        Field(description="geodesic × circuity, a road network, or a ready matrix."),
    ] = "geodesic"
    unit: Annotated[
        Literal["km", "hours"], Field(description="What proximity and reach are measured in.")
    ] = "km"
    circuity: Annotated[float, Field(ge=1, description="Road length over straight line (geodesic).")] = 1.3
    access_circuity: Annotated[
        float, Field(ge=1, description="Length over straight line from a place to the network.")
    ] = 1.3
    access_speed_kmh: Annotated[Positive, Field(description="Speed on access legs, km/h.")] = 30.0
    default_speed_kmh: Annotated[Positive, Field(description="Speed where an edge has none, km/h.")] = 70.0


class Step(_Strict):
    """One step of a stepwise proximity."""

    reach: Annotated[float, Field(ge=0, description="Up to this distance, in `distance.unit`.")]
    value: Annotated[Share, Field(description="Proximity there.")]


class ProximitySettings(_Strict):
    """How proximity falls with distance (in `distance.unit`)."""

    shape: Annotated[
        Literal["exponential", "linear", "steps"],
        Field(description="exponential by half-distance, linear to the reach, or steps."),
    ] = "exponential"
    half_distance: Annotated[Positive | None, Field(description="Where it is one half (exponential).")] = None
    reach: Annotated[Positive | None, Field(description="It is exactly 0 beyond (exponential, linear).")] = (
        None
    )
    steps: Annotated[tuple[Step, ...], Field(description="Values by distance (steps).")] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.shape == "exponential" and (self.half_distance is None or self.reach is None):
            raise ValueError("an exponential proximity needs half_distance and reach")
        if self.shape == "linear" and self.reach is None:
            raise ValueError("a linear proximity needs reach")
        if self.shape == "steps" and not self.steps:
            raise ValueError("a stepwise proximity needs steps")
        if self.shape != "steps" and self.steps:
            raise ValueError(f"steps go with shape: steps, not with shape: {self.shape}")
        if self.shape != "exponential" and self.half_distance is not None:
            raise ValueError(f"half_distance goes with shape: exponential, not with shape: {self.shape}")
        reaches = [step.reach for step in self.steps]
        values = [step.value for step in self.steps]
        if reaches != sorted(set(reaches)) or values != sorted(values, reverse=True):
            raise ValueError("steps must go outward, with values that do not rise")
        return self


class Proximities(_Strict):
    """Proximity of collaboration links and of supply."""

    links: Annotated[ProximitySettings, Field(description="Of collaboration links.")]
    supply: Annotated[
        ProximitySettings | None,
        Field(description="Of supply, and the reach that makes an input local; absent: as for links."),
    ] = None
    kinds: Annotated[
        dict[str, ProximitySettings], Field(description="Of links of a kind, where it differs.")
    ] = {}


class Budget(_Strict):
    """Money one tier of government has for incentives."""

    tier: Annotated[str, Field(min_length=1, description="Tier of government.")]
    title: Annotated[str, Field(description="Name as people say it.")] = ""
    basis: Annotated[
        Literal["total_pv", "per_year"],
        Field(description="total_pv: present value in all; per_year: checked every year."),
    ] = "total_pv"
    amount_m: Annotated[
        Amount | None, Field(description="Present value in all, millions of currency (total_pv).")
    ] = None
    by_year_m: Annotated[
        tuple[Amount, ...],
        Field(description="Millions of currency by year from year 0; the last holds on (per_year)."),
    ] = ()
    cost_of_funds: Annotated[
        Amount, Field(description="What a unit of it costs the region; money from outside may cost 0.")
    ] = 1.0
    discount_rate: Annotated[
        Share | None,
        Field(
            description="Rate at which it counts payments of later years (total_pv); absent: the region's."
        ),
    ] = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.basis == "total_pv" and (self.amount_m is None or self.by_year_m):
            raise ValueError("a total_pv budget needs amount_m and no by_year_m")
        if self.basis == "per_year" and (not self.by_year_m or self.amount_m is not None):
            raise ValueError("a per_year budget needs by_year_m and no amount_m")
        if self.basis == "per_year" and self.discount_rate is not None:
            raise ValueError("a per_year budget is checked year by year and needs no discount_rate")
        return self


class Shares(_Strict):
    """How collaboration value is split; what a and b do not get is unassigned."""

    a: Annotated[Share, Field(description="To the first firm (the seller, the producer).")] = 0.5
    b: Annotated[Share, Field(description="To the second firm (the buyer).")] = 0.5

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.a + self.b > 1 + 1e-9:
            raise ValueError("the shares of a and b may not sum to more than 1")
        return self


class Freight(_Strict):
    """Cost and carbon of freight."""

    per_tkm: Annotated[Amount, Field(description="Freight rate, currency per tonne-kilometre.")] = 0.0
    co2_kg_per_tkm: Annotated[Amount, Field(description="CO2, kg per tonne-kilometre.")] = 0.0


class AidCeilings(_Strict):
    """Highest total aid (present value) as a share of investment, by size of firm."""

    large: Annotated[Amount | None, Field(description="Large firms.")] = None
    medium: Annotated[Amount | None, Field(description="Medium firms.")] = None
    small: Annotated[Amount | None, Field(description="Small firms.")] = None


class AidSlice(_Strict):
    """A slice of an investment, and how much of it counts for the aid ceiling."""

    up_to_m: Annotated[
        Positive | None,
        Field(description="Upper end of the slice, millions of currency; absent in the last: no end."),
    ] = None
    share: Annotated[Share, Field(description="Share of the slice that the ceiling is applied to.")]


def _within_one(shares: dict[str, float]) -> dict[str, float]:
    if sum(shares.values()) > 1 + 1e-9:
        raise ValueError("the shares of the tiers may not sum to more than 1")
    return shares


def _upward(slices: tuple[AidSlice, ...]) -> tuple[AidSlice, ...]:
    ends = [math.inf if part.up_to_m is None else part.up_to_m for part in slices]
    if ends != sorted(set(ends)):
        raise ValueError("its slices must go upward, and only the last may be without up_to_m")
    return slices


class OpenParks(_Strict):
    """How many parks may be open."""

    at_least: Annotated[int, Field(ge=0, description="Least number of open parks.")] = 0
    at_most: Annotated[int | None, Field(ge=0, description="Largest number of open parks.")] = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("at_least may not exceed at_most")
        return self


class Phase(_Strict):
    """Years in which a plan stands as it is, until the next phase begins."""

    id: Annotated[str, Field(min_length=1, description="Id of the phase.")]
    title: Annotated[str, Field(description="Name as people say it.")] = ""
    from_year: Annotated[int, Field(ge=1950, le=2200, description="Calendar year in which it begins.")]
    years: Annotated[
        int | None,
        Field(
            ge=1, le=100, description="How long it lasts; absent: until the next begins, the last for life_y."
        ),
    ] = None
    budgets: Annotated[
        dict[str, Amount],
        Field(
            description="What each total_pv budget has for awards made in this phase, present value in its "
            "first year, millions of currency; what is left is lost. A budget that no phase names is one "
            "amount for all of them."
        ),
    ] = {}
    changes: Annotated[
        tuple[str, ...],
        Field(
            description="What is other from this phase on, such as `park.north.land_ha = 40` or "
            "`product.cell.value *= 0.9`, on top of the phases before."
        ),
    ] = ()


def _in_order(phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
    ids = [phase.id for phase in phases]
    if len(set(ids)) < len(ids):
        raise ValueError("two phases have the same id")
    for phase, following in itertools.pairwise(phases):
        if following.from_year <= phase.from_year:
            raise ValueError(f"phase {following.id!r} must begin after phase {phase.id!r}")
        if phase.years is not None and phase.from_year + phase.years != following.from_year:
            raise ValueError(
                f"phase {phase.id!r} must last until phase {following.id!r} begins: "
                f"{following.from_year - phase.from_year} years"
            )
    return phases


class Manifest(_Strict):
    """The manifest of a region."""

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
        AfterValidator(_within_one),
        Field(
            description="Share of the tax that each tier of government gets; the rest, or all where it is "
            "absent, goes to no tier in particular."
        ),
    ] = {}
    aid_ceiling: AidCeilings = AidCeilings()
    aid_scale: Annotated[
        tuple[AidSlice, ...],
        AfterValidator(_upward),
        Field(
            description="How ceilings fall for large projects: slices of the investment, upward, each with "
            "the share of it that counts, for firms of every size; what lies above the last counts nothing. "
            "Absent: all counts."
        ),
    ] = ()
    open_parks: OpenParks = OpenParks()
    phases: Annotated[
        tuple[Phase, ...],
        AfterValidator(_in_order),
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
