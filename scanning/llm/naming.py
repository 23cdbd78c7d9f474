"""Names, descriptions and fields for mined candidates, and proposals to merge or split them."""

from dataclasses import dataclass, field

from scanning.llm.answers import (
    BOTH,
    MOST_FAULTS,
    TEXT,
    Checked,
    array,
    both,
    cyclic,
    known,
    plain,
    record,
    rows,
    strings,
)
from scanning.llm.support import invented_figures, speaks_of
from scanning.llm.task import Task

CLAIMS = {"description": 1200, "scope_note": 800, "why": 800}
CLAIM = record(text=BOTH, cites=strings())
SCHEMA = record(
    candidates=array(record(id=TEXT, name=BOTH, description=CLAIM, scope_note=CLAIM, why=CLAIM, field=TEXT)),
    merges=array(record(id=TEXT, into=TEXT, because=BOTH, cites=strings())),
    splits=array(record(id=TEXT, names=strings(), because=BOTH, cites=strings())),
)
INSTRUCTIONS = """The document lists candidate technologies that text mining found, each with its mined name and \
passages. For each candidate give, under its id: "name", a short noun phrase by which specialists know the technology; \
"description", what it is, in one or two sentences; "scope_note", what belongs to it and what does not; "why", why it \
may matter, as far as the passages say so; "field", the id of the best field of the document's list, or "". Each \
text's "cites" lists the ids of the candidate's own passages that it rests on; a text without passages is thrown away. \
"merges": candidates that mean the same technology as another of this document; "id" goes into "into"; no circles. \
"splits": candidates that cover several technologies, with two to six names of the parts. Propose merges and splits \
only where the passages show it."""


@dataclass(frozen=True)
class Passage:
    id: str
    text: str
    evidence: int


@dataclass(frozen=True)
class Item:
    """One candidate as the model sees it; `key` is ours and is not sent."""

    id: str
    key: int
    name: str
    language: str
    documents: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Batch:
    items: tuple[Item, ...]
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}


@dataclass
class Proposals:
    wordings: dict[int, dict] = field(default_factory=dict)
    merges: dict[int, dict] = field(default_factory=dict)
    splits: dict[int, dict] = field(default_factory=dict)


def quoted(batch: Batch) -> dict:
    return {
        "fields": [{"id": id, "name": name} for id, name in batch.fields.items()],
        "candidates": [
            {
                "id": item.id,
                "mined_name": item.name,
                "language": item.language,
                "documents": item.documents,
                "passages": [{"id": each.id, "text": each.text} for each in item.passages],
            }
            for item in batch.items
        ],
    }


def check(document: dict, batch: Batch) -> Checked:
    """Only what names supplied candidates and cites their own passages passes; the rest is left out and named."""
    faults: list[str] = []
    result = Proposals()
    _wordings(document, batch, result, faults)
    _merges(document, batch, result, faults)
    _splits(document, batch, result, faults)
    return Checked(result, faults[:MOST_FAULTS])


def _wordings(document, batch, result, faults) -> None:
    items = batch.by_id
    for row in rows(document, "candidates", 2 * len(items)):
        item = _item(row, items, faults, "candidates")
        if item is None or item.key in result.wordings:
            continue
        name = both(row.get("name"), 120)
        if not name:
            faults.append(f"{item.id}: name is missing, too long, not plain text, or in the wrong language")
            continue
        if made_up := invented_figures(
            " ".join(name.values()), [item.name, *(p.text for p in item.passages)]
        ):
            faults.append(f"{item.id}: name holds {', '.join(made_up)[:60]}, which nothing supplied does")
            continue
        wording = {"name": name, "field": _field(row, batch, item, faults)}
        for claim, limit in CLAIMS.items():
            wording |= _claim(row.get(claim), claim, limit, item, faults)
        result.wordings[item.key] = wording
    missing = [item.id for item in batch.items if item.key not in result.wordings]
    if missing:
        faults.append(f"no usable entry for {', '.join(missing)}")


def _item(row, items, faults, where) -> Item | None:
    item = items.get(row.get("id")) if isinstance(row.get("id"), str) else None
    if item is None:
        faults.append(f"{where}: id {str(row.get('id'))[:20]!r} was not supplied")
    return item


def _field(row, batch, item, faults) -> str:
    chosen = row.get("field")
    if isinstance(chosen, str) and chosen in batch.fields:
        return chosen
    if chosen:
        faults.append(f"{item.id}: field is not one of the list")
    return ""


def _claim(value, claim, limit, item, faults) -> dict:
    """The text and what it rests on, or nothing: a claim without passages of this very candidate is dropped."""
    value = value if isinstance(value, dict) else {}
    text = both(value.get("text"), limit)
    if not text:
        return {}
    cites = _cited(value.get("cites"), [item])
    if not cites:
        faults.append(f"{item.id}: {claim} cites no passage of this candidate, or one that was not supplied")
        return {}
    text = _supported(
        text, [each.text for each in item.passages if each.evidence in cites], claim, item, faults
    )
    return {claim: {"text": text, "evidence": cites}} if text else {}


def _supported(text: dict, passages: list[str], claim: str, item: Item, faults: list[str]) -> dict:
    """The languages in which a text says nothing that its passages cannot bear out."""
    kept = {}
    for language, words in text.items():
        if made_up := invented_figures(words, [*passages, item.name]):
            faults.append(f"{item.id}: {claim} states {', '.join(made_up)[:60]}, which its passages do not")
        elif not speaks_of(words, passages):
            faults.append(f"{item.id}: {claim} shares no word with the passages that it cites")
        else:
            kept[language] = words
    return kept


def _cited(value, items: list[Item]) -> list[int]:
    evidence = {each.id: each.evidence for item in items for each in item.passages}
    return [evidence[each] for each in known(value, evidence)]


def _merges(document, batch, result, faults) -> None:
    items, found = batch.by_id, {}
    for row in rows(document, "merges", len(items)):
        item, into = _item(row, items, faults, "merges"), items.get(str(row.get("into")))
        if item is None or into is None or into is item or item.id in found:
            faults.append("merges: two different supplied ids are needed, each merged once")
            continue
        cites = _cited(row.get("cites"), [item, into])
        if not cites:
            faults.append(f"merges: {item.id} cites no supplied passage of the two")
            continue
        found[item.id] = {"into": into.key, "because": both(row.get("because"), 400), "evidence": cites}
    arrows = {id: next(i.id for i in batch.items if i.key == row["into"]) for id, row in found.items()}
    circles = cyclic(arrows)
    if circles:
        faults.append(f"merges: {', '.join(sorted(circles))} go round in a circle")
    result.merges = {items[id].key: row for id, row in found.items() if id not in circles}


def _splits(document, batch, result, faults) -> None:
    items = batch.by_id
    for row in rows(document, "splits", len(items)):
        item = _item(row, items, faults, "splits")
        if item is None or item.key in result.splits or item.key in result.merges:
            continue
        names = row.get("names")
        names = [plain(each, 120) for each in names[:12]] if isinstance(names, list) else []
        names = list(dict.fromkeys(filter(None, names)))
        cites = _cited(row.get("cites"), [item])
        if not 2 <= len(names) <= 6 or not cites:
            faults.append(f"splits: {item.id} needs two to six names and a passage")
            continue
        result.splits[item.key] = {
            "names": names,
            "because": both(row.get("because"), 400),
            "evidence": cites,
        }


TASK = Task("naming", "naming-2", INSTRUCTIONS, SCHEMA, check, quoted)
