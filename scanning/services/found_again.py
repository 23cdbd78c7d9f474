"""What a scan found that is on the board already, waiting or accepted, joins what is there: reviewers meet it once.
What they rejected is proposed anew, with a word of what was decided.

The later row keeps its figures and its evidence, for the map, for comparisons and as the history of the earlier one.
"""

from scanning.enums import CandidateStatus
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
    """Keys of the oldest that are open, by language and name as the machine found it. What was merged is open as
    long as what it was merged into."""
    visible = Candidate.objects.visible().filter(study=found[0].study_id)
    fates = {pk: (status, into) for pk, status, into in visible.values_list("pk", "status", "merged_into")}
    rows = visible.filter(status__in=(*OPEN, CandidateStatus.MERGED), split_from=None).exclude(scan=None)
    rows = rows.exclude(pk__in=[candidate.pk for candidate in found]).order_by("-pk")
    there: dict[bool, dict[tuple[str, str], int]] = {True: {}, False: {}}
    for pk, status, language, name in rows.values_list("pk", "status", "language", "mined_name"):
        if _fate(pk, fates) in OPEN:
            there[status in OPEN][language, key_of(name)] = pk
    return there[False] | there[True]


def _fate(pk: int, fates: dict[int, tuple[str, int | None]]) -> str:
    """The state at the end of a chain of merges."""
    for _step in range(len(fates)):
        status, into = fates.get(pk, ("", None))
        if status != CandidateStatus.MERGED or into is None:
            return status
        pk = into
    return ""
