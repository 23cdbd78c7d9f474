"""Addresses of the API, version 1."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from delphi_platform.api import answering, findings, reading

app_name = "api"

urlpatterns = [
    path(
        "schema/", SpectacularAPIView.as_view(permission_classes=[], authentication_classes=[]), name="schema"
    ),
    path("studies/", reading.Studies.as_view(), name="studies"),
    path("studies/<str:code>/", reading.OneStudy.as_view(), name="study"),
    path("studies/<str:code>/technologies/", reading.Technologies.as_view(), name="technologies"),
    path("studies/<str:code>/questions/", reading.Questions.as_view(), name="questions"),
    path("studies/<str:code>/rounds/", reading.Rounds.as_view(), name="rounds"),
    path("studies/<str:code>/rounds/<int:number>/results/", reading.Results.as_view(), name="results"),
    path("studies/<str:code>/discussion/", findings.Discussion.as_view(), name="discussion"),
    path("studies/<str:code>/proposals/", findings.Proposals.as_view(), name="proposals"),
    path("studies/<str:code>/wordings/", findings.Wordings.as_view(), name="wordings"),
    path(
        "studies/<str:code>/rounds/<int:number>/supplements/",
        findings.Supplements.as_view(),
        name="supplements",
    ),
    path(
        "studies/<str:code>/rounds/<int:number>/what-if/", findings.WhatIfOutcomes.as_view(), name="what_if"
    ),
    path("studies/<str:code>/questionnaire/", answering.Questionnaire.as_view(), name="questionnaire"),
    path("studies/<str:code>/consent/", answering.Consent.as_view(), name="consent"),
    path("studies/<str:code>/answers/", answering.Save.as_view(), name="answers"),
    path("studies/<str:code>/submit/", answering.Submit.as_view(), name="submit"),
]
