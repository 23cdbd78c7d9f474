"""Summaries of experts' reasons. Each sentence cites the reasons it rests on; one that does not is thrown away."""

from dataclasses import dataclass

from scanning.llm.answers import BOTH, MOST_FAULTS, Checked, array, both, known, record, rows, strings
from scanning.llm.support import invented_figures
from scanning.llm.task import Task

MOST_SENTENCES = 8
LONGEST = 400
SCHEMA = record(sentences=array(record(text=BOTH, reasons=strings())))
INSTRUCTIONS = f"""The document holds the reasons that experts gave, anonymously, for their answers about one \
technology. Summarise them for the other experts in at most {MOST_SENTENCES} sentences: first what many say, then what \
single ones say, arguments for and against alike. Judge nothing, add nothing, count nobody, quote nobody at length, \
and do not say who might have written what. Each sentence's "reasons" lists the ids of the reasons it rests on."""


@dataclass(frozen=True)
class Given:
    """One reason as the model sees it: no author, no time."""

    id: str
    code: str
    revision: int
    text: str
    stance: str


@dataclass(frozen=True)
class Reasons:
    technology: str
    given: tuple[Given, ...]


def quoted(reasons: Reasons) -> dict:
    return {
        "technology": reasons.technology,
        "reasons": [{"id": each.id, "stance": each.stance, "text": each.text} for each in reasons.given],
    }


def check(document: dict, reasons: Reasons) -> Checked:
    by_id = {each.id: each for each in reasons.given}
    sentences: list[dict] = []
    faults: list[str] = []
    for number, row in enumerate(rows(document, "sentences", 2 * MOST_SENTENCES), 1):
        text, cited = both(row.get("text"), LONGEST), known(row.get("reasons"), by_id)
        if not text:
            faults.append(f"sentence {number}: missing, too long, or not plain text")
        elif not cited:
            faults.append(f"sentence {number}: cites no reason, or one that was not supplied")
        elif made_up := invented_figures(
            " ".join(text.values()), [reasons.technology, *(by_id[each].text for each in cited)]
        ):
            faults.append(f"sentence {number}: states {', '.join(made_up)[:60]}, which its reasons do not")
        elif len(sentences) < MOST_SENTENCES:
            sentences.append(
                {"text": text, "reasons": [[by_id[each].code, by_id[each].revision] for each in cited]}
            )
    if not sentences and not faults:
        faults.append("no sentences")
    return Checked(sentences, faults[:MOST_FAULTS])


TASK = Task("summary", "summary-2", INSTRUCTIONS, SCHEMA, check, quoted)
