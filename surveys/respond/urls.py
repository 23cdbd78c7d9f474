"""Addresses of the questionnaire. They carry no token: who asks is in the session."""

from django.urls import path, re_path

from surveys.respond import converters  # noqa: F401 - registers `publiccode`
from surveys.respond.views import after, answering, editors, pages, saving, voice

app_name = "respond"

urlpatterns = [
    path("<publiccode:code>/", pages.welcome, name="welcome"),
    path("<publiccode:code>/overview/", pages.overview, name="overview"),
    path("<publiccode:code>/t/<publiccode:technology_code>/", answering.technology, name="technology"),
    path("<publiccode:code>/t/<publiccode:technology_code>/flag/", pages.flag, name="flag"),
    path(
        "<publiccode:code>/t/<publiccode:technology_code>/ask/<slug:key>/",
        editors.question,
        name="ask_editor",
    ),
    path("<publiccode:code>/t/<publiccode:technology_code>/reason/", editors.reason, name="reason_editor"),
    path("<publiccode:code>/choose/", pages.choose, name="choose"),
    path("<publiccode:code>/t/<publiccode:technology_code>/wording/", voice.wording, name="wording"),
    path("<publiccode:code>/decided/<publiccode:technology_code>/", voice.decided, name="decided"),
    path("<publiccode:code>/voice/", voice.contributions, name="contributions"),
    path("<publiccode:code>/voice/react/", voice.react, name="react"),
    path(
        "<publiccode:code>/voice/<slug:entry_kind>/<publiccode:entry_code>/",
        voice.take_back,
        name="take_back",
    ),
    path("<publiccode:code>/matrix/", answering.matrix, name="matrix"),
    path("<publiccode:code>/questions/", answering.once, name="once"),
    path("<publiccode:code>/save/", saving.save, name="save"),
    path("<publiccode:code>/review/", pages.review, name="review"),
    path("<publiccode:code>/submit/", pages.submit, name="submit"),
    path("<publiccode:code>/receipt/", after.receipt, name="receipt"),
    path("<publiccode:code>/answers/", after.own_answers, name="own_answers"),
    re_path(
        r"^(?P<code>[A-Za-z0-9]{1,16})/answers\.(?P<format>json|csv)$",
        after.own_answers_file,
        name="own_answers_file",
    ),
    path("<publiccode:code>/results/", after.results, name="results"),
]
