"""Addresses of what studies found. Included under `studies/`."""

from django.urls import path

from consensus.views import computing, exports

app_name = "consensus"

urlpatterns = [
    path("<str:code>/rounds/<int:number>/compute/", computing.again, name="compute_again"),
    path("<str:code>/exports/", exports.exports, name="exports"),
    path("<str:code>/exports/<str:export_code>/", exports.export_row, name="export_row"),
    path("<str:code>/exports/<str:export_code>/download/", exports.download, name="download"),
]
