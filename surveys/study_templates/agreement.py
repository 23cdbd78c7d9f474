from surveys.enums import AskReason, CriterionKind, QuestionRole, QuestionType
from surveys.study_templates import rules
from surveys.study_templates.base import GROUPS, StudyTemplate, text
from surveys.study_templates.questions import COMMENT

AGREEMENT_QUESTION = {
    "key": "agreement",
    "type": QuestionType.SCALE,
    "role": QuestionRole.AGREEMENT,
    "text": text("How far do you agree with this statement?", "您在多大程度上同意该陈述？"),
    "minimum": 1,
    "maximum": 5,
    "low_label": text("Strongly disagree", "完全不同意"),
    "high_label": text("Strongly agree", "完全同意"),
    "required": True,
    "ask_reason": AskReason.OUTSIDE,
    "choices": [
        (1, "strongly_disagree", text("Strongly disagree", "完全不同意")),
        (2, "disagree", text("Disagree", "不同意")),
        (3, "neutral", text("Neither", "中立")),
        (4, "agree", text("Agree", "同意")),
        (5, "strongly_agree", text("Strongly agree", "完全同意")),
    ],
}

AGREEMENT = StudyTemplate(
    key="agreement",
    name=text("Agree or disagree", "同意与否"),
    description=text(
        "One five-point agreement question for each statement, with reasons.",
        "每条陈述一个五级同意程度问题，并可说明理由。",
    ),
    item_label=text("statement", "陈述"),
    items_label=text("statements", "陈述"),
    purpose=text("To find the statements on which the panel agrees.", "找出专家组达成一致意见的陈述。"),
    groups=GROUPS,
    questions=[AGREEMENT_QUESTION, COMMENT],
    criteria={
        CriterionKind.CONSENSUS_IN: ("agreement", rules.share_at_least(4, 5, 0.75)),
        CriterionKind.CONSENSUS_OUT: ("agreement", rules.share_at_least(1, 2, 0.75)),
        CriterionKind.STABILITY: ("agreement", rules.net_change_below(0.15)),
    },
)
