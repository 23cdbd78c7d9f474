from surveys.enums import AskReason, CriterionKind, QuestionRole, QuestionType
from surveys.study_templates import rules
from surveys.study_templates.base import GROUPS, StudyTemplate, text
from surveys.study_templates.questions import COMMENT


def _four_points(key: str, asked, points, ask_reason: str, role: str = QuestionRole.NONE) -> dict:
    """Four points without a middle: who has a view is to show it, who has none says so."""
    return {
        "key": key,
        "type": QuestionType.SCALE,
        "role": role,
        "text": asked,
        "minimum": 1,
        "maximum": 4,
        "low_label": points[0],
        "high_label": points[-1],
        "required": True,
        "ask_reason": ask_reason,
        "choices": [(number, f"{key}_{number}", label) for number, label in enumerate(points, 1)],
    }


DESIRABILITY = _four_points(
    "desirability",
    text("How desirable is this option, whatever stands in its way?", "不论有何障碍，该方案有多可取？"),
    [
        text("Very undesirable", "很不可取"),
        text("Undesirable", "不可取"),
        text("Desirable", "可取"),
        text("Very desirable", "很可取"),
    ],
    AskReason.OUTSIDE,
)
POLICY_FEASIBILITY = _four_points(
    "feasibility",
    text("How feasible is it to carry out?", "实施该方案有多可行？"),
    [
        text("Definitely not feasible", "完全不可行"),
        text("Hardly feasible", "不太可行"),
        text("Feasible with effort", "经努力可行"),
        text("Definitely feasible", "完全可行"),
    ],
    AskReason.OPTIONAL,
    QuestionRole.FEASIBILITY,
)
POLICY_IMPORTANCE = _four_points(
    "importance",
    text("How important is it to decide on this option now?", "现在就该方案作出决定有多重要？"),
    [
        text("Unimportant", "不重要"),
        text("Slightly important", "不太重要"),
        text("Important", "重要"),
        text("Very important", "很重要"),
    ],
    AskReason.OPTIONAL,
    QuestionRole.IMPORTANCE,
)

POLICY = StudyTemplate(
    key="policy",
    name=text("Policy Delphi", "政策德尔菲"),
    description=text(
        "Desirability, feasibility and importance of options on four points without a middle, with arguments for and"
        " against. Looks for the strongest opposing views, not for agreement.",
        "以无中间项的四级量表评价各方案的可取性、可行性和重要性，并陈述支持与反对的论点；旨在呈现最有力的对立意见，而非追求一致。",
    ),
    item_label=text("option", "方案"),
    items_label=text("options", "方案"),
    purpose=text(
        "To lay open the options, the arguments for and against each, and where the views part.",
        "梳理各种方案及其支持与反对的论点，明确意见分歧所在。",
    ),
    groups=GROUPS,
    questions=[DESIRABILITY, POLICY_FEASIBILITY, POLICY_IMPORTANCE, COMMENT],
    criteria={
        CriterionKind.CONSENSUS_IN: ("desirability", rules.share_at_least(3, 4, 0.75)),
        CriterionKind.CONSENSUS_OUT: ("desirability", rules.share_at_least(1, 2, 0.75)),
        CriterionKind.STABILITY: ("desirability", rules.net_change_below(0.15)),
    },
    policies={"feedback_groups": True},
)
