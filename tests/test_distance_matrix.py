"""`Distances` itself, and distances given ready as a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from clusterplan.distance import Distances, matrix_distances
from clusterplan.errors import InputError, UsageError

NAN = float("nan")


def table(*rows: tuple[Any, ...], columns: tuple[str, ...] = ("origin", "destination", "km")) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


def distances(km: list[list[float]], **options: Any) -> Distances:
    ids = tuple("abc"[: len(km)])
    return Distances(
        ids, ids, np.array(km), options.pop("hours", None), "matrix", options.pop("unit", "km"), **options
    )


def test_one_direction_is_enough() -> None:
    found = matrix_distances(table(("a", "b", 12.0), ("c", "b", 7.0), ("a", "c", 20.0)), "abc")
    assert found.km.tolist() == [[0, 12, 20], [12, 0, 7], [20, 7, 0]]
    assert (found.metric, found.unit, found.hours) == ("matrix", "km", None)


def test_both_directions_may_differ() -> None:
    found = matrix_distances(table(("a", "b", 12.0), ("b", "a", 15.0)), "ab")
    assert found.km.tolist() == [[0, 12], [15, 0]]


def test_a_missing_pair_cannot_be_reached_and_is_named() -> None:
    found = matrix_distances(table(("a", "b", 12.0)), "abc")
    assert found.unreachable() == [("a", "c"), ("b", "c"), ("c", "a"), ("c", "b")]
    assert np.isnan(found.km[0, 2])
    assert not np.isinf(found.km).any()


def test_the_mirror_is_not_taken_where_directions_matter() -> None:
    assert matrix_distances(table(("a", "b", 12.0)), "ab", symmetric=False).unreachable() == [("b", "a")]


def test_hours_alone_measure_in_hours_and_leave_km_unknown() -> None:
    found = matrix_distances(table(("a", "b", 0.5), columns=("origin", "destination", "hours")), "ab")
    assert found.unit == "hours"
    assert found.measure.tolist() == [[0, 0.5], [0.5, 0]]
    assert found.reachable.all()
    assert np.isnan(found.km[0, 1])


def test_with_both_columns_the_unit_says_which_is_measured() -> None:
    both = table(
        ("a", "b", 30.0, 0.5), ("a", "c", NAN, 0.75), columns=("origin", "destination", "km", "hours")
    )
    found = matrix_distances(both, "abc", unit="hours")
    assert found.measure[0].tolist() == [0, 0.5, 0.75]
    assert found.unreachable() == [("b", "c"), ("c", "b")]
    with pytest.raises(InputError, match="row 3, column 'km': A number is missing"):
        matrix_distances(both, "abc")


def test_a_column_left_blank_is_as_good_as_none() -> None:
    blank = table(("a", "b", NAN, 0.5), columns=("origin", "destination", "km", "hours"))
    assert matrix_distances(blank, "ab").unit == "hours"
    blank = table(("a", "b", 30.0, None), columns=("origin", "destination", "km", "hours"))
    assert matrix_distances(blank, "ab").hours is None


def test_an_empty_table_reaches_nothing() -> None:
    assert matrix_distances(table(), "ab").unreachable() == [("a", "b"), ("b", "a")]


def test_parks_and_gateways_may_be_two_lists() -> None:
    found = matrix_distances(table(("a", "b", 5.0), ("port", "a", 300.0)), ["a", "b"], ["port"])
    np.testing.assert_array_equal(found.km, [[300.0], [NAN]])
    assert found.unreachable() == [("b", "port")]


def test_a_pair_given_twice_alike_is_no_fault() -> None:
    assert matrix_distances(table(("a", "b", 5.0), ("a", "b", 5.0)), "ab").km[0, 1] == 5


@pytest.mark.parametrize(
    ("row", "column", "rule", "value"),
    [
        (("a", "z", 5.0), "destination", "unknown_place", "z"),
        (("z", "b", 5.0), "origin", "unknown_place", "z"),
        ((None, "b", 5.0), "origin", "missing_id", None),
        (("a", "b", -5.0), "km", "out_of_limits", "-5.0"),
        (("a", "b", "far"), "km", "not_a_number", "far"),
        (("a", "b", None), "km", "missing_number", None),
        (("a", "b", np.inf), "km", "out_of_limits", "inf"),
        (("a", "b", 99999.0), "km", "stands_for_unreachable", "99999.0"),
        (("a", "a", 1.0), "km", "not_zero_from_itself", "1.0"),
        (("b", "c", 9.0), "km", "contradictory_pair", "9.0"),
    ],
)
def test_a_row_that_cannot_be_used_is_a_fault_on_its_line(
    row: tuple[Any, ...], column: str, rule: str, value: str | None
) -> None:
    with pytest.raises(InputError) as error:
        matrix_distances(table(("b", "c", 8.0), row), "abc")
    (fault,) = error.value.faults
    assert (fault.file, fault.row, fault.column, fault.rule, fault.value) == (
        "distances.csv",
        3,
        column,
        rule,
        value,
    )
    assert fault.why
    assert fault.mend


def test_all_faults_come_together_in_the_order_of_rows() -> None:
    with pytest.raises(InputError) as error:
        matrix_distances(table(("a", "b", -1.0), ("a", "q", 1.0), ("b", "b", 4.0)), "ab")
    assert [fault.row for fault in error.value.faults] == [2, 3, 4]


def test_a_missing_column_is_a_fault() -> None:
    with pytest.raises(InputError, match="column 'destination'"):
        matrix_distances(pd.DataFrame({"origin": ["a"], "km": [1.0]}), "ab")
    with pytest.raises(InputError, match="column 'hours'"):
        matrix_distances(table(("a", "b", 1.0)), "ab", unit="hours")


def test_the_table_is_left_as_it_was() -> None:
    given = table(("a", "b", 12.0))
    before = given.copy()
    matrix_distances(given, "ab")
    pd.testing.assert_frame_equal(given, before)


def test_detours_are_those_longer_than_the_factor_worst_first() -> None:
    straight = [[0, 10, 10], [10, 0, 5], [10, 5, 0]]
    found = matrix_distances(
        table(("a", "b", 16.0), ("a", "c", 17.0), ("b", "c", 20.0)), "abc", straight_km=np.array(straight)
    ).detours()
    assert found.to_dict("list") == {
        "origin": ["b", "c", "a", "c"],
        "destination": ["c", "b", "c", "a"],
        "km": [20, 20, 17, 17],
        "straight_km": [5, 5, 10, 10],
        "factor": [4.0, 4.0, 1.7, 1.7],
    }


def test_a_way_between_two_places_on_one_point_is_a_detour_without_a_factor() -> None:
    found = distances([[0, 3], [3, 0]], straight_km=np.zeros((2, 2))).detours()
    assert len(found) == 2
    assert found["factor"].isna().all()


def test_unreachable_pairs_are_no_detours() -> None:
    assert distances([[0, NAN], [NAN, 0]], straight_km=np.ones((2, 2)) - np.eye(2)).detours().empty


def test_detours_need_straight_lines() -> None:
    with pytest.raises(UsageError, match="straight_km"):
        distances([[0, 3], [3, 0]]).detours()


def test_a_frame_has_a_row_a_pair() -> None:
    frame = distances([[0, NAN], [3, 0]], hours=np.array([[0, NAN], [0.1, 0]])).to_frame()
    assert list(frame.columns) == ["origin", "destination", "km", "hours", "reachable"]
    assert frame["origin"].tolist() == ["a", "a", "b", "b"]
    assert frame["reachable"].tolist() == [True, False, True, True]


def test_a_selection_keeps_the_order_asked_for() -> None:
    whole = distances([[0, 1, 2], [3, 0, 4], [5, 6, 0]], straight_km=np.zeros((3, 3)))
    part = whole.select(["c", "a"], ["b"])
    assert part.km.tolist() == [[6], [1]]
    assert part.straight_km is not None
    assert (part.origins, part.destinations) == (("c", "a"), ("b",))
    with pytest.raises(UsageError, match="origin 'z'"):
        whole.select(["z"], ["a"])


@pytest.mark.parametrize("bad", [np.inf, -1.0])
def test_distances_hold_no_infinity_and_nothing_negative(bad: float) -> None:
    with pytest.raises(UsageError, match="km must be 0 or more"):
        distances([[0, bad], [1, 0]])


def test_distances_are_checked_when_made() -> None:
    with pytest.raises(UsageError, match="from a place to itself"):
        distances([[1.0]])
    with pytest.raises(UsageError, match="2 × 2"):
        Distances(("a", "b"), ("a", "b"), np.zeros((2, 3)), None, "matrix", "km")
    with pytest.raises(UsageError, match="once each"):
        Distances(("a", "a"), ("b",), np.zeros((2, 1)), None, "matrix", "km")
    with pytest.raises(UsageError, match="need hours"):
        distances([[0.0]], unit="hours")


def test_distances_do_not_change_with_the_array_they_came_from() -> None:
    km = np.array([[0.0, 1.0], [1.0, 0.0]])
    held = Distances(("a", "b"), ("a", "b"), km, None, "matrix", "km")
    km[0, 1] = 9
    assert held.km[0, 1] == 1
    with pytest.raises(ValueError, match="read-only"):
        held.km[0, 1] = 9
