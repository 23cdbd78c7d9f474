"""Scopus: the CSV of its document search."""

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database

DATABASE = Database(
    "scopus",
    _("Scopus"),
    marks=(
        "eid",
        "source title",
        "author(s) id",
        "cited by",
        "language of original document",
        "index keywords",
    ),
    # Its column "Source" says "Scopus".
    fields={"id": ("eid",), "organisations": ("affiliations",), "source": ("source title",)},
    kind="paper",
)
