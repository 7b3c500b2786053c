"""What keeps firms out of parks, reason by reason; and the instance as it would be without any of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from clusterplan.distance import RegionDistances
from clusterplan.instance.costs import costs
from clusterplan.instance.frozen import Bools
from clusterplan.instance.instance import Instance
from clusterplan.instance.money import awards
from clusterplan.instance.of_region import instance_of
from clusterplan.instance.places import standards
from clusterplan.instance.public import payments
from clusterplan.instance.works import Spending
from clusterplan.region import HOMES, Region, rows


@dataclass(frozen=True)
class Bar:
    """One reason why firms may not be in parks.

    Parameters
    ----------
    rule
        ``lock_out``, ``only_parks``, ``not_parks`` (of a firm), ``excluded_park``, ``admits``, a column
        of parks that asks for something a hectare, ``homes``, or ``admission`` (any other reason).
    about
        Ids of what it is of: the firm; the park; park and stage; park and column; the stage.
    barred
        F×S, True where it keeps a firm out of a park.
    """

    rule: str
    about: tuple[str, ...]
    barred: Bools


def bars(region: Region, distances: RegionDistances, admissible: Bools) -> tuple[Bar, ...]:
    """Return every reason that keeps firms out of parks, each by itself.

    Firms that exist, which stay where they are, and excluded ones, which are in no plan, are left out, and so
    is room: what a park has too little of for one firm, its capacity says.

    Parameters
    ----------
    region, distances
        The region.
    admissible
        F×S of its instance. What no reason known here explains is told as ``admission``.
    """
    movable = _movable(region)
    found = [
        Bar(bar.rule, bar.about, bar.barred & movable[:, None])
        for bar in (*_of_firms(region), *_of_parks(region), *_near_homes(region, distances))
    ]
    explained = ~_room(region)
    for bar in found:
        explained = explained | bar.barred
    left = ~admissible & movable[:, None] & ~explained
    for f, firm in enumerate(region.firms.index):
        own = np.zeros_like(left)
        own[f] = left[f]
        found.append(Bar("admission", (str(firm),), own))
    return tuple(bar for bar in found if bar.barred.any())


def lifted(region: Region, distances: RegionDistances) -> Instance:
    """Return the instance of a region in which nothing keeps a firm out of a park, and nothing must be.

    No firm must be placed and no park be open. Excluded firms stay out; existing ones are in their park or
    out.
    """
    free = _unlocked(region)
    instance = instance_of(free, distances)
    movable = _movable(region)
    anywhere = np.where(movable[:, None], True, instance.sites.admissible)
    none = np.zeros(instance.n_parks, dtype=bool)
    sites = replace(
        instance.sites,
        admissible=anywhere,
        must_place=np.zeros(instance.n_firms, dtype=bool),
        open_always=none,
        open_never=none.copy(),
    )
    found, taken = awards(free, costs(free), anywhere, payments(free), distances)
    ends = np.cumsum([len(instance.levels.names), len(instance.works.names)])
    spending = Spending(*np.split(taken, ends, axis=1))
    return replace(instance, sites=sites, awards=found, spending=spending)


def _movable(region: Region) -> Bools:
    """Return, by firm, whether its place is a choice: neither existing nor excluded."""
    return np.asarray(region.firms["status"].isin(["committed", "candidate"]), dtype=bool)


def _unlocked(region: Region) -> Region:
    """Return the region with no firm and no park locked out, and no park excluded."""
    firms, parks = region.firms, region.parks
    firms["lock"] = firms["lock"].where(firms["lock"] != "out", None)
    parks["lock"] = parks["lock"].where(parks["lock"] != "out", None)
    parks["status"] = parks["status"].where(parks["status"] != "excluded", "candidate")
    tables = {**region.settled.tables, "firms": firms, "parks": parks}
    return Region(replace(region.settled, tables=tables))


def _of_firms(region: Region) -> Iterator[Bar]:
    """Yield what is written of single firms: locks, and lists of parks."""
    firms, names = region.firms, np.array(region.parks.index)
    for f, firm in enumerate(rows(firms)):
        for rule, out in (
            ("lock_out", np.full(len(names), firm.lock == "out")),
            ("only_parks", ~np.isin(names, firm.only_parks) & bool(firm.only_parks)),
            ("not_parks", np.isin(names, firm.not_parks)),
        ):
            if out.any():
                barred = np.zeros((len(firms), len(names)), dtype=bool)
                barred[f] = out
                yield Bar(rule, (str(firm.Index),), barred)


def _of_parks(region: Region) -> Iterator[Bar]:
    """Yield what is written of single parks: excluded, stages not admitted, amounts asked a hectare."""
    firms, parks = region.firms, region.parks
    stage = firms["stage"].to_numpy()
    met = standards(region)
    for s, park in enumerate(rows(parks)):
        every = np.ones(len(firms), dtype=bool)
        if park.status == "excluded" or park.lock == "out":
            yield _in_park(region, "excluded_park", s, (), every)
        for name in dict.fromkeys(stage) if park.admits else ():
            if name not in park.admits:
                yield _in_park(region, "admits", s, (str(name),), stage == name)
        for column, holds in met.items():
            yield _in_park(region, column, s, (column,), ~holds[:, s])


def _in_park(region: Region, rule: str, s: int, about: tuple[str, ...], firms: Bools) -> Bar:
    barred = np.zeros((len(region.firms), len(region.parks)), dtype=bool)
    barred[:, s] = firms
    return Bar(rule, (str(region.parks.index[s]), *about), barred)


def _near_homes(region: Region, distances: RegionDistances) -> Iterator[Bar]:
    stage = region.firms["stage"].to_numpy()
    rules = region.separations[region.separations["from_stage"] == HOMES]
    for name, km in zip(rules["stage"], rules["min_km"], strict=True):
        yield Bar(HOMES, (str(name),), np.outer(stage == name, distances.homes_km < km))


def _room(region: Region) -> Bools:
    """Return F×S, True where a park alone has what a firm alone needs."""
    resources = list(region.resources)
    needs, have = (frame[resources].to_numpy(float) for frame in (region.firms, region.parks))
    most = np.where(np.isnan(have), np.inf, have) * (1 + 1e-12)
    return np.asarray((needs[:, None, :] <= most[None, :, :]).all(axis=2))
