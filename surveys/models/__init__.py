"""What is asked and answered."""

from surveys.models.answers import Answer, Assignment, Bookmark, Participation, Reason
from surveys.models.protocol import Choice, Criterion, ProtocolVersion, Question
from surveys.models.rounds import Round, RoundTechnology
from surveys.models.study import ConsentVersion, Field, MemberField, Study
from surveys.models.technologies import Technology

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
    "ProtocolVersion",
    "Question",
    "Reason",
    "Round",
    "RoundTechnology",
    "Study",
    "Technology",
]
