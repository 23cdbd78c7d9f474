from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self):
        from django.urls import reverse

        from experts.enums import Capability
        from experts.importing.hooks import register_after_import, register_row_check, register_undo
        from experts.links import register_landing
        from experts.panel_nav import register_group_change, register_panel_context
        from experts.signals import members_joined
        from foundation.audit_words import register_audit_words
        from surveys import audit_words, panel_changes
        from surveys.landing import landing_of
        from surveys.panel_frame import panel_frame
        from surveys.study_nav import Section, register_section

        register_panel_context(panel_frame)
        register_group_change(panel_changes.around_group_change)
        register_row_check(panel_changes.unknown_fields)
        register_after_import(panel_changes.note_fields)
        register_undo(taking_part=panel_changes.taking_part, forget=panel_changes.forget_members)
        members_joined.connect(panel_changes.on_members_joined, dispatch_uid="surveys.members_joined")
        register_section(Section("overview", _("Overview"), "surveys:study", 10))
        register_section(Section("technologies", _("Technologies"), "surveys:technologies", 30))
        register_section(Section("protocol", _("Protocol"), "surveys:protocol", 40))
        register_section(
            Section(
                "panel",
                _("Panel"),
                lambda study: reverse("experts:panel", args=[study.panel.code]),
                50,
                Capability.MANAGE_PANEL,
            )
        )
        register_section(Section("rounds", _("Rounds"), "surveys:rounds", 60))
        register_section(
            Section("moderation", _("Moderation"), "surveys:moderation", 70, Capability.MODERATE)
        )
        register_section(Section("proposals", _("Proposals"), "surveys:proposals", 72, Capability.EDIT_STUDY))
        register_section(Section("audit", _("Audit trail"), "surveys:audit", 100, Capability.SEE_AUDIT))
        register_landing(landing_of)
        register_audit_words(subjects=audit_words.SUBJECTS, events=audit_words.EVENTS)
