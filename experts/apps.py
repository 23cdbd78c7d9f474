from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"

    def ready(self):
        import experts.services.mailing  # noqa: F401 (registers its kinds of job)
        from experts import audit_words
        from experts.services import resolving
        from foundation.audit_words import register_audit_words
        from foundation.services.mail import register_link_resolver

        register_link_resolver(resolving.resolve)
        register_audit_words(subjects=audit_words.SUBJECTS, events=audit_words.EVENTS)
