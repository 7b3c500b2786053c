"""What can go wrong, as one tree.

::

    ClusterplanError
    ├── UsageError          a call that cannot be meant            (exit code 2)
    ├── InputError          faults in a region's files or frames   (exit code 3)
    ├── NoPlanError         no plan exists for this region         (exit code 4)
    ├── TimeLimitError      time ran out before a plan was found   (exit code 5)
    ├── SolverError         a solver is missing or failed          (exit code 1)
    └── InternalError       a fault of ours, please report it      (exit code 1)

Every message says what is wrong and what to do next, in the planner's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Fault:
    """One thing wrong in an input, and how to mend it.

    Parameters
    ----------
    file
        Name of the file (or frame) it is in.
    why
        What is wrong, in a sentence.
    mend
        What to do about it, in a sentence.
    row
        1-based line of the file as a spreadsheet shows it (the header is row 1); for a layer the
        1-based number of the feature; None where no row is meant.
    column
        Column or manifest key (dotted), or None.
    value
        The offending value as text, or None.
    rule
        Short stable name of the check that found it, such as ``unknown_park``.
    level
        ``error`` stops reading; ``warning`` is shown and kept with the region.
    """

    file: str
    why: str
    mend: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    rule: str = "fault"
    level: Literal["error", "warning"] = "error"

    def as_dict(self) -> dict[str, Any]:
        """Return the fault as plain values, for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column is not None:
            where += f", column {self.column!r}"
        if self.value is not None:
            where += f", value {self.value!r}"
        return f"{where}: {self.why} {self.mend}"


class ClusterplanError(Exception):
    """Base of every error this library raises on purpose."""

    exit_code = 1


class UsageError(ClusterplanError, ValueError):
    """A call or option that cannot be meant."""

    exit_code = 2


class InputError(ClusterplanError, ValueError):
    """Faults in a region's input, all of them together.

    Attributes
    ----------
    faults
        Every fault found, in the order of the files.
    """

    exit_code = 3

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        n = len(self.faults)
        head = f"{n} fault{'s' if n != 1 else ''} in the input"
        super().__init__("\n".join([head + ":", *(f"- {fault}" for fault in self.faults)]))


class NoPlanError(ClusterplanError):
    """No plan exists: the rules contradict each other.

    Attributes
    ----------
    faults
        What is known about the reason, possibly empty.
    """

    exit_code = 4

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__(message)


class TimeLimitError(ClusterplanError):
    """The limit was reached before any plan was found.

    Attributes
    ----------
    faults
        What is known about the reason.
    limit
        Which limit it was: ``time``, ``work``, ``interrupt`` (Ctrl-C), or None if unknown.
    """

    exit_code = 5

    def __init__(self, message: str, faults: Sequence[Fault] = (), limit: str | None = None) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        self.limit = limit
        super().__init__(message)


class SolverError(ClusterplanError):
    """A solver is missing, or stopped with an error of its own."""


class InternalError(ClusterplanError):
    """A fault of ours: a plan failed its own check, or a state that cannot be."""
