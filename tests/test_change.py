"""A region is changed by lines that name what, how and with which value."""

from __future__ import annotations

import pytest

import clusterplan as cp
from clusterplan.region import Change, changes_of


@pytest.fixture(scope="module")
def tiny():
    return cp.load_region("tiny")


@pytest.fixture(scope="module")
def yibin():
    return cp.load_region("yibin")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("firm.seats.outside_m_y = 3", 3.0),
        ("firm.seats.outside_m_y *= 2", 2.0),
        ("firms.seats.outside_m_y/=4", 0.25),
        ("firm.seats.outside_m_y += 0.5", 1.5),
        ("firm.seats.outside_m_y -= 2", -1.0),
        ("firm.seats.outside_m_y = -2e-1", -0.2),
    ],
)
def test_a_number_is_set_or_changed(tiny, line, expected):
    changed = cp.change(tiny, line)
    assert changed.firms.loc["seats", "outside_m_y"] == pytest.approx(expected, abs=1e-12)
    assert tiny.firms.loc["seats", "outside_m_y"] == 1.0
    rest = [name for name in tiny.firms.columns if name != "outside_m_y"]
    assert changed.firms[rest].equals(tiny.firms[rest])


def test_changes_are_made_in_the_order_given(tiny):
    changed = cp.change(tiny, ["firm.seats.outside_m_y += 1", "firm.seats.outside_m_y *= 3"])
    assert changed.firms.loc["seats", "outside_m_y"] == 6.0


def test_a_mapping_sets_values(tiny):
    changed = cp.change(tiny, {"firm.seats.outside_m_y": 7, "discount_rate": 0.03})
    assert changed.firms.loc["seats", "outside_m_y"] == 7.0
    assert changed.manifest.discount_rate == 0.03


def test_a_star_means_every_row_that_has_a_number(yibin):
    changed = cp.change(yibin, "firm.*.outside_m_y *= 2")
    known = yibin.firms["outside_m_y"].notna()
    assert known.any()
    assert not known.all()
    doubled = 2 * yibin.firms["outside_m_y"]
    assert changed.firms["outside_m_y"].equals(doubled)


def test_a_star_within_an_id_stands_for_anything(yibin):
    changed = cp.change(yibin, "market.port/*.buys_at *= 2").markets
    port = (yibin.markets["gateway"] == "port").to_numpy()
    assert 0 < port.sum() < len(port)
    before, after = yibin.markets["buys_at"].to_numpy(), changed["buys_at"].to_numpy()
    assert after[port] == pytest.approx(2 * before[port], nan_ok=True)
    assert after[~port] == pytest.approx(before[~port], nan_ok=True)


def test_budgets_and_other_keys_of_the_manifest_are_changed(yibin):
    name = next(iter(yibin.manifest.budgets))
    changed = cp.change(yibin, [f"budget.{name}.amount_m *= 0.5", "manifest.discount_rate = 0.09"])
    assert changed.manifest.budgets[name].amount_m == yibin.manifest.budgets[name].amount_m / 2
    assert changed.manifest.discount_rate == 0.09


def test_a_yearly_budget_is_changed_year_by_year(tiny):
    yearly = {"town": {"tier": "town", "basis": "per_year", "by_year_m": [2.0, 4.0]}}
    region = cp.Region.from_frames(
        **{**tiny.given(), "manifest": {**tiny.manifest.model_dump(exclude_unset=True), "budgets": yearly}}
    )
    assert cp.change(region, "budget.town.by_year_m *= 2").manifest.budgets["town"].by_year_m == (4.0, 8.0)


def test_a_firm_is_taken_away_though_it_is_there(yibin):
    firm = yibin.firms.index[yibin.firms["status"] == "existing"][0]
    gone = cp.change(yibin, f"firm.{firm} = gone").firms.loc[firm]
    assert gone["status"] == "excluded"
    assert gone["park"] is None


def test_a_gateway_that_is_gone_trades_nothing(yibin):
    gateway = yibin.markets["gateway"].iloc[0]
    changed = cp.change(yibin, f"gateway.{gateway} = gone")
    assert gateway in set(yibin.markets["gateway"])
    assert gateway not in set(changed.markets["gateway"])
    assert gateway in changed.gateways.index


def test_a_changed_number_counts_as_assumed_and_says_by_what(tiny):
    changed = cp.change(tiny, "firm.seats.outside_m_y *= 2").provenance_of()
    row = changed[(changed["id"] == "seats") & (changed["column"] == "outside_m_y")].iloc[0]
    assert row["kind"] == "assumed"
    assert "outside_m_y *= 2" in row["source"]


def test_words_are_changed_without_a_provenance(tiny):
    changed = cp.change(tiny, "firm.glass.lock = out")
    assert changed.firms.loc["glass", "lock"] == "out"
    assert cp.change(changed, "firm.glass.lock =").firms.loc["glass", "lock"] is None


def test_a_word_of_the_manifest_is_changed_without_a_provenance(tiny):
    assert cp.change(tiny, "objective = localisation").manifest.objective == "localisation"
    assert cp.change(tiny, "distance.unit = km").manifest.distance.unit == "km"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("seats", "is no change"),
        ("firm.nobody.land_ha = 3", "no 'nobody' among the firms"),
        ("firm.seats.landha = 3", "Did you mean 'land_ha'"),
        ("frim.seats.land_ha = 3", "Did you mean 'firm'"),
        ("firm.seats = 3", "table, id and column"),
        ("firm.seats.firm = other", "no column 'firm'"),
        ("budget.nowhere.amount_m = 3", "no 'nowhere'"),
        ("discont_rate = 3", "Did you mean 'discount_rate'"),
        ("discount_rate.high = 3", "no 'high'|no 'discount_rate'|discount_rate"),
        ("firm.seats.land_ha *= much", "'much' is no number"),
        ("firm.seats.land_ha /= 0", "divided by 0"),
        ("firm.seats.status *= 2", "no number. Set it with"),
        ("product.seat = gone", "only a firm, a park or a gateway"),
        ("firm.x*.land_ha = 3", "no 'x\\*' among the firms"),
        ("firm.nobody = gone", "no 'nobody' among the firms"),
    ],
)
def test_what_names_nothing_is_told(tiny, line, told):
    with pytest.raises(cp.UsageError, match=told):
        cp.change(tiny, line)


def test_what_comes_out_is_checked_as_any_region(tiny):
    with pytest.raises(cp.InputError, match="negative"):
        cp.change(tiny, "firm.seats.land_ha = -3")


def test_lines_are_read_as_they_are_written():
    assert changes_of("a.b.c*=2") == (Change("a.b.c", "*=", "2"),)
    assert changes_of([" a.b = ", Change("c", "=", 3)]) == (Change("a.b", "=", ""), Change("c", "=", 3))
    assert str(Change("a.b", "-=", "2")) == "a.b -= 2"
