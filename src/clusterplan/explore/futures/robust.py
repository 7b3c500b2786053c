"""`robust`: one plan sought for several futures at once."""

from __future__ import annotations

import time
from collections.abc import Sequence

from clusterplan.errors import Fault, NoPlanError, TimeLimitError, UsageError
from clusterplan.explore.futures.comparison import compared
from clusterplan.explore.futures.future import Scenario, check_futures, futures_of
from clusterplan.explore.futures.laters import Futures, futures_ready
from clusterplan.explore.futures.planned import Robust
from clusterplan.explore.futures.told import told
from clusterplan.region import Region
from clusterplan.solve.together import Aim, Asked, Together, Willing, search_together


def robust(
    region: Region,
    futures: Sequence[Scenario] | None = None,
    *,
    aim: Aim = "mean",
    rho: float = 0.5,
    alpha: float = 0.8,
    willing: Willing = "expected",
    compare: bool = True,
    time_limit: float | None = 60.0,
    gap: float = 1e-6,
    seed: int = 0,
    whole: bool | None = None,
) -> Robust:
    """Return the best plan found for several futures at once, with its bound.

    Places, openings, works and awards are decided once, by the rules of the region as it is; utilisation and
    supply again in each future. A payment is the award times its fulfilment there (`Scenario.fulfilment`);
    where an award hangs on what a firm makes, it is promised only as far as it is due in every future in
    which it is paid. A firm that is gone in a future makes nothing there. What is scarcer there than today
    (power, say) is rationed: it limits what firms make, not where they are. A least load holds in every
    future; where firms must be free to stand still, say so in the scenario (``firm.*.min_load = 0``).

    Where the objective of the region is followed by a second (presets ``localisation`` and ``fiscal``), its
    mean over the futures is made best with the aim held: over all plans where the program is solved whole,
    else with places held too. Last, awards are made least.

    Parameters
    ----------
    region
        What to plan.
    futures
        At least one scenario, with names that differ; None: those of the region (``scenarios.yaml``).
        Budgets, requirements, separations, levels and works hold for all futures and are not changed in one.
    aim
        What is made best: the ``mean`` over the futures, the ``worst`` of them, or ``cvar``: (1−ρ) · mean +
        ρ · CVaR_α.
    rho, alpha
        ρ, the weight of the bad futures, 0 to 1, and α, what share of futures is not among them: CVaR_α is
        the mean of the worst 1−α.
    willing
        When a firm comes: ``expected``, if its surplus over all futures is not negative; ``always``, if it is
        not negative in any.
    compare
        Whether to say what planning for all futures, and what knowing the future, is worth; about half of the
        time is for that.
    time_limit
        Seconds of search; None: no limit. Reading the futures and the check of the plan come on top.
    gap
        Relative gap at which to stop.
    seed
        Seed of search and solver.
    whole
        True: solve it as one program; False: hold layouts in all futures; None: as its size suggests.

    Raises
    ------
    UsageError
        If a future changes what is decided once, names repeat, or a number cannot be meant.
    InputError
        If the changes of a scenario make no region.
    NoPlanError
        If no plan holds in all futures.
    TimeLimitError
        If time ran out before one was found.
    InternalError
        If the plan fails its own check: a fault of ours.

    References
    ----------
    Birge and Louveaux 2011, Introduction to Stochastic Programming, chapters 3 and 4; Rockafellar and Uryasev
    2000, Optimization of conditional value-at-risk.

    Examples
    --------
    >>> import clusterplan as cp
    >>> futures = [cp.Scenario("as it is"), cp.Scenario("slump", "market.*.buys_at *= 0.97")]
    >>> found = cp.robust(cp.load_region("tiny"), futures)
    >>> found.status, list(found.plans)
    ('optimal', ['as it is', 'slump'])
    """
    begun = time.monotonic()
    futures = futures_of(region) if futures is None else futures
    check_futures(futures, rho, alpha)
    if aim not in {"mean", "worst", "cvar"} or willing not in {"expected", "always"}:
        raise UsageError(
            f"The aim is mean, worst or cvar, and willing is expected or always, not {aim!r} and {willing!r}."
        )
    ready = futures_ready(region, futures)
    asked = Asked(aim, rho, alpha, willing)
    searching = time.monotonic()

    def left(share: float) -> float | None:
        return None if time_limit is None else share * max(0.0, time_limit - (time.monotonic() - searching))

    found = search_together(
        ready.today,
        ready.laters,
        asked,
        time_limit=left(0.5 if compare else 1.0),
        gap=gap,
        seed=seed,
        whole=whole,
    )
    if found.columns is None:
        raise _none(ready, found)
    worth = compared(ready, asked, found, left(1.0), gap=gap, seed=seed) if compare else None
    return told(ready, asked, found if worth is None else worth.best, worth, begun)


def _none(ready: Futures, found: Together) -> NoPlanError | TimeLimitError:
    title = ready.region.manifest.title
    if found.status == "infeasible":
        fault = Fault(
            file=ready.region.name,
            why=f"No plan for {title} holds in all of the futures {', '.join(ready.names)}.",
            mend="Solve the region by itself first; then leave futures out one by one. Where a supplier is "
            "gone, let firms stand still in that future (firm.*.min_load = 0).",
            rule="infeasible",
        )
        return NoPlanError(f"{fault.why} {fault.mend}", [fault])
    fault = Fault(
        file=ready.region.name,
        why=f"No plan for all futures of {title} was found in time.",
        mend="Give it longer (time_limit), or fewer futures.",
        rule="no_plan",
    )
    return TimeLimitError(f"{fault.why} {fault.mend}", [fault], limit="time")
