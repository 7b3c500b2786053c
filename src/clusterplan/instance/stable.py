"""`Stable`: what is asked of a plan that no firm would rather leave, and what a move is.

A firm weighs moving alone to another park. Where the others are, what it trades with each partner and what it
is granted are held; what follows is here in words, and in `clusterplan.instance.elsewhere` and
`clusterplan.rules.stability` in numbers:

- It can move to a park that is open, admits it, has what it needs once it has left its own park (what it uses
  of a shared group is credited), and keeps it apart from the stages it must keep apart from. Requirements are
  what the planner asks of a plan, not what a firm asks: they hold nobody.
- Quantities stay with each partner and each gateway, at the new distance. What can't reach a partner or
  gateway from there (beyond `max_supply_km`, or no way) goes through the gateway that leaves the firm most,
  of those that trade the product without a limit: spare volume at the others depends on all that others do.
  Where there is no such gateway, the quantity is lost. A firm that would so lose a hundredth (`LOST`) of a
  full output or need, the shares of all its products added up, can't move there; what is less is given up
  without gain or loss.
- Each grant is cut to what the instrument allows there (access to a platform: where one is within reach), and
  what counts as aid to the ceiling there, so that the firm keeps what is worth most to it.
- Utilisation, who is linked with whom, sizes of parks and public works stay as they are.

Source: Nash stability, as of coalitions in Bogomolnaia and Jackson (2002), The stability of hedonic coalition
structures, with parks for coalitions and with room in them.
"""

from __future__ import annotations

from dataclasses import dataclass

from clusterplan.instance.frozen import Bools, Frozen

LOST = 0.01
"""Share of full outputs and needs, added up, that a firm does not give up in order to move."""
FITS = 1e-5
"""What a firm may lack and still fit, as a share of what there is, so that rounding decides nothing."""


@dataclass(frozen=True)
class Stable(Frozen):
    """Who may move where, whatever part of the question is looked at.

    Parameters
    ----------
    admissible
        F×S, True where the firm may be put in the park: that of the whole instance, also in a part or case of
        it.
    moves
        F, True for firms that decide about their place: enterprises that are not there already.
    relocation
        What a move costs a firm, m currency/y.
    """

    admissible: Bools
    moves: Bools
    relocation: float
