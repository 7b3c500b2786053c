"""Annealing over moves of a layout, compiled.

Layouts outside limits are allowed at a price, so that the search can pass between islands of feasible ones;
the price moves with how often layouts are feasible (strategic oscillation: Glover 1986, Future paths for
integer programming).
"""

from __future__ import annotations

import numpy as np

from clusterplan.solve.seek.chance import accepts, below, uniform
from clusterplan.solve.seek.changes import excess_of_shift, excess_of_swap, value_of_shift, value_of_swap
from clusterplan.solve.seek.kernel import kernel
from clusterplan.solve.seek.parkmoves import shut_or_open, trade
from clusterplan.solve.seek.state import EXCESS, HARD, OUT, VALUE, fill, move


@kernel(forceinline=True)
def _shift(p, st, random, price, temperature):
    """Try one firm in another park, or out; return whether it was moved."""
    f = p.free[below(random, len(p.free))]
    s = st.park[f]
    width = p.places_ptr[f + 1] - p.places_ptr[f]
    pick = below(random, width + (1 if p.may_leave[f] else 0))
    t = p.places[p.places_ptr[f] + pick] if pick < width else OUT
    if t == s:
        return False
    became = st.n_open[0]
    if s >= 0 and st.count[s] == 1 and not p.open_always[s]:
        became -= 1
    if t >= 0 and st.count[t] == 0 and not p.open_always[t]:
        became += 1
    if became > p.open_max or became < p.open_min:
        # from outside the bounds, steps towards them are welcome
        now = st.n_open[0]
        if not (p.open_max < became < now or p.open_min > became > now):
            return False
    change = value_of_shift(p, st, f, s, t)
    more = excess_of_shift(p, st, f, s, t)
    if not accepts(random, change - price * more, temperature):
        return False
    move(p, st, f, t)
    st.total[VALUE] += change
    st.total[EXCESS] += more
    return True


@kernel(forceinline=True)
def _swap(p, st, random, price, temperature):
    """Try two firms in each other's places; return whether they were moved."""
    f = p.free[below(random, len(p.free))]
    g = p.free[below(random, len(p.free))]
    s, t = st.park[f], st.park[g]
    if s == t:
        return False
    if (t >= 0 and p.linear[f, t] == -np.inf) or (s >= 0 and p.linear[g, s] == -np.inf):
        return False
    if (t < 0 and not p.may_leave[f]) or (s < 0 and not p.may_leave[g]):
        return False
    change = value_of_swap(p, st, f, g, s, t)
    more = excess_of_swap(p, st, f, g, s, t)
    if not accepts(random, change - price * more, temperature):
        return False
    move(p, st, f, t)
    move(p, st, g, s)
    st.total[VALUE] += change
    st.total[EXCESS] += more
    return True


@kernel(forceinline=True)
def keep(st, best):
    """Copy the layout."""
    for f in range(len(best)):
        best[f] = st.park[f]


@kernel()
def anneal(p, st, random, price, plan, best, log, order):
    """Anneal a layout in place; keep the best feasible layout met in ``best``.

    Parameters
    ----------
    p, st
        `Problem` and `State`; of the state only ``park`` need be right at the start.
    random
        (1,) uint64, the random state; changed.
    price
        (1,) price of a unit of excess; changed.
    plan
        (8,) work; first and last temperature (falling geometrically); share of layouts that should be
        feasible at first; of the moves, the share of single firms, of parks shut or opened, and of parks
        that exchange all firms (the rest are exchanges of two firms); share of layouts that should be
        feasible at the end.
        A move of one or two firms is one unit of work, a move of parks 1 + free firms ÷ 8.
    best
        (F,) best feasible layout; changed when one is met.
    log
        (2, F) room to work in.
    order
        (n,) firms that may be moved.

    Returns
    -------
    tuple
        Value of the best feasible layout (−inf if none was met), and the number of moves taken.
    """
    steps = int(plan[0])
    temperature, cold, share = plan[1], plan[2], plan[3]
    shifts = plan[4]
    parks = shifts + plan[5]
    trades = parks + plan[6]
    end_share = plan[7]
    fill(p, st)
    top = -np.inf
    if st.total[EXCESS] < HARD and p.open_min <= st.n_open[0] <= p.open_max:
        top = st.total[VALUE]
        keep(st, best)
    slack = 1e-9 * (1.0 + abs(st.total[VALUE]))
    cooling = (cold / temperature) ** (64.0 / max(64, steps))
    floor = 1e-3 * price[0]
    whole = 1 + len(order) // 8
    feasible = tried = taken = step = 0
    cool, fresh = 64, 1048576
    while step < steps:
        if step >= cool:
            while cool <= step:
                temperature *= cooling
                cool += 64
            if tried >= 1024:
                progress = step / steps
                aim = tried * (share + (end_share - share) * progress * progress)
                if feasible < 0.8 * aim:
                    price[0] *= 1.15
                elif feasible > 1.2 * aim and price[0] > floor:
                    price[0] *= 0.87
                feasible = tried = 0
                if step >= fresh:
                    fill(p, st)  # sums drift
                    fresh += 1048576
        tried += 1
        if st.total[EXCESS] < HARD:
            feasible += 1
        draw = uniform(random)
        if draw < shifts:
            step += 1
            done = _shift(p, st, random, price[0], temperature)
        elif draw >= trades:
            step += 1
            done = _swap(p, st, random, price[0], temperature)
        elif draw < parks:
            step += whole
            done = shut_or_open(p, st, random, order, log, price[0], temperature)
        else:
            step += whole
            done = trade(p, st, random, order, log, price[0], temperature)
        if not done:
            continue
        taken += 1
        if st.total[EXCESS] < HARD:
            st.total[EXCESS] = max(st.total[EXCESS], 0.0)
            if st.total[VALUE] > top + slack and p.open_min <= st.n_open[0] <= p.open_max:
                top = st.total[VALUE]
                keep(st, best)
    return top, taken
