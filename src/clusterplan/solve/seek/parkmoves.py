"""Moves of whole parks: shut one, open one, both at once, or have two parks exchange all their firms."""

from __future__ import annotations

import numpy as np

from clusterplan.solve.seek.chance import accepts, below
from clusterplan.solve.seek.changes import excess_of_shift, value_of_shift
from clusterplan.solve.seek.kernel import kernel
from clusterplan.solve.seek.state import EXCESS, OUT, VALUE, move


@kernel()
def undo(p, st, log, logged, value, excess):
    """Take moves back, the last first."""
    for i in range(logged - 1, -1, -1):
        move(p, st, log[0, i], log[1, i])
    st.total[VALUE] = value
    st.total[EXCESS] = excess


@kernel()
def log_move(p, st, f, t, log, logged):
    """Move a firm, bring totals up to date, and note where it was."""
    s = st.park[f]
    st.total[VALUE] += value_of_shift(p, st, f, s, t)
    st.total[EXCESS] += excess_of_shift(p, st, f, s, t)
    move(p, st, f, t)
    log[0, logged] = f
    log[1, logged] = s


@kernel()
def _best_place(p, st, f, shut, opened, price):
    """Return the park, in use or being opened, that suits a firm of a park that is shut; −2 if none."""
    s = st.park[f]
    top, to = -np.inf, -2
    for q in range(p.places_ptr[f], p.places_ptr[f + 1]):
        t = p.places[q]
        if t == shut or (st.count[t] == 0 and t != opened and not p.open_always[t]):
            continue
        offer = st.gain[f, t] - price * excess_of_shift(p, st, f, s, t)
        if offer > top:
            top, to = offer, t
    if p.may_leave[f] and top < -price * excess_of_shift(p, st, f, s, OUT):
        to = OUT
    return to


@kernel()
def shut_or_open(p, st, random, order, log, price, temperature):
    """Shut a park (its firms go where they suit best), open one (firms that gain come), or both.

    Returns
    -------
    bool
        Whether the move was taken.
    """
    n_free = len(order)
    shut = opened = -1
    which = below(random, 3)
    if which != 1:
        shut = st.park[order[below(random, n_free)]]
        if shut < 0 or p.open_always[shut]:
            shut = -1
    if which != 0:
        t = below(random, p.linear.shape[1])
        if st.count[t] == 0 and t != shut:
            opened = t
    if shut < 0 and opened < 0:
        return False
    became = st.n_open[0]
    if shut >= 0:
        became -= 1
    if opened >= 0 and not p.open_always[opened]:
        became += 1
    if became > p.open_max or became < p.open_min:
        return False
    value, excess = st.total[VALUE], st.total[EXCESS]
    logged = 0
    first = below(random, n_free)
    for i in range(n_free):
        f = order[(first + i) % n_free]
        s = st.park[f]
        to = -3
        if shut >= 0 and s == shut:
            to = _best_place(p, st, f, shut, opened, price)
            if to == -2:
                undo(p, st, log, logged, value, excess)
                return False
        elif opened >= 0 and p.linear[f, opened] > -np.inf and s != opened:
            offer = st.gain[f, opened] - (st.gain[f, s] if s >= 0 else 0.0)
            if offer > 0.0 and offer > price * excess_of_shift(p, st, f, s, opened):
                to = opened
        if to >= -1 and to != s:
            log_move(p, st, f, to, log, logged)
            logged += 1
    change = (st.total[VALUE] - value) - price * (st.total[EXCESS] - excess)
    fits = p.open_min <= st.n_open[0] <= p.open_max
    if logged > 0 and fits and accepts(random, change, temperature):
        return True
    undo(p, st, log, logged, value, excess)
    return False


@kernel()
def trade(p, st, random, order, log, price, temperature):
    """Let two parks exchange all their firms; or have all firms of one join those of the other.

    Returns
    -------
    bool
        Whether the move was taken.
    """
    n_free = len(order)
    s = st.park[order[below(random, n_free)]]
    t = below(random, p.linear.shape[1])
    if s < 0 or s == t:
        return False
    join = below(random, 3) == 0
    if join:
        t = st.park[order[below(random, n_free)]]
        if t < 0 or t == s:
            return False
    value, excess = st.total[VALUE], st.total[EXCESS]
    logged = 0
    for i in range(n_free):
        f = order[i]
        here = st.park[f]
        if here == s or (here == t and not join):
            to = t if here == s else s
            if p.linear[f, to] == -np.inf:
                undo(p, st, log, logged, value, excess)
                return False
            log_move(p, st, f, to, log, logged)
            logged += 1
    change = (st.total[VALUE] - value) - price * (st.total[EXCESS] - excess)
    fits = p.open_min <= st.n_open[0] <= p.open_max
    if logged > 0 and fits and accepts(random, change, temperature):
        return True
    undo(p, st, log, logged, value, excess)
    return False
