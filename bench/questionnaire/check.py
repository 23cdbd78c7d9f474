"""What is stored against what was acknowledged."""

from __future__ import annotations

from bench.questionnaire.driver import Saver


def lost_and_doubled(savers: dict[int, Saver], round_id: int) -> dict[str, int]:
    """`savers` by member id. An answer is lost when what is stored is older than what was acknowledged.

    A page is torn when one save's answers are not all of the same save, doubled when an answer has two rows.
    """
    from surveys.models import Answer

    found = {"acknowledged": 0, "lost": 0, "doubled": 0, "torn": 0}
    for member, saver in savers.items():
        rows = list(
            Answer.objects.filter(round_id=round_id, member=member, question__key=saver.question).values_list(
                "technology_id", "client_sequence", "number"
            )
        )
        sequences = {sequence for _technology, sequence, _number in rows}
        found["acknowledged"] += len(saver.technologies)
        found["doubled"] += len(rows) - len({technology for technology, *_rest in rows})
        found["torn"] += len(sequences) > 1
        kept = sum(
            saver.acknowledged <= sequence <= saver.sequence
            and (sequence == 1 or number == saver.number(sequence))
            for _technology, sequence, number in rows
        )
        found["lost"] += len(saver.technologies) - kept
    return found
