"""Where points of a front of two aims may still be, and which bound on the second aim to ask for next.

Between two points of a front lies an open interval of the second aim that nobody has looked into. Asked for
the best of the first aim with the second at least ε,

- half-way: a new point p leaves (low, ε) and (p, high); the point at the high end says that [ε, high) is
  empty
- just above the low end, once the upper part is empty: a new point p leaves (p, high); the point at the
  high end says that all of it is empty

so that a front of k points is known whole after some 2 k solves, and one of more points is spread evenly.

Source: the ε-constraint method of Haimes, Lasdon and Wismer 1971, with bisection as in Hamacher, Pedersen and
Ruzika 2007, Finding representative systems for discrete bicriterion optimization problems.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Interval:
    """An open interval of the second aim, and the bound to ask for in it.

    Parameters
    ----------
    low, high
        The points between which it lies, m currency/y.
    ask
        The bound on the second aim.
    top
        From where to ``high`` nothing is.
    """

    low: float
    high: float
    ask: float
    top: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.top - self.low


@dataclass
class Unseen:
    """Intervals of the second aim in which a point may be missing.

    Parameters
    ----------
    step
        Points nearer to each other than this are not told apart.
    open
        The intervals.
    given_up
        Whether one was left without an answer.
    """

    step: float
    open: list[Interval] = field(default_factory=list)
    given_up: bool = False

    def add(self, low: float, high: float, top: float | None = None) -> None:
        """Look into an interval below a point, from ``top`` to which nothing is, half-way first."""
        top = high if top is None else top
        if top - low > self.step:
            self.open.append(Interval(low, high, max(low + self.step, (low + top) / 2), top))

    def widest(self, most: int) -> Sequence[Interval]:
        """Take out so many intervals, the widest first."""
        self.open.sort(key=lambda one: -one.width)
        taken, self.open = self.open[:most], self.open[most:]
        return taken

    def answered(self, one: Interval, reached: float | None) -> bool:
        """Take the answer for an interval, and return whether it is a new point.

        Parameters
        ----------
        one
            The interval, as it was taken out.
        reached
            The second aim of the best plan for the first that keeps the bound; None: not known.
        """
        if reached is None:
            self.given_up = True
            return False
        above_low = one.ask <= one.low + self.step
        is_new = one.low + self.step / 2 < reached < one.high - self.step / 2
        if is_new:
            self.add(reached, one.high, one.top)
        if not above_low and is_new:
            self.add(one.low, reached, one.ask)
        elif not above_low and one.ask - one.low > self.step:
            self.open.append(Interval(one.low, one.high, one.low + self.step, one.ask))
        return is_new
