"""`Result`: what came of one task, as plain values: enough to make its plan again without solving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from clusterplan.distance import region_distances
from clusterplan.errors import (
    ClusterplanError,
    Fault,
    InternalError,
    NoPlanError,
    SolverError,
    TimeLimitError,
)
from clusterplan.explore.sweeps.decided import as_plain, from_plain
from clusterplan.explore.sweeps.held import broken
from clusterplan.explore.sweeps.task import Task
from clusterplan.instance import instance_of
from clusterplan.plan import Plan, Proof, verify
from clusterplan.plan.make import make_plan
from clusterplan.plan.start import decisions_of

Status = Literal["optimal", "feasible", "infeasible", "no_plan", "failed", "lost", "not_run"]
Source = Literal["computed", "read", "none"]
KEPT = ("optimal", "feasible", "infeasible", "no_plan")
"""Statuses that are an answer, and are kept in a folder."""
AGREE = 1e-9
"""How far the value of a plan that is made again may be from the one that was noted, relative to 1 or it."""


@dataclass(frozen=True)
class Result:
    """What came of one task.

    Parameters
    ----------
    address
        Address of the task's content.
    status
        ``optimal``, ``feasible``: a plan; ``infeasible``: none exists; ``no_plan``: none was found before a
        limit; ``failed``: an error; ``lost``: its workers died each time; ``not_run``: the sweep was ended.
    value, bound
        Of the plan, m currency/y; None without.
    seconds
        What the solve took where it was computed; None where it was not.
    tries
        How often it was sent to a worker; 0 where it was read or not run.
    source
        ``computed`` in this sweep, ``read`` from the folder, or ``none``.
    interrupted
        Whether Ctrl-C ended its solve: then it is no answer to keep.
    fault
        What went wrong, in a sentence; None with a plan.
    faults
        What is known about the reason.
    decisions, proof
        What the plan is made of; None without.
    made_with
        Versions that computed it.
    """

    address: str
    status: Status
    value: float | None = None
    bound: float | None = None
    seconds: float | None = None
    tries: int = 0
    source: Source = "none"
    interrupted: bool = False
    fault: str | None = None
    faults: tuple[Fault, ...] = ()
    decisions: Mapping[str, Any] | None = None
    proof: Mapping[str, Any] | None = None
    made_with: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def gap(self) -> float | None:
        """(bound − value) ÷ the size of value; None if either is unknown."""
        if self.value is None or self.bound is None:
            return None
        return (self.bound - self.value) / max(1e-9, abs(self.value))

    @property
    def is_answer(self) -> bool:
        """Whether it answers the task for good."""
        return self.status in KEPT and not self.interrupted

    @classmethod
    def of_plan(cls, address: str, plan: Plan, seconds: float) -> Result:
        """Return the result that a plan is."""
        decisions = decisions_of(plan, instance_of(plan.region, plan.distances))
        return cls(
            address=address,
            status="optimal" if plan.status == "optimal" else "feasible",
            value=plan.value,
            bound=plan.bound,
            seconds=seconds,
            interrupted=plan.proof.limit == "interrupt",
            decisions=as_plain(decisions),
            proof=plan.proof.as_dict(),
        )

    @classmethod
    def of_error(cls, address: str, error: Exception, seconds: float) -> Result:
        """Return the result that an error is: an answer where no plan exists or none was found."""
        status: Status = "failed"
        if isinstance(error, NoPlanError):
            status = "infeasible"
        elif isinstance(error, TimeLimitError):
            status = "no_plan"
        own = isinstance(error, ClusterplanError)
        return cls(
            address=address,
            status=status,
            seconds=seconds,
            interrupted=getattr(error, "limit", None) == "interrupt",
            fault=str(error) if own else f"{type(error).__name__}: {error}",
            faults=getattr(error, "faults", ()),
        )

    def plan(self, task: Task) -> Plan:
        """Return the plan, made again from the task's region and checked.

        Parameters
        ----------
        task
            The task it is the result of.

        Raises
        ------
        NoPlanError, TimeLimitError
            As solving the task did.
        SolverError
            If the task failed, was lost, or was not run.
        InternalError
            If the plan fails its check, or is not worth what was noted.
        """
        if self.decisions is None or self.proof is None:
            raise self._no_plan(task)
        region = task.planned
        distances = region_distances(region)
        plan = make_plan(
            region,
            distances,
            instance_of(region, distances),
            from_plain(self.decisions),
            status="optimal" if self.status == "optimal" else "feasible",
            bound=self.bound,
            proof=Proof(**self.proof),
        )
        wrong = verify(plan)
        off = self.value is None or abs(plan.value - self.value) > AGREE * max(1.0, abs(self.value))
        unkept = broken(task.conditions, plan)
        if len(wrong) or off or unkept:
            raise InternalError(
                f"The plan of task {task.name!r} fails its check (its value is {plan.value}, noted was "
                f"{self.value}). Remove its result file and run the sweep again; if that does not help, "
                "please report this.\n"
                + "\n".join([*unkept, wrong.head(20).to_string() if len(wrong) else ""])
            )
        return plan

    def _no_plan(self, task: Task) -> ClusterplanError:
        why = self.fault or "It was not run: the sweep was ended before. Run it again with the same folder."
        if self.status == "infeasible":
            return NoPlanError(why, self.faults)
        if self.status == "no_plan":
            return TimeLimitError(why, self.faults)
        return SolverError(f"Task {task.name!r} has no plan. {why}")

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Result:
        """Return what `as_dict` wrote.

        Raises
        ------
        KeyError, TypeError, ValueError
            If it did not write it.
        """
        faults = tuple(Fault(**fault) for fault in content["faults"])
        return replace(cls(**{**content, "faults": ()}), faults=faults)
