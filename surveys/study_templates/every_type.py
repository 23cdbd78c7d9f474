"""A tour: every type of question once for each technology, and some of them once per round."""

from surveys.enums import AskedPer, AskReason, CriterionKind, QuestionRole, QuestionType
from surveys.study_templates import rules
from surveys.study_templates.base import GROUPS, StudyTemplate, text
from surveys.study_templates.questions import COMMENT, CONSTRAINT, FAMILIARITY, IMPORTANCE, YEAR_SOCIETY

OBSTACLES = [
    (1, "cost", text("Cost", "成本")),
    (2, "reliability", text("Reliability", "可靠性")),
    (3, "regulation", text("Regulation and standards", "法规与标准")),
    (4, "skills", text("Skilled people", "专业人才")),
    (5, "acceptance", text("Public acceptance", "社会接受度")),
]
SECTORS = [
    (1, "health", text("Health", "医疗健康")),
    (2, "energy", text("Energy", "能源")),
    (3, "transport", text("Transport", "交通运输")),
    (4, "manufacturing", text("Manufacturing", "制造业")),
    (5, "agriculture", text("Agriculture", "农业")),
    (6, "administration", text("Public administration", "公共管理")),
]
MEASURES = [
    (1, "research", text("Public research", "公共研发")),
    (2, "pilots", text("Pilot projects", "试点示范")),
    (3, "training", text("Training", "人才培养")),
    (4, "standards", text("Standards", "标准制定")),
]
AGREEMENT_POINT = {
    "key": "readiness",
    "type": QuestionType.SCALE,
    "text": text("How ready is it for use today?", "该技术目前的应用就绪程度如何？"),
    "minimum": 1,
    "maximum": 5,
    "low_label": text("An idea", "仅有设想"),
    "high_label": text("In daily use", "已日常使用"),
}
MULTIPLE = {
    "key": "sectors",
    "type": QuestionType.MULTIPLE,
    "text": text("Where will it be used first?", "该技术将率先在哪些行业应用？"),
    "settings": {"least": 1, "most": 3, "other": True},
    "choices": SECTORS,
}
RANKING = {
    "key": "obstacles",
    "type": QuestionType.RANKING,
    "text": text("Which obstacles weigh most?", "哪些障碍影响最大？"),
    "help": text("Place 1 is the greatest obstacle.", "第1位为影响最大的障碍。"),
    "settings": {"top": 3},
    "choices": OBSTACLES,
}
ALLOCATION = {
    "key": "funding",
    "type": QuestionType.ALLOCATION,
    "text": text("How would you share out support for it?", "您会如何分配对该技术的支持？"),
    "choices": MEASURES,
}
NUMBER = {
    "key": "cost",
    "type": QuestionType.NUMBER,
    "text": text("What would a first national programme cost?", "首个国家级计划约需多少投入？"),
    "minimum": 0,
    "maximum": 100000,
    "unit": text("million euros", "百万欧元"),
}
PERCENT = {
    "key": "share",
    "type": QuestionType.PERCENT,
    "text": text(
        "Which share of users will have adopted it by 2040?", "到2040年，使用者采用该技术的比例是多少？"
    ),
}
ESTIMATE = {
    "key": "saving",
    "type": QuestionType.ESTIMATE,
    "text": text("How much time will it save its users?", "该技术能为使用者节省多少时间？"),
    "minimum": 0,
    "maximum": 100,
    "unit": text("hours a month", "小时/月"),
}
YES_NO = {
    "key": "support",
    "type": QuestionType.YES_NO,
    "text": text("Should the state support it now?", "政府现在是否应当予以支持？"),
}
CERTAINTY = {
    "key": "breakthrough",
    "type": QuestionType.CERTAINTY,
    "text": text("Will there be a breakthrough before 2035?", "2035年前是否会取得突破？"),
}
PLANE = {
    "key": "position",
    "type": QuestionType.PLANE,
    "text": text("Where does it stand between benefit and risk?", "在效益与风险之间，该技术处于什么位置？"),
    "minimum": 1,
    "maximum": 7,
    "settings": {
        "x": {
            "label": text("Benefit", "效益"),
            "low": text("small", "小"),
            "high": text("great", "大"),
        },
        "y": {
            "label": text("Risk", "风险"),
            "low": text("small", "小"),
            "high": text("great", "大"),
        },
    },
}
PAIRWISE = {
    "key": "preference",
    "type": QuestionType.PAIRWISE,
    "text": text("Which measure helps it more?", "哪项措施对该技术更有帮助？"),
    "choices": MEASURES,
}
BASIS = {
    "key": "basis",
    "type": QuestionType.MULTIPLE,
    "asked_per": AskedPer.ROUND,
    "text": text("What do your answers rest on?", "您作答的依据是什么？"),
    "settings": {"other": True},
    "choices": [
        (1, "theory", text("Theoretical analysis", "理论分析")),
        (2, "practice", text("Practical experience", "实践经验")),
        (3, "literature", text("Literature", "国内外文献")),
        (4, "intuition", text("Intuition", "直觉")),
    ],
}
GOALS = {
    "key": "goals",
    "type": QuestionType.RANKING,
    "asked_per": AskedPer.ROUND,
    "text": text("In which order should the study's goals be pursued?", "本研究的目标应按什么次序推进？"),
    "choices": [
        (1, "security", text("Security of supply", "供给安全")),
        (2, "climate", text("Climate protection", "气候保护")),
        (3, "prosperity", text("Prosperity", "经济繁荣")),
        (4, "health", text("Health", "健康")),
    ],
}

EVERY_TYPE = StudyTemplate(
    key="every_type",
    name=text("Every type of question", "全部题型"),
    description=text(
        "Each type of question once: to try them out, and to copy from.",
        "各种题型各一道，供试用和参考。",
    ),
    item_label=text("technology", "技术"),
    items_label=text("technologies", "技术"),
    purpose=text(
        "To show what can be asked, and how the answers are fed back.", "展示可以提出的题目及其反馈方式。"
    ),
    groups=GROUPS,
    questions=[
        FAMILIARITY,
        IMPORTANCE | {"ask_reason": AskReason.OPTIONAL},
        AGREEMENT_POINT,
        MULTIPLE,
        RANKING,
        ALLOCATION,
        PLANE,
        PAIRWISE,
        CERTAINTY,
        YES_NO,
        CONSTRAINT | {"role": QuestionRole.NONE},
        NUMBER,
        PERCENT,
        ESTIMATE,
        YEAR_SOCIETY,
        COMMENT,
        BASIS,
        GOALS,
    ],
    criteria={
        CriterionKind.CONSENSUS_IN: ("importance", rules.share_at_least(7, 9, 0.75)),
        CriterionKind.CONSENSUS_OUT: ("importance", rules.share_at_least(1, 3, 0.75)),
        CriterionKind.STABILITY: ("importance", rules.net_change_below(0.15)),
    },
)
