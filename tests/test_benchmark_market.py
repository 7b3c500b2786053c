"""The benchmark of the market runs, and says what it measured."""

from __future__ import annotations

import json

from benchmarks.market import main, shown


def test_it_times_the_cascade_and_the_trade_in_it(capsys):
    assert main(["--sizes", "12x3", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["size"] == "12 × 3"
    assert row["cascade"] > 0
    assert row["trade"] > 0


def test_the_market_stands_beside_the_stored_plan():
    market, plan = shown("ningde")
    assert (market["end"], plan["end"]) == ("market", "plan")
    assert market["grants"] == 0 < plan["grants"]
    assert market["value"] < plan["value"]
