"""PubMed: the CSV of its result list (its MEDLINE text and XML are formats of their own)."""

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database

DATABASE = Database(
    "pubmed",
    _("PubMed"),
    marks=("pmid", "journal/book", "pmcid", "nihms id", "first author", "create date"),
    fields={"pmid": ("pmid",), "source": ("journal/book",), "year": ("publication year",)},
    kind="paper",
)
