"""Questions that several templates share."""

from surveys.enums import AskReason, QuestionRole, QuestionType
from surveys.study_templates.base import text

FAMILIARITY = {
    "key": "familiarity",
    "type": QuestionType.SCALE,
    "role": QuestionRole.FAMILIARITY,
    "text": text("How familiar are you with this technology?", "您对该技术的熟悉程度如何？"),
    "help": text(
        "Judge your own knowledge, not the technology. It decides how answers are weighted, not whether they count.",
        "请评价您自己的了解程度，而不是技术本身。熟悉程度用于加权统计，不影响答卷是否有效。",
    ),
    "minimum": 1,
    "maximum": 5,
    "low_label": text("Unfamiliar", "不熟悉"),
    "high_label": text("I work on it", "从事该领域研究"),
    "allow_cannot_judge": False,
    "required": True,
    "show_feedback": False,
    "choices": [
        (1, "unfamiliar", text("Unfamiliar", "不熟悉")),
        (2, "heard", text("Heard of it", "有所了解")),
        (3, "informed", text("Informed", "一般熟悉")),
        (4, "familiar", text("Familiar", "比较熟悉")),
        (5, "expert", text("I work on it", "很熟悉")),
    ],
}

IMPORTANCE = {
    "key": "importance",
    "type": QuestionType.SCALE,
    "role": QuestionRole.IMPORTANCE,
    "text": text(
        "How important will this technology be for the goals of the study?",
        "该技术对本研究目标的重要程度如何？",
    ),
    "help": text(
        "Think of the whole period of the study and of society as a whole, not of your own institution.",
        "请着眼于整个预测期和全社会的需要，而不是本单位的需要。",
    ),
    "minimum": 1,
    "maximum": 9,
    "low_label": text("Not important", "不重要"),
    "high_label": text("Decisive", "极为重要"),
    "required": True,
    "ask_reason": AskReason.OUTSIDE,
}

FEASIBILITY = {
    "key": "feasibility",
    "type": QuestionType.SCALE,
    "role": QuestionRole.FEASIBILITY,
    "text": text("How feasible is its broad use within the period?", "在预测期内得到广泛应用的可行性如何？"),
    "help": text(
        "Consider technology, cost, talent and infrastructure together.",
        "请综合考虑技术、成本、人才和基础设施条件。",
    ),
    "minimum": 1,
    "maximum": 9,
    "low_label": text("Hardly feasible", "难以实现"),
    "high_label": text("Certainly feasible", "完全可行"),
    "ask_reason": AskReason.OPTIONAL,
}


def year(key: str, role: str, question: dict) -> dict:
    return {
        "key": key,
        "type": QuestionType.YEAR,
        "role": role,
        "text": question,
        "help": text(
            "The year by which you see it as more likely than not.",
            "请填写您认为实现可能性超过一半的年份。",
        ),
        "minimum": 2000,
        "maximum": 2100,
    }


YEAR_LAB = year(
    "year_lab",
    QuestionRole.YEAR_LAB,
    text("When will it be shown to work in the laboratory?", "该技术何时能在实验室实现？"),
)
YEAR_SOCIETY = year(
    "year_society",
    QuestionRole.YEAR_SOCIETY,
    text("When will it be in wide use in society?", "该技术何时能在社会上得到广泛应用？"),
)

CONSTRAINT = {
    "key": "constraint",
    "type": QuestionType.CHOICE,
    "role": QuestionRole.CONSTRAINT,
    "text": text("What holds it back most?", "制约该技术发展的首要因素是什么？"),
    "choices": [
        (1, "funding", text("Funding", "资金投入")),
        (2, "research_base", text("Research base", "研究基础")),
        (3, "talent", text("Talent", "人才队伍")),
        (4, "regulation", text("Regulation and standards", "法规与标准")),
        (5, "public_acceptance", text("Public acceptance", "社会接受度")),
        (6, "infrastructure", text("Infrastructure", "基础设施")),
        (7, "international_cooperation", text("International cooperation", "国际合作")),
    ],
}

COMMENT = {
    "key": "comment",
    "type": QuestionType.TEXT,
    "role": QuestionRole.COMMENT,
    "text": text("Anything that the questions missed?", "您还有哪些补充意见？"),
    "allow_cannot_judge": False,
    "show_feedback": False,
}
