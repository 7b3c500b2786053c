"""The causes behind a written program: its rows, and the bounds of its columns, as a planner names them.

Rows that only say what a column means (a firm needs an open park; a link is there when both firms are) are
no causes: they hold always. Rows of a rule that is not known here are told by their own names, and can't
give way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from clusterplan.explore.obstacles.cause import Cause
from clusterplan.explore.obstacles.of_chain import chain_causes
from clusterplan.explore.obstacles.of_money import money_causes
from clusterplan.explore.obstacles.of_places import bound_causes, place_causes
from clusterplan.explore.obstacles.words import Words
from clusterplan.instance import Bar, Instance, Ints
from clusterplan.region import Region
from clusterplan.rules import Written
from clusterplan.rules.program import RowBlock

MEANING = frozenset(
    {
        "siting",
        "placed_once",
        "load_most",
        "links_most",
        "links_least",
        "loops_there",
        "loops_reach",
        "loops_least",
        "loops_there_least",
        "loops_way",
        "loops_way_least",
        "levels",
        "saved_there",
        "saved_built",
        "saved_least",
        "way_built",
        "way_shortest",
        "way_of_link",
    }
)
"""Rules whose rows say what columns mean."""

Named = dict[str, dict[str, Cause]]
"""Causes by rule and by the name that their rows have in the program."""


def causes_of(region: Region, instance: Instance, written: Written, barred: tuple[Bar, ...]) -> list[Cause]:
    """Return every cause of a region, with its rows and columns.

    Parameters
    ----------
    region
        The region as it is.
    instance, written
        Its lifted instance, and the program of that.
    barred
        What keeps firms out of parks.
    """
    words = Words(region)
    named: Named = {}
    for part in (place_causes, chain_causes, money_causes):
        named |= part(words, region, instance)
    rows: dict[int, list[int]] = {}
    found: dict[int, Cause] = {}
    for row, rule, name in _rows(written):
        cause = _cause(named, rule, name)
        found[id(cause)] = cause
        rows.setdefault(id(cause), []).append(row)
    of_rows = [_with_rows(cause, np.array(rows[key], dtype=np.int64)) for key, cause in found.items()]
    return [*of_rows, *bound_causes(words, region, written, barred)]


def _rows(written: Written) -> Iterator[tuple[int, str, str]]:
    """Yield number, rule and name of each row that is not only a meaning."""
    first = 0
    for block in written.program.row_blocks:
        if block.rule not in MEANING:
            yield from ((first + i, *_name(block, i)) for i in range(block.count))
        first += block.count


def _name(block: RowBlock, i: int) -> tuple[str, str]:
    return block.rule, block.name(i)


def _cause(named: Named, rule: str, name: str) -> Cause:
    """Return the cause that a row belongs to; one of its own where its rule is not known."""
    own = named.setdefault(rule, {})
    if name not in own:
        head = name.partition(": ")[0]  # rows of a separation go on with firms and parks
        own[name] = own.get(f"{head}: ") or Cause(rule, (name,), f"{rule}: {name}.")
    return own[name]


def _with_rows(cause: Cause, rows: Ints) -> Cause:
    ease = None if cause.ease is None else replace(cause.ease, rows=rows)
    return replace(cause, rows=rows, ease=ease)


Part = Callable[[Words, Region, Instance], Named]
