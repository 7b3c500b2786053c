"""What a move would change: of the value, and of the excess over limits, without making it."""

from __future__ import annotations

from clusterplan.solve.seek.kernel import kernel
from clusterplan.solve.seek.state import aid, move, over


@kernel(forceinline=True)
def _also(p, c, t):
    """Return whether limit c is of several parks, t among them."""
    return c >= p.first_shared and t >= 0 and p.member[c - p.first_shared, t]


@kernel(forceinline=True)
def excess_of_shift(p, st, f, s, t):
    """Return by how much layouts get further outside their limits if f goes from s to t."""
    change = 0.0
    if s >= 0:
        for i in range(p.lptr[s], p.lptr[s + 1]):
            c = p.lid[i]
            amount = p.need[f, p.lres[i]]
            if amount != 0.0 and not _also(p, c, t):
                change += over(st.used[c] - amount, p.least[c], p.most[c], p.norm[c])
                change -= over(st.used[c], p.least[c], p.most[c], p.norm[c])
    if t >= 0:
        for i in range(p.lptr[t], p.lptr[t + 1]):
            c = p.lid[i]
            amount = p.need[f, p.lres[i]]
            if amount != 0.0 and not _also(p, c, s):
                change += over(st.used[c] + amount, p.least[c], p.most[c], p.norm[c])
                change -= over(st.used[c], p.least[c], p.most[c], p.norm[c])
    return change


@kernel(forceinline=True)
def excess_of_swap(p, st, f, g, s, t):
    """Return the same if f in s and g in t (either may be `OUT`) change places."""
    change = 0.0
    if s >= 0:
        for i in range(p.lptr[s], p.lptr[s + 1]):
            c = p.lid[i]
            amount = p.need[g, p.lres[i]] - p.need[f, p.lres[i]]
            if amount != 0.0 and not _also(p, c, t):
                change += over(st.used[c] + amount, p.least[c], p.most[c], p.norm[c])
                change -= over(st.used[c], p.least[c], p.most[c], p.norm[c])
    if t >= 0:
        for i in range(p.lptr[t], p.lptr[t + 1]):
            c = p.lid[i]
            amount = p.need[f, p.lres[i]] - p.need[g, p.lres[i]]
            if amount != 0.0 and not _also(p, c, s):
                change += over(st.used[c] + amount, p.least[c], p.most[c], p.norm[c])
                change -= over(st.used[c], p.least[c], p.most[c], p.norm[c])
    return change


@kernel(forceinline=True)
def value_of_shift(p, st, f, s, t):
    """Return what the layout gains if f goes from s to t (either may be `OUT`), opening costs included."""
    change = 0.0
    if t >= 0:
        change += st.gain[f, t]
        if st.count[t] == 0 and not p.open_always[t]:
            change -= p.opening[t]
    if s >= 0:
        change -= st.gain[f, s]
        if st.count[s] == 1 and not p.open_always[s]:
            change += p.opening[s]
    if p.has_own:
        change -= aid_of_shift(p, st, f, s, t)
    return change


@kernel()
def aid_of_shift(p, st, f, s, t):
    """Return how much more aid it takes if f goes from s to t: for itself, and for its partners."""
    more = 0.0
    if t >= 0:
        more += aid(p, f, t, st.own[f, t])
    if s >= 0:
        more -= aid(p, f, s, st.own[f, s])
    i, end = p.ptr[f], p.ptr[f + 1]
    while i < end:
        g = p.other[i]
        u = st.park[g]
        change = 0.0
        while i < end and p.other[i] == g:  # all links of the two at once: partners are sorted
            if u >= 0:
                w, k = p.own_weight[i, 1], p.kind[i] ^ 1
                if t >= 0:
                    change += w * p.own_values[k, t, u]
                if s >= 0:
                    change -= w * p.own_values[k, s, u]
            i += 1
        if change != 0.0:
            kept = st.own[g, u]
            more += aid(p, g, u, kept + change) - aid(p, g, u, kept)
    return more


@kernel()
def _value_of_swap_own(p, st, f, g, s, t):
    """Return the same one after the other: both may be partners of one firm that asks."""
    change = value_of_shift(p, st, f, s, t)
    move(p, st, f, t)
    change += value_of_shift(p, st, g, t, s)
    move(p, st, f, s)
    return change


@kernel(forceinline=True)
def value_of_swap(p, st, f, g, s, t):
    """Return what the layout gains if f in s and g in t (either may be `OUT`) change places."""
    change = 0.0
    if p.has_own:
        return _value_of_swap_own(p, st, f, g, s, t)
    if t >= 0:
        change += st.gain[f, t] - st.gain[g, t]
    if s >= 0:
        change += st.gain[g, s] - st.gain[f, s]
    if len(p.pair) > 0:
        i = p.pair[f, g]
        if i < 0:
            return change
    else:
        i, end = p.ptr[f], p.ptr[f + 1]
        while i < end:  # partners are sorted
            middle = (i + end) // 2
            if p.other[middle] < g:
                i = middle + 1
            else:
                end = middle
    # gains were read with the partner in its old place: put the links between the two right
    while i < p.ptr[f + 1] and p.other[i] == g:
        w, k = p.weight[i], p.kind[i]
        if s >= 0 and t >= 0:
            change += w * (p.values[k, t, s] + p.values[k, s, t] - p.values[k, t, t] - p.values[k, s, s])
        elif t >= 0:  # f comes into t as g leaves it: gain[f, t] counted g there
            change -= w * p.values[k, t, t]
        elif s >= 0:
            change -= w * p.values[k, s, s]
        i += 1
    return change
