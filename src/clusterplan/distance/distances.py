"""`Distances`: how far apart a set of origins and a set of destinations are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import BoolArray, FloatArray, frozen
from clusterplan.distance.places import same_id
from clusterplan.errors import UsageError

Metric = Literal["geodesic", "network", "matrix"]
Unit = Literal["km", "hours"]


@dataclass(frozen=True, eq=False)
class Distances:
    """Distances from n origins to m destinations.

    What cannot be reached is NaN, never a big number. A place is 0 from itself.

    Parameters
    ----------
    origins, destinations
        Ids of the n rows and the m columns; a place may be in both.
    km
        Kilometres of the shortest way, n × m. NaN where there is none (or, in a matrix given in hours
        alone, where it is not known).
    hours
        Hours of the fastest way, n × m, or None where no speed is known. It may be another way than
        the shortest one.
    metric
        How the distances came about.
    unit
        What reach and half-distance are measured in: `km` or `hours`.
    straight_km
        Geodesic kilometres between the points themselves, n × m, or None where the points are not known.
    access_km
        The part of `km` that is on assumed local roads rather than on the network, n × m; None unless
        the metric is `network`.
    snap
        Where each place meets the network, one row a place; None unless the metric is `network`.

    Raises
    ------
    UsageError
        If shapes do not fit, ids repeat, a number is negative or infinite, or a place is not 0 from
        itself.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    km: FloatArray
    hours: FloatArray | None
    metric: Metric
    unit: Unit
    straight_km: FloatArray | None = None
    access_km: FloatArray | None = None
    snap: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        for name in ("origins", "destinations"):
            ids = tuple(getattr(self, name))
            if len(set(ids)) != len(ids):
                raise UsageError(f"The {name} of distances must be given once each.")
            object.__setattr__(self, name, ids)
        same = same_id(self.origins, self.destinations)
        for name in ("km", "hours", "straight_km", "access_km"):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, _checked(name, given, same))
        if self.unit == "hours" and self.hours is None:
            raise UsageError("Distances measured in hours need hours; give speeds or a matrix of hours.")

    @property
    def measure(self) -> FloatArray:
        """Distance in `unit`, n × m: what proximity and reach are applied to. NaN: cannot be reached."""
        if self.unit == "hours" and self.hours is not None:
            return self.hours
        return self.km

    @property
    def reachable(self) -> BoolArray:
        """True where the destination can be reached from the origin, n × m."""
        return np.asarray(~np.isnan(self.measure), dtype=np.bool_)

    def unreachable(self) -> list[tuple[str, str]]:
        """Return the pairs (origin, destination) with no way between them, by id."""
        return [(self.origins[i], self.destinations[j]) for i, j in np.argwhere(~self.reachable)]

    def detours(self, factor: float = 1.6) -> pd.DataFrame:
        """Return the pairs whose way is more than `factor` times the straight line.

        A river without a bridge makes such a pair; so does a gap in the road data. They should be looked
        at before the distances are used.

        Parameters
        ----------
        factor
            Least ratio of `km` to `straight_km` that is not listed.

        Returns
        -------
        DataFrame
            Columns origin, destination, km, straight_km, factor; the longest detours first. The factor is
            NaN, and comes first, where two places are on one point and yet some way apart.

        Raises
        ------
        UsageError
            If the straight lines are not known.
        """
        if self.straight_km is None:
            raise UsageError(
                "Detours compare with the straight line, which a ready matrix does not have. "
                "Give straight_km to matrix_distances(...)."
            )
        is_detour = self.km > factor * self.straight_km  # NaN compares false
        i, j = np.nonzero(is_detour)
        km, straight = self.km[i, j], self.straight_km[i, j]
        found = pd.DataFrame(
            {
                "origin": np.array(self.origins, dtype=object)[i],
                "destination": np.array(self.destinations, dtype=object)[j],
                "km": km,
                "straight_km": straight,
                "factor": km / np.where(straight > 0, straight, np.nan),
            }
        )
        return found.sort_values("factor", ascending=False, na_position="first", kind="stable").reset_index(
            drop=True
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row a pair.

        Returns
        -------
        DataFrame
            Columns origin, destination, km; hours, straight_km and access_km where they are known; reachable.
        """
        n, m = len(self.origins), len(self.destinations)
        columns: dict[str, object] = {
            "origin": np.repeat(np.array(self.origins, dtype=object), m),
            "destination": np.tile(np.array(self.destinations, dtype=object), n),
        }
        for name in ("km", "hours", "straight_km", "access_km"):
            given = getattr(self, name)
            if given is not None:
                columns[name] = given.ravel()
        columns["reachable"] = self.reachable.ravel()
        return pd.DataFrame(columns)

    def select(self, origins: Sequence[str], destinations: Sequence[str]) -> Distances:
        """Return the distances of some origins and destinations, in the order given.

        Raises
        ------
        UsageError
            If one of them is not among the origins or destinations.
        """
        rows = _positions("origin", self.origins, origins)
        columns = _positions("destination", self.destinations, destinations)

        def part(values: FloatArray | None) -> FloatArray | None:
            return None if values is None else values[np.ix_(rows, columns)]

        wanted = {*origins, *destinations}
        return Distances(
            origins=tuple(origins),
            destinations=tuple(destinations),
            km=self.km[np.ix_(rows, columns)],
            hours=part(self.hours),
            metric=self.metric,
            unit=self.unit,
            straight_km=part(self.straight_km),
            access_km=part(self.access_km),
            snap=None
            if self.snap is None
            else self.snap[self.snap["id"].isin(wanted)].reset_index(drop=True),
        )


def _checked(name: str, given: FloatArray, same: BoolArray) -> FloatArray:
    values: FloatArray = frozen(given)
    if values.shape != same.shape:
        raise UsageError(f"{name} must be {same.shape[0]} × {same.shape[1]}, not {values.shape}.")
    if np.isinf(values).any() or (values < 0).any():
        raise UsageError(f"{name} must be 0 or more, and NaN (not infinity) where there is no way.")
    known = same & ~np.isnan(values)
    if values[known].any():
        raise UsageError(f"{name} must be 0 from a place to itself.")
    return values


def _positions(role: str, known: tuple[str, ...], wanted: Sequence[str]) -> list[int]:
    at = {place: i for i, place in enumerate(known)}
    missing = [place for place in wanted if place not in at]
    if missing:
        raise UsageError(f"No distances are known for the {role} {missing[0]!r}. Known: {', '.join(known)}.")
    return [at[place] for place in wanted]
