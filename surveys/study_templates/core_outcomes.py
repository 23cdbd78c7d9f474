from surveys.enums import AskReason, CriterionKind, QuestionRole, QuestionType
from surveys.study_templates import rules
from surveys.study_templates.base import StudyTemplate, text
from surveys.study_templates.questions import COMMENT

OUTCOME_QUESTION = {
    "key": "importance",
    "type": QuestionType.SCALE,
    "role": QuestionRole.IMPORTANCE,
    "text": text(
        "How important is it to measure this outcome in every trial?", "每项试验都测量该结局有多重要？"
    ),
    "help": text(
        "1 to 3: of limited importance. 4 to 6: important, but not critical. 7 to 9: critical.",
        "1—3分：重要性有限；4—6分：重要但非关键；7—9分：关键。",
    ),
    "minimum": 1,
    "maximum": 9,
    "low_label": text("Of limited importance", "重要性有限"),
    "high_label": text("Critical", "关键"),
    "required": True,
    "ask_reason": AskReason.OPTIONAL,
}

GROUPS = [
    ("patients", text("Patients and carers", "患者及照护者")),
    ("professionals", text("Health professionals", "卫生专业人员")),
    ("researchers", text("Researchers", "研究人员")),
]
NAMES = [key for key, _name in GROUPS]

CORE_OUTCOMES = StudyTemplate(
    key="core_outcomes",
    name=text("Core outcome set (COMET)", "核心结局指标集（COMET）"),
    description=text(
        "Importance from 1 to 9 for each outcome. In: in each stakeholder group 70 % rate 7-9 and fewer than 15 %"
        " rate 1-3.",
        "对每个结局按1—9分评价重要性。纳入标准：每一利益相关方组中评7—9分者达70%，且评1—3分者低于15%。",
    ),
    item_label=text("outcome", "结局指标"),
    items_label=text("outcomes", "结局指标"),
    purpose=text(
        "To agree on the outcomes that every trial of this condition should measure and report.",
        "就该疾病各项试验均应测量和报告的结局指标达成一致。",
    ),
    groups=GROUPS,
    questions=[OUTCOME_QUESTION, COMMENT],
    criteria={
        CriterionKind.CONSENSUS_IN: ("importance", rules.comet("in", NAMES)),
        CriterionKind.CONSENSUS_OUT: ("importance", rules.comet("out", NAMES)),
        CriterionKind.STABILITY: ("importance", rules.net_change_below(0.15)),
    },
    policies={"feedback_groups": True},
)
