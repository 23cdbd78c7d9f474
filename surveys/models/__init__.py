"""What is asked and answered."""

from surveys.models.answers import Answer, Assignment, Bookmark, Participation, Reason
from surveys.models.protocol import Choice, Criterion, ProtocolVersion, Question
from surveys.models.rounds import Round, RoundTechnology
from surveys.models.study import ConsentVersion, Field, MemberField, Study
from surveys.models.technologies import Technology
from surveys.models.voice import Proposal, ReasonVote, Reply

__all__ = [
    "Answer",
    "Assignment",
    "Bookmark",
    "Choice",
    "ConsentVersion",
    "Criterion",
    "Field",
    "MemberField",
    "Participation",
    "Proposal",
    "ProtocolVersion",
    "Question",
    "Reason",
    "ReasonVote",
    "Reply",
    "Round",
    "RoundTechnology",
    "Study",
    "Technology",
]
