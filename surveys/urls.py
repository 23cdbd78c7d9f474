"""Organisers' addresses of a study. Respondents' are in `surveys.respond.urls`."""

from django.urls import path

from surveys.views import (
    audit,
    moderation,
    preview,
    proposals,
    protocol,
    reminders,
    rounds,
    studies,
    technologies,
)

app_name = "surveys"

urlpatterns = [
    path("new/", studies.new_study, name="new_study"),
    path("<str:code>/", studies.study, name="study"),
    path("<str:code>/status/<str:status>/", studies.status, name="status"),
    path("<str:code>/protocol/", protocol.protocol, name="protocol"),
    path("<str:code>/protocol/policies/", protocol.edit_policies, name="edit_policies"),
    path("<str:code>/protocol/texts/", protocol.edit_texts, name="edit_texts"),
    path("<str:code>/protocol/versions/<int:number>/", protocol.version, name="protocol_version"),
    path("<str:code>/protocol/rules/<str:kind>/", protocol.criterion, name="criterion"),
    path("<str:code>/questions/new/", protocol.new_question, name="new_question"),
    path("<str:code>/protocol/add/<str:extra>/", protocol.question_set, name="question_set"),
    path("<str:code>/questions/<str:question_code>/", protocol.question, name="question"),
    path(
        "<str:code>/questions/<str:question_code>/arrange/",
        protocol.arrange_question,
        name="arrange_question",
    ),
    path("<str:code>/preview/", preview.start, name="preview"),
    path("<str:code>/preview/questions/", preview.once, name="preview_once"),
    path("<str:code>/preview/t/<str:technology_code>/", preview.technology, name="preview_technology"),
    path("<str:code>/technologies/", technologies.technologies, name="technologies"),
    path("<str:code>/technologies/new/", technologies.new_technology, name="new_technology"),
    path("<str:code>/technologies/many/", technologies.many_technologies, name="many_technologies"),
    path("<str:code>/technologies/fields/", technologies.fields, name="fields"),
    path("<str:code>/technologies/<str:technology_code>/", technologies.technology, name="technology"),
    path(
        "<str:code>/technologies/<str:technology_code>/arrange/",
        technologies.arrange_technology,
        name="arrange_technology",
    ),
    path("<str:code>/rounds/", rounds.rounds, name="rounds"),
    path("<str:code>/rounds/plan/", rounds.plan, name="plan_round"),
    path("<str:code>/rounds/<int:number>/", rounds.round_page, name="round"),
    path("<str:code>/rounds/<int:number>/edit/", rounds.edit, name="edit_round"),
    path("<str:code>/rounds/<int:number>/open/", rounds.open_page, name="open_round"),
    path("<str:code>/rounds/<int:number>/close/", rounds.close_page, name="close_round"),
    path("<str:code>/rounds/<int:number>/remind/", reminders.remind, name="remind"),
    path("<str:code>/moderation/", moderation.moderation, name="moderation"),
    path("<str:code>/moderation/selected/", moderation.moderate_selected, name="moderate_selected"),
    path(
        "<str:code>/moderation/<slug:entry_kind>/<str:entry_code>/",
        moderation.moderate_entry,
        name="moderate",
    ),
    path("<str:code>/proposals/", proposals.proposals, name="proposals"),
    path("<str:code>/proposals/<str:proposal_code>/", proposals.decide, name="decide_proposal"),
    path("<str:code>/audit/", audit.audit, name="audit"),
]
