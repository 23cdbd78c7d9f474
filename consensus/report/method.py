"""How the study was done: questions, rules in words, anonymity, feedback, counting."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consensus.charts.bins import short
from consensus.exports.column_texts import METHOD_TEXTS
from consensus.report.blocks import Block, Grid, Heading, Paragraph
from consensus.report.reading import NONE, Reported, listed
from surveys.enums import CriterionKind
from surveys.models import Question

_FEEDBACK = {
    "feedback_median": gettext_lazy("median and quartiles"),
    "feedback_distribution": gettext_lazy("the distribution of answers"),
    "feedback_groups": gettext_lazy("answers by panel group"),
    "feedback_reasons": gettext_lazy("others' reasons without their authors"),
}


def method(found: Reported) -> Iterator[Block]:
    yield Heading(_("Method"))
    yield Heading(_("Questions"), 2)
    questions = found.study.questions.prefetch_related("choices").order_by("position", "pk")
    yield Grid(
        [(row.key, str(row.text), row.get_type_display(), scale_of(row)) for row in questions],
        (_("Key"), _("Question"), _("Type"), _("Scale")),
        (2.8, 7.7, 3.2, 3.3),
        8.5,
    )
    yield Heading(_("Definition of consensus"), 2)
    if found.rules:
        yield Grid(found.rules, (_("Verdict"), _("Question"), _("Rule")), (3.5, 4, 9.5), 9)
    else:
        yield Paragraph(_("The protocol has no consensus rule: no verdict is given."))
    for text in definition(found):
        yield Paragraph(text, is_item=True)
    yield Heading(_("Conduct and computation"), 2)
    for text in conduct(found):
        yield Paragraph(text, is_item=True)


def scale_of(question: Question) -> str:
    """From lowest to highest, with the labels of the ends; the options of a choice."""
    if question.minimum is None or question.maximum is None:
        choices = [str(choice.label) for choice in question.choices.all()]
        return listed(choices) if choices else NONE
    low, high = short(question.minimum), short(question.maximum)
    ends = [f"{low} {question.low_label}".strip(), f"{high} {question.high_label}".strip()]
    return " – ".join(ends)


def definition(found: Reported) -> list[str]:
    study, said = found.study, []
    if study.is_locked:
        said.append(
            _(
                "The rules were locked before the first answer; the protocol's hash and every amendment are listed "
                "above."
            )
        )
    said.append(
        _(
            "A verdict needs at least %(n)d answers, and so does every figure of a rule: of a panel group that it "
            "names, of answers with a weight, and for stability of members who answered twice."
        )
        % {"n": study.minimum_answers}
    )
    if study.criteria.filter(kind=CriterionKind.STABILITY).exists():
        said.append(
            _(
                "Stability is tested first: only a stable entry is consensus or stable disagreement, so nothing is "
                "decided after round 1."
            )
        )
        said.append(
            _(
                "A stable entry on which members do not disagree, but for which neither rule for consensus holds, "
                "stays open and is called undivided: RAND/UCLA's “uncertain, without disagreement”."
            )
        )
    return said


def conduct(found: Reported) -> list[str]:
    study = found.study
    return [
        _("Members answered individually, on the web, through a personal link."),
        _("Routing: %(routing)s.") % {"routing": study.get_routing_display()},
        _("Anonymity: %(level)s.") % {"level": study.get_anonymity_display()},
        *feedback(found),
        moderation(found),
        str(METHOD_TEXTS["counted"]),
        _("Median and quartiles: %(type)s.") % {"type": study.get_quantile_type_display()},
        str(METHOD_TEXTS["share"]),
        str(METHOD_TEXTS["groups"]),
    ]


def feedback(found: Reported) -> list[str]:
    """What members saw of the round before, and in which rounds they saw nothing."""
    shown = [words for name, words in _FEEDBACK.items() if getattr(found.study, name)]
    hidden = [row.number for row in found.rounds if row.number > 1 and not row.shows_feedback]
    if not shown:
        return [_("Feedback: members were shown nothing of the group's answers.")]
    said = [_("Feedback: with each further round members saw %(what)s.") % {"what": listed(shown)}]
    if hidden:
        said.append(_("In these rounds nothing was shown: %(rounds)s.") % {"rounds": listed(hidden)})
    return said


def moderation(found: Reported) -> str:
    if found.study.moderate_reasons:
        return _("Reasons, replies and proposals were read by a moderator before others saw them.")
    return _("Reasons, replies and proposals were shown at once; a moderator could keep them back later.")
