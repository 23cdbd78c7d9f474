"""Addresses of the dashboards. Included under `studies/`."""

from django.urls import path

from consensus.dashboard import panel_views, views, weights
from consensus.whatif import views as what_if

app_name = "results"

urlpatterns = [
    path("<str:code>/results/", views.overview, name="overview"),
    path("<str:code>/results/evolution/", views.evolution, name="evolution"),
    path("<str:code>/results/map/", views.importance, name="map"),
    path("<str:code>/results/timing/", views.timing, name="timing"),
    path("<str:code>/results/weighting/", panel_views.weighting, name="weighting"),
    path("<str:code>/results/indicators/", panel_views.indicators, name="indicators"),
    path("<str:code>/results/agreement/", panel_views.agreement, name="agreement"),
    path("<str:code>/results/attrition/", panel_views.attrition, name="attrition"),
    path("<str:code>/results/supplements/", panel_views.supplements, name="supplements"),
    path("<str:code>/results/weights/", weights.weights, name="weights"),
    path("<str:code>/results/data/<slug:name>.csv", views.data, name="data"),
    path("<str:code>/results/what-if/", what_if.page, name="what_if"),
    path("<str:code>/results/what-if/data.csv", what_if.data, name="what_if_data"),
    path("<str:code>/results/technologies/<str:technology_code>/", views.technology, name="technology"),
    path(
        "<str:code>/results/technologies/<str:technology_code>/data/<slug:name>.csv",
        views.data,
        name="technology_data",
    ),
]
