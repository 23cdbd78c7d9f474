"""Web of Science: tab-delimited with two-letter headers, and with full names from its Excel export."""

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database

DATABASE = Database(
    "wos",
    _("Web of Science"),
    marks=(
        "ut",
        "so",
        "pt",
        "ut (unique wos id)",
        "wos categories",
        "times cited, wos core",
        "article title",
    ),
    fields={
        "id": ("ut (unique wos id)", "ut"),
        "year": ("publication year", "py"),
        "organisations": ("c3", "affiliations"),
        # PD names month and day without the year.
        "date": ("early access date",),
    },
    kind="paper",
)
