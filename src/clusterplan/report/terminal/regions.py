"""Regions in the terminal: which there are, what one holds, where a new one is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from clusterplan.region import Region
from clusterplan.report.numbers import counted, share_of
from clusterplan.report.terminal.console import out


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


def regions_json(regions: Sequence[Region]) -> list[dict[str, Any]]:
    """Return bundled regions as JSON takes them."""
    return [
        {"region": r.name, "title": r.manifest.title, "parks": len(r.parks), "firms": len(r.firms)}
        for r in regions
    ]


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
