"""What is asked and answered."""

from surveys.models.answers import Answer, Assignment, Participation, Reason
from surveys.models.protocol import Choice, Criterion, ProtocolVersion, Question
from surveys.models.rounds import Round, RoundTechnology
from surveys.models.study import Field, MemberField, Study
from surveys.models.technologies import Technology
from surveys.models.voice import Proposal, ReasonVote, Reply

__all__ = [
    "Answer",
    "Assignment",
    "Choice",
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
