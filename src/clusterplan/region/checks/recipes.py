"""Recipes and trade: what goes in can be had, what comes out can be sold.

Rules: ``made_of_itself``, ``recipe_cycle``, ``unused_recipe``, ``no_recipe_for_route``, ``unmet_input``,
``unsold_product``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from clusterplan.errors import Fault
from clusterplan.region.checks.chain import by_routes, needs, outputs, recipe, traded
from clusterplan.region.checks.known import Known, Row, listed
from clusterplan.region.checks.siting import is_out, must_be_placed


def check_recipes(known: Known) -> Iterator[Fault]:
    """Yield a fault for every recipe that can't be worked by, and for trade that can't take place."""
    for row in known.rows("recipes"):
        if row["product"] is not None and row["product"] == row["input"]:
            yield known.fault(
                "recipes",
                f"'{row['product']}' would be made out of itself.",
                "Write what really goes in; for a share that is fed back, write only what is bought.",
                rule="made_of_itself",
                row=row,
                column="input",
            )
    yield from _cycles(known)
    if _trade_is_known(known):
        yield from _unused(known)
        yield from _routes_without(known)
        yield from _unmet(known)
        yield from _unsold(known)


def _trade_is_known(known: Known) -> bool:
    """Return whether who makes, needs and trades what can be told: every product and stage named is one."""
    if not known.firms or known.broken("products", "recipes", "gateways", "markets"):
        return False
    stages = known.manifest.stages
    products = [
        *(row["product"] for row in known.rows("markets")),
        *(row[column] for row in known.rows("recipes") for column in ("product", "input")),
        *(product for firm in known.rows("firms") for product in outputs(firm)),
    ]
    works = [row["stage"] for table in ("firms", "recipes") for row in known.rows(table)]
    return all(product in known.products for product in products) and all(stage in stages for stage in works)


def _cycles(known: Known) -> Iterator[Fault]:
    """Yield products that are made out of each other in a ring: right for recycling, else a slip."""
    products = list(known.products)
    position = {product: i for i, product in enumerate(products)}
    arcs = [
        (position[row["input"]], position[row["product"]])
        for row in known.rows("recipes")
        if row["input"] in position and row["product"] in position and row["input"] != row["product"]
    ]
    if not arcs:
        return
    tails, heads = np.array(arcs).T
    n = len(products)
    graph = coo_array((np.ones(len(arcs)), (tails, heads)), shape=(n, n)).tocsr()
    _, component = connected_components(graph, directed=True, connection="strong")
    for label in np.flatnonzero(np.bincount(component) > 1):
        ring = _ring(graph, np.flatnonzero(component == label))
        names = [products[i] for i in ring]
        yield known.fault(
            "recipes",
            f"Products are made out of each other in a ring: {' -> '.join([*names, names[0]])}.",
            "Right where something is recycled; otherwise correct one of the recipes.",
            rule="recipe_cycle",
            value=" -> ".join([*names, names[0]]),
            level="warning",
        )


def _ring(graph: coo_array, members: np.ndarray) -> list[int]:
    """Return a shortest ring through the first member of a strongly connected component."""
    inner = graph[members][:, members]
    order, before = breadth_first_order(inner, 0, directed=True)
    last = next(int(node) for node in order if inner[[node], [0]][0] != 0)
    path = [last]
    while path[-1] != 0:
        path.append(int(before[path[-1]]))
    return [int(members[i]) for i in reversed(path)]


def _unused(known: Known) -> Iterator[Fault]:
    """Yield recipes no firm works by, once for each product of a stage and route."""
    used: set[tuple[str, str | None, str]] = set()
    lacking: set[tuple[str, str]] = set()
    for firm in known.rows("firms"):
        rows = [row for work in by_routes(firm) for row in recipe(known, work)]
        used.update((row["stage"], row["route"], row["product"]) for row in rows)
        if not rows:
            lacking.add((firm["stage"], firm["product"]))
    told: set[tuple[str, str | None, str]] = set()
    for row in known.rows("recipes"):
        work = (row["stage"], row["route"], row["product"])
        # A firm of another route that lacks its recipe is told; this would be the same slip again.
        if work in used | told or (row["stage"], row["product"]) in lacking or None in (work[0], work[2]):
            continue
        told.add(work)
        route = f" by route '{row['route']}'" if row["route"] is not None else ""
        yield known.fault(
            "recipes",
            f"No firm of stage '{row['stage']}' makes '{row['product']}'{route}; the recipe is not used.",
            f"Check stage, route and product here and in {known.file('firms')}.",
            rule="unused_recipe",
            row=row,
            column="stage",
            level="warning",
        )


def _routes_without(known: Known) -> Iterator[Fault]:
    """Yield firms without inputs whose product has recipes, but none for their route."""
    by_work: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in known.rows("recipes"):
        if row["route"] is not None:
            by_work[row["stage"], row["product"]].append(row["route"])
    for firm in known.rows("firms"):
        others = by_work.get((firm["stage"], firm["product"]))
        if is_out(firm) or not others or recipe(known, firm):
            continue
        route = "no route" if firm["route"] is None else f"route '{firm['route']}'"
        yield known.fault(
            "firms",
            f"The firm has {route}, and '{firm['product']}' has recipes only for "
            f"{listed(sorted(set(others)))}: it would need no inputs.",
            f"Give the firm one of these routes, or add to {known.file('recipes')} a recipe of its route "
            "or one without a route.",
            rule="no_recipe_for_route",
            row=firm,
            column="route",
            level="warning",
        )


def _cannot_run(firm: Row) -> bool:
    """Return whether a firm without partners makes every plan impossible: it is in and can't be idle."""
    return must_be_placed(firm) and bool(firm["min_load"]) and firm["other_route"] is None


