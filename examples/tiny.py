"""The region `tiny`, which one can compute by hand: the twenty lines of the README."""

import clusterplan as cp

region = cp.load_region("tiny")  # a bundled one; cp.read_region(folder), cp.Region.from_frames(...)
plan = cp.solve(region, time_limit=60)

print(plan)
print(plan.firms[["name", "park", "surplus_m_y", "grants_m_y"]].round(3))
print(plan.terms.query("value != 0")["value"].round(3))
print(plan.indicators.loc["localisation_rate.carmaker", "value"].round(3))
print(cp.verify(plan).empty)  # every rule and number recomputed: nothing is wrong
plan.save("out/tiny", force=True)  # plan.json, GeoPackage, workbook, CSV, a page, the inputs
