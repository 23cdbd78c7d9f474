"""What a submission does while it holds the place in the audit trail for which all others wait."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.models import AuditEntry
from foundation.services.audit import broken_links
from surveys.services.submission import missing, submit
from tests.surveys.respond.conftest import in_round_two

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(client):
    world = in_round_two(client)
    world.study.questions.update(required=False, ask_reason="never")
    type(world.study).objects.filter(pk=world.study.pk).update(protocol_hash="")
    world.round.refresh_from_db()
    assert missing(round=world.round, member=world.member) == []
    return world


def test_only_the_entry_is_written_while_others_wait(answered):
    with CaptureQueriesContext(connection) as queries:
        submit(round=answered.round, member=answered.member)
    said = [each["sql"] for each in queries]
    taken = next(at for at, sql in enumerate(said) if re.match(r"SELECT.*audithead", sql))
    after = [sql.split()[0] for sql in said[taken + 1 :] if not sql.startswith("RELEASE")]
    assert after == ["INSERT", "UPDATE"]


def test_a_refused_submission_leaves_no_entry_and_a_whole_chain(answered):
    submit(round=answered.round, member=answered.member)
    submit(round=answered.round, member=answered.member)
    assert AuditEntry.objects.filter(action="response.submitted").count() == 1
    assert broken_links(answered.study.stream) == []
