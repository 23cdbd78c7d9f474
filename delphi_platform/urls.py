"""Addresses. Each app keeps its own; pages carry public codes, never primary keys."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
