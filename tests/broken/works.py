"""Levels of parks and public works that do not do what they say."""

from __future__ import annotations

from .edits import Case, cell, every, put

LEVELS = "park,level,open_cost_m,land_ha,power_mw,water_m3_d,budget,provenance\n"
WORKS = (
    "work,park,adds,fixed_cost_change_m_y,power_price_change_per_mwh,from,to,km,cost_m,budget,provenance\n"
)


def level(park: str = "east", cells: str = "large,20,150,250,,city", more: str = ""):
    return put("levels.csv", f"{LEVELS}{park},{cells},assumed\n{more}")


def work(cells: str):
    return put("works.csv", f"{WORKS}{cells},assumed\n")


def ways(cells: str):
    return every(
        put("works.csv", f"{WORKS}w,east,land_ha:5,,,,,,5,city,assumed\n"),
        put("ways.csv", f"work,from,to,km,provenance\n{cells},assumed\n"),
    )


CASES = (
    Case("level of no park", level("north"), "unknown_park", "levels.csv", 2, "park", "Known: east, west."),
    Case("level twice", level(more="east,large,30,200,300,,city,assumed\n"),
         "repeated_id", "levels.csv", 3),
    Case("level smaller than the park", level(cells="large,20,90,250,,city"),
         "level_below_park", "levels.csv", 2, "land_ha", "100"),
    Case("level with a limit where the park has none", level("west", "large,20,150,300,,city"),
         "level_below_park", "levels.csv", 2, "power_mw", "no limit"),
    Case("level that adds nothing", level(cells="large,20,,,,city"),
         "no_effect", "levels.csv", 2, "level", level="warning"),
    Case("level that costs less than nothing", level(cells="large,-20,150,,,city"),
         "negative", "levels.csv", 2, "open_cost_m"),
    Case("level paid from no budget", level(cells="large,20,150,,,state"),
         "unknown_budget", "levels.csv", 2, "budget"),
    Case("work that changes nothing", work("w,east,,,,,,,5,city"), "no_effect", "works.csv", 2, "adds"),
    Case("work that adds what is no resource", work("w,east,heat:5,,,,,,5,city"),
         "unknown_resource", "works.csv", 2, "adds", "land_ha"),
    Case("work that takes capacity away", work("w,east,land_ha:-5,,,,,,5,city"),
         "negative", "works.csv", 2, "adds"),
    Case("work that adds a resource nowhere", work("w,,land_ha:5,,,,,,5,city"),
         "work_without_park", "works.csv", 2, "adds"),
    Case("work that adds to what has no limit", work("w,west,power_mw:5,,,,,,5,city"),
         "no_limit_to_raise", "works.csv", 2, "adds", level="warning"),
    Case("work for a group of several resources", every(
            cell("groups.csv", 3, resource="power_mw", capacity=400), work("w,,labour:5,,,,,,5,city")),
         "ambiguous_group", "works.csv", 2, "adds", "'power_mw', 'workers'"),
    Case("work that makes power cheaper nowhere", work("w,,,,-5,,,,5,city"),
         "work_without_park", "works.csv", 2, "power_price_change_per_mwh"),
    Case("work that makes power cheaper than nothing", work("w,east,,,-501,,,,5,city"),
         "price_below_zero", "works.csv", 2, "power_price_change_per_mwh", "500"),
    Case("road with one end", work("w,,,,,east,,12,5,city"), "incomplete_way", "works.csv", 2, "to"),
    Case("road to nowhere", work("w,,,,,east,prt,12,5,city"),
         "unknown_park", "works.csv", 2, "to", "Did you mean 'port'?"),
    Case("road to where it starts", work("w,,,,,east,east,12,5,city"),
         "incomplete_way", "works.csv", 2, "to"),
    Case("further way of no work", ways("v,east,west,5"), "unknown_work", "ways.csv", 2, "work"),
    Case("further way to nowhere", ways("w,east,prt,5"), "unknown_park", "ways.csv", 2, "to"),
    Case("further way to where it starts", ways("w,east,east,5"), "incomplete_way", "ways.csv", 2, "to"),
    Case("work that is paid for by those who come", work("w,east,land_ha:5,,,,,,-5,city"),
         "negative", "works.csv", 2, "cost_m"),
    Case("work paid from no budget", work("w,east,land_ha:5,,,,,,5,state"),
         "unknown_budget", "works.csv", 2, "budget"),
)  # fmt: skip
