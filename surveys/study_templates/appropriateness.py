from surveys.enums import AskReason, CriterionKind, QuestionType
from surveys.study_templates import rules
from surveys.study_templates.base import StudyTemplate, text
from surveys.study_templates.questions import COMMENT

APPROPRIATENESS_QUESTION = {
    "key": "appropriateness",
    "type": QuestionType.SCALE,
    "text": text("How appropriate is it?", "其适宜程度如何？"),
    "help": text(
        "Appropriate: the expected benefit outweighs the expected harm by so much that it is worth doing, cost aside.",
        "适宜：不考虑费用时，预期获益明显大于预期危害，值得采用。",
    ),
    "minimum": 1,
    "maximum": 9,
    "low_label": text("Clearly inappropriate", "完全不适宜"),
    "high_label": text("Clearly appropriate", "完全适宜"),
    "required": True,
    "ask_reason": AskReason.OPTIONAL,
}

APPROPRIATENESS = StudyTemplate(
    key="appropriateness",
    name=text("Appropriateness (RAND/UCLA)", "适宜性评价（RAND/UCLA）"),
    description=text(
        "One rating from 1 to 9 for each indication. Appropriate or not by the median's third and the disagreement"
        " index.",
        "对每个适应证按1—9分评价，根据中位数所在三分段和分歧指数判定是否适宜。",
    ),
    item_label=text("indication", "适应证"),
    items_label=text("indications", "适应证"),
    purpose=text(
        "To find the indications for which the panel holds a procedure appropriate or inappropriate.",
        "判定某项诊疗措施在哪些适应证下适宜或不适宜。",
    ),
    groups=[
        ("specialists", text("Specialists", "专科医师")),
        ("generalists", text("Generalists", "全科医师")),
        ("others", text("Other professions", "其他专业人员")),
    ],
    questions=[APPROPRIATENESS_QUESTION, COMMENT],
    criteria={
        CriterionKind.CONSENSUS_IN: ("appropriateness", rules.rand_ucla("high")),
        CriterionKind.CONSENSUS_OUT: ("appropriateness", rules.rand_ucla("low")),
        CriterionKind.STABILITY: ("appropriateness", rules.net_change_below(0.15)),
    },
    policies={
        "perspective": text(
            "Think of an average patient who comes to an average physician today.",
            "请以当前一般医师接诊的一般患者为准。",
        )
    },
)
