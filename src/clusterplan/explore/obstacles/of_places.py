"""Causes of siting, capacity, separation, requirements and admission."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from clusterplan.explore.obstacles.barred import bar_told
from clusterplan.explore.obstacles.cause import Cause, Ease
from clusterplan.explore.obstacles.words import Words, told
from clusterplan.instance import Bar, Instance
from clusterplan.region import Region
from clusterplan.rules import Written


def place_causes(words: Words, region: Region, instance: Instance) -> dict[str, dict[str, Cause]]:
    """Return the causes of rows about places, by rule and name of the row."""
    return {
        "placed": _placed(words, region, instance),
        "capacity": _capacity(words, instance),
        "group_capacity": _groups(words, region, instance),
        "separation": _separations(words, instance),
        "requirement": _requirements(words, instance),
        "variants": {
            name: Cause("variants", (name,), f"At most one firm of the variant group '{name}' may come.", 1.0)
            for name in instance.sites.variant_names
        },
        "open_parks": _open_parks(instance),
    }


def _placed(words: Words, region: Region, instance: Instance) -> dict[str, Cause]:
    firms, sites = region.firms.to_dict("index"), instance.sites
    largest = np.maximum(sites.needs.max(axis=1, initial=0.0), 1e-12)
    found = {}
    for f, firm in enumerate(sites.firms):
        name, status = words.firm(firm), firms[firm]["status"]
        said = {
            "existing": f"{name} is in {words.park(str(firms[firm]['park']))} and stays there.",
            "committed": f"{name} is committed and must be in the plan.",
        }.get(status, f"{name} is locked in and must be in the plan.")
        free = status == "candidate"
        change = f"let {name} stay away (take its lock off)" if free else f"let {name} go"
        found[firm] = Cause(
            "placed",
            (firm,),
            said,
            ease=Ease("lock_in" if free else "let_go", (firm,), change, most=1.0),
            weight=(2.0, float((sites.needs[:, f] / largest).max(initial=0.0))),
        )
    return found


def _capacity(words: Words, instance: Instance) -> dict[str, Cause]:
    sites = instance.sites
    found = {}
    for r, resource in enumerate(sites.resources):
        for s, park in enumerate(sites.parks):
            limit, of = float(sites.capacity[r, s]), words.of_resource(resource)
            if not math.isfinite(limit):
                continue
            name = words.park(park)
            found[f"{resource} of {park}"] = Cause(
                "capacity",
                (park, resource),
                f"{name} has {told(limit)} {of}.",
                limit,
                words.unit(resource),
                ease=Ease(
                    "capacity", (park, resource), f"{{}} {of} more in {name}", words.unit(resource), limit,
                    per_unit=-1.0,
                ),
                weight=(1.0,),
            )  # fmt: skip
    return found


def _groups(words: Words, region: Region, instance: Instance) -> dict[str, Cause]:
    """Return a cause for each group of parks; groups that are not in the table come from labour pools."""
    sites = instance.sites
    given = set(zip(region.groups["group"], region.groups["resource"], strict=True))
    found = {}
    for g, group in enumerate(sites.groups):
        resource, limit = sites.resources[int(sites.group_resource[g])], float(sites.group_capacity[g])
        parks = ", ".join(words.park(sites.parks[s]) for s in np.flatnonzero(sites.group_parks[g]))
        of, unit = words.of_resource(resource), words.unit(resource)
        ease: Ease | None
        if (group, resource) in given:
            change = f"{{}} {of} more for '{group}'"
            ease = Ease("group_capacity", (group, resource), change, unit, limit, per_unit=-1.0)
        else:
            pools = [str(pool) for pool in region.pools.index if f" {pool}," in f"{group},"]
            change = f"{{}} {of} more in the labour pool '{pools[0]}'" if pools else ""
            ease = Ease("pool", (pools[0],), change, unit, limit, per_unit=-1.0) if pools else None
        found[f"{resource} of {group}"] = Cause(
            "group_capacity",
            (group, resource),
            f"{parks} have {told(limit)} {of} together ('{group}').",
            limit,
            unit,
            ease=ease,
            weight=(1.0,),
        )
    return found


def _separations(words: Words, instance: Instance) -> dict[str, Cause]:
    """Return a cause for each separation, by what the names of all its rows begin with."""
    found = {}
    for separation in instance.sites.separations:
        stage, other = separation.name.split(" apart from ")
        of = f"{words.stage(stage)} and {words.stage(other)}"
        found[f"{separation.name}: "] = Cause(
            "separation",
            (stage, other),
            f"{of} must keep apart.",
            ease=Ease("separation", (stage, other), f"let {of} be near each other", most=1.0, per_unit=-1.0),
            weight=(1.0,),
        )
    return found


def _requirements(words: Words, instance: Instance) -> dict[str, Cause]:
    found = {}
    for required in instance.sites.requirements:
        name, least, most = required.name, required.at_least, required.at_most
        if least > 0:
            found[f"{name}: at least"] = Cause(
                "requirement", (name, "at_least"), f"'{name}' asks for at least {told(least)}.", least,
                "firms",
                ease=Ease(
                    "requirement", (name, "at_least"), f"{{}} fewer asked for by '{name}'", "firms", least,
                    most=least, whole=True,
                ),
                weight=(3.0,),
            )  # fmt: skip
        if math.isfinite(most):
            found[f"{name}: at most"] = Cause(
                "requirement", (name, "at_most"), f"'{name}' allows at most {told(most)}.", most, "firms",
                ease=Ease(
                    "requirement", (name, "at_most"), f"{{}} more allowed by '{name}'", "firms", most,
                    whole=True, per_unit=-1.0,
                ),
                weight=(3.0,),
            )  # fmt: skip
    return found


def _open_parks(instance: Instance) -> dict[str, Cause]:
    least, most = float(instance.sites.open_min), float(instance.sites.open_max)
    return {
        "least open parks": Cause(
            "open_parks", ("at_least",), f"At least {told(least)} parks must be open.", least, "parks",
            ease=Ease(
                "open_parks", ("at_least",), "{} fewer parks that must be open", "parks", least, most=least,
                whole=True,
            ),
            weight=(3.0,),
        ),
        "most open parks": Cause(
            "open_parks", ("at_most",), f"At most {told(most)} parks may be open.", most, "parks",
            ease=Ease(
                "open_parks", ("at_most",), "{} more parks that may be open", "parks", most, whole=True,
                per_unit=-1.0,
            ),
            weight=(3.0,),
        ),
    }  # fmt: skip


def bound_causes(words: Words, region: Region, written: Written, barred: tuple[Bar, ...]) -> Iterator[Cause]:
    """Yield the causes of bounds: parks that are open or shut, and what keeps firms out of parks."""
    parks, sited = region.parks, written.sited
    for s, park in enumerate(parks.index):
        name, locked = words.park(park), parks["lock"].iloc[s] == "in"
        if locked or parks["status"].iloc[s] == "open":
            said = "locked in and must be open" if locked else "open and stays open"
            ease = Ease("open_park", (park,), f"let {name} be closed", most=1.0)
            yield Cause(
                "open_park", (park,), f"{name} is {said}.", held=sited.x[s : s + 1], ease=ease, weight=(1.0,)
            )
    for bar in barred:
        where = sited.y[bar.barred]
        shut = where[where >= 0]
        if bar.rule == "excluded_park":
            shut = np.append(shut, sited.x[written.instance.sites.parks.index(bar.about[0])])
        if len(shut):
            said, change = bar_told(words, region, bar)
            let_in = None if change is None else Ease(bar.rule, bar.about, change, most=1.0)
            yield Cause(bar.rule, bar.about, said, shut=shut, ease=let_in, weight=(1.0,))
