from surveys.enums import AskReason, CriterionKind, QuestionType
from surveys.study_templates import rules
from surveys.study_templates.base import StudyTemplate, text

PROBABILITY = {
    "key": "probability",
    "type": QuestionType.ESTIMATE,
    "text": text("How probable is it that this claim holds?", "您认为该论断成立的概率是多少？"),
    "help": text(
        "Give the lowest and the highest value you find plausible, then your best estimate, in percent.",
        "请先给出您认为合理的最低值和最高值，再给出最佳估计，单位为百分比。",
    ),
    "minimum": 0,
    "maximum": 100,
    "unit": text("%", "%"),
    "required": True,
    "ask_reason": AskReason.OPTIONAL,
}

ESTIMATE = StudyTemplate(
    key="estimate",
    name=text("Elicitation of probabilities", "概率估计"),
    description=text(
        "A lowest, highest and best estimate in percent for each claim, revised after feedback.",
        "针对每个论断给出最低、最高和最佳概率估计，并在反馈后修订。",
    ),
    item_label=text("claim", "论断"),
    items_label=text("claims", "论断"),
    purpose=text("To elicit how probable each claim is.", "估计各论断成立的概率。"),
    groups=[],
    questions=[PROBABILITY],
    criteria={
        CriterionKind.CONSENSUS_IN: ("probability", rules.share_at_least(60, 100, 0.75)),
        CriterionKind.CONSENSUS_OUT: ("probability", rules.share_at_least(0, 40, 0.75)),
        CriterionKind.STABILITY: ("probability", rules.cv_change_at_most(0.2)),
    },
    policies={"feedback_groups": False},
)
