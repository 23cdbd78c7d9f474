"""Saves, submissions and the closing of a round in the same moment: each wholly in or wholly out, none twice."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from consensus.models import FrozenFeedback
from foundation.models import AuditEntry
from foundation.services.audit import broken_links
from surveys.exceptions import RoundNotOpen
from surveys.models import Answer, Participation, Reason, Round
from surveys.services.answers import Change, save_answers
from surveys.services.reasons import ReasonChange
from surveys.services.response import save_response
from surveys.services.rounds import close_round
from surveys.services.submission import submit
from tests.factories import make_open_round, make_study

pytestmark = pytest.mark.django_db(transaction=True)

TRIALS = 8
MEMBERS = 6


def at_once(*acts):
    """Run all acts in threads that start together; returns what each returned or raised."""
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(10)
            return act()
        except Exception as error:  # the caller looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(60) for each in [pool.submit(run, act) for act in acts]]


def rate(round, member, codes, number, **fields):
    changes = [Change("agreement", code, {"number": number}, **fields) for code in codes]
    return save_answers(round=round, member=member, changes=changes)


def make_world(technologies=2, members=MEMBERS):
    study = make_study(technologies=technologies, members=members)
    codes = list(study.technologies.order_by("position").values_list("code", flat=True))
    return make_open_round(study), list(study.panel.members.order_by("pk")), codes


def pausing(act, pause):
    """Trials differ in who comes first; without the pause one side nearly always wins."""

    def run():
        threading.Event().wait(pause)
        return act()

    return run


def until_both_happened(trial, seed):
    """Trials until each of True and False came about and there were `TRIALS` of them.

    `trial(draw)` returns what it saw: whether each act came before the closing.
    """
    draw, seen, count = random.Random(seed), set(), 0
    while count < TRIALS or (len(seen) < 2 and count < 8 * TRIALS):
        seen |= set(trial(draw))
        count += 1
    assert seen == {True, False}, "one side always won: nothing was tried"


def race(round, acts, draw, spread=0.03):
    """The acts and a closing of the round, in an order that chance decides. Says of each act whether it was in time.

    Any failure but the refusal by name is a finding.
    """
    closing = lambda: close_round(round=Round.objects.get(pk=round.pk))  # noqa: E731
    *told, closed = at_once(*(pausing(act, draw.uniform(0, spread)) for act in (*acts, closing)))
    for each in (*told, closed):
        if isinstance(each, Exception) and not isinstance(each, RoundNotOpen):
            raise each
    assert isinstance(closed, Round)
    return [not isinstance(each, RoundNotOpen) for each in told]


def _close_and_submit(draw):
    round, members, codes = make_world()
    for member in members:
        rate(round, member, codes, 3)
    in_time = race(round, [partial(submit, round=round, member=member) for member in members], draw)
    taken = sorted(member.pseudonym for member, each in zip(members, in_time, strict=True) if each)
    stored = Participation.objects.filter(round=round, status="submitted")
    entries = AuditEntry.objects.filter(stream=round.study.stream)
    submissions = entries.filter(action="response.submitted").order_by("actor_label")
    assert sorted(stored.values_list("member__pseudonym", flat=True)) == taken
    assert list(submissions.values_list("actor_label", flat=True)) == taken
    closing = entries.get(action="round.closed")
    assert closing.detail["submitted"] == len(taken)
    assert not submissions.filter(sequence__gt=closing.sequence).exists()
    assert broken_links(round.study.stream) == []
    return in_time


def test_fault_10_close_and_submit_race_and_each_response_is_wholly_in_or_out():
    until_both_happened(_close_and_submit, seed=10)


def _close_and_save(draw):
    round, members, codes = make_world(members=10)
    for member in members[:5]:
        rate(round, member, codes, 2)
    in_time = race(round, [partial(rate, round, member, codes, 4) for member in members[5:]], draw)
    whole = 5 + sum(in_time)
    for technology in round.study.technologies.all():
        frozen = FrozenFeedback.objects.get(round=round, technology=technology)
        assert Answer.objects.filter(round=round, technology=technology).count() == whole
        assert frozen.payload["questions"]["agreement"]["n"] == whole
    return in_time


def test_fault_10_what_the_feedback_counts_is_what_was_stored_when_the_round_closed():
    until_both_happened(_close_and_save, seed=20)


def _close_and_save_a_page(draw):
    round, (member, *_others), codes = make_world(technologies=20, members=1)
    changes = [Change("agreement", code, {"number": 3}) for code in codes]
    reasons = [ReasonChange(code, "Because") for code in codes]
    save = partial(save_response, round=round, member=member, changes=changes, reasons=reasons)
    (in_time,) = race(round, [save], draw, spread=0.01)
    assert Answer.objects.filter(round=round).count() == 20 * in_time
    assert Reason.objects.filter(round=round).count() == 20 * in_time
    return [in_time]


def test_fault_09_a_page_saved_while_the_round_closes_is_stored_whole_or_not_at_all():
    until_both_happened(_close_and_save_a_page, seed=9)


@pytest.mark.parametrize("times", [2, 8])
def test_fault_11_submissions_in_one_moment_are_one_submission_and_one_entry(times):
    round, (member, *_others), codes = make_world()
    rate(round, member, codes, 3)
    told = at_once(*[lambda: submit(round=round, member=member)] * times)
    assert {each.submitted_at for each in told} == {Participation.objects.get(member=member).submitted_at}
    stream = round.study.stream
    assert AuditEntry.objects.filter(stream=stream, action="response.submitted").count() == 1
    assert broken_links(stream) == []


def test_fault_11_one_request_sent_by_eight_threads_is_stored_once():
    round, (member, *_others), codes = make_world(technologies=20)
    told = at_once(*[lambda: rate(round, member, codes, 4, base_revision=0, sequence=7)] * 8)
    statuses = sorted(tuple({outcome.status for outcome in each}) for each in told)
    assert statuses == [("saved",)] + [("unchanged",)] * 7
    assert Answer.objects.filter(member=member).count() == 20
    assert set(Answer.objects.values_list("revision", flat=True)) == {1}


def test_fault_07_two_devices_in_one_moment_and_exactly_one_is_told_of_the_other():
    round, (member, *_others), codes = make_world(technologies=TRIALS)
    for code in codes:
        devices = [
            partial(rate, round, member, [code], number, base_revision=0, sequence=number)
            for number in (2, 5)
        ]
        told = [outcome for (outcome,) in at_once(*devices)]
        winner, loser = sorted(told, key=lambda outcome: outcome.status != "saved")
        assert winner.status == "saved"
        assert loser.status in ("conflict", "stale")
        assert loser.value == winner.value
        answer = Answer.objects.get(technology__code=code)
        assert (loser.revision, answer.number) == (1, winner.value["number"])


def test_fault_08_whatever_order_saves_arrive_in_the_highest_sequence_is_kept():
    round, (member, *_others), codes = make_world()
    numbers = {sequence: sequence % 5 + 1 for sequence in range(1, 41)}
    order = list(numbers)
    random.Random(8).shuffle(order)

    def device(sequences):
        return lambda: [rate(round, member, codes, numbers[each], sequence=each) for each in sequences]

    for each in at_once(*(device(order[at::5]) for at in range(5))):
        assert not isinstance(each, Exception), each
    stored = set(Answer.objects.filter(member=member).values_list("client_sequence", "number"))
    assert stored == {(40, numbers[40])}
