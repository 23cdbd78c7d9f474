"""How a candidate was found, in sentences: made from the machine-readable account when a person reads it."""

from collections.abc import Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scanning.formula_words import stored_in_words
from scanning.models import Candidate
from scanning.services.review import BY_HAND
from scanning.services.splitting import SPLIT
from scanning.textmining.signals import RISING

KINDS = {
    "paper": gettext_lazy("Papers"),
    "patent": gettext_lazy("Patents"),
    "project": gettext_lazy("Projects"),
    "news": gettext_lazy("News"),
}
SCORE_PARTS = {
    "cvalue": (
        gettext_lazy("How often"),
        gettext_lazy("Occurrences, less those inside longer terms (C-value, logarithm)."),
    ),
    "acronym": (
        gettext_lazy("Abbreviated"),
        gettext_lazy("Above 1 when authors define an abbreviation for it."),
    ),
    "title": (gettext_lazy("In titles"), gettext_lazy("Above 1 when it stands in titles often.")),
    "npmi": (
        gettext_lazy("Holds together"),
        gettext_lazy("How much more often its words meet than by chance (1 is always)."),
    ),
    "head": (
        gettext_lazy("Kind of word"),
        gettext_lazy("Whether terms that end in this word are often names of techniques."),
    ),
    "edge": (
        gettext_lazy("Stands alone"),
        gettext_lazy("How often the term ends where a phrase ends, instead of going on."),
    ),
    "boundary": (
        gettext_lazy("Clear limits"),
        gettext_lazy("In Chinese: how freely the characters beside it vary."),
    ),
    "technology": (
        gettext_lazy("A technology"),
        gettext_lazy(
            "In Chinese: above 1 when its ending, its use and its documents speak of techniques, below 1 when they "
            "speak of society or nature."
        ),
    ),
}


def sentences(candidate: Candidate) -> list[str]:
    return list(_sentences(candidate))


def _sentences(candidate: Candidate) -> Iterator[str]:
    how = candidate.how
    if candidate.method == BY_HAND:
        yield _("A reviewer added this by hand.")
        return
    if candidate.method == SPLIT:
        yield _("A reviewer split it from “%(whole)s”.") % {"whole": how.get("split_from", "")}
        yield ngettext(
            "%(n)s supporting document of the whole mentions this name.",
            "%(n)s supporting documents of the whole mention this name.",
            candidate.n_documents,
        ) % {"n": _n(candidate.n_documents)}
        return
    summary = candidate.scan.summary if candidate.scan else {}
    yield _("Expressions in %(documents)s documents were counted and scored (method %(method)s).") % {
        "documents": _n(summary.get("documents", 0)),
        "method": candidate.method,
    }
    yield _(
        "This one occurs %(times)s times in %(documents)s documents, in %(titles)s of them in the title."
    ) % {
        "times": _n(how.get("frequency", 0)),
        "documents": _n(candidate.n_documents),
        "titles": _n(how.get("title_documents", 0)),
    }
    yield from _bonds(how)
    if joined := how.get("joined"):
        yield _("Nearly equal names were joined with it: %(names)s.") % {"names": ", ".join(joined[:6])}
    if formula := how.get("place_formula") or summary.get("formula"):
        yield _("Its place in the list follows from the formula %(formula)s, which gives %(score)s.") % {
            "formula": stored_in_words(formula),
            "score": number_format(how.get("place_score", 0), 2),
        }


def _bonds(how: dict) -> Iterator[str]:
    if how.get("acronym") and how.get("acronym_definitions"):
        yield ngettext(
            "Authors define the abbreviation %(acronym)s for it in %(n)s place.",
            "Authors define the abbreviation %(acronym)s for it in %(n)s places.",
            how["acronym_definitions"],
        ) % {"acronym": how["acronym"], "n": _n(how["acronym_definitions"])}
    if how.get("longer_terms"):
        yield ngettext(
            "It is part of %(n)s longer term.", "It is part of %(n)s longer terms.", how["longer_terms"]
        ) % {"n": _n(how["longer_terms"])}
    if how.get("min_documents"):
        yield ngettext(
            "Terms in fewer than %(n)s document were left out.",
            "Terms in fewer than %(n)s documents were left out.",
            how["min_documents"],
        ) % {"n": _n(how["min_documents"])}


def score_parts(candidate: Candidate) -> list[dict]:
    """Each factor of the score with its name and meaning; the score is their product."""
    return [
        {"label": SCORE_PARTS[key][0], "meaning": SCORE_PARTS[key][1], "value": value}
        for key, value in candidate.score_parts.items()
        if key in SCORE_PARTS
    ]


def signal_sentences(candidate: Candidate) -> list[str]:
    """What its years say, as observation: never as a forecast."""
    signals, lines = candidate.signals, []
    growth = signals.get("growth")
    if growth is not None:
        factor = number_format(2**growth, 1)
        if growth >= RISING:
            lines.append(
                _("Rising now: its share of documents is %(factor)s times that of the years before.")
                % {"factor": factor}
            )
        elif growth <= -RISING:
            lines.append(
                _("Falling now: its share of documents is %(factor)s times that of the years before.")
                % {"factor": factor}
            )
        else:
            lines.append(_("Steady: its share of documents is about that of the years before."))
    for start, end, _weight in signals.get("bursts", [])[-2:]:
        lines.append(
            _("Unusually frequent in %(year)d.") % {"year": start}
            if start == end
            else _("Unusually frequent from %(start)d to %(end)d.") % {"start": start, "end": end}
        )
    lines += [
        lead_sentence(lead["first"], lead["then"], lead["years"], lead["together"])
        for lead in signals.get("leads", [])
    ]
    if signals.get("first_year"):
        lines.append(_("First seen in this corpus in %(year)d.") % {"year": signals["first_year"]})
    return lines


def lead_sentence(first: str, then: str, years: float, together: bool) -> str:
    """Which kind of document took it up first, as observation."""
    names = {"first": kind_name(first), "then": kind_name(then)}
    if together:
        return _("%(first)s and %(then)s took it up at about the same time.") % names
    return _("%(first)s came first, %(then)s followed about %(years)s years later.") % (
        names | {"years": number_format(years, 1)}
    )


def kind_name(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def _n(value: int) -> str:
    return number_format(value, 0, force_grouping=True)
