from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScanningConfig(AppConfig):
    name = "scanning"

    def ready(self):
        from experts.enums import Capability
        from foundation.audit_words import register_audit_words
        from scanning import (
            audit_words,
            listeners,  # noqa: F401
            tasks,  # noqa: F401  registers the job kinds, in web processes too
        )
        from scanning.llm import checks  # noqa: F401
        from surveys.study_nav import Section, register_section

        register_section(Section("scan", _("Scan"), "scanning:sources", 20, Capability.REVIEW))
        register_audit_words(subjects=audit_words.SUBJECTS, events=audit_words.EVENTS)
