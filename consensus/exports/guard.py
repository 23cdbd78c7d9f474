"""What keeps a person's answers apart from the person in every export: drawn names, merged groups, counted members."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict

from django.conf import settings
from django.db.models import Count

from consensus.counting.frame import COUNTED_STATUSES
from consensus.privacy.suppress import merged_across
from experts.enums import MemberStatus
from foundation.codes import ALPHABET
from surveys.enums import QuestionType
from surveys.models import Answer, Study

MERGED = "suppressed"
NO_GROUP = "none"


def stored(study: Study):
    """Answers of rounds that are over, of members who did not withdraw."""
    answers = Answer.objects.filter(round__study=study, round__status__in=COUNTED_STATUSES)
    return answers.exclude(member__status=MemberStatus.WITHDRAWN)


def pseudonym(study: Study, member_code: str) -> str:
    """The member's name in exports of this study."""
    return drawn_name(study, f"member:{member_code}")


def drawn_name(study: Study, text: str) -> str:
    """A name of eight letters and digits, drawn from the server's key: about 38 bits."""
    drawn = int.from_bytes(keyed(study, text), "big")
    letters = []
    for _ in range(8):
        drawn, place = divmod(drawn, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def keyed(study: Study, text: str) -> bytes:
    """Bytes that look random, are the same each time, and need the server's key."""
    key = f"export:{study.code}:{settings.SECRET_KEY}".encode()
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def group_names(study: Study) -> dict[int, str]:
    """Member id to the name of the group as exported: small groups together under one name."""
    members = study.panel.members.exclude(status=MemberStatus.WITHDRAWN)
    group_of = {pk: key or NO_GROUP for pk, key in members.values_list("pk", "group__key")}
    answered = stored(study).exclude(question__type=QuestionType.TEXT)
    sizes: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for round_id, member_id in (
        answered.values_list("round_id", "member_id")
        .annotate(n=Count("pk"))
        .values_list("round_id", "member_id")
    ):
        sizes[round_id][group_of[member_id]] += 1
    merged = merged_across(sizes, study.minimum_group)
    return {pk: MERGED if name in merged else name for pk, name in group_of.items()}


def drawn_members(study: Study) -> list[tuple[str, int]]:
    """Pairs of drawn name and member id, in the order of the names."""
    members = study.panel.members.exclude(status=MemberStatus.WITHDRAWN).values_list("pk", "code")
    return sorted((pseudonym(study, code), pk) for pk, code in members)
