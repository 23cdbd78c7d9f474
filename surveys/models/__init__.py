"""What is asked and answered."""

from surveys.models.answers import Answer, Assignment, Participation, Reason
from surveys.models.protocol import Choice, Criterion, ProtocolVersion, Question
from surveys.models.rounds import Round, RoundTechnology
from surveys.models.study import Field, MemberField, Study
from surveys.models.technologies import Technology

__all__ = [
    "Answer",
    "Assignment",
    "Choice",
    "Criterion",
    "Field",
    "MemberField",
    "Participation",
    "ProtocolVersion",
    "Question",
    "Reason",
    "Round",
    "RoundTechnology",
    "Study",
    "Technology",
]
