from django.urls import path

from experts.views import accounts, api_tokens, bank, imports, invitations, links, outbox, panel, roles

app_name = "experts"

urlpatterns = [
    path("p/<str:token>/", links.link, name="link"),
    path("links/", links.link_opened, name="link_opened"),
    path("links/forget/", links.forget_links, name="forget_links"),
    path("panels/<str:code>/", panel.members, name="panel"),
    path("panels/<str:code>/members/new/", panel.add_member, name="member_new"),
    path("panels/<str:code>/members/<str:member_code>/", panel.member, name="member"),
    path("panels/<str:code>/members/<str:member_code>/withdraw/", panel.withdraw, name="withdraw"),
    path("panels/<str:code>/members/<str:member_code>/restore/", panel.restore, name="restore"),
    path("panels/<str:code>/members/<str:member_code>/renew/", invitations.renew, name="renew"),
    path("panels/<str:code>/groups/", panel.groups, name="groups"),
    path("panels/<str:code>/groups/<str:group_code>/", panel.group, name="group"),
    path("panels/<str:code>/groups/<str:group_code>/remove/", panel.remove_group, name="remove_group"),
    path("panels/<str:code>/import/", imports.upload, name="import"),
    path("panels/<str:code>/import/<str:import_code>/", imports.import_preview, name="import_preview"),
    path(
        "panels/<str:code>/import/<str:import_code>/confirm/", imports.import_confirm, name="import_confirm"
    ),
    path("panels/<str:code>/import/<str:import_code>/undo/", imports.undo, name="import_undo"),
    path("panels/<str:code>/invitations/", invitations.invitations, name="invitations"),
    path("panels/<str:code>/invitations/send/", invitations.send, name="send_invitations"),
    path("panels/<str:code>/invitations/progress/", invitations.progress, name="sending"),
    path("panels/<str:code>/invitations/<str:invitation_code>/revoke/", invitations.revoke, name="revoke"),
    path("panels/<str:code>/roles/", roles.roles, name="roles"),
    path("panels/<str:code>/roles/<str:user_code>/remove/", roles.role_removed, name="role_removed"),
    path("experts/", bank.bank, name="bank"),
    path("experts/new/", bank.expert_new, name="expert_new"),
    path("experts/<str:code>/", bank.expert, name="expert"),
    path("experts/<str:code>/copy/", bank.expert_copy, name="expert_copy"),
    path("experts/<str:code>/erase/", bank.expert_erase, name="expert_erase"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<str:code>/", outbox.outbox_mail, name="outbox_mail"),
    path("outbox/<str:code>/retry/", outbox.outbox_retry, name="outbox_retry"),
    path("people/", accounts.accounts, name="accounts"),
    path("people/new/", accounts.account_new, name="account_new"),
    path("people/<str:code>/", accounts.account, name="account"),
    path("account/", accounts.own_account, name="own_account"),
    path("account/tokens/", api_tokens.api_tokens, name="api_tokens"),
    path("account/tokens/<str:code>/revoke/", api_tokens.revoke_api_token, name="revoke_api_token"),
]
