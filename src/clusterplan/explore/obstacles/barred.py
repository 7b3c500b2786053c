"""Why a firm may not be in a park, in words: as a reason, and as a cause with the change that lets it in."""

from __future__ import annotations

from clusterplan.explore.obstacles.words import Words, told
from clusterplan.instance import Bar
from clusterplan.region import HOMES, Region

STANDARDS = {
    "min_investment_m_ha": "at least {} {} of investment a hectare",
    "min_output_m_ha_y": "at least {} {} of output a hectare and year",
    "min_tax_m_ha_y": "at least {} {} of tax a hectare and year",
    "max_energy_mwh_m": "at most {} MWh a {} of output",
}
"""Columns of parks that ask something of firms, and what they ask for."""
_REASONS = {
    "lock_out": "it is locked out",
    "only_parks": "it is to go to other parks only (only_parks)",
    "not_parks": "it is not to go there (not_parks)",
    "excluded_park": "the park is excluded",
    "admits": "the park does not admit its stage",
    HOMES: "too near to homes for its stage",
    "admission": "it may not be there",
}
"""Reasons of `clusterplan.instance.bars`, in words."""


def reason(rule: str) -> str:
    """Return what a rule of `clusterplan.instance.bars` says of a firm and a park, in words."""
    return _REASONS.get(rule, f"it does not meet {rule}")


def _parks_of(words: Words, region: Region, firm: str, column: str) -> str:
    named = region.firms[column].to_dict()[firm]
    return ", ".join(words.park(park) for park in named)


def bar_told(words: Words, region: Region, bar: Bar) -> tuple[str, str | None]:  # noqa: PLR0911
    """Return what keeps firms out of parks, and the change that lets them in, in words."""
    first = bar.about[0]
    firm, park = words.firm(first), words.park(first)
    if bar.rule == "lock_out":
        return f"{firm} is locked out.", f"let {firm} come (take its lock off)"
    if bar.rule == "only_parks":
        named = _parks_of(words, region, first, "only_parks")
        return f"{firm} may only be in {named}.", f"let {firm} be in other parks too"
    if bar.rule == "not_parks":
        named = _parks_of(words, region, first, "not_parks")
        return f"{firm} may not be in {named}.", f"let {firm} be in {named} too"
    if bar.rule == "excluded_park":
        return f"{park} is not to be used.", f"let {park} be opened"
    if bar.rule == "admits":
        stage = words.stage(bar.about[1])
        return f"{park} does not admit {stage}.", f"let {park} admit {stage}"
    if bar.rule in STANDARDS:
        asked = told(float(region.parks[bar.rule].to_dict()[first]))
        return (
            f"{park} asks for {STANDARDS[bar.rule].format(asked, words.money)}.",
            f"let {park} waive what it asks for in {bar.rule}",
        )
    if bar.rule == HOMES:
        stage = words.stage(first)
        return f"{stage} must keep away from homes.", f"let {stage} be nearer to homes"
    return f"Not every park takes {firm}.", None
