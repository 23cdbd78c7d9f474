"""The draw deals evenly, repeatably, and fills gaps first. No database."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.draw import Coverage, Seat, block_size, deal


def table(members, technologies, wants, groups=1):
    may = tuple(range(technologies))
    return [Seat(member, member % groups, may, (), wants) for member in range(members)]


def counts(dealt, technologies):
    found = Counter(each for hand in dealt.values() for each in hand)
    return [found[each] for each in range(technologies)]


@settings(max_examples=60, deadline=None)
@given(
    members=st.integers(1, 40),
    technologies=st.integers(1, 30),
    wants=st.integers(0, 35),
    groups=st.integers(1, 3),
    seed=st.integers(0, 2**32),
)
def test_each_group_covers_every_technology_as_often_as_any_other(members, technologies, wants, groups, seed):
    dealt = deal(table(members, technologies, wants, groups), seed=seed)
    for group in range(groups):
        own = {member: hand for member, hand in dealt.items() if member % groups == group}
        spread = counts(own, technologies)
        assert max(spread) - min(spread) <= 1
    for hand in dealt.values():
        assert len(hand) == len(set(hand)) == min(wants, technologies)


def test_the_whole_panel_is_covered_evenly_too():
    """Each of seven groups covers only a part; together they leave nothing out."""
    spread = counts(deal(table(7, 21, 3, groups=7), seed=1), 21)
    assert spread == [1] * 21


def test_the_same_seed_deals_the_same_hands_whatever_the_order_of_the_seats():
    seats = table(30, 50, 7, groups=3)
    assert deal(seats, seed=5) == deal(seats[::-1], seed=5)
    assert deal(seats, seed=5) != deal(seats, seed=6)


def test_hands_differ_between_members_and_are_no_fixed_blocks():
    dealt = deal(table(20, 40, 10), seed=3)
    assert len({tuple(sorted(hand)) for hand in dealt.values()}) == 20


def test_who_comes_late_gets_what_was_covered_least():
    covered = Coverage()
    covered.add(0, range(8), times=3)
    dealt = deal([Seat(99, 0, tuple(range(10)), (), 2)], seed=1, coverage=covered)
    assert sorted(dealt[99]) == [8, 9]


def test_members_keep_what_they_have_and_are_dealt_only_the_rest():
    seats = [Seat(1, 0, (1, 2, 3, 4), (1, 2), 3), Seat(2, 0, (1, 2, 3, 4), (), 2)]
    dealt = deal(seats, seed=1)
    assert len(dealt[1]) == 1
    assert not {1, 2} & set(dealt[1])
    assert len({1, 2} & set(dealt[2])) <= 1  # 3 and 4 were covered less


@pytest.mark.parametrize(
    ("per_member", "per_technology", "size"),
    [
        (10, None, 10),
        (None, 5, 25),
        (10, 5, 10),
        (40, 5, 25),
        (500, None, 100),
        (None, 30, 100),
        (None, None, 0),
    ],
)
def test_a_block_is_as_large_as_both_numbers_allow(per_member, per_technology, size):
    found = block_size(technologies=100, members=20, per_member=per_member, per_technology=per_technology)
    assert found == size