def _unmet(known: Known) -> Iterator[Fault]:
    """Yield inputs that no other firm makes and no gateway sells, once for each input."""
    sold = traded(known, "sells_at")
    active = [firm for firm in known.rows("firms") if not is_out(firm)]
    makers: dict[str, set[str]] = defaultdict(set)
    users: dict[str, list[Row]] = defaultdict(list)
    for firm in active:
        for product in (product for work in by_routes(firm) for product in outputs(work)):
            makers[product].add(firm["firm"])
        for product in needs(known, firm):
            users[product].append(firm)
    for product, buyers in users.items():
        short = [firm for firm in buyers if not makers[product] - {firm["firm"]}]
        if product in sold or not short:
            continue
        stuck = [firm["firm"] for firm in short if _cannot_run(firm)]
        first = next(row for firm in short for row in recipe(known, firm) if row["input"] == product)
        names = stuck or [firm["firm"] for firm in short]
        yield known.fault(
            "recipes",
            f"No other firm makes '{product}' and no gateway sells it, so {listed(names)} can't run"
            + (", though placed in every plan." if stuck else "."),
            f"Add a row to {known.file('markets')} where it can be bought, or a firm that makes it.",
            rule="unmet_input",
            row=first,
            column="input",
            level="error" if stuck else "warning",
        )


def _unsold(known: Known) -> Iterator[Fault]:
    """Yield products that no other firm needs and no gateway buys, once for each: they are not made."""
    bought = traded(known, "buys_at")
    active = [firm for firm in known.rows("firms") if not is_out(firm)]
    users: dict[str, set[str]] = defaultdict(set)
    makers: dict[str, list[Row]] = defaultdict(list)
    for firm in active:
        for product in (product for work in by_routes(firm) for product in needs(known, work)):
            users[product].add(firm["firm"])
        for product, quantity in outputs(firm).items():
            if quantity:
                makers[product].append(firm)
    for product, sellers in makers.items():
        idle = [firm for firm in sellers if not users[product] - {firm["firm"]}]
        if product in bought or not idle:
            continue
        stuck = [firm for firm in idle if _cannot_run(firm)]
        first = (stuck or idle)[0]
        names = [firm["firm"] for firm in stuck or idle]
        yield known.fault(
            "firms",
            f"No other firm needs '{product}' and no gateway buys it, so {listed(names)} can't make it"
            + (", though placed in every plan with a least load." if stuck else "."),
            f"Add a row to {known.file('markets')} where it can be sold, or a recipe that needs it.",
            rule="unsold_product",
            row=first,
            column="product" if first["product"] == product else "co_products",
            level="error" if stuck else "warning",
        )
