"""Phases that can't be meant."""

from __future__ import annotations

from typing import Any

from .edits import Case, Edit, cell, column, every, manifest, properties

PHASES: list[dict[str, Any]] = [
    {"id": "now", "from_year": 2025, "years": 3},
    {"id": "later", "from_year": 2028, "years": 10},
]


def phases(*rows: dict[str, Any], **second: Any) -> Edit:
    """Say phases, or two ordinary ones with something else in the second."""
    return manifest("phases", list(rows) or [PHASES[0], {**PHASES[1], **second}])


def line(text: str) -> Edit:
    """Change something in the second phase."""
    return phases(changes=[text])


CASES = (
    Case("an id twice", phases(PHASES[0], {**PHASES[1], "id": "now"}),
         "inconsistent_keys", "region.yaml", column="phases", says="same id"),
    Case("backwards", phases(PHASES[1], PHASES[0]),
         "inconsistent_keys", "region.yaml", column="phases", says="after phase 'later'"),
    Case("a gap between them", phases({**PHASES[0], "years": 2}, PHASES[1]),
         "inconsistent_keys", "region.yaml", column="phases", says="3 years"),
    Case("no year", phases({"id": "now"}),
         "missing_key", "region.yaml", column="phases.0.from_year", says="begins"),
    Case("an id with a stroke", phases({**PHASES[0], "id": "now/then"}),
         "bad_id", "region.yaml", column="phases.0.id"),
    Case("an unknown key", phases(land=3), "unknown_key", "region.yaml", column="phases.1.land"),
    Case("an unknown budget",
         phases(budgets={"town": 3}),
         "unknown_budget", "region.yaml", column="phases.1.budgets.town", says="no budget 'town'"),
    Case("a budget in one phase alone", phases(budgets={"city": 3}),
         "missing_budget", "region.yaml", column="phases.0.budgets", says="city: 0"),
    Case("a budget that says its years",
         every(manifest("budgets.city", {"tier": "city", "basis": "per_year", "by_year_m": [30]}),
               phases({**PHASES[0], "budgets": {"city": 3}})),
         "yearly_budget", "region.yaml", column="phases.0.budgets.city", says="by_year_m"),
    Case("a line that says nothing", line("more land"),
         "bad_change", "region.yaml", column="phases.1.changes", says="no change"),
    Case("a park that is not there", line("park.eest.land_ha += 3"),
         "bad_change", "region.yaml", column="phases.1.changes", says="'west'"),
    Case("a rate of a later phase", line("instrument.grant.rate = 0.2"),
         "bad_change", "region.yaml", column="phases.1.changes", says="stays as it is"),
    Case("who is there by a line", line("firm.cathode_a.status = excluded"),
         "bad_change", "region.yaml", column="phases.1.changes", says="from_year"),
    Case("gone by a line", line("firm.cathode_a = gone"),
         "bad_change", "region.yaml", column="phases.1.changes", says="from_year"),
    Case("what a platform costs", line("firm.lab.public_cost_m_y = 3"),
         "bad_change", "region.yaml", column="phases.1.changes", says="budget"),
    Case("a manifest's key", line("discount_rate = 0.03"),
         "bad_change", "region.yaml", column="phases.1.changes", says="stays as it is"),
    Case("an existing firm that comes",
         every(phases(), column("firms.csv", "from_year", ""), cell("firms.csv", 2, from_year=2028)),
         "already_there", "firms.csv", 2, "from_year", "there already"),
    Case("a park that comes around a firm", every(phases(), properties("parks.geojson", 1, from_year=2028)),
         "already_there", "parks.geojson", 1, "from_year", "there already"),
    Case("later than all phases",
         every(phases(), column("firms.csv", "from_year", ""), cell("firms.csv", 3, from_year=2031)),
         "never_there", "firms.csv", 3, "from_year", "No phase begins in 2031", level="warning"),
    Case("years without phases",
         every(column("firms.csv", "from_year", ""), cell("firms.csv", 3, from_year=2031)),
         "no_phases", "firms.csv", 3, "from_year", "'cathode_a'", level="warning"),
)  # fmt: skip
