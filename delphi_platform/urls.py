"""Addresses. Each app keeps its own; pages carry public codes, never primary keys."""

from django.urls import include, path

from delphi_platform.preferences import set_theme
from delphi_platform.style import style
from surveys.views.studies import home

urlpatterns = [
    path("", home, name="home"),
    path("studies/", include("surveys.urls")),
    path("r/", include("surveys.respond.urls")),
    path("studies/", include("scanning.urls")),
    path("studies/", include("consensus.urls")),
    path("studies/", include("consensus.dashboard.urls")),
    path("api/v1/", include("delphi_platform.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("theme/", set_theme, name="set_theme"),
    path("style/", style, name="style"),
    path("", include("experts.urls")),
]

handler500 = "delphi_platform.failing.server_error"
