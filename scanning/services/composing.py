"""One sentence about a candidate where no document has one: what the counts say, in both languages.

It states where a term is found and beside what, never what it is: that is for a person to write.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from foundation.localized import LANGUAGES, Localized
from scanning.textmining.similar import Similar
from scanning.textmining.terms import Term

COMPANIONS = 3


def composed(term: Term) -> Localized:
    """The same statement in each language; names stay as the documents write them."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = _sentence(term)
    return Localized(found)


def _sentence(term: Term) -> str:
    values = {"n": term.documents, "years": _years(term)}
    if names := companions(term):
        values["others"] = str(_(", ")).join(names)
        text = ngettext(
            "Found in %(n)d document%(years)s together with %(others)s.",
            "Found in %(n)d documents%(years)s, most often together with %(others)s.",
            term.documents,
        )
    else:
        text = ngettext(
            "Found in %(n)d document%(years)s.", "Found in %(n)d documents%(years)s.", term.documents
        )
    return text % values


def _years(term: Term) -> str:
    years = sorted(year for year in term.yearly if year)
    if not years:
        return ""
    if years[0] == years[-1]:
        return _(" of %(year)d") % {"year": years[0]}
    return _(" from %(first)d to %(last)d") % {"first": years[0], "last": years[-1]}


def companions(term: Term) -> list[str]:
    """Names that most often share its documents and are not merely longer or shorter forms of its own."""
    others = [each for each in term.similar if each.shared_documents > 1 and not _is_form(each, term.name)]
    others.sort(key=lambda each: -each.shared_documents)
    return [each.name for each in others[:COMPANIONS]]


def _is_form(other: Similar, name: str) -> bool:
    own, theirs = name.casefold(), other.name.casefold()
    return own in theirs or theirs in own
