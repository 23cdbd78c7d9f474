"""From mined terms to rows: near-duplicates joined, ordered by the recipe's formula, evidence attached."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from foundation.localized import Localized
from scanning.models import Candidate, Evidence, Scan
from scanning.recipe import Recipe
from scanning.services.composing import composed
from scanning.textmining.counts import Partial
from scanning.textmining.descriptions import Description
from scanning.textmining.duplicates import near_duplicates
from scanning.textmining.leads import kind_totals
from scanning.textmining.novelty import KnownList
from scanning.textmining.ranking import Ranked, item_of, rank
from scanning.textmining.signals import Signals, signals_of
from scanning.textmining.terms import Mined, Term, mine_counts
from scanning.textmining.topic_map import TopicMap, topic_map
from scanning.textmining.topics import Topic, TopicModel, fit_topics, topic_of_terms
from scanning.textmining.vectors import bag_of_counts

CONTENT_LANGUAGE = {"en": "en", "zh": "zh-hans"}
PARTS = {"title": "title", "text": "abstract"}


@dataclass(frozen=True)
class Found:
    """A term that becomes a candidate."""

    term: Term
    signals: Signals
    ranked: Ranked
    joined: tuple[str, ...]
    topic: Topic | None = None
    description: Description | None = None

    def canonical(self) -> list:
        """What must be equal when the same recipe reads the same corpus again."""
        term = self.term
        return [
            term.name,
            term.language,
            list(term.variants),
            round(term.score, 6),
            term.score_parts,
            {str(year): number for year, number in term.yearly.items()},
            [[support.document, support.weight] for support in term.support],
            signals_as_dict(self.signals),
            self.topic.label if self.topic else "",
            [self.description.document, self.description.text] if self.description else [],
        ]


@dataclass(frozen=True)
class Findings:
    found: list[Found]
    summary: dict = field(default_factory=dict)
    topic_map: TopicMap = field(default_factory=lambda: TopicMap((), ()))


def find(parts: Sequence[Partial], recipe: Recipe) -> Findings:
    settings = recipe.term_settings()
    mined = mine_counts(parts, replace(settings, support=0))
    if not mined.terms:
        return Findings([], {"method": "", "yearly_total": {}, "dropped": mined.dropped})
    with ThreadPoolExecutor(1) as beside:  # topics are made in libraries that let others work meanwhile
        modelled = beside.submit(_topics, parts, mined, recipe)
        signals = signals_of(mined, known=KnownList(recipe.known) if recipe.known else None)
        followers = _joined(mined)
    model = modelled.result()
    terms = {
        term.key: term
        for term in mined.terms
        if term.key not in followers and term.method not in recipe.without
    }
    joined: dict[str, list[str]] = {}
    for key, leader in followers.items():
        joined.setdefault(leader, []).append(next(t.name for t in mined.terms if t.key == key))
    home = (
        {key: model.topics[number] for key, number in topic_of_terms(mined, model).items()} if model else {}
    )
    items = [
        item_of(term, signals[key], str(home[key].number) if key in home else "")
        for key, term in terms.items()
    ]
    order = rank(items, recipe.formula, recipe.limit)
    found = [
        Found(
            mined.with_evidence(terms[place.key], settings.support),
            signals[place.key],
            place,
            tuple(joined.get(place.key, ())),
            home.get(place.key),
        )
        for place in order[: recipe.limit]
    ]
    return Findings(
        found,
        {
            "method": "+".join(sorted({term.method for term in mined.terms})),
            "formula": recipe.formula.text(),
            "yearly_total": {
                term.language: {str(year): n for year, n in term.yearly_total.items()} for term in mined.terms
            },
            "kind_total": {
                kind: {str(year): n for year, n in years.items()}
                for kind, years in kind_totals(mined.documents).items()
            },
            "dropped": mined.dropped,
            "terms_scored": len(mined.terms),
            "joined": len(followers),
            "topics": topics_as_dict(model, mined) if model else {},
        },
        topic_map(mined, [each.term.key for each in found]),
    )


def _topics(parts: Sequence[Partial], mined: Mined, recipe: Recipe) -> TopicModel | None:
    if not recipe.topics:
        return None
    # In a small corpus the words of its few subjects are in most documents.
    bag = bag_of_counts(parts, mined, max_share=0.3 if len(mined.documents) >= 200 else 0.6)
    return fit_topics(bag, recipe.topics, recipe.topic_method)


def topics_as_dict(model: TopicModel, mined: Mined) -> dict:
    """Topics with their documents per year, and how good they are: coherence (NPMI) and diversity."""
    years = mined.documents.years
    return {
        "method": model.method,
        "coherence": None if model.coherence is None else round(model.coherence, 4),
        "diversity": None if model.diversity is None else round(model.diversity, 4),
        "list": [
            {
                "label": topic.label,
                "words": [word for word, _weight in topic.words],
                "size": topic.size,
                "coherence": None if topic.coherence is None else round(topic.coherence, 4),
                "yearly": _per_year(years[model.assignment == topic.number]),
                "documents": list(topic.documents),
            }
            for topic in model.topics
        ],
    }


def _per_year(years) -> dict[str, int]:
    counts = Counter(int(year) for year in years if year)
    return {str(year): counts[year] for year in sorted(counts)}


SAME = 0.9


def _joined(mined: Mined) -> dict[str, str]:
    """Term key -> key of the better term that is the same but for spelling, within one language.

    Names of unlike length stay apart: "visual question answering" is not a spelling of "question answering".
    """
    result: dict[str, str] = {}
    for language in ("en", "zh"):
        by_length: dict[int, list[Term]] = {}
        for term in mined.terms:
            if term.language == language:
                length = len(term.name.replace("-", " ").split()) if language == "en" else len(term.name)
                by_length.setdefault(length, []).append(term)
        for terms in by_length.values():
            leader = near_duplicates([(term.name,) for term in terms], SAME).leader
            result |= {terms[n].key: terms[head].key for n, head in enumerate(leader) if head != n}
    return result


def candidate_from(scan: Scan, found: Found, place: int) -> Candidate:
    term, description = found.term, _described(found)
    return Candidate(
        study_id=scan.corpus.study_id,
        scan=scan,
        name=Localized({CONTENT_LANGUAGE[term.language]: term.name[:300]}),
        description=description,
        mined_name=term.name[:300],
        language=term.language,
        method=term.method,
        how={
            **term.how,
            "acronym": term.acronym or "",
            "joined": list(found.joined),
            "similar": [
                {"name": other.name, "similarity": other.similarity, "shared": other.shared_documents}
                for other in term.similar
            ],
            "place_score": found.ranked.score,
            "place_parts": found.ranked.parts,
            "topic": found.topic.label if found.topic else "",
            "description": _cited(found.description),
            "composed": {} if found.description else dict(description),
        },
        variants=list(term.variants),
        score=term.score,
        score_parts=term.score_parts,
        signals=signals_as_dict(found.signals),
        growth=found.signals.growth,
        n_documents=term.documents,
        yearly={str(year): number for year, number in sorted(term.yearly.items())},
        rank=place,
        held=scan.watching,
    )


def _described(found: Found) -> Localized:
    """A sentence of its documents that says what it is; without one what the counts say."""
    if found.description is None:
        return composed(found.term)
    return Localized({CONTENT_LANGUAGE[found.term.language]: found.description.text})


def _cited(description: Description | None) -> dict:
    """Where the one sentence about it stands: it was taken from a document, not written."""
    if description is None:
        return {}
    return {
        "text": description.text,
        "document": description.document,
        "part": "abstract",
        "start": description.start,
        "end": description.end,
    }


def evidence_from(candidate: Candidate, found: Found, keys: dict[str, int]) -> list[Evidence]:
    rows = []
    for support in found.term.support:
        passages = [[PARTS[place.field], place.start, place.end] for place in support.passages]
        part, start, end = passages[0] if passages else ("abstract", 0, 0)
        rows.append(
            Evidence(
                candidate=candidate,
                document_id=keys[support.document],
                part=part,
                start=start,
                end=end,
                passages=passages,
                weight=support.weight,
            )
        )
    return rows


def signals_as_dict(signals: Signals) -> dict:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 4)

    return {
        "volume": signals.volume,
        "recent_documents": signals.recent_documents,
        "share": None if signals.share is None else round(signals.share, 6),
        "growth": rounded(signals.growth),
        "acceleration": rounded(signals.acceleration),
        "bursts": [[burst.start, burst.end, round(burst.weight, 2)] for burst in signals.bursts],
        "bursting": signals.bursting,
        "first_year": signals.first_year,
        "novelty": rounded(signals.novelty),
        "weak": signals.weak.score,
        "weak_parts": signals.weak.parts,
        "spread": {
            name: {
                "distinct": spread.distinct,
                "effective": rounded(spread.effective),
                "by_year": {str(year): value for year, value in spread.by_year.items()},
            }
            for name, spread in signals.spread.items()
        },
        "by_kind": {
            kind: {str(year): n for year, n in years.items()} for kind, years in signals.by_kind.items()
        },
        "kind_growth": {kind: rounded(value) for kind, value in signals.kind_growth.items()},
        "leads": [
            {
                "first": lead.first,
                "then": lead.then,
                "years": lead.years,
                "together": lead.together,
                "starts": list(lead.starts),
                "documents": list(lead.documents),
            }
            for lead in signals.leads
        ],
        "list_match": (
            {"entry": signals.list_match.entry, "similarity": signals.list_match.similarity}
            if signals.list_match
            else None
        ),
    }
