"""The table's cells, written without templates: a template would cost more than all the rest of the page."""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from surveys.enums import QuestionType
from surveys.models import Question
from surveys.question_types import kind_of
from surveys.respond.blocks import drawn_once
from surveys.respond.openers import answer_opener, message_list
from surveys.respond.plain import FormSave
from surveys.respond.sheet import Cell
from surveys.respond.widgets import CAUSES, Widget, widget

TYPED = (QuestionType.YEAR, QuestionType.NUMBER, QuestionType.PERCENT)
SELECTED = mark_safe(" selected")


def fits(question: Question) -> bool:
    """Whether the answer is given in the cell itself."""
    return question.type in TYPED or kind_of(question).fits_cell(question)


def _problems(drawn: Widget) -> list[str]:
    return drawn.errors or ([changed_elsewhere(drawn.theirs)] if drawn.theirs else [])


def changed_elsewhere(value: str) -> str:
    return _("Changed elsewhere to: %(value)s") % {"value": value}


def compared(drawn: Widget) -> str:
    """With what the page's scripts compare the answer: the group's middle half and the answer of the round before."""
    half = f' data-half="{drawn.half_text}"' if drawn.half else ""
    held = drawn.earlier_json
    earlier = f' data-earlier="{escape(held)}"' if held else ""
    asks = f' data-ask="{escape(drawn.asks_reason)}"' if drawn.asks_reason else ""
    return f"{half}{earlier}{asks}"


def cause_select(name: str = "", chosen: str = "") -> SafeString:
    """What led to a change, to be picked; without a name it is the pattern that the page's scripts follow."""
    asked, short = escape(_("You changed your answer. What led to it?")), escape(_("What led to it?"))
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((each.value, SELECTED if each == chosen else "", each.label) for each in CAUSES),
    )
    return SafeString(
        f'<span class="change-cause is-shown" data-cause><select class="input cell-cause" name="{escape(name)}"'
        f' aria-label="{asked}"><option value="">{short}</option>{options}</select></span>'
    )


def outside_note(cell: Cell) -> str:
    """Says so, and nothing more, where the answer lies outside the group's middle half."""
    if not cell.half:
        return ""
    off, words = "" if cell.is_outside else " hidden", escape(_("outside the middle half"))
    return f'<small class="brief" data-outside{off}>{words}</small>'


class Cells:
    """Draws cells; the options of a question are written once for each choice among them."""

    def __init__(self, saved: FormSave | None = None):
        self.saved = saved
        self._options: dict[tuple[int, str], SafeString] = {}

    def html(self, cell: Cell, feedback: Any) -> SafeString:
        """The cell with what the group said and what was wrong with the answer."""
        if self.saved is not None:
            return SafeString(self._draw(cell, self.saved.widget(cell), feedback))
        return drawn_once("cell", cell, feedback, lambda: self._draw(cell, widget(cell), feedback))

    def _draw(self, cell: Cell, drawn: Widget, feedback: Any) -> str:
        brief = feedback.brief(cell.technology, cell.question, cell.before)
        if fits(cell.question):
            answer, brief = self._opened(drawn) + self._input(drawn), brief + outside_note(cell)
            if cell.is_changed:
                brief += cause_select(f"{drawn.name}.cause", cell.cause)
        else:
            answer = answer_opener(drawn)
        return f"{answer}{brief}<div data-errors>{message_list(_problems(drawn))}</div></td>"

    @staticmethod
    def _opened(drawn: Widget) -> SafeString:
        question, code = drawn.question, drawn.technology.code if drawn.technology else ""
        return SafeString(
            f'<td class="question is-cell" data-question="{escape(question.key)}"'
            f' data-technology="{escape(code)}" data-kind="{escape(question.type)}"{compared(drawn)}>'
        )

    def _input(self, drawn: Widget) -> SafeString:
        invalid = ' aria-invalid="true"' if _problems(drawn) else ""
        name, label = escape(drawn.name), f"{drawn.cell.technology}: {drawn.label}"
        typed = drawn.question.type in TYPED
        answer = (
            self._typed(drawn, name, label, invalid) if typed else self._chosen(drawn, name, label, invalid)
        )
        return SafeString(f'{answer}<input type="hidden" name="{name}.base" value="{escape(drawn.base)}">')

    def _chosen(self, drawn: Widget, name: str, label: str, invalid: str) -> str:
        return (
            f'<select class="input cell-input" name="{name}" aria-label="{escape(label)}"{invalid}>'
            f"{self._select(drawn)}</select>"
        )

    def _typed(self, drawn: Widget, name: str, label: str, invalid: str) -> str:
        """A number to type, and beside it the answers that are no number."""
        special = ""
        if drawn.specials:
            instead = _("%(question)s, instead of a number") % {"question": label}
            special = (
                f'<select class="input cell-input cell-special" name="{name}.special"'
                f' aria-label="{escape(instead)}">{self._specials(drawn)}</select>'
            )
        number = escape(str(drawn.parts.get("number", "")))
        return (
            '<span class="cell-typed"><input class="input cell-number" type="text" inputmode="decimal" '
            f'maxlength="30" autocomplete="off" data-part="number" name="{name}" value="{number}"'
            f' aria-label="{escape(label)}"{invalid}>{special}</span>'
        )

    def _specials(self, drawn: Widget) -> SafeString:
        chosen = drawn.parts.get("special", "")
        return self._written((drawn.question.pk, chosen), chosen, lambda: drawn.specials, empty=_("or …"))

    def _select(self, drawn: Widget) -> SafeString:
        return self._written(
            (drawn.question.pk, drawn.chosen), drawn.chosen, lambda: [*self._points(drawn), *drawn.specials]
        )

    @staticmethod
    def _points(drawn: Widget) -> list[dict[str, str]]:
        if drawn.question.type != QuestionType.SCALE:
            return drawn.options
        return [
            {"value": option["value"], "label": f"{option['value']} {option['label']}".strip()}
            for option in drawn.options
        ]

    def _written(self, key: tuple[int, str], chosen: str, options, empty: str = "–") -> SafeString:
        """The options, written once for each question and choice."""
        if key not in self._options:
            self._options[key] = format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                (
                    (each["value"], SELECTED if each["value"] == chosen else "", each["label"])
                    for each in [{"value": "", "label": empty}, *options()]
                ),
            )
        return self._options[key]
