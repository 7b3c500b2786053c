"""`phases`: who comes when, planned for all phases at once."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from clusterplan.distance import RegionDistances, region_distances
from clusterplan.errors import Fault, InternalError, NoPlanError, TimeLimitError
from clusterplan.explore.futures.roadmap import frame_of, roadmap_of, value_of
from clusterplan.instance import Decisions, Instance, instance_of
from clusterplan.plan import Plan, Proof, verify_phases
from clusterplan.plan.certain import certain_faults
from clusterplan.plan.make import make_plan
from clusterplan.plan.plan import Status
from clusterplan.region import PhaseRegion, Region, phase_regions
from clusterplan.region.percent import share_of
from clusterplan.solve import Limits
from clusterplan.solve.outcome import relative_gap
from clusterplan.solve.phased import FoundPhases, PhaseProgram, find_phases


@dataclass(frozen=True, eq=False)
class Phases:
    """Plans of all phases, with their proof.

    Parameters
    ----------
    region
        The region with its phases.
    status
        ``optimal`` only with a closed gap; ``feasible`` where a limit stopped the proof.
    value_m, bound_m
        Present value of the plans in the first year of the first phase, Σ weight × value, and what no plans
        are worth more than (None if unknown), m currency.
    plans
        The plan of each phase by its id, each of the region of that phase.
    frame
        By phase: ``title``, ``from_year``, ``years``, ``weight_y`` (discounted number of its years),
        ``value_m_y`` (of its plan), ``present_m``, ``alone_m_y`` (value if all could be decided afresh in
        this phase), ``forward_m_y`` (value where each phase looks no further than itself; NaN where that
        leads nowhere), ``firms`` and ``parks`` there, ``came`` and ``opened`` in it, ``awarded_pv_m`` (new
        grants, present value in its first year), ``grants_m_y`` (of all firms there).
    roadmap
        A row for each park that opens, level and work that is built, and firm that is there: ``kind``,
        ``id``, ``name``, ``status``, ``park``, ``phase`` and ``year`` in which it comes, ``until`` (the year
        after the last phase), ``could_come`` (the first phase it is free to come in, None for what is there
        already), ``waits`` (phases it could have come earlier), ``forward`` (the phase in which it would
        come if no phase looked further than itself; None: in none), ``grant_pv_m``.
    forward_m
        Present value where no phase looks further than itself; None where that leads nowhere, or no plans of
        that kind were found in time.
    dead_end
        The phase that has no plan then; None where all have one, or it is not known.
    proof
        How they were found.
    """

    region: Region
    status: Status
    value_m: float
    bound_m: float | None
    plans: Mapping[str, Plan]
    frame: pd.DataFrame
    roadmap: pd.DataFrame
    forward_m: float | None
    dead_end: str | None
    proof: Proof

    @property
    def gap(self) -> float | None:
        """(bound − value) ÷ the size of value, at least 1e-9; None if no bound is known."""
        return relative_gap(self.value_m, self.bound_m, "max")

    @property
    def looking_ahead_m(self) -> float | None:
        """What looking ahead is worth: value less that of phases that look no further; None: they can't."""
        return None if self.forward_m is None else self.value_m - self.forward_m

    def __repr__(self) -> str:
        gap = "unknown" if self.gap is None else share_of(self.gap, 2)
        about = f"{self.status}, value {self.value_m:.4g} m, gap {gap}"
        return f"<Phases of {self.region.name}: {', '.join(self.plans)}; {about}>"


@dataclass(frozen=True, eq=False)
class Ready:
    """Phases of a region as the search takes them.

    Parameters
    ----------
    phases
        The region of each phase.
    distances, programs
        Distances and program of each.
    """

    phases: tuple[PhaseRegion, ...]
    distances: tuple[RegionDistances, ...]
    programs: tuple[PhaseProgram, ...]

    @property
    def instances(self) -> tuple[Instance, ...]:
        """The instance of each phase."""
        return tuple(program.instance for program in self.programs)


def ready(region: Region) -> Ready:
    """Return the phases of a region as the search takes them.

    Parameters
    ----------
    region
        A region with phases.
    """
    found = phase_regions(region)
    distances = tuple(region_distances(phase.region) for phase in found)
    programs = tuple(_program(phase, far) for phase, far in zip(found, distances, strict=True))
    return Ready(found, distances, programs)


def _program(phase: PhaseRegion, distances: RegionDistances) -> PhaseProgram:
    instance = instance_of(phase.region, distances)
    awards, incentives = instance.awards, phase.region.incentives
    of = incentives.iloc[awards.instrument]
    return PhaseProgram(
        instance=instance,
        weight=phase.weight_y,
        awarded=np.array([name in phase.open_for_awards for name in of.index], dtype=bool),
        retained=of["is_retention"].to_numpy(dtype=bool),
    )


