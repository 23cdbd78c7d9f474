"""Jobs whose process died are taken over at once, with the same result; those that live are left alone."""

import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.broker.owners import holder_is_dead, holder_tag
from foundation.enums import JobStatus
from foundation.models import Job
from foundation.services import heartbeat, jobs

pytestmark = pytest.mark.django_db
runs = []


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    runs.clear()
    monkeypatch.setitem(
        jobs._KINDS, "test.work", lambda progress: runs.append(progress.job.pk) or {"sum": 42}
    )


@pytest.fixture
def dead_holder():
    """The tag of a process that was killed."""
    code = (
        "import time; from foundation.broker.owners import holder_tag;"
        " print(holder_tag(), flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    tag = process.stdout.readline().strip()
    assert not holder_is_dead(tag)
    process.kill()
    process.wait()
    process.stdout.close()
    return tag


def running_job(holder, *, beat=0, attempts=1):
    return Job.objects.create(
        kind="test.work",
        status=JobStatus.RUNNING,
        lease=holder,
        attempts=attempts,
        heartbeat_at=timezone.now() - timedelta(seconds=beat),
    )


def test_fault_02_job_of_a_killed_process_is_run_again_at_once(dead_holder):
    job = running_job(dead_holder)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result, job.attempts) == (JobStatus.DONE, {"sum": 42}, 2)


def test_job_of_a_living_process_is_left_alone():
    job = running_job(holder_tag())
    jobs.run(job.pk)
    assert runs == []
    assert jobs.reap() == 0


def test_job_of_another_machine_is_taken_over_after_silence_only():
    elsewhere = "0123456789.1.1.deadbeef"
    fresh, silent = running_job(elsewhere, beat=10), running_job(elsewhere, beat=60)
    jobs.run(fresh.pk)
    jobs.run(silent.pk)
    assert runs == [silent.pk]


def test_reaper_sends_jobs_of_dead_processes_again(dead_holder, django_capture_on_commit_callbacks):
    job = running_job(dead_holder)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.reap() == 1
    job.refresh_from_db()
    assert job.status == JobStatus.DONE


def test_reaper_gives_up_after_the_last_attempt(dead_holder):
    job = running_job(dead_holder, attempts=jobs.MAX_ATTEMPTS)
    assert jobs.reap() == 0
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    assert "given up" in job.error


def test_holder_tag_fits_its_column_and_differs_each_time():
    tags = {holder_tag() for _ in range(50)}
    assert len(tags) == 50
    assert max(map(len, tags)) <= Job._meta.get_field("lease").max_length


def test_unreadable_tag_is_never_called_dead():
    assert not any(map(holder_is_dead, ["", "x", "a.b.c", "f" * 32]))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_silent_work_keeps_its_job_by_beating(monkeypatch):
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.05)
    job = running_job(holder_tag(), beat=100)
    with heartbeat.heartbeat(job):
        time.sleep(0.4)
    job.refresh_from_db()
    assert job.heartbeat_at > timezone.now() - timedelta(seconds=5)


def test_a_recycled_pid_does_not_pass_for_the_holder():
    name, pid, started, host = holder_tag().split(".")
    assert holder_is_dead(f"{name}.{pid}.{int(started) - 1000}.{host}")
    assert int(pid) == os.getpid()
