"""A layout as it stands, in compiled arrays: what firms add where, what limits hold, what a move changes.

A layout is kept with three things that make a move cheap: ``gain[f, s]``, what firm f would add in park s
with all others where they are; ``used[c]``, what each limit holds; ``count[s]``, how many firms a park has.
Moving one firm changes the gains of its partners alone: O(partners × parks). What a move would change is
then read off in O(limits of the two parks).

A limit is a range for the sum of one need over the firms of some parks: a park's land, a group's substation,
a required number of firms of a stage. By how much amounts are outside their ranges, in units of each limit,
is the layout's excess: 0 where it is feasible.

Where firms decide for themselves, ``own[f, s]`` is what firm f would keep for itself in park s. A firm that
would lose costs the aid that keeps it, and more where that aid is more than there is; so a move changes
the value through every partner's own account too, and is read off in O(partners).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from clusterplan.solve.seek.kernel import kernel

OUT = -1
"""The park of a firm that stays out."""
VALUE, EXCESS = 0, 1
"""Places in `State.total`."""
HARD = 1e-9
"""Excess below this is none."""


class Problem(NamedTuple):
    """What a layout problem gives: arrays that stay as they are; see `clusterplan.solve.seek.layout`."""

    linear: Any
    may_leave: Any
    opening: Any
    open_always: Any
    open_min: int
    open_max: int
    need: Any
    lptr: Any
    lid: Any
    lres: Any
    least: Any
    most: Any
    norm: Any
    member: Any
    first_shared: int
    ptr: Any
    other: Any
    weight: Any
    kind: Any
    values: Any
    pair: Any
    free: Any
    places_ptr: Any
    places: Any
    has_own: bool
    is_willing: Any
    own_linear: Any
    own_weight: Any
    own_values: Any
    aid_most: Any
    aid_cost: Any
    beyond: float


class State(NamedTuple):
    """A layout as it stands: arrays that moves change.

    Parameters
    ----------
    park
        (F,) park of each firm, `OUT` where it stays out.
    count
        (S,) number of firms.
    used
        (C,) what each limit holds.
    gain
        (F, S) what a firm adds in a park.
    total
        (2,) value and excess.
    n_open
        (1,) number of parks in use.
    own
        (F, S) what a firm would keep for itself in a park; (0, 0) where nobody asks.
    """

    park: Any
    count: Any
    used: Any
    gain: Any
    total: Any
    n_open: Any
    own: Any


@kernel(forceinline=True)
def over(amount, least, most, norm):
    """Return by how much an amount is outside its range, in units of the limit."""
    if amount > most:
        return (amount - most) / norm
    if amount < least:
        return (least - amount) / norm
    return 0.0


@kernel(forceinline=True)
def aid(p, f, s, kept):
    """Return what it costs that a firm in park s keeps so much for itself: nothing if that is not below 0."""
    if s < 0 or kept >= 0.0 or not p.is_willing[f]:
        return 0.0
    short, most = -kept, p.aid_most[f, s]
    if short <= most:
        return p.aid_cost[f] * short
    return p.aid_cost[f] * most + p.beyond * (short - most)


@kernel()
def fill(p, st):
    """Bring all of a state up to date with its parks, from nothing."""
    n, m = p.linear.shape
    for s in range(m):
        st.count[s] = 0
    for c in range(len(p.least)):
        st.used[c] = 0.0
    value = 0.0
    for f in range(n):
        s = st.park[f]
        for r in range(m):
            st.gain[f, r] = p.linear[f, r]
        for i in range(p.ptr[f], p.ptr[f + 1]):
            t = st.park[p.other[i]]
            if t >= 0:
                w = p.weight[i]
                k = p.kind[i] ^ 1
                for r in range(m):
                    st.gain[f, r] += w * p.values[k, t, r]
        if p.has_own:
            for r in range(m):
                st.own[f, r] = p.own_linear[f, r]
            for i in range(p.ptr[f], p.ptr[f + 1]):
                t = st.park[p.other[i]]
                if t >= 0:
                    w, k = p.own_weight[i, 0], p.kind[i]
                    for r in range(m):
                        st.own[f, r] += w * p.own_values[k, t, r]
            if s >= 0:
                value -= aid(p, f, s, st.own[f, s])
        if s >= 0:
            st.count[s] += 1
            for i in range(p.lptr[s], p.lptr[s + 1]):
                st.used[p.lid[i]] += p.need[f, p.lres[i]]
            # a link is seen from both its ends
            value += 0.5 * (st.gain[f, s] + p.linear[f, s])
    excess = 0.0
    for c in range(len(p.least)):
        excess += over(st.used[c], p.least[c], p.most[c], p.norm[c])
    st.n_open[0] = 0
    for s in range(m):
        if st.count[s] > 0 or p.open_always[s]:
            st.n_open[0] += 1
            if not p.open_always[s]:
                value -= p.opening[s]
    st.total[VALUE] = value
    st.total[EXCESS] = excess


@kernel()
def move(p, st, f, t):
    """Put a firm in a park (`OUT`: nowhere); gains, limits and counts are kept true, totals are left."""
    s = st.park[f]
    if s == t:
        return
    if s >= 0:
        st.count[s] -= 1
        for i in range(p.lptr[s], p.lptr[s + 1]):
            st.used[p.lid[i]] -= p.need[f, p.lres[i]]
        if st.count[s] == 0 and not p.open_always[s]:
            st.n_open[0] -= 1
    if t >= 0:
        if st.count[t] == 0 and not p.open_always[t]:
            st.n_open[0] += 1
        st.count[t] += 1
        for i in range(p.lptr[t], p.lptr[t + 1]):
            st.used[p.lid[i]] += p.need[f, p.lres[i]]
    st.park[f] = t
    m = p.linear.shape[1]
    if s >= 0 and t >= 0:
        for i in range(p.ptr[f], p.ptr[f + 1]):
            g, w, k = p.other[i], p.weight[i], p.kind[i]
            for r in range(m):
                st.gain[g, r] += w * (p.values[k, t, r] - p.values[k, s, r])
    else:
        here, sign = (t, 1.0) if t >= 0 else (s, -1.0)
        for i in range(p.ptr[f], p.ptr[f + 1]):
            g, w, k = p.other[i], p.weight[i] * sign, p.kind[i]
            for r in range(m):
                st.gain[g, r] += w * p.values[k, here, r]
    if p.has_own:
        _move_own(p, st, f, s, t)


@kernel()
def _move_own(p, st, f, s, t):
    """Bring up to date what the partners of a firm keep, when it goes from s to t."""
    m = p.linear.shape[1]
    for i in range(p.ptr[f], p.ptr[f + 1]):
        g, w, k = p.other[i], p.own_weight[i, 1], p.kind[i] ^ 1
        if s >= 0:
            for r in range(m):
                st.own[g, r] -= w * p.own_values[k, s, r]
        if t >= 0:
            for r in range(m):
                st.own[g, r] += w * p.own_values[k, t, r]
