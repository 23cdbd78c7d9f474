"""Ready protocols, one file each. A study copies its template; later changes of a template change no study."""

from surveys.study_templates.agreement import AGREEMENT
from surveys.study_templates.appropriateness import APPROPRIATENESS
from surveys.study_templates.base import QuestionSet, StudyTemplate
from surveys.study_templates.core_outcomes import CORE_OUTCOMES
from surveys.study_templates.estimate import ESTIMATE
from surveys.study_templates.every_type import EVERY_TYPE
from surveys.study_templates.foresight import FORESIGHT
from surveys.study_templates.judgement_basis import FAMILIARITY_ALONE, JUDGEMENT_BASIS
from surveys.study_templates.policy import POLICY

TEMPLATES: dict[str, StudyTemplate] = {
    plan.key: plan
    for plan in (FORESIGHT, AGREEMENT, APPROPRIATENESS, CORE_OUTCOMES, POLICY, ESTIMATE, EVERY_TYPE)
}
# Question sets that go with any template, when a study is created or later.
EXTRAS: dict[str, QuestionSet] = {extra.key: extra for extra in (JUDGEMENT_BASIS, FAMILIARITY_ALONE)}

__all__ = ["EXTRAS", "TEMPLATES", "QuestionSet", "StudyTemplate"]
