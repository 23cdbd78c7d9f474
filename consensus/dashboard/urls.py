"""Addresses of the dashboards. Included under `studies/`."""

from django.urls import path

from consensus.dashboard import views

app_name = "results"

urlpatterns = [
    path("<str:code>/results/", views.overview, name="overview"),
    path("<str:code>/results/evolution/", views.evolution, name="evolution"),
    path("<str:code>/results/outlook/", views.outlook, name="outlook"),
    path("<str:code>/results/data/<slug:name>.csv", views.chart_csv, name="chart_csv"),
    path("<str:code>/results/<str:technology_code>/", views.technology, name="technology"),
]
