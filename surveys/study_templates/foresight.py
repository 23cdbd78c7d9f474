from surveys.enums import CriterionKind, Routing
from surveys.study_templates import rules
from surveys.study_templates.base import GROUPS, StudyTemplate, text
from surveys.study_templates.questions import (
    COMMENT,
    CONSTRAINT,
    FAMILIARITY,
    FEASIBILITY,
    IMPORTANCE,
    YEAR_LAB,
    YEAR_SOCIETY,
)

FORESIGHT = StudyTemplate(
    key="foresight",
    name=text("Technology foresight", "技术预测"),
    description=text(
        "Familiarity, importance, feasibility, realisation time in the laboratory and in society, constraint.",
        "包括熟悉程度、重要程度、可行性、实验室实现时间、社会实现时间和制约因素。",
    ),
    item_label=text("technology", "技术"),
    items_label=text("technologies", "技术"),
    purpose=text(
        "To find out which technologies matter most, when they will be realised and what holds them back.",
        "识别关键技术，判断其实现时间和制约因素。",
    ),
    groups=GROUPS,
    questions=[FAMILIARITY, IMPORTANCE, FEASIBILITY, YEAR_LAB, YEAR_SOCIETY, CONSTRAINT, COMMENT],
    criteria={
        CriterionKind.CONSENSUS_IN: ("importance", rules.share_at_least(7, 9, 0.75)),
        CriterionKind.CONSENSUS_OUT: ("importance", rules.share_at_least(1, 3, 0.75)),
        CriterionKind.STABILITY: ("importance", rules.net_change_below(0.15)),
    },
    policies={"routing": Routing.ALL, "feedback_groups": True},
)
