import sqlite3
import threading
import time

import psutil
import pytest

from foundation.broker import owners
from foundation.broker.owners import Owner, current_owner, is_dead
from foundation.broker.store import MessageStore

QUEUE = "work"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "queue.sqlite3"


@pytest.fixture
def store(path):
    made = MessageStore(path)
    yield made
    made.close()


@pytest.fixture
def other(path):
    """The same file seen by another consumer."""
    made = MessageStore(path)
    yield made
    made.close()


def set_owner(path, **facts):
    """Make the only signed-in owner look like a process that it is not."""
    with sqlite3.connect(path) as db:
        for name, value in facts.items():
            db.execute(f"UPDATE owners SET {name} = ?", (value,))
    db.close()


def test_messages_come_in_order_and_urgent_ones_first(store):
    for body, priority in [("a", 0), ("b", 0), ("urgent", 9)]:
        store.put(QUEUE, body, priority=priority)
    assert [store.lease(QUEUE).body for _ in range(3)] == ["urgent", "a", "b"]
    assert store.lease(QUEUE) is None


def test_leased_message_is_invisible_to_others_until_given_back(store, other):
    store.put(QUEUE, "a")
    lease = store.lease(QUEUE)
    assert other.lease(QUEUE) is None
    assert (store.size(QUEUE), store.held(QUEUE)) == (0, 1)
    store.give_back(lease.id)
    assert other.lease(QUEUE).body == "a"


def test_only_the_holder_can_acknowledge(store, other):
    store.put(QUEUE, "a")
    lease = store.lease(QUEUE)
    other.acknowledge(lease.id)
    assert store.held(QUEUE) == 1
    store.acknowledge(lease.id)
    assert store.held(QUEUE) == 0


def test_dead_process_frees_its_messages_and_a_living_one_keeps_them(store, other, path):
    store.put(QUEUE, "a")
    store.lease(QUEUE)
    assert other.release_dead() == 0
    set_owner(path, started=1.0)  # the pid now belongs to a later process
    assert other.release_dead() == 1
    assert other.lease(QUEUE).deliveries == 2


def test_process_of_another_machine_is_dead_after_silence_only(store, other, path):
    store.put(QUEUE, "a")
    store.lease(QUEUE)
    set_owner(path, host="elsewhere", beat=time.time() - 30)
    assert other.release_dead() == 0
    set_owner(path, beat=time.time() - 61)
    assert other.release_dead() == 1


def test_signing_out_returns_what_is_held(store, other):
    store.put(QUEUE, "a")
    store.lease(QUEUE)
    store.sign_out()
    assert other.lease(QUEUE).body == "a"


def test_poison_message_is_put_aside_so_that_others_are_reached(path):
    store = MessageStore(path, max_deliveries=3)
    store.put(QUEUE, "poison")
    store.put(QUEUE, "good")
    for _ in range(3):
        store.fail_back(store.lease(QUEUE).id)
    assert store.buried(QUEUE) == 1
    assert store.lease(QUEUE).body == "good"
    store.close()


def test_message_given_back_in_good_order_is_never_put_aside(path):
    store = MessageStore(path, max_deliveries=2)
    store.put(QUEUE, "a")
    for _ in range(5):
        store.give_back(store.lease(QUEUE).id)
    store.release_dead()
    assert (store.size(QUEUE), store.buried(QUEUE)) == (1, 0)
    store.close()


def test_twenty_threads_share_messages_without_loss_or_double(store, path):
    for number in range(200):
        store.put(QUEUE, str(number))
    taken: list[str] = []

    def consume():
        mine = MessageStore(path)
        while lease := mine.lease(QUEUE):
            taken.append(lease.body)
            mine.acknowledge(lease.id)
        mine.close()

    threads = [threading.Thread(target=consume) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken, key=int) == [str(number) for number in range(200)]
    assert store.held(QUEUE) == 0


def test_purge_leaves_what_is_being_worked_on(store):
    store.put(QUEUE, "a")
    store.put(QUEUE, "b")
    store.lease(QUEUE)
    assert store.purge(QUEUE) == 1
    assert store.held(QUEUE) == 1


def test_zombie_counts_as_dead(monkeypatch):
    owner = current_owner()
    assert not is_dead(owner, last_beat=0, silence=1)
    monkeypatch.setattr(owners.psutil.Process, "status", lambda self: psutil.STATUS_ZOMBIE)
    assert is_dead(owner, last_beat=time.time(), silence=1)


def test_unknown_pid_of_this_machine_is_dead_at_once():
    gone = Owner(id="x", host=owners.host_id(), pid=2**22 + 1, started=1.0)
    assert is_dead(gone, last_beat=time.time(), silence=60)
