"""How much of its utilisation a firm spends on its second route: what it sells and buys tells.

With utilisation q, of which d goes to the second route, a firm makes output · (q − d) + other_output · d of
each product, and needs likewise. So what is traded of a product of which the routes differ tells d. Of
several such, it is the d that fits all best by least squares, in shares of the firm's full amounts, so that
rounding stays rounding.
"""

from __future__ import annotations

import numpy as np

from clusterplan.instance.decisions import Decisions
from clusterplan.instance.frozen import Floats
from clusterplan.instance.instance import Instance


def by_second_route(instance: Instance, decisions: Decisions) -> Floats:
    """Return (F,) the part of full utilisation that goes to a second route; 0 for firms without one."""
    trade = instance.trade
    found = np.zeros(instance.n_firms)
    two = trade.second_routes
    if not len(two) or trade.other_output is None or trade.other_need is None:
        return found
    sold, bought = decisions.sold.sum(axis=2), decisions.bought.sum(axis=2)
    np.add.at(sold, (trade.seller, trade.product), decisions.supply)
    np.add.at(bought, (trade.buyer, trade.product), decisions.supply)
    most = np.hstack([trade.most_output, trade.most_need])[two]
    own = np.hstack([trade.output, trade.need])[two]
    more = np.hstack([trade.other_output, trade.other_need])[two] - own
    over = np.hstack([sold, bought])[two] - own * decisions.load[two, None]
    scale = np.where(most > 0, most, 1.0)
    share, beyond = more / scale, over / scale
    found[two] = (share * beyond).sum(axis=1) / (share**2).sum(axis=1)
    found[two] = np.clip(found[two], 0.0, decisions.load[two])
    return np.where((found > 1e-9) & (decisions.park >= 0), found, 0.0)
