"""`commitments`: what each choice of a phase is worth, and whether it could wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.explore.futures.phases import Phases, Ready, ready
from clusterplan.instance import Decisions, Instance
from clusterplan.plan.start import decisions_of
from clusterplan.solve import Limits
from clusterplan.solve.phased import FoundPhases, find_phases

COLUMNS = ("kind", "id", "choice", "status", "loss_m", "loss_at_least_m", "then", "others_moved", "may_wait")


def commitments(
    found: Phases,
    phase: str | None = None,
    *,
    slack: float = 0.001,
    time_limit: float | None = 20.0,
) -> pd.DataFrame:
    """Return what each choice of a phase is worth, all phases planned again without it.

    A choice is a candidate that comes in the phase, a park that opens in it, or a candidate that could come
    in it and waits for a later one. Each is forced the other way: not before the next phase, or now.

    Parameters
    ----------
    found
        The plans of all phases.
    phase
        Id of the phase; None: the first.
    slack
        What waiting may cost, as a share of the value, for a choice to count as one that may wait.
    time_limit
        Seconds for each; None: no limit.

    Returns
    -------
    DataFrame
        By choice, the dearest first: ``kind`` (``firm`` or ``park``), ``id``, ``choice`` (``comes``,
        ``opens`` or ``waits``), ``status`` of the plans without it (``no_plan``: none were found in time,
        ``infeasible``: there are none), ``loss_m`` (present value that is lost by the plans found, m
        currency; NaN without any, less than 0 where better plans were found than before), ``loss_at_least_m``
        (no plans lose less; NaN if unknown), ``then`` (phase in which it comes instead; None: in none),
        ``others_moved`` (other firms that are elsewhere, or come or go, in the last phase), ``may_wait``
        (True where the loss is within the slack).

    Raises
    ------
    UsageError
        If there is no such phase, or a number cannot be meant.

    References
    ----------
    Rosenhead, Elton and Gupta 1972, Robustness and optimality as criteria for strategic decisions (a first
    decision is as good as the choices it leaves open).

    Examples
    --------
    >>> import clusterplan as cp
    >>> years = [{"id": "now", "from_year": 2026}, {"id": "later", "from_year": 2030}]
    >>> found = cp.phases(cp.change(cp.load_region("tiny"), {"phases": years}))
    >>> list(cp.commitments(found)["choice"].unique())
    ['comes', 'opens']
    """
    ids = list(found.plans)
    if phase is not None and phase not in ids:
        raise UsageError(f"There is no phase {phase!r}; there are {', '.join(ids)}.")
    if not slack >= 0:
        raise UsageError(f"The slack is a share such as 0.001, not {slack!r}.")
    place = 0 if phase is None else ids.index(phase)
    made = ready(found.region)
    start = [
        decisions_of(plan, instance)
        for plan, instance in zip(found.plans.values(), made.instances, strict=True)
    ]
    limits = Limits(time_limit=time_limit, gap=1e-6)
    rows = []
    for choice in _choices(found, made, place):
        other = find_phases(
            found.region.manifest,
            [
                replace(program, instance=choice.forced(program.instance, p, place))
                for p, program in enumerate(made.programs)
            ],
            limits,
            start=[choice.without(decided) if p <= place else decided for p, decided in enumerate(start)],
            at_once=True,
        )
        rows.append(_row(choice, found, other, ids, start[-1]))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    most = slack * max(1e-9, abs(found.value_m))
    frame["may_wait"] = (frame["loss_m"] <= most).astype(bool)
    return frame.sort_values("loss_m", ascending=False, kind="stable", ignore_index=True)


@dataclass(frozen=True)
class _Choice:
    """A choice of a phase: a firm or park by its place in the instance, and what is chosen."""

    kind: str
    id: str
    at: int
    choice: str

    def forced(self, instance: Instance, p: int, place: int) -> Instance:
        """Return the instance of phase p with the choice of a phase turned around."""
        sites = instance.sites
        if self.choice == "waits":
            if p != place:
                return instance
            must = np.array(sites.must_place)
            must[self.at] = True
            return replace(instance, sites=replace(sites, must_place=must))
        if p > place:
            return instance
        if self.kind == "park":
            never, may = np.array(sites.open_never), np.array(sites.admissible)
            never[self.at], may[:, self.at] = True, False
            return replace(instance, sites=replace(sites, open_never=never, admissible=may))
        may = np.array(sites.admissible)
        may[self.at] = False
        return replace(instance, sites=replace(sites, admissible=may))

    def without(self, decisions: Decisions) -> Decisions:
        """Return decisions of the phase or an earlier one without the choice, as a start."""
        if self.choice == "waits":
            return decisions
        gone = decisions.park == self.at if self.kind == "park" else np.arange(len(decisions.park)) == self.at
        opened = np.array(decisions.opened)
        if self.kind == "park":
            opened[self.at] = False
        return replace(
            decisions,
            opened=opened,
            park=np.where(gone, -1, decisions.park),
            load=np.where(gone, 0.0, decisions.load),
        )


def _choices(found: Phases, made: Ready, place: int) -> Iterator[_Choice]:
    """Yield the choices of a phase that a planner has."""
    phase, instance = made.phases[place], made.instances[place]
    firms = {name: f for f, name in enumerate(instance.sites.firms)}
    parks = {name: s for s, name in enumerate(instance.sites.parks)}
    statuses, locks = phase.region.firms["status"], phase.region.firms["lock"]
    before = [one.id for one in made.phases[: place + 1]]
    for row in found.roadmap.to_dict("records"):
        name = row["id"]
        if row["kind"] == "park":
            park = phase.region.parks.loc[name]
            if row["phase"] == phase.id and park["status"] == "candidate" and park["lock"] != "in":
                yield _Choice("park", name, parks[name], "opens")
        elif row["kind"] == "firm" and statuses[name] == "candidate" and locks[name] != "in":
            if row["phase"] == phase.id:
                yield _Choice("firm", name, firms[name], "comes")
            elif row["phase"] not in before and instance.sites.admissible[firms[name]].any():
                yield _Choice("firm", name, firms[name], "waits")


def _row(
    choice: _Choice, found: Phases, other: FoundPhases, ids: Sequence[str], last: Decisions
) -> tuple[object, ...]:
    """Return what turning a choice around comes to."""
    loss = np.nan if other.value is None else found.value_m - other.value
    at_least = np.nan if other.bound is None else max(0.0, found.value_m - other.bound)
    if other.status == "infeasible":
        at_least = np.inf
    then, moved = None, 0
    if other.decisions is not None:
        there = [
            bool(d.opened[choice.at]) if choice.kind == "park" else bool(d.park[choice.at] >= 0)
            for d in other.decisions
        ]
        then = ids[there.index(True)] if any(there) else None
        elsewhere = other.decisions[-1].park != last.park
        if choice.kind == "firm":
            elsewhere[choice.at] = False
        moved = int(elsewhere.sum())
    return (choice.kind, choice.id, choice.choice, other.status, loss, at_least, then, moved, False)
