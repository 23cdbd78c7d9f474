"""CORDIS: research projects of the European framework programmes."""

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database

DATABASE = Database(
    "cordis",
    _("CORDIS"),
    marks=(
        "frameworkprogramme",
        "ecmaxcontribution",
        "objective",
        "fundingscheme",
        "acronym",
        "granddoi",
        "grantdoi",
    ),
    fields={
        "abstract": ("objective",),
        "date": ("startdate", "start date", "ecsignaturedate"),
        "organisations": ("coordinator", "participants"),
        "countries": ("coordinatorcountry", "participantcountries"),
    },
    kind="project",
)
