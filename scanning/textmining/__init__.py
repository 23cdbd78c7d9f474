"""Text mining of technology literature in English and Chinese. Imports no Django and nothing of ours.

Table of contents (everything below can be imported from here; heavy libraries load on first use):

- Input: `Record`, `detect_language`.
- Terms: `mine_terms` for a list in one call; `TermSettings`, `TermWeights`; `Term`, `Support`, `Passage`,
`Similar`.
- In chunks: `count_chunk` and `count_records` make `Partial` counts, `to_bytes`/`from_bytes` keep them,
  `mine_counts` turns any sequence of them into `Mined` (terms, their documents, the documents' columns).
- Signals: `signals_of`, `term_signals`, `Signals`, `SignalSettings`, `Series`, `growth`, `acceleration`,
`bursts`,
  `KnownList` (novelty against an uploaded list), `effective_number`, `WeakSignal`; `leads`, `Lead`, `kind_totals`
  (whether papers, patents or news came first).
- Topics: `bag_of_words` or `bag_of_counts`, `fit_topics` (`lsa`, `nmf`, `lda`, or an `Embedder`), `TopicModel`,
  `Topic`, `topic_of_terms`; `coherence`, `diversity`.
- Descriptions: `describe_term`, `Description`: one sentence of the evidence that says what a term is.
- Groups: `group_texts`, `group_terms`, `Grouping` with its dendrogram.
- Network: `cooccurrence_network`, `Network`.
- Keywords of single documents: `document_keywords`.
- Backtest without leaks: `count_by_year`, `stand`, `learn`, `flag`, `judge`, `Backtest`.
- Candidates: `near_duplicates`, `duplicate_terms`; `rank`, `Formula`, `Item`, `item_of`.
"""

from .backtest import Backtest, flag, judge
from .counting import count_by_year, count_chunk, count_records
from .counts import Partial
from .descriptions import Description, describe_term
from .duplicates import Duplicates, duplicate_terms, near_duplicates
from .evidence import Passage, Support
from .grouping import Group, Grouping, group_terms, group_texts
from .keywords import Keyword, document_keywords
from .kleinberg import Burst, bursts
from .language import detect_language
from .leads import Lead, kind_totals, leads
from .learned import learn
from .network import Network, cooccurrence_network
from .novelty import KnownList, ListMatch
from .outlook import Standing, stand
from .ranking import FORMULAS, Formula, Item, Ranked, item_of, rank
from .records import Record
from .series import Series
from .settings import TermSettings, TermWeights
from .signals import Signals, SignalSettings, WeakSignal, acceleration, growth, signals_of, term_signals
from .similar import Similar
from .spread import Spread, effective_number
from .storage import from_bytes, to_bytes
from .terms import Mined, Term, mine_counts, mine_terms
from .topic_quality import coherence, diversity
from .topics import Embedder, Topic, TopicModel, fit_topics, topic_of_terms
from .vectors import Bag, bag_of_counts, bag_of_words

__all__ = [
    "FORMULAS",
    "Backtest",
    "Bag",
    "Burst",
    "Description",
    "Duplicates",
    "Embedder",
    "Formula",
    "Group",
    "Grouping",
    "Item",
    "Keyword",
    "KnownList",
    "Lead",
    "ListMatch",
    "Mined",
    "Network",
    "Partial",
    "Passage",
    "Ranked",
    "Record",
    "Series",
    "SignalSettings",
    "Signals",
    "Similar",
    "Spread",
    "Standing",
    "Support",
    "Term",
    "TermSettings",
    "TermWeights",
    "Topic",
    "TopicModel",
    "WeakSignal",
    "acceleration",
    "bag_of_counts",
    "bag_of_words",
    "bursts",
    "coherence",
    "cooccurrence_network",
    "count_by_year",
    "count_chunk",
    "count_records",
    "describe_term",
    "detect_language",
    "diversity",
    "document_keywords",
    "duplicate_terms",
    "effective_number",
    "fit_topics",
    "flag",
    "from_bytes",
    "group_terms",
    "group_texts",
    "growth",
    "item_of",
    "judge",
    "kind_totals",
    "leads",
    "learn",
    "mine_counts",
    "mine_terms",
    "near_duplicates",
    "rank",
    "signals_of",
    "stand",
    "term_signals",
    "to_bytes",
    "topic_of_terms",
]
