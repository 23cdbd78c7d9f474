"""Names and reasons as the dashboards say them."""

from django.utils.translation import gettext as _

from surveys.models import Question


def question_name(question: Question) -> str:
    """The role where there is one: short, and the same in every study."""
    return str(question.get_role_display() if question.role else question)


def reason_words(code: str | None) -> str:
    """Why a figure is not defined, in words."""
    said = {
        "no_answers": _("nobody gave a value"),
        "no_variance": _("all answers are the same"),
        "negative_variance": _("too few answers that contradict each other"),
        "too_few_raters": _("fewer than two raters"),
        "too_few_items": _("fewer than two items"),
        "too_few_categories": _("fewer than two categories"),
        "missing_ratings": _("nobody rated everything"),
        "withheld": _("would tell of too few people"),
    }
    return said.get(code, code) if code else ""
