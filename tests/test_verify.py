"""`verify` on a plan computed by hand, and on the same plan tampered with in every table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hand_plan import INDICATORS, HandPlan, hand_plan
from shapely.geometry import LineString, Point

from clusterplan.plan.plan import Plan, Proof
from clusterplan.plan.verify import verify

Change = Callable[[HandPlan], HandPlan]
NAN, INF = float("nan"), float("inf")


@pytest.fixture(scope="module")
def plan() -> HandPlan:
    return hand_plan()


def rules(plan: HandPlan, tolerance: float = 1e-6) -> set[str]:
    return set(verify(plan, tolerance)["rule"])


def cell(table: str, row: Any, column: str, value: Any) -> Change:
    def change(plan: HandPlan) -> HandPlan:
        frame = getattr(plan, table).copy()
        if frame[column].dtype != object and not isinstance(value, int | float):
            frame[column] = frame[column].astype(object)
        frame.at[row, column] = value
        return replace(plan, **{table: frame})

    return change


def times(table: str, row: Any, column: str, factor: float) -> Change:
    def change(plan: HandPlan) -> HandPlan:
        return cell(table, row, column, getattr(plan, table).at[row, column] * factor)(plan)

    return change


def drop(table: str, row: Any) -> Change:
    return lambda plan: replace(plan, **{table: getattr(plan, table).drop(index=row)})


def double(table: str, row: Any) -> Change:
    def change(plan: HandPlan) -> HandPlan:
        frame = getattr(plan, table)
        twice = pd.concat([frame, frame.loc[[row]]], ignore_index=isinstance(row, int))
        return replace(plan, **{table: twice})

    return change


def add(table: str, like: int, **cells: Any) -> Change:
    """Add a row that is like another but for some cells."""

    def change(plan: HandPlan) -> HandPlan:
        changed = double(table, like)(plan)
        for column, value in cells.items():
            changed = cell(table, len(getattr(plan, table)), column, value)(changed)
        return changed

    return change


def without(table: str, column: str) -> Change:
    return lambda plan: replace(plan, **{table: getattr(plan, table).drop(columns=column)})


def said(**values: Any) -> Change:
    return lambda plan: replace(plan, **values)


def both(*changes: Change) -> Change:
    def change(plan: HandPlan) -> HandPlan:
        for one in changes:
            plan = one(plan)
        return plan

    return change


def grant(firm: str, instrument: str, amount: float) -> Change:
    return add("grants", 1, firm=firm, instrument=instrument, amount_m_y=amount, amount_pv_m=10 * amount)


def test_a_plan_computed_by_hand_holds(plan: HandPlan) -> None:
    found = verify(plan)
    assert found.empty
    assert list(found.columns) == ["rule", "id", "amount", "limit", "excess"]


def test_a_plan_of_the_same_tables_holds_with_the_indicators_it_counts_itself(plan: HandPlan) -> None:
    names = ("parks", "firms", "supply", "links", "grants", "works", "loops", "terms")
    own = Plan(
        region=plan.region,
        status="feasible",
        value=plan.value,
        bound=plan.bound,
        weights=plan.weights,
        tables={name: getattr(plan, name) for name in names},
        proof=Proof(solver="by hand", seconds=0.0),
    )
    assert verify(own).empty
    for name in names[:-2]:  # a table that makes no sense is told, whatever indicators make of it
        emptied = replace(own, tables={**own.tables, name: own.tables[name].iloc[:0]})
        assert not verify(emptied).empty


def test_the_plan_is_not_changed_by_checking_it(plan: HandPlan) -> None:
    before = {name: getattr(plan, name).copy() for name in ("parks", "firms", "supply", "links", "grants")}
    verify(plan)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, getattr(plan, name))


def test_a_breach_says_what_there_is_and_what_there_may_be(plan: HandPlan) -> None:
    found = verify(cell("terms", "tax", "amount", 5.7)(plan))
    row = found[found["rule"] == "terms.amount"].iloc[0]
    assert row["id"] == "tax"
    assert (row["amount"], row["limit"], row["excess"]) == pytest.approx((5.7, 4.7, 1.0))


def test_rounding_below_the_tolerance_passes_and_above_it_fails(plan: HandPlan) -> None:
    almost = times("supply", 0, "quantity_per_y", 1 + 1e-8)(plan)
    assert rules(almost) == set()
    assert "supply.sold" in rules(times("supply", 0, "quantity_per_y", 1 + 1e-4)(plan))
    assert "supply.sold" in rules(almost, tolerance=1e-10)


TAMPERED: list[tuple[str, Change]] = [
    # tables
    ("tables.column", without("supply", "local")),
    ("tables.column", without("parks", "used_workers")),
    ("tables.missing_row", drop("parks", "p3")),
    ("tables.missing_row", drop("firms", "old")),
    ("tables.missing_row", drop("terms", "loops")),
    ("tables.repeated_row", double("firms", "lab")),
    ("tables.repeated_row", double("parks", "p1")),
    ("tables.repeated_row", double("terms", "tax")),
    ("tables.unknown_row", lambda plan: replace(plan, firms=plan.firms.rename(index={"old": "new"}))),
    ("tables.unknown_id", cell("firms", "cell", "park", "nowhere")),
    ("tables.unknown_id", cell("supply", 0, "from", "nobody")),
    ("tables.unknown_id", cell("supply", 0, "to", "nobody")),
    ("tables.unknown_id", cell("supply", 3, "gateway", "nowhere")),
    ("tables.unknown_id", cell("supply", 3, "product", "nothing")),
    ("tables.unknown_id", cell("supply", 3, "product", None)),
    ("tables.unknown_id", cell("grants", 0, "firm", "nobody")),
    ("tables.unknown_id", cell("grants", 0, "instrument", None)),
    ("tables.number", cell("supply", 1, "quantity_per_y", NAN)),
    ("tables.number", cell("firms", "cell", "utilisation", NAN)),
    ("tables.number", cell("firms", "cell", "surplus_m_y", INF)),
    ("tables.number", cell("parks", "p1", "used_land_ha", NAN)),
    ("tables.number", cell("terms", "tax", "value", NAN)),
    ("tables.number", cell("supply", 1, "freight_m_y", "dear")),
    ("tables.number", cell("parks", "p1", "used_land_ha", "much")),
    ("tables.number", cell("parks", "p3", "capacity_power_mw", "much")),
    ("tables.flag", cell("parks", "p1", "open", None)),
    ("tables.flag", cell("supply", 0, "local", None)),
    ("tables.copied", cell("parks", "p2", "name", "South")),
    ("tables.copied", cell("parks", "p2", "status", "open")),
    ("tables.copied", cell("parks", "p2", "capacity_land_ha", 41.0)),
    ("tables.copied", cell("parks", "p3", "capacity_power_mw", 1.0)),
    ("tables.copied", cell("firms", "cell", "name", "Sells")),
    ("tables.copied", cell("firms", "cell", "stage", "pack")),
    ("tables.copied", cell("firms", "cell", "status", "committed")),
    ("tables.copied", cell("firms", "cell", "is_anchor", True)),
    ("tables.copied", cell("firms", "cell", "is_platform", True)),
    ("works.level", cell("parks", "p2", "level", "large")),
    # siting
    ("siting.existing", cell("firms", "pack", "park", "p2")),
    ("siting.existing", cell("firms", "pack", "park", None)),
    ("siting.committed", cell("firms", "recycler", "park", None)),
    ("siting.excluded_firm", cell("firms", "old", "park", "p1")),
    ("siting.variants", cell("firms", "cell_small", "park", "p2")),
    ("siting.open", cell("parks", "p2", "open", False)),
    ("siting.stays_open", cell("parks", "p1", "open", False)),
    ("siting.min_load", cell("firms", "cell", "utilisation", 0.4)),
    ("siting.full_load", cell("firms", "cell", "utilisation", 1.1)),
    ("siting.load_when_out", cell("firms", "cell_small", "utilisation", 0.5)),
    # capacity
    ("capacity.used_land_ha", cell("parks", "p1", "used_land_ha", 10.0)),
    ("capacity.used_workers", cell("parks", "p3", "used_workers", 0.0)),
    ("capacity.group", cell("firms", "cell_small", "park", "p1")),
    # admission
    ("admission.stage", cell("firms", "recycler", "park", "p2")),
    ("admission.only_parks", cell("firms", "recycler", "park", "p1")),
    ("admission.not_parks", cell("firms", "cell_small", "park", "p3")),
    ("admission.same_park", cell("firms", "lab", "park", "p3")),
    ("admission.same_park", cell("firms", "cell", "park", "p3")),
    ("requirements.at_least", cell("firms", "cell", "park", None)),
    ("requirements.at_most", cell("firms", "cell", "park", "p1")),
    # supply
    ("supply.sold", times("supply", 3, "quantity_per_y", 0.9)),
    ("supply.met", times("supply", 0, "quantity_per_y", 0.9)),
    ("supply.sold", drop("supply", 4)),
    ("supply.met", drop("supply", 5)),
    ("supply.repeated", double("supply", 1)),
    ("supply.negative", add("supply", 4, quantity_per_y=-1.0)),
    ("supply.ends", cell("supply", 3, "gateway", None)),
    ("supply.ends", cell("supply", 0, "gateway", "g")),
    ("supply.itself", cell("supply", 2, "to", "recycler")),
    ("supply.seller_placed", cell("supply", 4, "from", "cell_small")),
    ("supply.buyer_placed", cell("supply", 5, "to", "cell_small")),
    ("supply.made", cell("supply", 0, "from", "recycler")),
    ("supply.made", cell("supply", 0, "product", "battery")),
    ("supply.needed", cell("supply", 0, "to", "recycler")),
    ("supply.gateway_buys", both(cell("supply", 2, "gateway", "g"), cell("supply", 2, "to", None))),
    ("supply.gateway_sells", both(cell("supply", 1, "gateway", "g"), cell("supply", 1, "from", None))),
    ("supply.gateway_buys_up_to", cell("supply", 3, "quantity_per_y", 501.0)),
    ("supply.gateway_sells_up_to", cell("supply", 5, "quantity_per_y", 5.1)),
    ("supply.from_park", cell("supply", 0, "from_park", "p1")),
    ("supply.from_park", cell("supply", 5, "from_park", "p1")),
    ("supply.to_park", cell("supply", 0, "to_park", "p2")),
    ("supply.to_park", cell("supply", 0, "to_park", None)),
    ("supply.distance_km", cell("supply", 3, "distance_km", 90.0)),
    ("supply.freight_m_y", cell("supply", 6, "freight_m_y", 0.02)),
    ("supply.value_m_y", times("supply", 0, "value_m_y", 2.0)),
    ("supply.local", cell("supply", 0, "local", False)),
    ("supply.local", cell("supply", 6, "local", True)),
    # links
    ("links.missing", drop("links", 1)),
    ("links.missing", drop("links", 2)),
    ("links.repeated", double("links", 0)),
    ("links.realised", add("links", 0, link="staff")),
    ("links.realised", cell("links", 1, "link", "tests")),
    ("links.kind", cell("links", 0, "kind", "people")),
    ("links.from", cell("links", 0, "from", "cell")),
    ("links.to", cell("links", 0, "to", "cell")),
    ("links.from_park", cell("links", 1, "from_park", "p1")),
    ("links.to_park", cell("links", 1, "to_park", "p2")),
    ("links.distance_km", cell("links", 1, "distance_km", 12.0)),
    ("links.proximity", cell("links", 1, "proximity", 0.6)),
    ("links.value_m_y", cell("links", 2, "value_m_y", 0.2)),
    # incentives
    ("incentives.cap", cell("grants", 0, "amount_m_y", 0.61)),
    ("incentives.cap", cell("grants", 1, "amount_m_y", 0.31)),
    ("incentives.least", cell("grants", 0, "amount_m_y", 0.09)),
    ("incentives.least", cell("grants", 1, "amount_m_y", -0.1)),
    ("incentives.repeated", double("grants", 1)),
    ("incentives.exclusive", grant("cell", "jobs", 0.1)),
    ("incentives.retention", grant("recycler", "land_cut", 0.001)),
    ("incentives.retention", grant("pack", "land_cut", 0.001)),
    ("incentives.platform", grant("lab", "land_cut", 0.001)),
    ("incentives.placed", grant("cell_small", "land_cut", 0.001)),
    ("incentives.firm", grant("pack", "capex", 0.2)),
    ("incentives.budget", cell("grants", 0, "budget", "city")),
    ("incentives.amount_pv_m", cell("grants", 0, "amount_pv_m", 6.0)),
    ("incentives.budget_total", cell("grants", 2, "amount_m_y", 0.8)),
    # willingness
    ("willingness.surplus", cell("supply", 3, "quantity_per_y", 4000.0)),
    ("willingness.surplus", drop("grants", [0, 1])),
    ("willingness.surplus_m_y", cell("firms", "cell", "surplus_m_y", 0.6)),
    ("willingness.surplus_m_y", cell("firms", "pack", "surplus_m_y", 8.0)),
    ("willingness.surplus_m_y", cell("firms", "recycler", "surplus_m_y", NAN)),
    ("willingness.surplus_m_y", cell("firms", "lab", "surplus_m_y", 0.0)),
    ("willingness.surplus_m_y", cell("firms", "cell_small", "surplus_m_y", 0.0)),
    ("willingness.grants_m_y", cell("firms", "cell", "grants_m_y", 0.7)),
    ("willingness.grants_m_y", cell("firms", "recycler", "grants_m_y", 0.1)),
    ("willingness.rent_m_y", cell("grants", 0, "rent_m_y", 0.0)),
    ("willingness.rent_m_y", cell("grants", 2, "rent_m_y", 0.2)),
    # terms
    ("terms.weight", cell("terms", "tax", "weight", 1.0)),
    ("terms.weight", said(weights={"links": 1.0})),
    ("terms.unknown_weight", lambda plan: replace(plan, weights={**plan.weights, "joy": 1.0})),
    ("terms.value", cell("terms", "links", "value", 2.0)),
    ("terms.sum", said(value=-14.0)),
    # proof
    ("proof.status", said(status="no_plan")),
    ("proof.value", said(value=NAN)),
    ("proof.bound", said(bound=-15.0)),
    ("proof.bound", said(bound=INF)),
    ("proof.gap", said(gap=0.0)),
    ("proof.gap", said(gap=None)),
    ("proof.gap", said(bound=None)),
    ("proof.optimal", said(status="optimal")),
    ("proof.optimal", said(status="optimal", bound=-14.392, gap=0.001112 / 14.393112)),
    ("proof.optimal", said(status="optimal", bound=None, gap=None)),
    # indicators
    ("tables.column", without("indicators", "unit")),
    ("indicators.repeated", double("indicators", "jobs")),
    ("indicators.missing", drop("indicators", "jobs")),
    ("indicators.number", cell("indicators", "years_to_pay_back", "value", INF)),
    ("indicators.unit", cell("indicators", "jobs", "unit", None)),
    ("indicators.definition", cell("indicators", "jobs", "definition", "")),
    # geometry
    ("geometry.crs", lambda plan: replace(plan, parks=plan.parks.to_crs("EPSG:32648"))),
    ("geometry.parks", cell("parks", "p1", "geometry", Point(104.6, 28.8))),
    ("geometry.firms", cell("firms", "cell", "geometry", Point(104.6, 28.8))),
    ("geometry.firms", cell("firms", "cell", "geometry", None)),
    ("geometry.firms", cell("firms", "old", "geometry", Point(104.6, 28.8))),
    ("geometry.firms", lambda plan: replace(plan, firms=pd.DataFrame(plan.firms).assign(geometry="there"))),
    ("geometry.supply", cell("supply", 0, "geometry", LineString([(104.6, 28.8), (104.8, 28.8)]))),
    ("geometry.links", cell("links", 1, "geometry", LineString([(104.6, 28.8), (104.8, 28.8)]))),
]


@pytest.mark.parametrize(
    ("rule", "change"), TAMPERED, ids=[f"{i}-{rule}" for i, (rule, _) in enumerate(TAMPERED)]
)
def test_a_plan_tampered_with_is_told_by_the_rule_it_breaks(
    plan: HandPlan, rule: str, change: Change
) -> None:
    assert rule in rules(change(plan))


def test_no_amount_of_a_term_can_be_changed_unnoticed(plan: HandPlan) -> None:
    found = verify(replace(plan, terms=plan.terms.assign(amount=plan.terms["amount"] + 1e-4)))
    assert list(found.loc[found["rule"] == "terms.amount", "id"]) == list(plan.terms.index)


@pytest.mark.parametrize("table", ["parks", "firms", "supply", "links", "grants", "works", "terms"])
def test_no_cell_of_a_column_can_be_changed_unnoticed(plan: HandPlan, table: str) -> None:
    frame = getattr(plan, table)
    row = frame.index[1]
    for column in frame.columns:
        old = frame.at[row, column]
        if isinstance(old, bool | np.bool_):
            new: Any = not old
        elif frame[column].dtype == float:
            new = 1.0 if np.isnan(old) else old * 1.01 + 0.01
        elif column == "geometry":
            new = Point(104.5, 28.5)
        else:
            new = "other"
        assert rules(cell(table, row, column, new)(plan)), f"{table}.{column}"


def test_what_is_closed_within_the_gap_may_be_called_optimal(plan: HandPlan) -> None:
    bound = plan.value * (1 - 5e-6)
    gap = (bound - plan.value) / abs(plan.value)
    assert rules(replace(plan, status="optimal", bound=bound, gap=gap)) == set()


def test_a_feasible_plan_may_have_no_bound(plan: HandPlan) -> None:
    assert rules(replace(plan, bound=None, gap=None)) == set()


def test_no_indicator_that_is_counted_again_can_be_changed_unnoticed(plan: HandPlan) -> None:
    for change in (lambda value: value * 1.01 + 0.01, lambda value: value * np.nan):
        found = verify(
            replace(plan, indicators=plan.indicators.assign(value=change(plan.indicators["value"])))
        )
        assert set(found["rule"]) == {"indicators.value"}
        assert set(found["id"]) == set(INDICATORS) - {"years_to_pay_back"}
