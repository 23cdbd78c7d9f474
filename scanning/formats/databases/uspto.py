"""Patents of the USPTO: bulk tables of PatentsView and of the office's own data sets."""

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database

DATABASE = Database(
    "uspto",
    _("USPTO"),
    marks=(
        "patent id",
        "patent title",
        "patent abstract",
        "patent date",
        "classifications cpc",
        "patent type",
    ),
    fields={
        "patent": ("patent id", "patent number"),
        "title": ("patent title",),
        "abstract": ("patent abstract",),
        "date": ("patent date", "publication date"),
        "organisations": ("disambig assignee organization", "assignee organization"),
        "countries": ("disambig country", "assignee country"),
    },
    kind="patent",
)
