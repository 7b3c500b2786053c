"""How far to trust the plan: what was assumed, faults and warnings, the proof, versions and checksums."""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.plan import verify
from clusterplan.plan.manifest_json import versions
from clusterplan.region import rows
from clusterplan.report.numbers import decimals, share_of, significant, written
from clusterplan.report.onepage.material import Material, records_of
from clusterplan.report.onepage.table import Cell, Section, Table, amount, cells, columns, percent, text

KINDS = ("source", "derived", "assumed")
"""Where a number can come from."""
UNCOUNTED = ("roads", "distances")
"""Files whose numbers do not count for the share that is assumed (`Region.assumed_share`)."""


def trust(material: Material) -> Iterator[Section]:
    """Yield what the plan stands on."""
    yield _assumed(material)
    yield _warnings(material)
    yield _proof(material)
    yield _versions(material)
    yield _checksums(material)


def _assumed(material: Material) -> Section:
    w, region = material.words, material.region
    numbers = region.provenance_of()
    count = numbers.groupby(["file", "kind"], sort=False).size().unstack(fill_value=0)
    count = count.reindex(columns=list(KINDS), fill_value=0)
    count = count[~count.index.str.startswith(UNCOUNTED)]
    table = tuple(
        (
            text(file),
            *(amount(number, 0) for number in (sum(row.values()), *row.values())),
            percent(row["assumed"] / sum(row.values())),
        )
        for file, row in records_of(count).items()
    )
    head = columns(w, "file", "#numbers", "#sourced", "#derived", "#assumed", "#share")
    note = w(
        "assumed.note",
        share=share_of(region.assumed_share),
        n=f"{int(count.to_numpy().sum()):,}",
        firms=w.count("firm", len(material.resting)),
    )
    shown = Table("assumed-table", w("h.assumed"), head, table)
    return Section("assumed", w("h.assumed"), note, (shown,) if table else ())


def _warnings(material: Material) -> Section:
    w = material.words
    with_text = w.lang == "en"  # the messages of checks are English
    table = []
    broken = verify(material.plan)
    for row in rows(broken):
        rule = w.or_else(f"rules.{str(row.rule).partition('.')[0]}", w("rules.other"))
        limits = w("breach.message", amount=significant(row.amount), limit=significant(row.limit))
        table.append(cells([w("level.error"), rule, "", "", row.id, limits, *([row.rule] * with_text)]))
    warnings = (*material.region.warnings, *material.plan.distances.warnings)
    for fault in warnings:
        rule = w.or_else(f"rule.{fault.rule}", w("rule.other"))
        said = [f"{fault.why} {fault.mend}"] * with_text
        table.append(
            cells([w(f"level.{fault.level}"), rule, fault.file, fault.row, fault.column, fault.value, *said])
        )
    head = columns(w, "level", "rule", "file", "row", "column", "cell", *(["+message"] * with_text))
    which = "plan" if len(broken) else "input" if warnings else "none"
    n = len(broken) or len(warnings)
    shown = (Table("warnings-table", w("h.warnings"), head, tuple(table)),) if table else ()
    return Section("warnings", w("h.warnings"), tables=shown, said=(w(f"warnings.{which}", n=n),))


def _proof(material: Material) -> Section:
    w, plan = material.words, material.plan
    proof, places = plan.proof, decimals([plan.value])
    unknown = w("unknown")
    told: list[tuple[str, str]] = [
        (w("proof.status"), w(f"status.{plan.status}")),
        (w("proof.value"), written(plan.value, places)),
        (w("proof.bound"), written(plan.bound, places, unknown)),
        (w("proof.gap"), unknown if plan.gap is None else share_of(plan.gap, 4)),
        (w("proof.solver"), proof.solver),
        (w("proof.seconds"), f"{proof.seconds:.1f}"),
        (w("proof.nodes"), unknown if proof.nodes is None else f"{proof.nodes:,}"),
        (w("proof.limit"), w.or_else(f"limit.{proof.limit or 'none'}", str(proof.limit))),
    ]
    if proof.columns:
        size = w.listed(f"{number:,}" for number in (proof.columns, proof.rows, proof.nonzeros))
        told.append((w("proof.size"), size))
    options = [
        f"{w.or_else(f'option.{name}', name)} {_option(material, value)}"
        for name, value in proof.options.items()
        if value is not None
    ]
    if options:
        told.append((w("proof.options"), w.listed(options)))
    table = tuple(cells(row) for row in told)
    shown = Table("proof-table", w("h.proof"), columns(w, "item", "+cell"), table)
    return Section("proof", w("h.proof"), w("proof.note"), (shown,))


def _option(material: Material, value: object) -> str:
    if isinstance(value, bool):
        return material.words("yes" if value else "no")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _versions(material: Material) -> Section:
    w = material.words
    table = tuple((text(name), Cell(number or w("none"))) for name, number in versions().items())
    shown = Table("versions-table", w("h.versions"), columns(w, "name", "version"), table)
    return Section("versions", w("h.versions"), w("versions.note"), (shown,), level=3)


def _checksums(material: Material) -> Section:
    w, sums = material.words, material.region.checksums
    if not sums:
        return Section("checksums", w("h.checksums"), said=(w("checksums.none"),), level=3)
    table = tuple(cells(row) for row in sums.items())
    shown = Table("checksums-table", w("h.checksums"), columns(w, "file", "+sha256"), table)
    return Section("checksums", w("h.checksums"), w("checksums.note"), (shown,), level=3)
