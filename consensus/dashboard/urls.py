"""Addresses of the dashboards. Included under `studies/`."""

from django.urls import path

from consensus.dashboard import views
from consensus.whatif import views as what_if

app_name = "results"

urlpatterns = [
    path("<str:code>/results/", views.overview, name="overview"),
    path("<str:code>/results/evolution/", views.evolution, name="evolution"),
    path("<str:code>/results/map/", views.importance, name="map"),
    path("<str:code>/results/timing/", views.timing, name="timing"),
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
