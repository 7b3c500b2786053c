"""Budgets, shares of value, freight and ceilings of aid."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from clusterplan.region.manifest.strict import STRICT, Amount, Positive, Share


class Budget(BaseModel):
    """Money one tier of government has for incentives."""

    model_config = STRICT

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


class Shares(BaseModel):
    """How collaboration value is split; what a and b do not get is unassigned."""

    model_config = STRICT

    a: Annotated[Share, Field(description="To the first firm (the seller, the producer).")] = 0.5
    b: Annotated[Share, Field(description="To the second firm (the buyer).")] = 0.5

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.a + self.b > 1 + 1e-9:
            raise ValueError("the shares of a and b may not sum to more than 1")
        return self


class Freight(BaseModel):
    """Cost and carbon of freight."""

    model_config = STRICT

    per_tkm: Annotated[Amount, Field(description="Freight rate, currency per tonne-kilometre.")] = 0.0
    co2_kg_per_tkm: Annotated[Amount, Field(description="CO2, kg per tonne-kilometre.")] = 0.0


class AidCeilings(BaseModel):
    """Highest total aid (present value) as a share of investment, by size of firm."""

    model_config = STRICT

    large: Annotated[Amount | None, Field(description="Large firms.")] = None
    medium: Annotated[Amount | None, Field(description="Medium firms.")] = None
    small: Annotated[Amount | None, Field(description="Small firms.")] = None


class AidSlice(BaseModel):
    """A slice of an investment, and how much of it counts for the aid ceiling."""

    model_config = STRICT

    up_to_m: Annotated[
        Positive | None,
        Field(description="Upper end of the slice, millions of currency; absent in the last: no end."),
    ] = None
    share: Annotated[Share, Field(description="Share of the slice that the ceiling is applied to.")]


def within_one(shares: dict[str, float]) -> dict[str, float]:
    """Return shares of tiers that sum to at most 1; others are a ValueError."""
    if sum(shares.values()) > 1 + 1e-9:
        raise ValueError("the shares of the tiers may not sum to more than 1")
    return shares


def upward(slices: tuple[AidSlice, ...]) -> tuple[AidSlice, ...]:
    """Return slices that go upward; others are a ValueError."""
    ends = [math.inf if part.up_to_m is None else part.up_to_m for part in slices]
    if ends != sorted(set(ends)):
        raise ValueError("its slices must go upward, and only the last may be without up_to_m")
    return slices
