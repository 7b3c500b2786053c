"""Phases: budgets and changes that the region has, and arrivals that one of the phases sees.

Rules: ``unknown_budget``, ``missing_budget``, ``yearly_budget``, ``bad_change``, ``already_there``,
``never_there``, ``no_phases``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault, UsageError
from clusterplan.region.checks.known import Known, listed, shown
from clusterplan.region.checks.scenarios import indexed
from clusterplan.region.checks.siting import is_out
from clusterplan.region.edit import FIXED, GONE, ONE_OF, Change, Edit, changes_of
from clusterplan.region.suggest import suggest
from clusterplan.region.tables import BY_NAME

HELD = {"incentives", "levels", "works", "requirements"}
"""Tables that no phase changes: awards and works stay as they were decided."""


def check_phases(known: Known) -> Iterator[Fault]:
    """Yield a fault for everything phases say that the region does not have, or that contradicts it."""
    yield from _budgets(known)
    yield from _changes(known)
    for table, there in (("firms", "existing"), ("parks", "open")):
        yield from _arrivals(known, table, there)


def _budgets(known: Known) -> Iterator[Fault]:
    phases, budgets = known.manifest.phases, known.manifest.budgets
    named = {name for phase in phases for name in phase.budgets}
    for place, phase in enumerate(phases):
        for name in phase.budgets:
            key = f"phases.{place}.budgets.{name}"
            if name not in budgets:
                why = f"There is no budget '{name}'.{suggest(name, budgets)}"
                yield known.manifest_fault(
                    key, why, "Write the id of a budget.", rule="unknown_budget", value=name
                )
            elif budgets[name].basis == "per_year":
                yield known.manifest_fault(
                    key,
                    f"Budget '{name}' is checked every year and says its years itself.",
                    f"Write what it has in each year in budgets.{name}.by_year_m, counted from the first "
                    "phase's first year, and take it out here.",
                    rule="yearly_budget",
                )
        for name in sorted(named - set(phase.budgets)):
            if name in budgets and budgets[name].basis == "total_pv":
                yield known.manifest_fault(
                    f"phases.{place}.budgets",
                    f"Another phase says what budget '{name}' has for it; phase '{phase.id}' does not.",
                    f"Write {name}: 0 if it has nothing in this phase.",
                    rule="missing_budget",
                )


def _changes(known: Known) -> Iterator[Fault]:
    if not known.manifest.phases:
        return
    tables = {name: indexed(known, name) for name in known.draft.given if name not in FIXED}
    edit = Edit(tables, known.manifest.model_dump(mode="python", exclude_unset=True))
    for place, phase in enumerate(known.manifest.phases):
        for line in phase.changes:
            try:
                for item in changes_of(line):
                    _allowed(item)
                    edit.make(item)
            except UsageError as error:
                yield known.manifest_fault(
                    f"phases.{place}.changes",
                    f"The change of phase '{phase.id}' cannot be made: {error}",
                    "Write table, id and column as they stand in the files, or delete the line.",
                    rule="bad_change",
                    value=line,
                )


def _allowed(item: Change) -> None:
    """Raise UsageError if what a line changes can't change from one phase to the next."""
    first, _, rest = item.path.partition(".")
    name, column = ONE_OF.get(first, first), rest.rpartition(".")[2]
    if name not in BY_NAME or name in FIXED or name in HELD:
        words = ", ".join(sorted(word for word, table in ONE_OF.items() if table not in HELD))
        raise UsageError(
            f"'{first}' stays as it is in all phases. A phase changes cells of: {words}; what a budget has "
            "for it stands in its budgets."
        )
    if column in {"status", "lock", "park", "from_year"} or (item.does == "=" and item.value == GONE):
        raise UsageError("when firms and parks come stands in from_year, and does not change by a line.")
    if name == "firms" and column == "public_cost_m_y":
        raise UsageError("what a platform costs the public stays as it is: a budget was given for it.")


def _arrivals(known: Known, table: str, there: str) -> Iterator[Fault]:
    phases, noun = known.manifest.phases, table[:-1]
    late = [row for row in known.rows(table) if row["from_year"] is not None]
    occupied = {row["park"] for row in known.rows("firms") if row["status"] == "existing"}
    for row in late:
        if row["status"] == there or (table == "parks" and row["park"] in occupied):
            yield known.fault(
                table,
                f"The {noun} is there already, and can't come in {shown(row['from_year'])}.",
                f"Empty from_year, or change the status of the {noun} or of the firms in it.",
                rule="already_there",
                row=row,
                column="from_year",
            )
        elif phases and row["from_year"] > phases[-1].from_year:
            yield known.fault(
                table,
                f"No phase begins in {shown(row['from_year'])} or later: the {noun} is in none.",
                "Add a phase that begins then, or write an earlier year.",
                rule="never_there",
                row=row,
                column="from_year",
                level="warning",
            )
    late = [row for row in late if not is_out(row)]
    if late and not phases:
        yield known.fault(
            table,
            f"from_year is read in plans by phases, and the manifest has none: {listed(_names(late, noun))} "
            "may come from the start.",
            "Write phases in region.yaml, or empty the column.",
            rule="no_phases",
            row=late[0],
            column="from_year",
            level="warning",
        )


def _names(rows: list[dict[str, object]], noun: str) -> list[str]:
    return [str(row[noun]) for row in rows]
