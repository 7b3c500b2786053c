"""What a planner sees in the terminal: faults, regions, plans.

Results go to stdout, everything else to stderr. Colours only on a terminal; NO_COLOR is respected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from clusterplan.errors import Fault
from clusterplan.plan import Plan
from clusterplan.plan.document import firms_on_assumed_outside
from clusterplan.region import Region, rows
from clusterplan.report.assumed import SECONDS, resting_flips
from clusterplan.report.fitting import FittingConsole
from clusterplan.report.loops import loops_of
from clusterplan.report.meanings import term_meanings
from clusterplan.report.numbers import counted, decimals, share_of, written
from clusterplan.solve import Progress

out = FittingConsole(highlight=False)
err = FittingConsole(stderr=True, highlight=False)

BEARS = "How much more each could earn elsewhere before this layout could not hold"
MOST_SHARE = 10.0
"""Changes larger than so many times the outside option are not told as a share of it."""
SOONEST = 8
"""Firms shown of those whose coming rests on an assumed number."""
NARROW = 80
"""Columns of a terminal below which faults are listed, since a table leaves no room for the words."""


def show_faults(faults: Sequence[Fault]) -> None:
    """Show faults and warnings on stderr, as a table where there is room; nothing if there are none."""
    if not faults:
        return
    errors = sum(fault.level == "error" for fault in faults)
    title = f"{counted(errors, 'fault')}, {counted(len(faults) - errors, 'warning')}"
    if err.width < NARROW:
        err.print(title)
        for fault in faults:
            err.print(f"[bold]{fault.level}[/bold]: {escape(str(fault))}")
        return
    table = Table(title=title, title_justify="left", show_lines=True)
    for head in ("", "file", "row", "column", "value"):
        table.add_column(head, overflow="fold")
    table.add_column("what is wrong, and how to mend it", overflow="fold", ratio=1)
    for fault in faults:
        cells = (fault.level, fault.file, fault.row, fault.column, fault.value)
        table.add_row(
            *("" if c is None else escape(str(c)) for c in cells), escape(f"{fault.why} {fault.mend}")
        )
    err.print(table)


def say_warnings(region: str, count: int) -> None:
    """Say on stderr that a region has warnings, and how to see them."""
    if count:
        told = counted(count, "warning")
        err.print(f"{told} about the input; to see: clusterplan validate {escape(region)}")


def show_regions(regions: Sequence[Region]) -> None:
    """Show bundled regions."""
    table = Table("region", "title", "parks", "firms", "assumed")
    for region in regions:
        table.add_row(
            escape(region.name),
            escape(region.manifest.title),
            str(len(region.parks)),
            str(len(region.firms)),
            share_of(region.assumed_share),
        )
    out.print(table)
    out.print("assumed: share of the region's numbers that are assumed rather than sourced or derived.")


def show_begun(written: Path, *, blank: bool) -> None:
    """Say where a new region was written, and what to do with it."""
    where = {".xlsx": "The sheet `read me`", ".gpkg": "The layer `read me`"}.get(written.suffix.lower())
    out.print(f"Written to [bold]{escape(str(written))}[/bold].")
    out.print(f"{where or 'README.md in it'} says how to fill it in{'' if blank else ' and change it'}.")
    out.print(f"Then: clusterplan validate {escape(str(written))}")


def show_region(region: Region) -> None:
    """Show what a region holds."""
    firms = region.firms
    kinds = firms["status"].value_counts()
    out.print(f"[bold]{escape(region.manifest.title)}[/bold] ({escape(region.name)}) can be planned.")
    statuses = ", ".join(f"{count} {status}" for status, count in kinds.items())
    told = (
        counted(len(region.parks), "park"),
        f"{counted(len(firms), 'firm')} ({statuses})",
        counted(len(region.products), "product"),
        counted(len(region.incentives), "instrument"),
        f"{share_of(region.assumed_share)} of its numbers are assumed",
    )
    out.print("; ".join(told) + ".")


def show_plan(plan: Plan, written_to: Path | None) -> None:
    """Show a plan: what it is worth, parks and firms, grants, local supply, where the files are."""
    currency = plan.region.manifest.currency
    out.print(_headline(plan))
    out.print(_parks(plan))
    _show_out(plan)
    if len(plan.works):
        out.print(_works(plan))
    if len(plan.grants):
        out.print(_grants(plan))
        out.print(
            "Rent: what a firm gets beyond what it takes to come. In the value below a grant counts at what "
            "it costs the region: money from outside costs it less. Why each firm comes: clusterplan "
            "willingness DIR; who gets what: clusterplan sharing DIR."
        )
    else:
        out.print("No grant is paid.")
    if len(plan.loops):
        out.print(loops_of(plan, plan.loops))
    out.print(_terms(plan))
    out.print(_outcome(plan))
    out.print(_rates(plan))
    _show_assumed(plan)
    out.print(f"m: millions of {currency}, prices of {plan.region.manifest.price_year}.")
    if written_to is not None:
        out.print(
            f"Written to [bold]{escape(str(written_to))}[/bold]: open report.html, plan.xlsx or plan.gpkg."
        )


def _show_assumed(plan: Plan) -> None:
    """Say how much is assumed, and which firms an assumed outside option could turn away soonest."""
    resting = firms_on_assumed_outside(plan)
    out.print(
        f"{share_of(plan.region.assumed_share)} of the region's numbers are assumed; the coming of "
        f"{counted(len(resting), 'firm')} rests on an assumed outside option."
    )
    if not resting:
        return
    found = resting_flips(plan)
    if found is None:
        out.print("How far those options may move is not known: the solver failed.")
        return
    known = found[found["most_m_y"].notna()]
    out.print(_flips(known.head(SOONEST), BEARS))
    if len(known) > SOONEST:
        out.print(f"{len(known) - SOONEST} more can bear more; to see them: clusterplan flips DIR")
    if len(known) < len(found):
        out.print(f"{len(found) - len(known)} were not reached in {SECONDS:.0f} s: clusterplan flips DIR")


def show_flips(plan: Plan, found: pd.DataFrame) -> None:
    """Show how far outside options may move: of firms that come, then of those that stay away."""
    comes = found["status"] == "comes"
    out.print(_flips(found[comes], BEARS))
    if not comes.all():
        out.print(_flips(found[~comes], "Candidates that are not in the plan"))
        out.print(
            "could come: it can be paid enough, but the plan is worth more without it. stays away: only if "
            "it earned so much less elsewhere. other size: the same enterprise comes in another size. "
            "no room: no place is left for it. locked out: it may not come. A park may be opened for it."
        )
    out.print(
        "Each with all other firms where they are; supply, utilisation and grants chosen anew in its favour. "
        "Another layout may keep a firm that this one loses. "
        f"m: millions of {plan.region.manifest.currency}."
    )


def _flips(found: pd.DataFrame, title: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("firm", overflow="fold")
    table.add_column("")
    for head in ("earns elsewhere, m a year", "up to, m a year more", "that is"):
        table.add_column(head, justify="right")
    for row in rows(found):
        share = row.most_m_y / abs(row.outside_m_y) if row.outside_m_y else float("nan")
        if abs(share) > MOST_SHARE:
            share = float("nan")
        table.add_row(
            escape(_name(row)),
            f"{row.status}{'' if row.is_assumed else ' (outside option not assumed)'}",
            written(row.outside_m_y),
            "" if pd.isna(row.most_m_y) else f"{row.most_m_y + 0.0:+,.2f}",
            "" if pd.isna(share) else share_of(share, signed=True),
        )
    return table


def _headline(plan: Plan) -> str:
    gap = "no bound is known" if plan.gap is None else f"gap {share_of(plan.gap, 2)}"
    proven = "proven best" if plan.status == "optimal" else f"not proven best: {gap}"
    firms = plan.firms
    placed = firms[firms["park"].notna()]
    coming = int((placed["status"] == "candidate").sum())
    value = written(plan.value, decimals([plan.value]))
    return (
        f"[bold]{escape(plan.region.manifest.title)}[/bold]: {plan.status} ({proven}), value "
        f"{value} m {plan.region.manifest.currency} a year, found in {plan.proof.seconds:.1f} s.\n"
        f"{int(plan.parks['open'].sum())} of {counted(len(plan.parks), 'park')} open, "
        f"{counted(len(placed), 'firm')} placed, {coming} of them newly won."
    )


def _parks(plan: Plan) -> Table:
    parks, firms = plan.parks, plan.firms
    table = Table(title="Parks", title_justify="left")
    for head in ("park", "land used", "firms"):
        table.add_column(head, overflow="fold")
    level_names = plan.region.levels.set_index(["park", "level"])["name"].to_dict()
    for park in parks[parks["open"]].itertuples():
        inside = rows(firms[firms["park"] == park.Index])
        said = [] if park.status == "open" else ["newly opened"]
        said += [f"level {level_names.get((park.Index, park.level)) or park.level}"] if park.level else []
        name = escape((park.name or park.Index) + (f" ({', '.join(said)})" if said else ""))
        share = park.used_land_ha / park.capacity_land_ha if park.capacity_land_ha else 0.0
        used = f"{park.used_land_ha:,.0f} of {park.capacity_land_ha:,.0f} ha ({share_of(share)})"
        table.add_row(name, used, ", ".join(escape(_name(firm)) + _state(firm) for firm in inside) or "none")
    return table


def _state(firm: Any) -> str:
    """Return what there is to say of a placed firm behind its name."""
    said = [{"existing": "there", "committed": "committed"}.get(firm.status, "")]
    if firm.utilisation < 0.9995:
        said.append("idle" if firm.utilisation < 0.0005 else f"at {share_of(firm.utilisation)} of its output")
    told = ", ".join(word for word in said if word)
    return f" ({told})" if told else ""


def _show_out(plan: Plan) -> None:
    firms, parks = plan.firms, plan.parks
    left = firms[firms["park"].isna() & (firms["status"] == "candidate")]
    closed = parks[~parks["open"]]
    if len(closed):
        out.print("Not opened: " + ", ".join(escape(p.name or p.Index) for p in rows(closed)) + ".")
    if len(left):
        out.print("Not in the plan: " + ", ".join(escape(_name(firm)) for firm in rows(left)) + ".")


def _works(plan: Plan) -> Table:
    table = Table(title="Public works", title_justify="left")
    for head in ("work", "built", "budget"):
        table.add_column(head, overflow="fold")
    table.add_column("m a year", justify="right")
    works = plan.works
    places = decimals(works["public_cost_m_y"])
    for row in rows(works):
        cost = written(row.public_cost_m_y, places) if row.built else ""
        told = (row.name or row.Index, "yes" if row.built else "no", row.budget or "none")
        table.add_row(*(escape(str(cell)) for cell in told), cost)
    return table


def _grants(plan: Plan) -> Table:
    table = Table(title="Grants", title_justify="left")
    for head in ("firm", "instrument", "budget"):
        table.add_column(head, overflow="fold")
    for head in ("m a year", "m, present value", "rent, m a year"):
        table.add_column(head, justify="right")
    firms, grants = plan.firms, plan.grants
    called = plan.region.incentives["name"]
    places = decimals(grants["amount_pv_m"])
    for row in rows(grants):
        name = firms.loc[row.firm, "name"] or row.firm
        instrument = called[row.instrument] or row.instrument
        amounts = (row.amount_m_y, row.amount_pv_m, row.rent_m_y)
        table.add_row(
            *(escape(str(c)) for c in (name, instrument, row.budget)), *(written(a, places) for a in amounts)
        )
    table.add_section()
    sums = grants[["amount_m_y", "amount_pv_m", "rent_m_y"]].sum()
    table.add_row("all", "", "", *(written(amount, places) for amount in sums))
    return table


def _terms(plan: Plan) -> Table:
    table = Table(title=f"Value ({plan.region.manifest.objective})", title_justify="left")
    table.add_column("term")
    table.add_column("m a year", justify="right")
    table.add_column("what it is")
    terms, meanings = plan.terms, term_meanings()
    places = decimals(terms["value"])
    for row in rows(terms[terms["value"] != 0]):
        table.add_row(row.Index, written(row.value, places), meanings[row.Index])
    table.add_section()
    table.add_row("sum", written(plan.value, places), "")
    return table


def _outcome(plan: Plan) -> str:
    """Return what a planner asks for first: jobs, tax and what the public pays."""
    value = plan.indicators["value"]
    return (
        f"{value['jobs_new']:,.0f} new jobs; tax {written(value['tax'])} m a year; "
        f"public cost {written(value['public_cost'])} m a year."
    )


def _rates(plan: Plan) -> str:
    rates, firms = plan.indicators["value"], plan.firms
    lines = []
    for firm in rows(firms[firms["is_anchor"] & firms["park"].notna()]):
        rate = rates.get(f"localisation_rate.{firm.Index}", float("nan"))
        why = "stands idle" if firm.utilisation < 0.0005 else "needs no inputs"
        told = f"none to speak of, for it {why}" if pd.isna(rate) else share_of(rate, 1)
        lines.append(f"Local share of the inputs of {escape(_name(firm))}: {told}.")
    return "\n".join(lines) or "No anchor is in the plan."


def _name(firm: Any) -> str:
    return str(firm.name or firm.Index)


def show_breaches(breaches: pd.DataFrame) -> None:
    """Show what a check found."""
    if breaches.empty:
        out.print("Every rule and every number holds.")
        return
    table = Table(
        *(str(column) for column in breaches.columns), title="What does not hold", title_justify="left"
    )
    for row in breaches.itertuples(index=False):
        table.add_row(*(escape(f"{c:,.6g}" if isinstance(c, float) else str(c)) for c in row))
    out.print(table)


def show_differences(differences: pd.DataFrame) -> None:
    """Show what is different between plans, a column each."""
    if differences.empty:
        out.print("The plans are the same.")
        return
    *told, last = differences.columns
    table = Table(*told[:2], *(escape(name) for name in told[2:]), last)
    for row in differences.to_dict("records"):
        apart = (
            "" if pd.isna(row[last]) else f"{row[last]:+,.4g}" if last == "change" else f"{row[last]:,.4g}"
        )
        cells = (_fact(row[name]) for name in told)
        table.add_row(*(escape(cell) for cell in (*cells, apart)))
    out.print(table)


def _fact(value: Any) -> str:
    """Return a fact of a plan in words."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "none"
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def show_health(health: dict[str, Any]) -> None:
    """Show what `doctor` found."""
    table = Table("what", "version")
    for part in ("versions", "solvers"):
        for name, version in health[part].items():
            table.add_row(escape(name), escape(str(version)))
        table.add_section()
    out.print(table)
    out.print(
        "A small plan was found and checked." if health["works"] else f"It does not work: {health['why']}"
    )


@contextmanager
def progress_line() -> Iterator[Callable[[Progress], None] | None]:
    """Show one live line of progress on stderr while solving; on a file, nothing."""
    if not err.is_terminal:
        yield None
        return
    with err.status("reading and writing the model ...") as status:

        def on_progress(progress: Progress) -> None:
            best = "none yet" if progress.best is None else f"{progress.best:,.2f}"
            bound = "unknown" if progress.bound is None else f"{progress.bound:,.2f}"
            gap = "" if progress.gap is None else f", gap {share_of(progress.gap, 2)}"
            status.update(f"{progress.seconds:.0f} s: best {best}, bound {bound}{gap}")

        yield on_progress
