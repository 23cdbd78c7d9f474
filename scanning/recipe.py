"""What a scan was asked to do: plain data, stored with the scan, so that it can be run again."""

from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext_lazy as _

from foundation.exceptions import InvalidInput
from scanning.textmining.ranking import FORMULAS, Formula
from scanning.textmining.settings import TermSettings

LANGUAGES = {"any": _("English and Chinese"), "en": _("English only"), "zh": _("Chinese only")}
RANKINGS = {
    "established": _("Established: terms that are well attested come first"),
    "balanced": _("Balanced: attested, growing and new terms together"),
    "rising": _("Rising now: growth and novelty come first"),
}
TOPIC_METHODS = {
    "lsa": _("LSA and k-means: quick, coherent"),
    "nmf": _("NMF: non-negative factors"),
    "lda": _("LDA: a probabilistic model"),
}
LABELS = {
    "language": _("Language"),
    "ranking": _("Order of the list"),
    "limit": _("Number of candidates"),
    "min_documents": _("Fewest documents"),
    "year_from": _("From year"),
    "year_to": _("To year"),
    "dictionary": _("Terms to recognise"),
    "stop_terms": _("Terms never to propose"),
    "known": _("Known list"),
    "without": _("Methods switched off"),
    "topics": _("Number of topics"),
    "topic_method": _("Topic method"),
}
_NAMES = {"language": LANGUAGES, "ranking": RANKINGS, "topic_method": TOPIC_METHODS}
LISTED = 5
MOST_CANDIDATES = 1000
MOST_TOPICS = 200


@dataclass(frozen=True)
class Recipe:
    language: str = "any"
    limit: int = 120
    min_documents: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    ranking: str = "established"
    dictionary: list[str] = field(default_factory=list)
    stop_terms: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    topics: int = 30
    topic_method: str = "lsa"
    known: list[str] = field(default_factory=list)

    def __post_init__(self):
        errors = {}
        if self.language not in LANGUAGES:
            errors["language"] = [_("Unknown language.")]
        if self.ranking not in RANKINGS:
            errors["ranking"] = [_("Unknown ranking.")]
        if not 1 <= self.limit <= MOST_CANDIDATES:
            errors["limit"] = [_("Between 1 and %(most)d candidates.") % {"most": MOST_CANDIDATES}]
        if self.min_documents is not None and self.min_documents < 1:
            errors["min_documents"] = [_("At least one document.")]
        if not 0 <= self.topics <= MOST_TOPICS:
            errors["topics"] = [_("Between 0 and %(most)d topics.") % {"most": MOST_TOPICS}]
        if self.topic_method not in TOPIC_METHODS:
            errors["topic_method"] = [_("Unknown topic method.")]
        if self.year_from and self.year_to and self.year_from > self.year_to:
            errors["year_to"] = [_("The last year lies before the first.")]
        if errors:
            raise InvalidInput(errors=errors)

    def as_dict(self) -> dict:
        return asdict(self)

    @property
    def formula(self) -> Formula:
        return FORMULAS[self.ranking]

    def term_settings(self) -> TermSettings:
        """Mine more than is asked for: near-duplicates are joined and the formula chooses among the rest. What rises
        has seldom the best score yet ("large language model" stood at place 392 of its field in 2022)."""
        return TermSettings(
            limit=max(2000, 3 * self.limit),
            min_documents=self.min_documents,
            dictionary=tuple(self.dictionary),
            stop_terms=tuple(self.stop_terms),
        )


def in_words(name: str, value) -> str:
    """A setting of a recipe as a person reads it; the first of long lists."""
    if isinstance(value, list):
        value = ", ".join([*value[:LISTED], *(["…"] if len(value) > LISTED else [])])
    return "–" if value in (None, "") else str(_NAMES.get(name, {}).get(value, value))
