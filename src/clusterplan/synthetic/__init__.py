"""Believable random regions of the battery chain, at any size: the same for the same seed.

Tests and benchmarks share them. A region is made of chains of twelve roles around a cell maker each
(cathode, anode, electrolyte, separator, their raw materials, packs, a testing centre); firms and
parks are drawn so that some 40 % of park pairs are in reach, a firm has about 5 collaboration links
(or as many as are asked for) and at most 6 supply pairs, land is scarce, and some candidates come
only with a grant.
"""

from __future__ import annotations

import numpy as np

from clusterplan.errors import UsageError
from clusterplan.region import Region
from clusterplan.synthetic.roles import ROLES, Member
from clusterplan.synthetic.tables import (
    draw_firms,
    draw_gateways,
    draw_incentives,
    draw_links,
    draw_manifest,
    draw_markets,
    draw_parks,
    draw_products,
    draw_recipes,
)

LINKS_PER_FIRM = 5


def region(firms: int, parks: int, seed: int = 0, *, links_per_firm: float = LINKS_PER_FIRM) -> Region:
    """Return a random region.

    Parameters
    ----------
    firms, parks
        How many of each, at least 1.
    seed
        Seed of the random numbers.
    links_per_firm
        Collaboration links by firms, at most one a pair; all but the links is the same for any number.

    Returns
    -------
    Region
        Fictional; every number is assumed. The first firm is an existing anchor.

    Raises
    ------
    UsageError
        If a number is less than 1, or that of links negative.

    Examples
    --------
    >>> small = region(12, 3, seed=1)
    >>> len(small.firms), len(small.parks)
    (12, 3)
    """
    if firms < 1 or parks < 1:
        raise UsageError("A synthetic region needs at least one firm and one park.")
    if not 0 <= links_per_firm < np.inf:
        raise UsageError(f"A firm has 0 links or more, not {links_per_firm!r}.")
    rng = np.random.default_rng(seed)
    members = [Member(i // len(ROLES), i % len(ROLES)) for i in range(firms)]
    firm_table = draw_firms(rng, members)
    products = draw_products(members)
    aid = 0.02 * float(firm_table["investment_m"].iloc[1:].sum())
    park_table = draw_parks(rng, parks, firm_table)
    links = draw_links(rng, members, LINKS_PER_FIRM * firms)
    if links_per_firm != LINKS_PER_FIRM:  # drawn apart, so that all else stays as it is
        links = draw_links(np.random.default_rng([seed, firms]), members, round(links_per_firm * firms))
    tables = {
        "parks": park_table,
        "firms": firm_table,
        "products": products,
        "recipes": draw_recipes(members),
        "links": links,
        "gateways": draw_gateways(),
        "markets": draw_markets(rng, products),
        "incentives": draw_incentives(),
    }
    given = {name: table.assign(provenance="assumed") for name, table in tables.items() if len(table)}
    name = f"synthetic_{firms}_{parks}_{seed}"
    if links_per_firm != LINKS_PER_FIRM:
        name += f"_links_{links_per_firm:g}".replace(".", "_")
    return Region.from_frames(manifest=draw_manifest(name, aid), **given)
