"""What a plan can lose at once: firms, parks with all that is in them, gateways."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from clusterplan.errors import UsageError
from clusterplan.instance import Bools, Decisions, Instance
from clusterplan.plan import Plan

KINDS = ("firms", "parks", "gateways")
"""What can be lost."""


@dataclass(frozen=True)
class Lost:
    """One thing, or two, that a plan loses.

    Parameters
    ----------
    about
        What they are: ``firm``, ``park`` or ``gateway``, each once.
    ids, names
        What they are called.
    firms, gateways
        Ids of firms that are gone then, and of gateways that neither buy nor sell.
    """

    about: tuple[str, ...]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    firms: frozenset[str]
    gateways: frozenset[str]

    def with_(self, other: Lost) -> Lost:
        """Return both at once."""
        return Lost(
            tuple(dict.fromkeys((*self.about, *other.about))),
            (*self.ids, *other.ids),
            (*self.names, *other.names),
            self.firms | other.firms,
            self.gateways | other.gateways,
        )

    def gone(self, instance: Instance) -> Bools:
        """Return (F,) which firms are gone."""
        return np.isin(np.array(instance.sites.firms, dtype=object), list(self.firms))

    def within(self, instance: Instance) -> Instance:
        """Return the instance in which lost gateways neither buy nor sell."""
        trade = instance.trade
        shut = np.isin(np.array(trade.gateways, dtype=object), list(self.gateways))
        if not shut.any():
            return instance
        none = shut[:, None]
        return replace(
            instance,
            trade=replace(
                trade,
                buys_gain=np.where(none, np.nan, trade.buys_gain),
                sells_gain=np.where(none, np.nan, trade.sells_gain),
            ),
        )

    def left(self, held: Decisions, instance: Instance) -> Decisions:
        """Return a layout without the firms that are gone."""
        gone = self.gone(instance)
        award = np.where(gone[instance.awards.firm], 0.0, held.award)
        return replace(held, park=np.where(gone, -1, held.park), award=award)


def losses_of(plan: Plan, k: int, of: str | Iterable[str]) -> list[Lost]:
    """Return what a plan can lose, k at once.

    Firms are those of the plan that are neither anchors nor platforms. Parks are those with firms in them,
    all of which are gone with the park. Gateways are those that the plan trades through.

    Parameters
    ----------
    plan
        The plan.
    k
        How many at once, 1 or 2.
    of
        One or more of ``firms``, ``parks`` and ``gateways``.

    Raises
    ------
    UsageError
        If k is neither 1 nor 2, or ``of`` says something else.
    """
    kinds = [of] if isinstance(of, str) else list(of)
    if k not in {1, 2}:
        raise UsageError(f"One or two are lost at once, not {k}.")
    if not kinds or not set(kinds) <= set(KINDS):
        raise UsageError(
            f"What is lost is one or more of {', '.join(KINDS)}, not {', '.join(kinds) or 'none'}."
        )
    single = [lost for kind in dict.fromkeys(kinds) for lost in _ONE[kind](plan)]
    if k == 1:
        return single
    pairs = itertools.combinations(single, 2)
    return [one.with_(other) for one, other in pairs if not _within(one, other)]


def _within(one: Lost, other: Lost) -> bool:
    """Return whether a firm and the park it is in are lost, which is the loss of the park alone."""
    firms = sorted((one, other), key=lambda lost: len(lost.firms))
    return one.about != other.about and bool(firms[0].firms) and firms[0].firms <= firms[1].firms


def _firms(plan: Plan) -> list[Lost]:
    table = plan.firms
    able = table["park"].notna() & ~table["is_platform"] & ~table["is_anchor"]
    return [_one("firm", firm, name, {str(firm)}) for firm, name in table.loc[able, "name"].items()]


def _parks(plan: Plan) -> list[Lost]:
    inside = {str(park): set(map(str, firms.index)) for park, firms in plan.firms.groupby("park")}
    names = plan.parks["name"]
    return [_one("park", park, names[park], inside[park]) for park in plan.parks.index if park in inside]


def _gateways(plan: Plan) -> list[Lost]:
    used = set(plan.supply["gateway"].dropna())
    names = plan.region.gateways.get("name", {})
    return [
        _one("gateway", gateway, names.get(gateway, gateway), set(), {str(gateway)})
        for gateway in plan.region.gateways.index
        if gateway in used
    ]


_ONE = {"firms": _firms, "parks": _parks, "gateways": _gateways}


def _one(about: str, one: object, name: object, firms: set[str], gateways: set[str] | None = None) -> Lost:
    return Lost((about,), (str(one),), (str(name or one),), frozenset(firms), frozenset(gateways or ()))
