from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from consensus.privacy.suppress import apart, merged_groups, shown_groups, shown_parts, shown_points, whole

SIZES = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 14), max_size=7)


@given(SIZES, st.integers(0, 10), st.integers(3, 8))
def test_no_difference_of_the_total_and_shown_groups_is_a_small_group(sizes, without_group, minimum):
    total = sum(sizes.values()) + without_group
    shown = shown_groups(sizes, total, minimum)
    for size in range(len(shown) + 1):
        for taken in combinations(sorted(shown), size):
            rest = total - sum(sizes[key] for key in taken)
            assert rest == 0 or rest >= minimum or not shown
    assert all(sizes[key] >= minimum for key in shown)


@given(SIZES, st.integers(3, 8))
def test_groups_that_need_no_hiding_are_shown(sizes, minimum):
    large = {key: size for key, size in sizes.items() if size >= minimum}
    assert shown_groups(large, sum(large.values()), minimum) == set(large)


@given(SIZES, st.integers(3, 8))
def test_what_is_merged_is_never_a_small_group(sizes, minimum):
    merged = merged_groups(sizes, minimum)
    together = sum(sizes[key] for key in merged)
    assert together == 0 or together >= minimum or sum(sizes.values()) < minimum


def test_a_single_small_group_takes_the_next_smallest_with_it():
    assert shown_groups({"a": 9, "b": 6, "c": 2}, 17, 5) == {"a"}


def test_members_without_a_group_are_protected_too():
    assert shown_groups({"a": 9, "b": 6}, 16, 5) == {"a"}


def test_nothing_is_shown_of_a_panel_that_is_too_small():
    assert shown_groups({"a": 4}, 4, 5) == set()


PARTS = st.dictionaries(
    st.sampled_from("abcdefg"), st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=7
)


@given(PARTS, st.tuples(st.integers(0, 9), st.integers(0, 9)), st.integers(3, 8))
def test_no_count_of_shown_parts_or_of_what_they_leave_is_small(parts, without, minimum):
    totals = [sum(part[place] for part in parts.values()) + without[place] for place in (0, 1)]
    shown = shown_parts(parts, totals, minimum)
    for size in range(1, len(shown) + 1):
        for taken in combinations(sorted(shown), size):
            sums = [sum(parts[key][place] for key in taken) for place in (0, 1)]
            assert whole(sums, minimum)
            assert whole([total - part for total, part in zip(totals, sums, strict=True)], minimum)


POINTS = st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 2)), st.integers(1, 14), max_size=9)


@given(POINTS, st.integers(3, 8))
def test_shown_points_leave_no_small_rest_in_a_row_a_column_or_the_plane(points, minimum):
    shown = shown_points(points, minimum)
    assert all(points[point] >= minimum for point in shown)
    for axis, at in ((axis, point[axis]) for point in shown for axis in (0, 1)):
        line = {point: n for point, n in points.items() if point[axis] == at}
        assert whole([sum(line.values()) - sum(n for point, n in line.items() if point in shown)], minimum)
    if shown:
        assert whole([sum(points.values()) - sum(points[point] for point in shown)], minimum)


def test_points_that_need_no_hiding_are_shown():
    assert shown_points({(1, 1): 6, (2, 2): 5}, 5) == {(1, 1), (2, 2)}
    assert shown_points({(1, 1): 6, (2, 2): 1}, 5) == set()  # the one is at 2 and 2, as the axes would tell


def test_two_figures_differ_by_nobody_or_by_enough():
    assert [apart(12, other, 5) for other in (12, 11, 8, 7, 13, None)] == [
        True,
        False,
        False,
        True,
        False,
        True,
    ]
