"""Where places may lie, how far apart they are, and how proximity falls with distance."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from clusterplan.region.manifest.strict import STRICT, Positive, Share


class Bounds(BaseModel):
    """Planning rectangle in WGS 84 degrees; every park, gateway excepted, must lie in it."""

    model_config = STRICT

    west: Annotated[float, Field(ge=-180, le=180, description="Western edge, degrees.")]
    south: Annotated[float, Field(ge=-90, le=90, description="Southern edge, degrees.")]
    east: Annotated[float, Field(ge=-180, le=180, description="Eastern edge, degrees.")]
    north: Annotated[float, Field(ge=-90, le=90, description="Northern edge, degrees.")]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not (self.west < self.east and self.south < self.north):
            raise ValueError("west must be less than east and south less than north")
        return self


class DistanceSettings(BaseModel):
    """How far apart places are."""

    model_config = STRICT

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


class Step(BaseModel):
    """One step of a stepwise proximity."""

    model_config = STRICT

    reach: Annotated[float, Field(ge=0, description="Up to this distance, in `distance.unit`.")]
    value: Annotated[Share, Field(description="Proximity there.")]


class ProximitySettings(BaseModel):
    """How proximity falls with distance (in `distance.unit`)."""

    model_config = STRICT

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


class Proximities(BaseModel):
    """Proximity of collaboration links and of supply."""

    model_config = STRICT

    links: Annotated[ProximitySettings, Field(description="Of collaboration links.")]
    supply: Annotated[
        ProximitySettings | None,
        Field(description="Of supply, and the reach that makes an input local; absent: as for links."),
    ] = None
    kinds: Annotated[
        dict[str, ProximitySettings], Field(description="Of links of a kind, where it differs.")
    ] = {}
