"""Innovation loops that can't be meant."""

from __future__ import annotations

from typing import Any

from .edits import Case, Edit, cell, every, manifest, put

LOOP = """\
loop,name,stage,route,needs,reach,value_m_y,share,provenance,source
proof,Proving,cell,,testing,30,4,0.5,assumed,
"""


def loop(**cells: Any) -> Edit:
    """Add a loop of cells that need testing, with some cells changed."""
    return every(put("loops.csv", LOOP), cell("loops.csv", 2, **cells))


CASES = (
    Case("no producer", every(loop(stage="cathode", route="lfp"), cell("firms.csv", 3, route="")),
         "loop_of_nobody", "loops.csv", 2, "route", "no producer", level="warning"),
    Case("a stage that nobody is of",
         every(loop(needs="testing;college"), manifest("stages.college", "Colleges")),
         "unreachable_loop", "loops.csv", 2, "needs", "'college'", level="warning"),
    Case("a firm with itself", loop(needs="cell"),
         "unreachable_loop", "loops.csv", 2, "needs", "no other firm", level="warning"),
    Case("worth nothing", loop(value_m_y=0),
         "worthless_loop", "loops.csv", 2, "value_m_y", level="warning"),
    Case("a cost", loop(value_m_y=-2), "negative", "loops.csv", 2, "value_m_y"),
    Case("a share above the whole", loop(share=1.2), "out_of_range", "loops.csv", 2, "share"),
    Case("no stages", loop(needs=""), "empty_cell", "loops.csv", 2, "needs"),
    Case("an unknown stage", loop(needs="testing;tsting"),
         "unknown_stage", "loops.csv", 2, "needs", "'testing'"),
    Case("an unknown route", loop(route="lpf"), "unknown_route", "loops.csv", 2, "route", "'lfp'"),
)  # fmt: skip
