"""What a scan found that is on the board already, waiting or accepted, joins what is there: reviewers meet it once.
What they rejected is proposed anew, with a word of what was decided.

The later row keeps its figures and its evidence, for the map, for comparisons and as the history of the earlier one.
"""

from scanning.models import Candidate
from scanning.monitors.compare import key_of
from scanning.services.review import OPEN


def join_open(found) -> int:
    """Join these pending candidates of one study to those that are open on its board; returns how many there were.

    Called inside the transaction that puts them on the board.
    """
    found = list(found)
    if not found:
        return 0
    there = _open(found)
    joined = []
    for candidate in found:
        earlier = there.pop((candidate.language, key_of(candidate.mined_name)), None)
        if earlier is not None:
            candidate.again_of_id = earlier
            joined.append(candidate)
    Candidate.objects.bulk_update(joined, ["again_of"], batch_size=200)
    return len(joined)


def _open(found: list[Candidate]) -> dict[tuple[str, str], int]:
    """Keys of the oldest that are open, by language and name as the machine found it."""
    rows = Candidate.objects.visible().filter(study=found[0].study_id, status__in=OPEN, split_from=None)
    rows = rows.exclude(scan=None).exclude(pk__in=[candidate.pk for candidate in found]).order_by("-pk")
    return {
        (language, key_of(name)): pk
        for pk, language, name in rows.values_list("pk", "language", "mined_name")
    }
