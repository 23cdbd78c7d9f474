from scanning.append_only import Appended
from scanning.models.candidates import Candidate, Decision, Evidence
from scanning.models.corpora import Corpus, CorpusFile, CountedChunk, Document, Scan
from scanning.models.monitors import Monitor, MonitorRun
from scanning.models.review import Backtest, Opinion, ReviewPolicy, Topic, TopicDecision
from scanning.models.suggestions import ModelCall, ReasonSummary, Suggestion

__all__ = [
    "Appended",
    "Backtest",
    "Candidate",
    "Corpus",
    "CorpusFile",
    "CountedChunk",
    "Decision",
    "Document",
    "Evidence",
    "ModelCall",
    "Monitor",
    "MonitorRun",
    "Opinion",
    "ReasonSummary",
    "ReviewPolicy",
    "Scan",
    "Suggestion",
    "Topic",
    "TopicDecision",
]
