"""Innovation loops as arrays: which firms produce in them, which stages they need, and what is near."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance.frozen import Bools, Floats, Frozen, Ints


@dataclass(frozen=True)
class Loops(Frozen):
    """Innovation loops: K loops, N producers of a loop, M pieces (stages that a loop needs).

    Parameters
    ----------
    names
        K ids.
    value, share
        K, worth of a closed loop to each producer, m currency/y, and the part that it keeps.
    near
        K×S×S, True where a piece in the column's park is within reach of a producer in the row's.
    producer, loop
        N, the firm and its loop. A firm may be a producer of several loops.
    piece_loop, piece_stage
        M, the loop that needs the piece, and the id of its stage.
    piece_firms
        M×F, True for the firms of that stage.
    """

    names: tuple[str, ...]
    value: Floats
    share: Floats
    near: Bools
    producer: Ints
    loop: Ints
    piece_loop: Ints
    piece_stage: tuple[str, ...]
    piece_firms: Bools

    def needs(self) -> Bools:
        """Return N×M, True where the piece is one of the producer's loop."""
        return np.asarray(self.loop[:, None] == self.piece_loop[None, :])

    def around(self, park: Ints) -> Bools:
        """Return N×M×S, True where the producer, were it in the park, would have the piece within reach.

        Parameters
        ----------
        park
            F, the park of each firm, −1 for a firm that is out.
        """
        if not self.names:
            return np.zeros((0, 0, 0), dtype=bool)
        placed = park >= 0
        close = self.near[self.piece_loop][:, :, park[placed]]  # M×S×placed
        there = np.einsum("msf,mf->ms", close.astype(np.int64), self.piece_firms[:, placed].astype(np.int64))
        count = np.broadcast_to(there, (len(self.producer), *there.shape)).copy()
        # a firm is no piece of its own loop
        n, m = np.nonzero(self.piece_firms[:, self.producer].T & placed[self.producer, None])
        count[n, m] -= self.near[self.piece_loop[m], :, park[self.producer[n]]]
        return np.asarray(count > 0)

    def lacks(self, park: Ints) -> Bools:
        """Return N×M, True where a placed producer lacks a piece of its loop; see `around`."""
        at = park[self.producer]
        around = self.around(park)
        there = np.zeros(around.shape[:2], dtype=bool)
        placed = np.flatnonzero(at >= 0)
        there[placed] = around[placed, :, at[placed]]
        return np.asarray(self.needs() & ~there & (at >= 0)[:, None])

    def closed(self, park: Ints) -> Bools:
        """Return N, True for a producer that is placed with every piece of its loop within reach."""
        return np.asarray((park[self.producer] >= 0) & ~self.lacks(park).any(axis=1))


_no_numbers = np.zeros(0)
_no_places = np.zeros(0, dtype=np.int64)
NO_LOOPS = Loops(
    names=(),
    value=_no_numbers,
    share=_no_numbers,
    near=np.zeros((0, 0, 0), dtype=bool),
    producer=_no_places,
    loop=_no_places,
    piece_loop=_no_places,
    piece_stage=(),
    piece_firms=np.zeros((0, 0), dtype=bool),
)
"""No loops."""
