"""What an expert's judgement rests on: four questions, asked once per round, behind the authority coefficient."""

from surveys.enums import AskedPer, QuestionRole, QuestionType
from surveys.study_templates.base import QuestionSet, Text, text
from surveys.study_templates.questions import FAMILIARITY

INFLUENCES = [
    (1, "small", text("Small", "小")),
    (2, "medium", text("Medium", "中")),
    (3, "large", text("Large", "大")),
]


def basis(role: str, wording: Text, help: Text) -> dict:
    """Answers run from 1 (small influence) to 3 (large influence): the weights of the study hang on this."""
    return {
        "key": str(role),
        "type": QuestionType.SCALE,
        "role": role,
        "asked_per": AskedPer.ROUND,
        "text": wording,
        "help": help,
        "minimum": 1,
        "maximum": 3,
        "low_label": text("Small influence", "影响小"),
        "high_label": text("Large influence", "影响大"),
        "required": True,
        "allow_cannot_judge": False,
        "show_feedback": False,
        "choices": INFLUENCES,
    }


JUDGEMENT_BASIS = QuestionSet(
    key="judgement_basis",
    name=text("Basis of judgement", "判断依据"),
    description=text(
        "Four questions, once per round: how far practice, theory, peers and literature, and intuition shaped the"
        " answers. With familiarity they give the authority coefficient.",
        "每轮一次，共四题：实践经验、理论分析、同行与文献、直观判断对作答的影响程度。与熟悉程度一起用于计算权威系数。",
    ),
    questions=[
        basis(
            QuestionRole.BASIS_PRACTICE,
            text(
                "How far do your answers rest on practical experience?", "您的判断在多大程度上依据实践经验？"
            ),
            text("What you did, built or decided yourself.", "指您亲自从事、研制或决策的经历。"),
        ),
        basis(
            QuestionRole.BASIS_THEORY,
            text(
                "How far do your answers rest on theoretical analysis?", "您的判断在多大程度上依据理论分析？"
            ),
            text("Models, calculations, reasoning from principles.", "指模型、测算以及从原理出发的推断。"),
        ),
        basis(
            QuestionRole.BASIS_PEERS,
            text(
                "How far do your answers rest on what peers say and write?",
                "您的判断在多大程度上依据同行意见和国内外文献？",
            ),
            text("Colleagues, papers, reports, at home and abroad.", "指国内外同行、论文和报告。"),
        ),
        basis(
            QuestionRole.BASIS_INTUITION,
            text("How far do your answers rest on intuition?", "您的判断在多大程度上依据直观感觉？"),
            text("A sense of it that you could not easily explain.", "指难以具体说明的直观判断。"),
        ),
    ],
)

FAMILIARITY_ALONE = QuestionSet(
    key="familiarity",
    name=text("Familiarity", "熟悉程度"),
    description=text(
        "One question for each technology, by which answers can be weighted.",
        "每项技术一题，用于对作答加权。",
    ),
    questions=[FAMILIARITY],
    offered=False,
)
