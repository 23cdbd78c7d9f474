"""Patents of the EPO: Espacenet result lists, PATSTAT tables, full-text bulk columns."""

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database

DATABASE = Database(
    "epo",
    _("European Patent Office"),
    marks=(
        "earliest priority",
        "ipc",
        "cpc",
        "inventors",
        "publn nr",
        "appln abstract",
        "appln title",
        "publn auth",
    ),
    fields={
        "patent": ("publication number", "publn nr", "pub nr"),
        "title": ("title", "appln title", "invention title"),
        "abstract": ("abstract", "appln abstract"),
        "date": ("publication date", "publn date", "earliest publication"),
        "organisations": ("applicants", "han name"),
        "countries": ("publn auth", "person ctry code"),
    },
    kind="patent",
)
