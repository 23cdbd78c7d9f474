"""Ready protocols, one file each. A study copies its template; later changes of a template change no study."""

from surveys.study_templates.agreement import AGREEMENT
from surveys.study_templates.base import StudyTemplate
from surveys.study_templates.estimate import ESTIMATE
from surveys.study_templates.every_type import EVERY_TYPE
from surveys.study_templates.foresight import FORESIGHT

TEMPLATES: dict[str, StudyTemplate] = {
    plan.key: plan for plan in (FORESIGHT, AGREEMENT, ESTIMATE, EVERY_TYPE)
}

__all__ = ["TEMPLATES", "StudyTemplate"]
