"""How shares are written for people, wherever one is: the one rule of the house."""

from __future__ import annotations

ALL = 1e-6
"""A share this near to all, or to nothing, differs from it by rounding."""


def share_of(share: float, places: int = 0, *, signed: bool = False) -> str:
    """Return a share as a percentage that says all only of all, and nothing only of nothing.

    A share that would be rounded to either has one decimal, or a sign where even that rounds.

    Parameters
    ----------
    share
        The share, 1 for all; below 0 and above 1 where it is a change, or more than all.
    places
        Decimals.
    signed
        Write a plus before what is more than nothing, as of a change.

    Examples
    --------
    >>> share_of(0.83), share_of(0.996), share_of(0.9998), share_of(1.0), share_of(0.0002)
    ('83%', '99.6%', '>99.9%', '100%', '<0.1%')
    >>> share_of(0.1, signed=True), share_of(-0.004, signed=True), share_of(1.004)
    ('+10%', '-0.4%', '100.4%')
    """
    size, sign = abs(share), "-" if share < 0 else "+" if signed else ""
    end = 0.0 if size < 0.5 else 1.0
    if abs(size - end) <= min(ALL, 10.0 ** -(places + 4)):
        return f"{sign if end else ''}{end:.{places}%}"
    finer = max(places, 1)
    for decimals in range(places, finer + 1):
        if (text := f"{size:.{decimals}%}") != f"{end:.{decimals}%}":
            return sign + text
    step = 10.0 ** -(finer + 2)  # one of the last decimal
    near = step if not end else end if size > end else end - step
    is_less = (not end) == (share > 0)
    return f"{'<' if is_less else '>'}{sign}{near:.{finer if near != end else places}%}"
