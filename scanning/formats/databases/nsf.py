"""Awards of the US National Science Foundation: the CSV of its award search and the JSON of its API."""

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database

DATABASE = Database(
    "nsf",
    _("National Science Foundation"),
    marks=(
        "awardnumber",
        "nsforganization",
        "awardeename",
        "awardinstrument",
        "abstracttext",
        "awardedamounttodate",
    ),
    fields={
        "id": ("awardnumber", "award id", "awd id"),
        "abstract": ("abstracttext", "awd abstract narration", "abstract"),
        "title": ("title", "awd titl txt"),
        "date": ("startdate", "start date", "awd eff date"),
        "organisations": ("organization", "awardeename"),
        "countries": ("awardeecountrycode", "organizationcountry"),
    },
    kind="project",
)
