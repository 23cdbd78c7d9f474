from django.urls import path

from experts.views import links

app_name = "experts"

urlpatterns = [
    path("p/<str:token>/", links.link, name="link"),
    path("links/", links.link_opened, name="link_opened"),
    path("links/forget/", links.forget_links, name="forget_links"),
]
