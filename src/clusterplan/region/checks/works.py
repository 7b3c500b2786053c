"""Levels of parks and public works: each says what it does, and does it.

Rules: ``level_below_park``, ``no_effect``, ``incomplete_way``, ``unknown_park``, ``unknown_resource``,
``ambiguous_group``, ``work_without_park``, ``no_limit_to_raise``, ``price_below_zero``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known, Row, listed, shown
from clusterplan.region.suggest import suggest

PRICES = {
    "power_price_change_per_mwh": "power_price_per_mwh",
    "water_price_change_per_m3": "water_price_per_m3",
    "fixed_cost_change_m_y": "fixed_cost_m_y",
}
"""Column of a park by the column of works that changes it."""
_WAY = ("from", "to", "km")


def check_works(known: Known) -> Iterator[Fault]:
    """Yield a fault for every level and every work that does not do what it says."""
    for level in known.rows("levels"):
        yield from _level(known, level)
    for work in known.rows("works"):
        yield from _adds(known, work)
        yield from _changes(known, work)
        yield from _way(known, work)
        yield from _effect(known, work)
    for way in known.rows("ways"):
        yield from _ends(known, "ways", way)
    yield from _prices(known)


def _level(known: Known, level: Row) -> Iterator[Fault]:
    park = known.parks.get(level["park"])
    if park is None:
        return
    larger = False
    for resource in known.resources:
        own, here = park[resource], level[resource]
        larger |= own is not None and here is not None and here > own
        if here is not None and (own is None or here < own):
            has = "no limit" if own is None else shown(own)
            yield known.fault(
                "levels",
                f"The level has less {resource} than the park has without it: {has}.",
                "Write what the park has at this size, all in all, or empty the cell where it stays the "
                f"same; the smallest size stands in {known.file('parks')}.",
                rule="level_below_park",
                row=level,
                column=resource,
            )
    if not larger:
        yield known.fault(
            "levels",
            "The level adds nothing to what the park has.",
            "Fill what the park has more of at this size, or delete the row.",
            rule="no_effect",
            row=level,
            column="level",
            level="warning",
        )


def _adds(known: Known, work: Row) -> Iterator[Fault]:
    groups: dict[str, set[str]] = {}
    for row in known.rows("groups"):
        if row["group"] is not None and row["resource"] is not None:
            groups.setdefault(row["group"], set()).add(row["resource"])
    park = known.parks.get(work["park"])
    for name, _ in work["adds"]:
        why = mend = rule = ""
        level = "error"
        if name in known.resources:
            if work["park"] is None:
                why = f"It adds {name}, but names no park that gets it."
                mend, rule = (
                    "Fill park, or name a group of parks instead of the resource.",
                    "work_without_park",
                )
            elif park is not None and park[name] is None:
                why = f"It adds {name} to a park that has no limit on it."
                mend, rule, level = (
                    "Take it out of adds, or give the park a limit.",
                    "no_limit_to_raise",
                    "warning",
                )
        elif name not in groups:
            if known.broken("groups"):
                continue
            words = (*known.resources, *groups)
            why = f"There is no resource and no group of parks '{name}'.{suggest(name, words)}"
            mend, rule = f"Write one of: {', '.join(words)}.", "unknown_resource"
        elif len(groups[name]) > 1:
            several = listed(sorted(groups[name]))
            why = f"Group '{name}' shares several resources ({several}); which one is meant?"
            mend, rule = (
                f"Give each resource a group of its own in {known.file('groups')}.",
                "ambiguous_group",
            )
        if why:
            yield known.fault(
                "works",
                why,
                mend,
                rule=rule,
                row=work,
                column="adds",
                level="error" if level == "error" else "warning",
            )


def _changes(known: Known, work: Row) -> Iterator[Fault]:
    for column in PRICES:
        if work[column] and work["park"] is None:
            yield known.fault(
                "works",
                "It changes what firms pay, but names no park where they do.",
                "Fill park.",
                rule="work_without_park",
                row=work,
                column=column,
            )


def _way(known: Known, work: Row) -> Iterator[Fault]:
    filled = [column for column in _WAY if work[column] is not None]
    if filled and len(filled) < len(_WAY):
        lacking = [column for column in _WAY if work[column] is None]
        yield known.fault(
            "works",
            f"A way that gets shorter needs from, to and km; what lacks: {' and '.join(lacking)}.",
            "Fill all three, or none of them.",
            rule="incomplete_way",
            row=work,
            column=lacking[0],
        )
        return
    if filled:
        yield from _ends(known, "works", work)


def _ends(known: Known, table: str, work: Row) -> Iterator[Fault]:
    places = {*known.members("parks"), *known.members("gateways")}
    if known.ids_are_known("parks") and known.ids_are_known("gateways") and work["to"] not in (None, *places):
        where = f"{known.file('parks')} and {known.file('gateways')}"
        meant = suggest(work["to"], tuple(sorted(places)))
        yield known.fault(
            table,
            f"There is no park or gateway '{work['to']}' in {where}.{meant}",
            f"Write the id of a park or gateway as it stands in {where}.",
            rule="unknown_park",
            row=work,
            column="to",
        )
    if work["from"] is not None and work["from"] == work["to"]:
        yield known.fault(
            table,
            "The way leads from a park to itself, which is 0 km already.",
            "Write the two ends of the way, or leave it out.",
            rule="incomplete_way",
            row=work,
            column="to",
        )


def _effect(known: Known, work: Row) -> Iterator[Fault]:
    adds = any(amount for _, amount in work["adds"])
    ways = work["work"] in {way["work"] for way in known.rows("ways")}
    if adds or ways or any(work[column] for column in PRICES):
        return
    if any(work[column] is not None for column in _WAY):
        return
    yield known.fault(
        "works",
        "The work changes nothing: it adds no capacity, changes no cost and shortens no way.",
        "Fill adds, a change of cost, or from, to and km (or ways.csv); or delete the row.",
        rule="no_effect",
        row=work,
        column="adds",
    )


def _prices(known: Known) -> Iterator[Fault]:
    """Yield works that, all built, would take a price of their park below 0."""
    for change, price in PRICES.items():
        left: dict[str, float] = {}
        for work in known.rows("works"):
            park = known.parks.get(work["park"])
            if park is None or not work[change] or work[change] > 0 or price == "fixed_cost_m_y":
                continue
            before = left.setdefault(work["park"], park[price] or 0.0)
            left[work["park"]] = before + work[change]
            if left[work["park"]] < -1e-9:
                yield known.fault(
                    "works",
                    f"Together with the works before it, it takes {price} of '{work['park']}' below 0: the "
                    f"price is {shown(park[price] or 0.0)}.",
                    "A change says by how much the price falls, not what it falls to.",
                    rule="price_below_zero",
                    row=work,
                    column=change,
                )