def phases(
    region: Region,
    *,
    time_limit: float | None = 120.0,
    work_limit: int | None = None,
    gap: float = 1e-6,
    seed: int = 0,
    threads: int = 1,
) -> Phases:
    """Return who comes when: a plan for each phase, chosen together, with its proof, checked.

    Parks, firms, works and awards stay once they are there; budgets, land and arrivals are those of the
    phase; every firm is willing in every phase in which it is there, given who is there then. What counts is
    the present value over all phases (`clusterplan.region.phases`).

    Parameters
    ----------
    region
        A region whose manifest has phases.
    time_limit
        Seconds; None: no limit.
    work_limit
        Parts and branch-and-bound nodes of each solve; with this instead of a time limit, and one thread,
        the same call gives the same plans.
    gap
        Relative gap at which plans count as optimal.
    seed, threads
        Of search and solver.

    Raises
    ------
    UsageError
        If the region has no phases.
    InputError
        If the changes of a phase make no region.
    NoPlanError
        If no plans of all phases exist.
    TimeLimitError
        If a limit came before any were found.
    InternalError
        If the plans fail their check: a fault of ours.

    Examples
    --------
    >>> import clusterplan as cp
    >>> years = [{"id": "now", "from_year": 2026}, {"id": "later", "from_year": 2030}]
    >>> region = cp.change(cp.load_region("tiny"), {"phases": years})
    >>> found = cp.phases(cp.change(region, "firm.seats.from_year = 2030"))
    >>> int(found.roadmap.set_index("id")["year"]["seats"])
    2030
    """
    begun = time.monotonic()
    made = ready(region)
    limits = Limits(time_limit=time_limit, work_limit=work_limit, gap=gap, seed=seed, threads=threads)
    found = find_phases(region.manifest, made.programs, limits)
    if found.decisions is None or found.value is None:
        raise no_phases(region, made, found)
    proof = _proof(found, limits, time.monotonic() - begun)
    plans = _plans(made, found, found.decisions, proof)
    values = [plan.value for plan in plans.values()]
    value = _present(made, values)
    bound = None if found.bound is None else max(found.bound, value)
    forward = _values(made, found.forward)
    wrong = verify_phases(region, plans, value)
    if len(wrong):
        raise InternalError(
            "The plans fail their own check; please report this with the region:\n"
            + wrong.head(20).to_string()
        )
    complete = len(forward) == len(made.phases)
    return Phases(
        region=region,
        status="optimal" if found.status == "optimal" else "feasible",
        value_m=value,
        bound_m=bound,
        plans=plans,
        frame=frame_of(made.phases, plans, [one.decisions for one in found.alone], made.instances, forward),
        roadmap=roadmap_of(region, made.phases, plans, made.instances, found.forward),
        forward_m=_present(made, forward) if complete else None,
        dead_end=None if found.dead_end is None else made.phases[found.dead_end].id,
        proof=proof,
    )


def no_phases(region: Region, made: Ready, found: FoundPhases) -> NoPlanError | TimeLimitError:
    """Return what to say where there are no plans: first which phase has none even by itself."""
    title = region.manifest.title
    if found.status != "infeasible":
        fault = Fault(
            region.name,
            f"No plans were found for the phases of {title} before the {found.limit or 'time'} limit.",
            "Give it longer (time_limit), or fewer phases, firms or parks to choose from.",
            rule="no_plan",
        )
        return TimeLimitError(f"{fault.why} {fault.mend}", [fault], limit=found.limit)
    for phase, instance, alone in zip(made.phases, made.instances, found.alone, strict=False):
        if alone.status == "infeasible":
            fault = Fault(
                region.name,
                f"Phase '{phase.id}' of {title} has no plan even by itself: its rules contradict each other.",
                "Run cp.diagnose on the region of the phase (clusterplan.region.phase_regions) for the rules "
                "that do.",
                rule="infeasible",
            )
            certain = certain_faults(phase.region, instance)
            return NoPlanError(
                "\n".join([f"{fault.why} {fault.mend}", *map(str, certain)]), [fault, *certain]
            )
    fault = Fault(
        region.name,
        f"Each phase of {title} has a plan, but none that the next can follow: what comes stays.",
        "Let firms that must come do so later or earlier (from_year), or give phases more land or money.",
        rule="infeasible",
    )
    return NoPlanError(f"{fault.why} {fault.mend}", [fault])


def _proof(found: FoundPhases, limits: Limits, seconds: float) -> Proof:
    matrix = found.program.matrix
    return Proof(
        solver=found.alone[0].solver if found.alone else "",
        seconds=seconds,
        nodes=found.nodes,
        limit=found.limit,
        options=asdict(limits),
        columns=matrix.n_columns,
        rows=matrix.n_rows,
        nonzeros=matrix.n_nonzeros,
    )


def _plans(made: Ready, found: FoundPhases, decisions: Sequence[Decisions], proof: Proof) -> dict[str, Plan]:
    """Return the plan of each phase; a bound of one is what the phase could be worth alone."""
    bounds = [alone.bound for alone in found.alone] or [None] * len(made.phases)
    return {
        phase.id: make_plan(phase.region, far, instance, decided, status="feasible", bound=bound, proof=proof)
        for phase, far, instance, decided, bound in zip(
            made.phases, made.distances, made.instances, decisions, bounds, strict=True
        )
    }


def _values(made: Ready, decisions: Sequence[Decisions]) -> list[float]:
    """Return the value of each phase that decisions are known for, m currency/y."""
    return [value_of(instance, one) for instance, one in zip(made.instances, decisions, strict=False)]


def _present(made: Ready, values: Sequence[float]) -> float:
    return float(sum(phase.weight_y * value for phase, value in zip(made.phases, values, strict=True)))
