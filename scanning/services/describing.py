"""A one-sentence description for each find, taken from its evidence and cited."""

from dataclasses import replace

from scanning.models import Corpus, Document
from scanning.services.findings import Found
from scanning.textmining.descriptions import describe_term

READ = 500


def describe(found: list[Found], corpus: Corpus) -> list[Found]:
    """The same finds, described where a document of their evidence defines them."""
    texts = _texts(corpus, sorted({support.document for each in found for support in each.term.support}))
    return [replace(each, description=_description(each, texts)) for each in found]


def _description(each: Found, texts: dict[str, str]):
    term = each.term
    names = [term.name, *term.variants, *([term.acronym] if term.acronym else [])]
    evidence = [(support.document, texts.get(support.document, "")) for support in term.support]
    return describe_term(names, evidence, term.language)


def _texts(corpus: Corpus, wanted: list[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for start in range(0, len(wanted), READ):
        rows = Document.objects.filter(corpus=corpus, external_id__in=wanted[start : start + READ])
        texts |= dict(rows.values_list("external_id", "abstract"))
    return texts
