from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from consensus.suppress import merged_groups, shown_groups

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
