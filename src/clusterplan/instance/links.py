"""Collaboration links."""

from __future__ import annotations

from dataclasses import dataclass

from clusterplan.instance.frozen import Floats, Frozen, Ints


@dataclass(frozen=True)
class Links(Frozen):
    """Collaboration links.

    Parameters
    ----------
    names
        Ids.
    a, b
        L, firms.
    weight
        L, m currency/y at kernel 1.
    kind
        L, row of ``kernels``.
    kernels
        K×S×S, what a link is worth by the parks of a (row) and b (column), any sign; for a region
        the proximity of the kind.
    kinds
        K names.
    share_a, share_b
        L, shares of the value.
    """

    names: tuple[str, ...]
    a: Ints
    b: Ints
    weight: Floats
    kind: Ints
    kernels: Floats
    kinds: tuple[str, ...]
    share_a: Floats
    share_b: Floats
